/** The point page: any range at any resolution, with figures and the values as a table. */

import { type Interval, type Series, type Statistics, series, statistics } from "./api.ts";
import type { ECharts, Option } from "./charts/echarts.ts";
import { panel, type Table } from "./charts/panel.ts";
import { dateAndTime, number, percent, quantityWithUnit } from "./format.ts";
import { text } from "./language.ts";
import { byId, pageValue, rememberInAddress } from "./page.ts";
import { courseOption } from "./point/chart.ts";
import { type Course, inOneUnit, qualityNames, shown } from "./point/course.ts";
import { extremesOf } from "./point/extremes.ts";
import { daysRange, presetRange, type Range, rangeParameters, suitableInterval, wholeMinutes } from "./point/range.ts";
import { dateOf, instantOf } from "./zone.ts";

const MOST_TABLE_ROWS = 1000;

const key = pageValue("point");
const zone = pageValue("zone");
const kind = pageValue("kind");
const latestEnd = wholeMinutes({ start: 0, end: pageValue("until") ? Date.parse(pageValue("until")) : Date.now() }).end;

const form = byId<HTMLFormElement>("range");
const [firstDay, lastDay] = [byId<HTMLInputElement>("first-day"), byId<HTMLInputElement>("last-day")];
const resolution = byId<HTMLSelectElement>("resolution");
const detail = byId<HTMLButtonElement>("show-detail");
const course = panel("course");

let range: Range = rangeFromAddress();
let visible: Range = range;

function rangeFromAddress(): Range {
  const address = new URLSearchParams(location.search);
  const [start, end] = [Date.parse(address.get("start") ?? ""), Date.parse(address.get("end") ?? "")];
  resolution.value = address.get("interval") ?? "auto";
  if (!resolution.value) resolution.value = "auto"; // an address may name what there is not
  return start < end ? { start, end } : presetRange("7d", latestEnd, zone);
}

/** What the chart draws, and the figures of the range: those of history itself, not of what is drawn. */
interface Shown {
  course: Course;
  figures: Statistics;
}

async function load(): Promise<Shown> {
  const figures = await statistics(key, rangeParameters(range));
  const interval = resolution.value === "auto" ? suitableInterval(range, figures.interval_s) : (resolution.value as Interval);
  const isAmount = kind === "total" || (kind === "total_increasing" && interval !== "raw");
  const get = (aggregate: "sum" | "mean" | "min" | "max") => series(key, { ...rangeParameters(range), interval, aggregate, max_points: 2000 });
  const hasBand = kind === "measurement" && interval !== "raw";
  const found = await Promise.all([
    get(isAmount ? "sum" : "mean"),
    hasBand ? get("min") : null,
    hasBand ? get("max") : null,
  ]);
  const isRegister = kind === "total_increasing" && !isAmount;
  const [main, low, high] = isRegister ? found : inOneUnit(...found);
  return { course: { main, low, high, quantity: pageValue("quantity"), isAmount, isRegister }, figures };
}

async function present({ course: data, figures }: Shown): Promise<void> {
  const { main, low, high } = data;
  const drawn = extremesOf(low ?? main, high ?? main);
  byId("shown-interval").textContent = text(`interval_${main.interval}`);
  showStatistics(figures);
  if (!drawn) return course.empty();
  const summary = text("course_summary", {
    from: dateAndTime(range.start, zone),
    to: dateAndTime(range.end, zone),
    low: shown(data, drawn.low),
    high: shown(data, drawn.high),
  });
  followZoom(await course.draw(courseOption(data, zone), summary, table(data)));
}

function show(): void {
  firstDay.value = dateOf(range.start, zone);
  lastDay.value = dateOf(range.end - 1, zone);
  byId("shown-range").textContent = `${dateAndTime(range.start, zone)} – ${dateAndTime(range.end, zone)}`;
  visible = range;
  detail.disabled = true;
  rememberInAddress({ ...rangeParameters(range), interval: resolution.value === "auto" ? null : resolution.value });
  void course.show(load, present);
}

function followZoom(chart: ECharts): void {
  chart.off("datazoom");
  chart.on("datazoom", () => {
    const [zoom] = [(chart.getOption() as Option).dataZoom].flat();
    if (!zoom) return;
    visible = { start: instantOf(Number(zoom.startValue), zone), end: instantOf(Number(zoom.endValue), zone) };
    detail.disabled = visible.end - visible.start > 0.95 * (range.end - range.start);
  });
}

function showStatistics(figures: Statistics): void {
  const withUnit = (value: number | null | undefined) => quantityWithUnit(value ?? null, figures.unit);
  const at = (extreme: Statistics["minimum"]) => (extreme ? dateAndTime(Date.parse(extreme.time), zone) : "");
  const rows: [string, string, string][] = figures.count
    ? [
        ...(figures.sum === null ? [] : [[text("sum"), withUnit(figures.sum), ""] as [string, string, string]]),
        [text("mean"), withUnit(figures.mean), ""],
        [text("minimum"), withUnit(figures.minimum?.value), at(figures.minimum)],
        [text("maximum"), withUnit(figures.maximum?.value), at(figures.maximum)],
        [text("deviation"), withUnit(figures.deviation), ""],
        [text("count"), number(figures.count, 0), ""],
        [text("flagged"), number(figures.flagged, 0), percent(figures.flagged_share ?? 0)],
      ]
    : [];
  byId<HTMLTableElement>("statistics").tBodies[0]?.replaceChildren(...rows.map(statisticsRow));
}

function statisticsRow([name, value, note]: [string, string, string]): HTMLTableRowElement {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  row.append(head);
  row.insertCell().textContent = value;
  row.insertCell().textContent = note;
  return row;
}

function table(data: Course): Table {
  const { main, low, high } = data;
  const band = low && high ? [text("minimum"), text("maximum")] : [];
  const value = (from: Series, at: number) => shown(data, from.values[at]);
  const rows = main.times.slice(0, MOST_TABLE_ROWS).map((time, at) => {
    const edges = low && high ? [value(low, at), value(high, at)] : [];
    return [dateAndTime(Date.parse(time), zone), value(main, at), ...edges, qualityNames(main.quality[at] ?? "good")];
  });
  return { head: [text("time"), text("value"), ...band, text("quality")], rows };
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  lastDay.setCustomValidity(firstDay.value <= lastDay.value ? "" : text("range_inverted"));
  if (!lastDay.reportValidity()) return;
  range = daysRange(firstDay.value, lastDay.value, zone);
  show();
});
for (const day of [firstDay, lastDay]) day.addEventListener("input", () => lastDay.setCustomValidity(""));
resolution.addEventListener("change", show);
for (const preset of document.querySelectorAll<HTMLButtonElement>("[data-preset]")) {
  preset.addEventListener("click", () => {
    range = presetRange(preset.dataset.preset ?? "7d", latestEnd, zone);
    resolution.value = "auto";
    show();
  });
}
detail.addEventListener("click", () => {
  range = wholeMinutes(visible);
  resolution.value = "auto";
  show();
});
show();
