/** The tiles with what the building does right now. */

import type { Point } from "../api.ts";
import { number, timeOfDay, unitSign } from "../format.ts";
import { byId, text } from "../page.ts";
import type { LiveBuilding } from "./live.ts";

const STALE_MS = 5 * 60_000;
const SPOKEN_EVERY_MS = 30_000;

/** What one tile shows; `time` is the newest reading's. */
interface Figure {
  value: number;
  unit: string;
  note: string;
  time: number;
}

const indoors = (point: Point) => point.floor !== null || point.space !== null;
const outdoors = (point: Point) => !indoors(point);
const mainPower = (point: Point) => point.submeter_of === null && point.unit === "kW" && point.kind === "measurement";

/** How each tile's figure comes from the points; a tile without points stays hidden. */
const figures: Record<string, (building: LiveBuilding) => Figure | null> = {
  power: (building) => total(building, "electricity", mainPower),
  outdoor: (building) => mean(building, "temperature", outdoors),
  temperature: (building) => mean(building, "temperature", indoors),
  humidity: (building) => mean(building, "humidity", indoors),
  co2: (building) => highest(building, "co2", indoors),
  occupancy: (building) => total(building, "occupancy", indoors),
};

let spokenAt = 0;

export function showTiles(building: LiveBuilding, zone: string): void {
  const spoken: string[] = [];
  for (const tile of document.querySelectorAll<HTMLElement>("[data-tile]")) {
    const figure = figures[tile.dataset.tile ?? ""]?.(building) ?? null;
    tile.hidden = figure === null;
    if (!figure) continue;
    const isStale = Date.now() - figure.time > STALE_MS;
    tile.classList.toggle("tile-stale", isStale);
    part(tile, "value").textContent = number(figure.value, digits(figure));
    part(tile, "unit").textContent = unitSign(figure.unit);
    part(tile, "note").textContent = isStale ? text("last_at", { time: timeOfDay(figure.time, zone) }) : figure.note;
    spoken.push(`${part(tile, "label").textContent} ${number(figure.value, digits(figure))} ${unitSign(figure.unit)}`);
  }
  byId("now-empty").hidden = spoken.length > 0;
  speak(spoken);
}

/** Screen readers hear all tiles together and not once a second. */
function speak(parts: string[]): void {
  const voice = document.getElementById("tiles-spoken");
  if (!voice || !parts.length || Date.now() - spokenAt < SPOKEN_EVERY_MS) return;
  spokenAt = Date.now();
  voice.textContent = parts.join(", ");
}

function part(tile: HTMLElement, name: string): HTMLElement {
  return tile.querySelector(`.tile-${name}`) as HTMLElement;
}

function digits({ unit, value }: Figure): number {
  return unit === "kW" || unit === "degC" ? (Math.abs(value) >= 1000 ? 0 : 1) : 0;
}

function total(building: LiveBuilding, quantity: string, wanted: (point: Point) => boolean): Figure | null {
  const found = building.of(quantity, wanted);
  return figure(found, found.reduce((sum, { value }) => sum + value, 0), "");
}

function mean(building: LiveBuilding, quantity: string, wanted: (point: Point) => boolean): Figure | null {
  const found = building.of(quantity, wanted);
  const values = found.map(({ value }) => value);
  const range = `${number(Math.min(...values), 0)} – ${number(Math.max(...values), 0)}`;
  const note = found.length > 1 ? text("range_of", { range, count: found.length }) : "";
  return figure(found, values.reduce((sum, value) => sum + value, 0) / values.length, note);
}

function highest(building: LiveBuilding, quantity: string, wanted: (point: Point) => boolean): Figure | null {
  const found = building.of(quantity, wanted);
  const top = found.reduce((best, next) => (next.value > best.value ? next : best), found[0] ?? { value: 0, point: { name: "" } });
  return figure(found, top.value, top.point.name);
}

function figure(found: ReturnType<LiveBuilding["of"]>, value: number, note: string): Figure | null {
  if (!found.length) return null;
  const newest = Math.max(...found.map(({ reading }) => Date.parse(reading.time)));
  return { value, unit: found[0]?.point.unit ?? "", note, time: newest };
}
