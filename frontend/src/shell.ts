/** What every page has: styles, htmx, the folding navigation and menus. */

import "@tabler/core/dist/css/tabler.css";
import "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css";
import "./styles/theme.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "htmx.org";

/** An open menu closes on Escape and on a click elsewhere. */
function closeMenus(except: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

function toggleNavigation(button: HTMLElement): void {
  const isOpen = document.body.classList.toggle("navigation-open");
  button.setAttribute("aria-expanded", String(isOpen));
}

document.addEventListener("click", (event) => {
  const target = event.target as HTMLElement;
  closeMenus(target);
  const button = target.closest<HTMLElement>("[data-toggle-navigation]");
  if (button) toggleNavigation(button);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
  closeMenus(null);
  menu?.querySelector("summary")?.focus();
});
document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement && event.target.hasAttribute("data-submits")) event.target.form?.requestSubmit();
});
