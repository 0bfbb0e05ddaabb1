/** Shows the tiles with what the building does right now; a tile without points stays hidden. */

import { timeOfDay } from "../format.ts";
import { text } from "../language.ts";
import { byId } from "../page.ts";
import type { NewestReadings } from "./newest.ts";
import { figureOf, figureParts } from "./tile_figures.ts";

const STALE_MS = 5 * 60_000;
const SPOKEN_EVERY_MS = 30_000;

let spokenAt = 0;

export function showTiles(newest: NewestReadings, zone: string): void {
  const spoken: string[] = [];
  for (const tile of document.querySelectorAll<HTMLElement>("[data-tile]")) {
    const figure = figureOf(tile.dataset.tile ?? "", newest);
    tile.hidden = figure === null;
    if (!figure) continue;
    const isStale = Date.now() - figure.time > STALE_MS;
    const [value, unit] = figureParts(figure);
    tile.classList.toggle("tile-stale", isStale);
    part(tile, "value").textContent = value;
    part(tile, "unit").textContent = unit;
    part(tile, "note").textContent = isStale ? text("last_at", { time: timeOfDay(figure.time, zone) }) : figure.note;
    spoken.push(`${part(tile, "label").textContent} ${value} ${unit}`);
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
