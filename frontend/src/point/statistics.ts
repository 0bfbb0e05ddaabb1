/** Figures about a series. */

import type { Series } from "../api.ts";

export interface Statistics {
  count: number;
  mean: number;
  deviation: number;
  minimum: { value: number; time: string };
  maximum: { value: number; time: string };
  sum: number;
  flagged: number;
}

/** Null when the series has no value at all. */
export function statisticsOf(series: Series, lows: Series, highs: Series): Statistics | null {
  const values = series.values.filter((value) => value !== null);
  if (!values.length) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  const mean = sum / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  return {
    count: values.length,
    mean,
    deviation: Math.sqrt(variance),
    minimum: extreme(lows, (value, best) => value < best),
    maximum: extreme(highs, (value, best) => value > best),
    sum,
    flagged: series.quality.filter((quality, at) => quality !== "good" && series.values[at] !== null).length,
  };
}

function extreme(series: Series, isBetter: (value: number, best: number) => boolean): { value: number; time: string } {
  let best = { value: Number.NaN, time: "" };
  series.values.forEach((value, at) => {
    const found = value !== null && (Number.isNaN(best.value) || isBetter(value, best.value));
    if (found) best = { value, time: series.times[at] ?? "" };
  });
  return best;
}
