/** A forecast inside the load curve: bands where 90 % and 50 % of the outcomes should lie, and the expected line. */

import { fade, mix } from "../charts/colours.ts";
import type { LegendComponentOption, LineSeriesOption } from "../charts/echarts.ts";
import { colour, quantityColour } from "../charts/theme.ts";
import { text } from "../language.ts";
import type { ExpectedLoad } from "./expected_loads.ts";

/** Entries of the legend; the line is dotted there as in the chart. */
export function bandLegend(): NonNullable<LegendComponentOption["data"]> {
  const dots = "path://M0,0h4v4h-4z M7,0h4v4h-4z M14,0h4v4h-4z";
  return [{ name: text("forecast"), icon: dots }, { name: text("band_90") }, { name: text("band_50") }];
}

export function bandSeries(loads: ExpectedLoad[], quantity: string): LineSeriesOption[] {
  if (!loads.length) return [];
  const tone = quantityColour(quantity);
  const ink = mix(tone, colour("ink"), 0.5);
  const data = loads.map(({ minute, expected }) => [minute, expected]);
  const line: LineSeriesOption = { type: "line", showSymbol: false, emphasis: { disabled: true }, z: 3 };
  return [
    ...band(loads, text("band_90"), fade(tone, 0.16), ({ q05, q95 }) => [q05, q95]),
    ...band(loads, text("band_50"), fade(tone, 0.3), ({ q25, q75 }) => [q25, q75]),
    { ...line, name: text("forecast"), color: ink, lineStyle: { width: 2, type: [2, 3] }, data },
  ];
}

/** An invisible line at the lower edge carries the difference to the upper one; both hide together, as they share a name. */
function band(loads: ExpectedLoad[], name: string, tone: string, edges: (load: ExpectedLoad) => [number, number]): LineSeriesOption[] {
  const line: LineSeriesOption = {
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
