/** Hours of the last week outside their forecast's band, the newest first; the card stays away when there are none. */

import { dayName, number, quantityWithUnit, timeOfDay } from "../format.ts";
import { type Anomaly, anomalies } from "../forecasts.ts";
import { byId, text } from "../page.ts";
import { dateOf, HOUR, isoInstant } from "../zone.ts";

const WEEK = 7 * 24 * HOUR;

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
    cell("th", period(anomaly, zone), "period"),
    cell("td", text("hours", { count: number(anomaly.hours, 0) })),
    cell("td", excess(anomaly.excess, unit)),
    cell("td", text(isAbove ? "above" : "below"), isAbove ? "tag tag-warn" : "tag"),
  );
  return line;
}

/** "Thu 15 Jan 14:00–17:00", broken before a time at most; the end has its day when it is another one. */
function period({ start, end }: Anomaly, zone: string): string {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const [first, last] = [dateOf(from, zone), dateOf(to - 1, zone)];
  const until = timeOfDay(to, zone) === "00:00" ? "24:00" : timeOfDay(to, zone);
  const day = (date: string) => dayName(date).replaceAll(" ", "\u00a0");
  return `${day(first)} ${timeOfDay(from, zone)}\u2060–\u2060${first === last ? "" : `${day(last)} `}${until}`;
}

function excess(value: number, unit: string): string {
  const size = Math.abs(value);
  if (size < 0.005) return `<${quantityWithUnit(0.01, unit)}`;
  return `${value > 0 ? "+" : "−"}${quantityWithUnit(size, unit)}`;
}

function cell(tag: "th" | "td", content: string, className = ""): HTMLTableCellElement {
  const element = document.createElement(tag);
  if (tag === "th") element.setAttribute("scope", "row");
  const inner = className ? element.appendChild(document.createElement("span")) : element;
  inner.className = className;
  inner.textContent = content;
  return element;
}
