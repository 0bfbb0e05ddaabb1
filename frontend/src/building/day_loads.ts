/** One day's power by time since local midnight, and the figures of the day. */

import type { Usage } from "../api.ts";
import { changeBetween, dayName, quantityWithUnit, timeOfDay } from "../format.ts";
import type { ForecastHour } from "../forecasts.ts";
import { text } from "../language.ts";
import { addDays, HOUR, MINUTE, startOfDay } from "../zone.ts";
import { forecastSummary, totalOf } from "./expected_loads.ts";

const QUARTER_MIN = 15;

/** Mean power of one interval, `minute` after local midnight; null where nothing was measured. */
export interface Load {
  minute: number;
  power: number | null;
  isWhole: boolean;
}

export interface Day {
  date: string;
  zone: string;
  start: number;
  /** Length of the day: 1,380 or 1,500 when the clocks change. */
  minutes: number;
  unit: string;
  loads: Load[];
  usage: Usage;
}

/** The hours of the chosen day that are forecast, with the forecast's flags; no hours where it does not reach. */
export interface Outlook {
  hours: ForecastHour[];
  flags: string[];
}

export interface DayFigures {
  total: number | null;
  totalBefore: number | null;
  /** Until when the totals count; empty for a whole day. */
  until: string;
  peak: number | null;
  peakTime: string;
  unit: string;
  powerUnit: string;
  /** Usage of the whole day: measured until the forecast begins, expected from then on. */
  expected: number | null;
  flags: string[];
}

export function boundsOfDay(date: string, zone: string): [number, number] {
  return [startOfDay(date, zone), startOfDay(addDays(date, 1), zone)];
}

/** A day of the usage that was read for it; what ends after `now` is not complete yet and has no power. */
export function dayOf(date: string, zone: string, usage: Usage, now: number): Day {
  const [start, end] = boundsOfDay(date, zone);
  const loads = usage.intervals.map((interval) => {
    const [from, to] = [Date.parse(interval.start), Date.parse(interval.end)];
    const power = interval.value === null || to > now ? null : interval.value / ((to - from) / HOUR);
    return { minute: (from - start) / MINUTE, power, isWhole: interval.measured_share > 0.99 };
  });
  return { date, zone, start, minutes: (end - start) / MINUTE, unit: usage.unit, loads, usage };
}

export function hasData(day: Day): boolean {
  return day.loads.some(({ power }) => power !== null);
}

/** "14:05" by the wall clock; "24:00" at the day's end. */
export function clockOf(day: Day, minute: number): string {
  return minute === day.minutes ? "24:00" : timeOfDay(day.start + minute * MINUTE, day.zone);
}

/** The day's figures; the day before is counted up to the same time since midnight. */
export function figuresOf(day: Day, before: Day, outlook: Outlook): DayFigures {
  const known = day.loads.filter((load): load is Load & { power: number } => load.power !== null);
  const last = known.at(-1);
  const peak = known.length ? known.reduce((top, load) => (load.power > top.power ? load : top)) : null;
  return {
    total: last ? usedUntil(day, last.minute) : null,
    totalBefore: last && hasData(before) ? usedUntil(before, last.minute) : null,
    until: last && last.minute + QUARTER_MIN < day.minutes ? clockOf(day, last.minute + QUARTER_MIN) : "",
    peak: peak?.power ?? null,
    peakTime: peak ? clockOf(day, peak.minute) : "",
    unit: day.unit,
    powerUnit: powerUnit(day.unit),
    expected: wholeDay(day, outlook.hours),
    flags: outlook.flags,
  };
}

/** What was used until the end of the interval that begins at `lastMinute`. */
function usedUntil(day: Day, lastMinute: number): number {
  return day.usage.intervals.reduce((total, { value }, at) => total + ((day.loads[at]?.minute ?? 0) <= lastMinute ? (value ?? 0) : 0), 0);
}

/** Null where the forecast does not reach the day's end, or hours before it begins were not measured. */
function wholeDay(day: Day, hours: ForecastHour[]): number | null {
  const [first, last] = [hours[0], hours.at(-1)];
  if (!first || !last || Date.parse(last.start) + HOUR < day.start + day.minutes * MINUTE) return null;
  const past = day.usage.intervals.filter(({ start }) => Date.parse(start) < Date.parse(first.start));
  if (past.some(({ value }) => value === null)) return null;
  return past.reduce((total, { value }) => total + (value ?? 0), 0) + totalOf(hours);
}

/** Stretches that were measured only in part, as minutes from and to. */
export function partlyMeasured(loads: Load[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const { minute, power, isWhole } of loads) {
    if (power === null || isWhole) continue;
    const run = runs.at(-1);
    if (run && run[1] === minute) run[1] = minute + QUARTER_MIN;
    else runs.push([minute, minute + QUARTER_MIN]);
  }
  return runs;
}

/** The unit of the mean power of an hour that used one `unit`. */
export function powerUnit(unit: string): string {
  return /^[kMG]?Wh$/.test(unit) ? unit.slice(0, -1) : `${unit}/h`;
}

/** The day, and what is expected of it, in sentences. */
export function daySummary(day: Day, figures: DayFigures, { hours }: Outlook): string {
  const parts = hasData(day) || !hours.length ? [measuredSummary(day, figures)] : [text("day_ahead", { day: dayName(day.date) })];
  if (hours.length) parts.push(forecastSummary(hours, day.zone, day.unit, figures.powerUnit));
  return parts.join(" ");
}

function measuredSummary(day: Day, figures: DayFigures): string {
  return text("load_summary", {
    day: dayName(day.date),
    total: quantityWithUnit(figures.total, figures.unit),
    peak: quantityWithUnit(figures.peak, figures.powerUnit),
    time: figures.peakTime,
    change: changeBetween(figures.total, figures.totalBefore),
  });
}
