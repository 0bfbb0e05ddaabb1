/** A month's mean power by day and hour. */

import type { Usage } from "../api.ts";
import { dayName, number, quantityWithUnit } from "../format.ts";
import { text } from "../language.ts";
import { addDays, HOUR, wallClock } from "../zone.ts";

/** Mean power by day (row) and hour of the wall clock (column); null where nothing was measured. */
export type PowerGrid = (number | null)[][];

/** The dates in first <= date < next. */
export function datesBetween(first: string, next: string): string[] {
  const dates: string[] = [];
  for (let date = first; date < next; date = addDays(date, 1)) dates.push(date);
  return dates;
}

/** The hour that repeats on a 25-hour day shows the mean of both; the one that is skipped shows nothing. */
export function powerGrid(hours: Usage, dates: string[], zone: string): PowerGrid {
  const cells = dates.map(() => Array.from({ length: 24 }, () => [] as number[]));
  const rows = new Map(dates.map((date, row) => [date, row]));
  for (const { start, end, value } of hours.intervals) {
    if (value === null) continue;
    const wall = wallClock(Date.parse(start), zone);
    const row = rows.get(wall.toISOString().slice(0, 10)) ?? -1;
    cells[row]?.[wall.getUTCHours()]?.push((value * HOUR) / (Date.parse(end) - Date.parse(start)));
  }
  const mean = (values: number[]) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null);
  return cells.map((day) => day.map(mean));
}

/** The lowest and the highest power; null where nothing was measured. */
export function extremesOf(grid: PowerGrid): { low: number; high: number } | null {
  const powers = grid.flat().filter((power) => power !== null);
  return powers.length ? { low: Math.min(...powers), high: Math.max(...powers) } : null;
}

export function gridTable(grid: PowerGrid, dates: string[]): { head: string[]; rows: string[][] } {
  const head = [text("day"), ...Array.from({ length: 24 }, (_, hour) => clock(hour))];
  return { head, rows: grid.map((day, at) => [dayName(dates[at] ?? ""), ...day.map((power) => number(power))]) };
}

export function describeCell(date: string, hour: number, power: number, unit: string): string {
  return `${dayName(date)}  ${clock(hour)}–${clock(hour + 1)}\n${quantityWithUnit(power, unit)}`;
}

export function clock(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}
