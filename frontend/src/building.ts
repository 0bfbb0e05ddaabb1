/** The building page: what it does now, what it used in any day, month and year, and what it is expected to use. */

import type { DayFigures } from "./building/day_loads.ts";
import { watchDemand } from "./building/demand_banner.ts";
import { ForecastCard } from "./building/forecast_card.ts";
import { ForecastFeed, KEPT_MS, lastForecastDate } from "./building/forecast_feed.ts";
import { HeatMap } from "./building/heat_map.ts";
import { type LinkState, LiveBuilding } from "./building/live.ts";
import { LoadCurve } from "./building/load_curve.ts";
import type { NewestReadings } from "./building/newest.ts";
import { showFloors } from "./building/floors.ts";
import { showTiles } from "./building/tiles.ts";
import { UsageBars } from "./building/usage_bars.ts";
import { panel } from "./charts/panel.ts";
import { changeBetween, monthAndYear, monthName, quantityWithUnit } from "./format.ts";
import { text } from "./language.ts";
import { byId, pageValue, rememberInAddress } from "./page.ts";
import { addDays, firstOfMonth, today } from "./zone.ts";

const REFRESH_MS = 60_000;

const building = pageValue("building");
const zone = pageValue("zone");
const lastDay = pageValue("lastDay");

const chosen = { date: pageValue("date"), year: Number(pageValue("year")), month: Number(pageValue("month")), quantity: pageValue("quantity") };

const dateField = byId<HTMLInputElement>("date");
const monthField = byId<HTMLSelectElement>("month");

/** The last day that can be chosen: the forecast's last, once one is known. */
let furthestDay = lastDay;

const feed = new ForecastFeed(building, chosen.quantity, pageValue("forecast") === "known");
const forecastCard = new ForecastCard(feed, panel("accuracy-days"), building, zone, chosen.quantity);
const loadCurve = new LoadCurve(panel("load-curve"), building, zone, feed, showDayFigures);
const months = new UsageBars(panel("months"), building, zone, byId("year-total"), (index) => chooseMonth(index + 1));
const days = new UsageBars(panel("days"), building, zone, byId("month-total"), (index) => chooseDayOfMonth(index + 1));
const heatMap = new HeatMap(panel("heat-map"), building, zone);

function showDayFigures(figures: DayFigures | null): void {
  const { total, totalBefore, peak } = figures ?? {};
  byId("day-total").textContent = quantityWithUnit(total, figures?.unit ?? "");
  byId("day-until").textContent = figures?.until ? text("day_until", { time: figures.until }) : "";
  byId("day-change").textContent = changeBetween(total, totalBefore);
  byId("day-peak").textContent = quantityWithUnit(peak, figures?.powerUnit ?? "");
  byId("day-peak-time").textContent = figures?.peakTime ? text("at_time", { time: figures.peakTime }) : "";
  byId("day-expected-part").hidden = figures?.expected == null;
  byId("day-expected").textContent = quantityWithUnit(figures?.expected, figures?.unit ?? "");
  showNotes(figures?.flags ?? []);
}

function showNotes(flags: string[]): void {
  const notes = flags.map((flag) => Object.assign(document.createElement("li"), { textContent: text(`flag_${flag}`) }));
  byId("forecast-notes").hidden = notes.length === 0;
  byId("forecast-notes").replaceChildren(...notes);
}

async function showForecast(): Promise<void> {
  await forecastCard.show();
  const expected = await feed.expected().catch(() => null);
  const last = expected ? lastForecastDate(expected, zone) : lastDay;
  furthestDay = last > lastDay ? last : lastDay;
  dateField.max = furthestDay;
  limitSteps();
}

function limitSteps(): void {
  byId<HTMLButtonElement>("next-day").disabled = chosen.date >= furthestDay;
}

function showDay(): void {
  dateField.value = chosen.date;
  limitSteps();
  void loadCurve.show(chosen.date, chosen.quantity);
  remember();
}

function showYear(): void {
  byId("year").textContent = String(chosen.year);
  byId<HTMLButtonElement>("next-year").disabled = chosen.year >= Number(lastDay.slice(0, 4));
  void months.showYear(chosen.year, chosen.quantity);
  showMonth();
}

function showMonth(): void {
  monthField.value = String(chosen.month);
  for (const name of document.querySelectorAll(".chosen-month")) name.textContent = monthAndYear(chosen.year, chosen.month);
  void days.showMonth(chosen.year, chosen.month, chosen.quantity);
  void heatMap.show(chosen.year, chosen.month, chosen.quantity);
  remember();
}

function chooseDay(date: string): void {
  if (!date) return;
  chosen.date = date;
  showDay();
}

function chooseDayOfMonth(day: number): void {
  chooseDay(addDays(firstOfMonth(chosen.year, chosen.month), day - 1));
  byId("load-curve").scrollIntoView({ block: "center" });
}

function chooseMonth(month: number): void {
  chosen.month = month;
  showMonth();
}

function chooseYear(year: number): void {
  chosen.year = year;
  showYear();
}

function remember(): void {
  const isNow = chosen.date === lastDay && lastDay.slice(0, 7) === firstOfMonth(chosen.year, chosen.month).slice(0, 7);
  const { date, year, month } = chosen;
  rememberInAddress(isNow ? { date: null, year: null, month: null } : { date, year: String(year), month: String(month) });
}

function showLink(state: LinkState): void {
  const element = byId("link-state");
  element.dataset.state = state;
  byId("link-text").textContent = text(`link_${state}`);
}

function fillMonths(): void {
  for (let month = 1; month <= 12; month++) monthField.add(new Option(monthName(chosen.year, month, "long"), String(month)));
}

function listen(): void {
  byId("previous-day").addEventListener("click", () => chooseDay(addDays(chosen.date, -1)));
  byId("next-day").addEventListener("click", () => chooseDay(addDays(chosen.date, 1)));
  byId("last-day").addEventListener("click", () => chooseDay(lastDay));
  dateField.addEventListener("change", () => chooseDay(dateField.value));
  byId("previous-year").addEventListener("click", () => chooseYear(chosen.year - 1));
  byId("next-year").addEventListener("click", () => chooseYear(chosen.year + 1));
  monthField.addEventListener("change", () => chooseMonth(Number(monthField.value)));
  setInterval(() => {
    if (chosen.date === today(zone) && !document.hidden) void loadCurve.show(chosen.date, chosen.quantity);
  }, REFRESH_MS);
  setInterval(() => {
    if (!document.hidden) void showForecast();
  }, KEPT_MS);
}

function follow(): void {
  const present = (newest: NewestReadings) => {
    showTiles(newest, zone);
    showFloors(newest);
  };
  new LiveBuilding(building, present, showLink).start().catch((error: Error) => {
    showLink("lost");
    byId("link-text").textContent = error.message;
  });
}

fillMonths();
listen();
showDay();
showYear();
void showForecast();
if (pageValue("contract")) watchDemand(building, zone);
follow();
