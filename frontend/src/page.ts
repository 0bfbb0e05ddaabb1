/** What the server wrote into the page: keys, the building's zone, the language and the translated texts. */

import { speak } from "./language.ts";

const element = document.getElementById("page") as HTMLElement;

speak(document.documentElement.lang || "en", JSON.parse(element.dataset.texts ?? "{}") as Record<string, string>);

/** A value of `data-NAME` on the page element; missing ones are a mistake in the template. */
export function pageValue(name: string): string {
  const value = element.dataset[name];
  if (value === undefined) throw new Error(`The page has no data-${name}.`);
  return value;
}

/** The element that a page must have. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}.`);
  return found as T;
}

/** Shows the page's state in the address, so that it can be shared and reloaded. */
export function rememberInAddress(values: Record<string, string | null>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(null, "", url);
}
