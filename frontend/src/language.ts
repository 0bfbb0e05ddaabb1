/** The language of the page and its translated texts; the page says them once, before anything is shown. */

let spoken: { language: string; texts: Record<string, string> } | null = null;

export function speak(language: string, texts: Record<string, string>): void {
  spoken = { language, texts };
}

export function language(): string {
  return words().language;
}

/** The translated text, with `{name}` replaced by values; a key without a text reads as it is keyed. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  const template = words().texts[key] ?? key;
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

function words(): NonNullable<typeof spoken> {
  if (!spoken) throw new Error("The page has not said its language yet.");
  return spoken;
}
