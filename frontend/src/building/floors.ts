/** A table of the floors as they are now: one row a floor, one column a quantity. */

import type { Point } from "../api.ts";
import { number } from "../format.ts";
import { byId, text } from "../page.ts";
import type { LiveBuilding } from "./live.ts";

/** Column by column: the points it takes and how their values become one. */
const columns: { name: string; quantity: string; digits: number; combine: (values: number[]) => number }[] = [
  { name: "power_kw", quantity: "electricity", digits: 1, combine: sum },
  { name: "temperature_c", quantity: "temperature", digits: 1, combine: mean },
  { name: "humidity_percent", quantity: "humidity", digits: 0, combine: mean },
  { name: "co2_ppm", quantity: "co2", digits: 0, combine: (values) => Math.max(...values) },
  { name: "people", quantity: "occupancy", digits: 0, combine: sum },
];

export function showFloors(building: LiveBuilding): void {
  const floors = [...new Set(building.points.flatMap(({ floor }) => (floor ? [floor] : [])))].sort(byHeight);
  byId("floors-card").hidden = floors.length === 0;
  const used = columns.filter(({ quantity }) => building.of(quantity, ({ floor }) => floor !== null).length > 0);
  const table = byId<HTMLTableElement>("floors");
  table.tHead?.replaceChildren(row("th", [text("floor"), ...used.map(({ name }) => text(name))]));
  table.tBodies[0]?.replaceChildren(
    ...floors.map((floor) => row("td", [floor, ...used.map((column) => cell(building, floor, column))])),
  );
}

function cell(building: LiveBuilding, floor: string, column: (typeof columns)[number]): string {
  const onFloor = (point: Point) => point.floor === floor && (column.quantity !== "electricity" || isTopOnFloor(building, point));
  const values = building.of(column.quantity, onFloor).map(({ value }) => value);
  return values.length ? number(column.combine(values), column.digits) : "–";
}

/** Power in kW whose upstream meter stands on another floor, so that nothing on the floor counts twice. */
function isTopOnFloor(building: LiveBuilding, point: Point): boolean {
  const upstream = building.points.find(({ key }) => key === point.submeter_of);
  return point.unit === "kW" && upstream?.floor !== point.floor;
}

function row(tag: "th" | "td", values: string[]): HTMLTableRowElement {
  const line = document.createElement("tr");
  values.forEach((value, at) => {
    const element = document.createElement(at === 0 ? "th" : tag);
    if (element.tagName === "TH") element.setAttribute("scope", tag === "th" ? "col" : "row");
    element.textContent = value;
    line.append(element);
  });
  return line;
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
