/** When and how far hours lay outside their forecast's band, in words. */

import { dayName, quantityWithUnit, timeOfDay } from "../format.ts";
import type { Anomaly } from "../forecasts.ts";
import { dateOf } from "../zone.ts";

const LEAST_SHOWN = 0.01;

/** "Thu 15 Jan 14:00–17:00", broken before a time at most; the end has its day when it is another one. */
export function periodOf({ start, end }: Pick<Anomaly, "start" | "end">, zone: string): string {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const [first, last] = [dateOf(from, zone), dateOf(to - 1, zone)];
  const until = timeOfDay(to, zone) === "00:00" ? "24:00" : timeOfDay(to, zone);
  const day = (date: string) => dayName(date).replaceAll(" ", "\u00a0");
  return `${day(first)} ${timeOfDay(from, zone)}\u2060–\u2060${first === last ? "" : `${day(last)} `}${until}`;
}

/** `+12.3 kWh`; what is too little to be shown is told as less than that. */
export function excessOf(value: number, unit: string): string {
  const size = Math.abs(value);
  if (size < LEAST_SHOWN / 2) return `<${quantityWithUnit(LEAST_SHOWN, unit)}`;
  return `${value > 0 ? "+" : "−"}${quantityWithUnit(size, unit)}`;
}
