/** Between what a chart's values lie. */

import type { Series } from "../api.ts";

/** Null when the series have no value at all. */
export function extremesOf(lows: Series, highs: Series): { low: number; high: number } | null {
  const known = (series: Series) => series.values.filter((value) => value !== null);
  const [low, high] = [known(lows), known(highs)];
  if (!low.length || !high.length) return null;
  return { low: low.reduce((a, b) => Math.min(a, b)), high: high.reduce((a, b) => Math.max(a, b)) };
}
