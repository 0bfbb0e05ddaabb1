/** Colours made of colours, written as rgb(). */

/** The colour with an opacity: `fade("rgb(1, 2, 3)", 0.2)`. */
export function fade(rgb: string, opacity: number): string {
  return rgb.replace(/^rgba?\(([^)]+)\)$/, (_, parts: string) => `rgba(${parts.split(",").slice(0, 3).join(",")}, ${opacity})`);
}

/** A colour between two, `share` of the way to the other. */
export function mix(rgb: string, other: string, share: number): string {
  const channels = (text: string) => (text.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const target = channels(other);
  const mixed = channels(rgb).map((channel, at) => Math.round(channel + ((target[at] ?? 0) - channel) * share));
  return `rgb(${mixed.join(", ")})`;
}
