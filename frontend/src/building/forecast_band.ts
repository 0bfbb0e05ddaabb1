/** A forecast inside the load curve: bands where 90 % and 50 % of the outcomes should lie, and the expected line. */

import type { ForecastHour } from "../forecasts.ts";
import { colour, fade, mix, quantityColour } from "../charts/theme.ts";
import { number, quantityWithUnit, timeOfDay } from "../format.ts";
import { text } from "../page.ts";
import { HOUR } from "../zone.ts";

const MINUTE = 60_000;
const QUARTERS = [0, 15, 30, 45];

/** The mean power of a quarter-hour, `minute` after local midnight. An hour's energy is its mean power, so the figures stay. */
export interface ExpectedLoad extends ForecastHour {
  minute: number;
}

export function expectedLoads(hours: ForecastHour[], dayStart: number): ExpectedLoad[] {
  return hours.flatMap((hour) => {
    const first = (Date.parse(hour.start) - dayStart) / MINUTE;
    return QUARTERS.map((quarter) => ({ ...hour, minute: first + quarter }));
  });
}

/** Entries of the legend; the line is dotted there as in the chart. */
export function bandLegend(): object[] {
  const dots = "path://M0,0h4v4h-4z M7,0h4v4h-4z M14,0h4v4h-4z";
  return [{ name: text("forecast"), icon: dots }, { name: text("band_90") }, { name: text("band_50") }];
}

export function bandSeries(loads: ExpectedLoad[], quantity: string): object[] {
  if (!loads.length) return [];
  const tone = quantityColour(quantity);
  const ink = mix(tone, colour("ink"), 0.5);
  const data = loads.map(({ minute, expected }) => [minute, expected]);
  const line = { type: "line", showSymbol: false, emphasis: { disabled: true }, z: 3 };
  return [
    ...band(loads, text("band_90"), fade(tone, 0.16), ({ q05, q95 }) => [q05, q95]),
    ...band(loads, text("band_50"), fade(tone, 0.3), ({ q25, q75 }) => [q25, q75]),
    { ...line, name: text("forecast"), color: ink, lineStyle: { width: 2, type: [2, 3] }, data },
  ];
}

/** An invisible line at the lower edge carries the difference to the upper one; both hide together, as they share a name. */
function band(loads: ExpectedLoad[], name: string, tone: string, edges: (load: ExpectedLoad) => [number, number]): object[] {
  const line = {
    type: "line",
    name,
    stack: name,
    stackStrategy: "all",
    // ECharts stacks the first dimension that is no time.
    dimensions: [{ name: "minute", type: "time" }, { name: "power" }],
    showSymbol: false,
    silent: true,
    color: tone,
    lineStyle: { opacity: 0 },
    emphasis: { disabled: true },
    z: 1,
  };
  const rows = loads.map((load) => ({ minute: load.minute, edges: edges(load) }));
  return [
    { ...line, data: rows.map(({ minute, edges: [low] }) => [minute, low]) },
    { ...line, areaStyle: { color: tone, opacity: 1 }, data: rows.map(({ minute, edges: [low, high] }) => [minute, high - low]) },
  ];
}

/** What the tooltip and the table say of a quarter-hour. */
export function describeLoad(load: ExpectedLoad, unit: string): string[] {
  return [
    `${text("forecast")}  ${quantityWithUnit(load.expected, unit)}`,
    `${text("band_90")}  ${rangeOf(load.q05, load.q95, unit)}`,
    `${text("band_50")}  ${rangeOf(load.q25, load.q75, unit)}`,
  ];
}

export function rangeOf(low: number, high: number, unit: string): string {
  return `${number(low)} – ${quantityWithUnit(high, unit)}`;
}

/** The forecast of a day in one sentence. */
export function forecastSummary(hours: ForecastHour[], zone: string, unit: string, powerUnit: string): string {
  const top = hours.reduce((best, hour) => (hour.expected > best.expected ? hour : best));
  const clock = (instant: number) => timeOfDay(instant, zone);
  const end = clock(Date.parse(hours.at(-1)?.start ?? "") + HOUR);
  return text("forecast_summary", {
    from: clock(Date.parse(hours[0]?.start ?? "")),
    to: end === "00:00" ? "24:00" : end,
    total: quantityWithUnit(totalOf(hours), unit),
    peak: quantityWithUnit(top.expected, powerUnit),
    time: clock(Date.parse(top.start)),
    range: rangeOf(top.q05, top.q95, powerUnit),
  });
}

export function totalOf(hours: ForecastHour[]): number {
  return hours.reduce((sum, { expected }) => sum + expected, 0);
}
