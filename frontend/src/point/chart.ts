/** A point's course as a chart: mean with the band between minimum and maximum, or amounts as bars; suspect stretches are shaded. */

import { fade } from "../charts/colours.ts";
import { type BarSeriesOption, type LineSeriesOption, type Option, pointedAt } from "../charts/echarts.ts";
import { axis, baseOption, colour, legend, quantityColour, tooltip, valueAxis, zooming } from "../charts/theme.ts";
import { unitSign } from "../format.ts";
import { text } from "../language.ts";
import { zoneOffset } from "../zone.ts";
import { bandHeights, type Course, describeValue, nameOf, suspectRuns } from "./course.ts";

/** By the unit of time that a tick stands for. */
const LABELS = { year: "{yyyy}", month: "{yyyy}-{MM}", day: "{MM}-{dd}", hour: "{HH}:{mm}", minute: "{HH}:{mm}", second: "{HH}:{mm}:{ss}" };

/**
 * ECharts labels a time axis in the browser's zone or in UTC, so the building's wall clock is drawn as if it were UTC.
 * In the hour that repeats in autumn two values share a place; tooltips and table still tell them apart.
 */
export function courseOption(course: Course, zone: string): Option {
  const { main } = course;
  const instants = main.times.map((time) => Date.parse(time));
  const walls = instants.map((instant) => instant + zoneOffset(instant, zone));
  return {
    ...baseOption(),
    useUTC: true,
    grid: { left: 8, right: 20, top: 52, bottom: 36, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { ...legend(), data: course.low ? [text("mean"), text("band")] : [nameOf(course)] },
    tooltip: { ...tooltip(), trigger: "axis", formatter: (pointed) => describeValue(course, pointedAt(pointed)[0]?.dataIndex ?? 0, zone) },
    xAxis: { ...axis(), type: "time", splitLine: { show: false }, axisLabel: { ...axis().axisLabel, formatter: LABELS } },
    yAxis: { ...valueAxis(), scale: !course.isAmount && course.quantity !== "electricity", name: unitSign(main.unit) },
    dataZoom: zooming(),
    series: [...bandSeries(course, walls), mainSeries(course, walls)],
  };
}

function mainSeries(course: Course, walls: number[]): BarSeriesOption | LineSeriesOption {
  const markArea: LineSeriesOption["markArea"] = {
    silent: true,
    itemStyle: { color: fade(colour("suspect"), 0.16) },
    data: suspectRuns(course.main, walls).map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
  };
  const data = walls.map((wall, at) => [wall, course.main.values[at] ?? null]);
  const look = { name: nameOf(course), color: quantityColour(course.quantity), data, markArea };
  if (course.isAmount) return { ...look, type: "bar", barMaxWidth: 24, large: false };
  return { ...look, type: "line", showSymbol: data.length < 40, symbolSize: 4, lineStyle: { width: 1.75 } };
}

/** ECharts has no band: an invisible line at the minimum carries the difference to the maximum. */
function bandSeries({ low, high, quantity }: Course, walls: number[]): LineSeriesOption[] {
  if (!low || !high) return [];
  const tone = quantityColour(quantity);
  const heights = bandHeights(low, high);
  const line: LineSeriesOption = { type: "line", stack: "band", stackStrategy: "all", showSymbol: false, silent: true, lineStyle: { opacity: 0 } };
  return [
    { ...line, name: "minimum", data: walls.map((wall, at) => [wall, low.values[at] ?? null]) },
    { ...line, name: text("band"), color: fade(tone, 0.3), areaStyle: { color: fade(tone, 0.2) }, data: walls.map((wall, at) => [wall, heights[at] ?? null]) },
  ];
}
