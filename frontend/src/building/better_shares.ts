/** How much smaller the forecasts' errors were than those of last week's curve, day by day. */

import type { Accuracy } from "../forecasts.ts";

const TICK_PERCENT = 50;
const LOWEST_PERCENT = -100; // on a day like the week before, its curve can hardly be beaten

export interface BetterShare {
  day: string;
  share: number;
}

/** The days on which last week's curve is known for comparison. */
export function betterShares(days: Accuracy["days"]): BetterShare[] {
  return days.flatMap(({ day, better_share: share }) => (share === null ? [] : [{ day, share }]));
}

/** "1/15" of a date "2026-01-15". */
export function shortDate(date: string): string {
  return `${Number(date.slice(5, 7))}/${Number(date.slice(8))}`;
}

/** The axis' ends and step in percent: whole steps around the values, zero among them, a day of -900 % cut. */
export const percentAxis = {
  interval: TICK_PERCENT,
  max: ({ max }: { max: number }) => Math.max(1, Math.ceil(max / TICK_PERCENT)) * TICK_PERCENT,
  min: ({ min }: { min: number }) => Math.max(LOWEST_PERCENT, Math.min(0, Math.floor(min / TICK_PERCENT) * TICK_PERCENT)),
};
