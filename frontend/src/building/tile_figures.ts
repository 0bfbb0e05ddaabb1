/** What the tiles say of the building as it is right now. */

import type { Point } from "../api.ts";
import { number, scaleFor, unitSign } from "../format.ts";
import { text } from "../language.ts";
import type { Newest, NewestReadings } from "./newest.ts";

/** What one tile shows; `time` is the newest reading's. */
export interface Figure {
  value: number;
  unit: string;
  note: string;
  time: number;
}

const indoors = (point: Point) => point.floor !== null || point.space !== null;
const outdoors = (point: Point) => !indoors(point);
const mainPower = (point: Point) => point.submeter_of === null && point.role === "main" && point.unit === "kW" && point.kind === "measurement";

const FIGURES: Record<string, (newest: NewestReadings) => Figure | null> = {
  power: (newest) => total(newest.of("electricity", mainPower)),
  outdoor: (newest) => mean(newest.of("temperature", outdoors)),
  temperature: (newest) => mean(newest.of("temperature", indoors)),
  humidity: (newest) => mean(newest.of("humidity", indoors)),
  co2: (newest) => highest(newest.of("co2", indoors)),
  occupancy: (newest) => total(newest.of("occupancy", indoors)),
};

/** How a tile's figure comes from the points; null where no point gives it. */
export function figureOf(tile: string, newest: NewestReadings): Figure | null {
  return FIGURES[tile]?.(newest) ?? null;
}

/** A figure and the sign of its unit, in as many digits as the tile's quantity deserves. */
export function figureParts({ value, unit }: Figure): [string, string] {
  const scale = scaleFor(value, unit);
  const isFine = (unit === "kW" || unit === "degC") && Math.abs(value) < 1000;
  return [number(value / scale.per, isFine ? 1 : 0), unitSign(scale.unit)];
}

function total(found: Newest[]): Figure | null {
  return figure(found, found.reduce((sum, { value }) => sum + value, 0), "");
}

function mean(found: Newest[]): Figure | null {
  const values = found.map(({ value }) => value);
  const range = `${number(Math.min(...values), 0)} – ${number(Math.max(...values), 0)}`;
  const note = found.length > 1 ? text("range_of", { range, count: found.length }) : "";
  return figure(found, values.reduce((sum, value) => sum + value, 0) / values.length, note);
}

function highest([first, ...others]: Newest[]): Figure | null {
  if (!first) return null;
  const top = others.reduce((best, next) => (next.value > best.value ? next : best), first);
  return figure([first, ...others], top.value, top.point.name);
}

function figure(found: Newest[], value: number, note: string): Figure | null {
  const [first] = found;
  if (!first) return null;
  const time = Math.max(...found.map(({ reading }) => Date.parse(reading.time)));
  return { value, unit: first.point.unit, note, time };
}
