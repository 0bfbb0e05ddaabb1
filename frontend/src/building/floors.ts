/** Shows the table of the floors as they are now. */

import { text } from "../language.ts";
import { byId } from "../page.ts";
import { floorTable } from "./floor_table.ts";
import type { NewestReadings } from "./newest.ts";

export function showFloors(newest: NewestReadings): void {
  const { columns, rows } = floorTable(newest);
  byId("floors-card").hidden = rows.length === 0;
  const table = byId<HTMLTableElement>("floors");
  table.tHead?.replaceChildren(row("th", ["floor", ...columns].map((name) => text(name))));
  table.tBodies[0]?.replaceChildren(...rows.map((values) => row("td", values)));
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
