/** A point's course: what its chart draws and says of each value. */

import type { Series } from "../api.ts";
import { dateAndTime, number, quantityWithUnit, rangeWithUnit, scaleFor, timeOfDay, unitSign } from "../format.ts";
import { text } from "../language.ts";

export interface Course {
  main: Series;
  low: Series | null;
  high: Series | null;
  quantity: string;
  isAmount: boolean;
  /** Readings of a register: every digit counts, however large it is. */
  isRegister: boolean;
}

/** The series of one point in the unit that suits the largest value of them all. */
export function inOneUnit<Some extends (Series | null)[]>(...several: Some): Some {
  const [first] = several;
  const sizes = several.flatMap((one) => one?.values.map((value) => Math.abs(value ?? 0)) ?? []);
  const { unit, per } = scaleFor(sizes.reduce((most, size) => Math.max(most, size), 0), first?.unit ?? "");
  const scaled = (one: Series) => ({ ...one, unit, values: one.values.map((value) => (value === null ? null : value / per)) });
  return several.map((one) => one && scaled(one)) as Some;
}

/** A value of the course with its unit. */
export function shown({ main, isRegister }: Pick<Course, "main" | "isRegister">, value: number | null | undefined): string {
  if (!isRegister || value === null || value === undefined) return quantityWithUnit(value, main.unit);
  return `${number(value, 2)}\u00a0${unitSign(main.unit)}`.trimEnd();
}

export function nameOf({ low, isAmount }: Course): string {
  return isAmount ? text("amount") : low ? text("mean") : text("value");
}

/** What the tooltip says of a value: when, how much, between what, and what is wrong with it. */
export function describeValue(course: Course, at: number, zone: string): string {
  const { main, low, high, isAmount } = course;
  const instant = Date.parse(main.times[at] ?? "");
  const moment = main.interval === "raw" ? `${dateAndTime(instant, zone).slice(0, 10)} ${timeOfDay(instant, zone, true)}` : dateAndTime(instant, zone);
  const label = isAmount || !low ? "" : `${text("mean")}  `;
  const lines = [moment, `${label}${shown(course, main.values[at])}`];
  const [bottom, top] = [low?.values[at] ?? null, high?.values[at] ?? null];
  if (bottom !== null && top !== null) lines.push(rangeWithUnit(bottom, top, main.unit));
  const quality = main.quality[at];
  if (quality && quality !== "good") lines.push(`${text("quality")}: ${qualityNames(quality)}`);
  return lines.join("\n");
}

/** The names of flags such as "estimated+partial". */
export function qualityNames(quality: string): string {
  return quality
    .split("+")
    .map((flag) => text(`flag_${flag}`))
    .join(", ");
}

/** From the minimum to the maximum, value by value; null where either is missing. */
export function bandHeights(low: Series, high: Series): (number | null)[] {
  return high.values.map((top, at) => {
    const bottom = low.values[at] ?? null;
    return top === null || bottom === null ? null : top - bottom;
  });
}

/** Stretches of values that are not good, as places on an axis on which each value reaches to the next. */
export function suspectRuns({ quality, values }: Series, places: number[]): [number, number][] {
  const runs: [number, number][] = [];
  places.forEach((place, at) => {
    if (quality[at] === "good" || (values[at] ?? null) === null) return;
    const next = places[at + 1] ?? place + (place - (places[at - 1] ?? place));
    const run = runs.at(-1);
    if (run && run[1] === place) run[1] = next;
    else runs.push([place, next]);
  });
  return runs;
}
