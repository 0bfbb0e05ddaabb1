/** Points and readings as the tests of this folder need them. */

import type { Point } from "../api.ts";
import { NewestReadings } from "./newest.ts";

/** A point, and its value where it has been read. */
export type Sample = [point: Partial<Point> & { key: string }, value?: number, time?: string];

function pointOf(fields: Sample[0]): Point {
  const nowhere = { building: "hq", floor: null, space: null, submeter_of: null, role: "main" as const };
  return { ...nowhere, name: fields.key, quantity: "electricity", unit: "kW", kind: "measurement", ...fields } as Point;
}

export function newestOf(...samples: Sample[]): NewestReadings {
  const newest = new NewestReadings(samples.map(([point]) => pointOf(point)));
  newest.take(samples.flatMap(([{ key }, value, time = "2026-01-15T05:00:00Z"]) => (value === undefined ? [] : [{ point: key, time, value, quality: "good" }])));
  return newest;
}

export const temperature = (key: string, floor: string | null, value?: number): Sample => [{ key, quantity: "temperature", unit: "degC", floor }, value];
