/** The floors as they are now: one row a floor, one column a quantity. */

import type { Point } from "../api.ts";
import { number } from "../format.ts";
import type { NewestReadings } from "./newest.ts";

/** The points that a column takes and how their values become one. */
interface Column {
  name: string;
  quantity: string;
  digits: number;
  combine: (values: number[]) => number;
}

const COLUMNS: Column[] = [
  { name: "power_kw", quantity: "electricity", digits: 1, combine: sum },
  { name: "temperature_c", quantity: "temperature", digits: 1, combine: mean },
  { name: "humidity_percent", quantity: "humidity", digits: 0, combine: mean },
  { name: "co2_ppm", quantity: "co2", digits: 0, combine: (values) => Math.max(...values) },
  { name: "people", quantity: "occupancy", digits: 0, combine: sum },
];

/** Names of the columns of which something is read, and the floors' figures; no rows in a building without floors. */
export function floorTable(newest: NewestReadings): { columns: string[]; rows: string[][] } {
  const floors = [...new Set(newest.points.flatMap(({ floor }) => (floor ? [floor] : [])))].sort(byHeight);
  const used = COLUMNS.filter(({ quantity }) => newest.of(quantity, ({ floor }) => floor !== null).length > 0);
  return { columns: used.map(({ name }) => name), rows: floors.map((floor) => [floor, ...used.map((column) => cell(newest, floor, column))]) };
}

function cell(newest: NewestReadings, floor: string, { quantity, combine, digits }: Column): string {
  const onFloor = (point: Point) => point.floor === floor && (quantity !== "electricity" || isTopOnFloor(newest.points, point));
  const values = newest.of(quantity, onFloor).map(({ value }) => value);
  return values.length ? number(combine(values), digits) : "–";
}

/** Power in kW whose upstream meter stands on another floor, so that nothing on the floor counts twice. */
function isTopOnFloor(points: Point[], point: Point): boolean {
  const upstream = points.find(({ key }) => key === point.submeter_of);
  return point.unit === "kW" && upstream?.floor !== point.floor;
}

/** Top floor first, basements ("B1") last. */
function byHeight(one: string, other: string): number {
  const height = (floor: string) => Number(floor.replace(/\D/g, "") || 0) * (/^(b|지하|-)/i.test(floor) ? -1 : 1);
  return height(other) - height(one);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: number[]): number {
  return sum(values) / values.length;
}
