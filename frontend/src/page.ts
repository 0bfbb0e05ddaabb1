/** What the server wrote into the page: keys, the building's zone, the language and the translated texts. */

const element = document.getElementById("page") as HTMLElement;
const texts = JSON.parse(element.dataset.texts ?? "{}") as Record<string, string>;

export const language = document.documentElement.lang || "en";

/** A value of `data-NAME` on the page element; missing ones are a mistake in the template. */
export function pageValue(name: string): string {
  const value = element.dataset[name];
  if (value === undefined) throw new Error(`The page has no data-${name}.`);
  return value;
}

/** The translated text, with `{name}` replaced by values. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  const template = texts[key] ?? key;
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
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
