/** Hours of the last week outside their forecast's band, the newest first; the card stays away when there are none. */

import { number } from "../format.ts";
import { type Anomaly, anomalies } from "../forecasts.ts";
import { text } from "../language.ts";
import { byId } from "../page.ts";
import { DAY, HOUR, isoInstant } from "../zone.ts";
import { excessOf, periodOf } from "./anomaly_words.ts";

const WEEK = 7 * DAY;

export async function showAnomalies(building: string, quantity: string, zone: string): Promise<void> {
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  const found = await anomalies(building, quantity, isoInstant(end - WEEK), isoInstant(end));
  byId("anomalies-card").hidden = !found?.anomalies.length;
  const rows = [...(found?.anomalies ?? [])].reverse().map((anomaly) => row(anomaly, found?.unit ?? "", zone));
  byId<HTMLTableElement>("anomalies").tBodies[0]?.replaceChildren(...rows);
}

function row(anomaly: Anomaly, unit: string, zone: string): HTMLTableRowElement {
  const line = document.createElement("tr");
  const isAbove = anomaly.excess > 0;
  line.append(
    cell("th", periodOf(anomaly, zone), "period"),
    cell("td", text("hours", { count: number(anomaly.hours, 0) })),
    cell("td", excessOf(anomaly.excess, unit)),
    cell("td", text(isAbove ? "above" : "below"), isAbove ? "tag tag-warn" : "tag"),
  );
  return line;
}

function cell(tag: "th" | "td", content: string, className = ""): HTMLTableCellElement {
  const element = document.createElement(tag);
  if (tag === "th") element.setAttribute("scope", "row");
  const inner = className ? element.appendChild(document.createElement("span")) : element;
  inner.className = className;
  inner.textContent = content;
  return element;
}
