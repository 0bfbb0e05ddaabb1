/** The range of time that the point page shows, and the resolution that suits it. */

import type { Interval } from "../api.ts";
import { addDays, dateOf, DAY, HOUR, isoInstant, MINUTE, startOfDay } from "../zone.ts";

export interface Range {
  start: number;
  end: number;
}

/** A preset such as "24h", "7d", "365d", ending at `end`; whole days from 7 on. */
export function presetRange(preset: string, end: number, zone: string): Range {
  const [, count = "1", unit] = /^(\d+)([hd])$/.exec(preset) ?? [];
  if (unit === "h" || Number(count) < 7) return { start: end - Number(count) * (unit === "h" ? HOUR : DAY), end };
  const tomorrow = addDays(dateOf(end - 1, zone), 1);
  return { start: startOfDay(addDays(tomorrow, -Number(count)), zone), end: startOfDay(tomorrow, zone) };
}

/** Both days included, as a person means it. */
export function daysRange(first: string, last: string, zone: string): Range {
  return { start: startOfDay(first, zone), end: startOfDay(addDays(last, 1), zone) };
}

/** The range widened to whole minutes. */
export function wholeMinutes({ start, end }: Range): Range {
  return { start: Math.floor(start / MINUTE) * MINUTE, end: Math.ceil(end / MINUTE) * MINUTE };
}

/** The finest resolution that keeps a chart under about two thousand values, and not finer than what is known: an hour that is
 * drawn as four quarters would be flagged in each of them. */
export function suitableInterval({ start, end }: Range, knownSeconds: number | null = null): Interval {
  const length = end - start;
  if (length > HOUR / 2 && length <= 80 * DAY && (knownSeconds ?? 0) >= 23 * 3600) return "1d";
  if (length > HOUR / 2 && length <= 80 * DAY && (knownSeconds ?? 0) >= 3600) return "1h";
  if (length <= HOUR / 2) return "raw";
  if (length <= 1.25 * DAY) return "1m";
  if (length <= 21 * DAY) return "15m";
  if (length <= 80 * DAY) return "1h";
  return length <= 5 * 366 * DAY ? "1d" : "1mo";
}

export function rangeParameters({ start, end }: Range): { start: string; end: string } {
  return { start: isoInstant(start), end: isoInstant(end) };
}
