/** A point's course: mean with the band between minimum and maximum, or amounts as bars; suspect stretches are shaded. */

import type { Series } from "../api.ts";
import type { Option } from "../charts/echarts.ts";
import { axis, baseOption, colour, fade, legend, quantityColour, tooltip, zooming } from "../charts/theme.ts";
import { dateAndTime, number, quantityWithUnit, timeOfDay, unitSign } from "../format.ts";
import { text } from "../page.ts";
import { wallClock, zoneOffset } from "../zone.ts";

/** By the unit of time that a tick stands for. */
const LABELS = { year: "{yyyy}", month: "{yyyy}-{MM}", day: "{MM}-{dd}", hour: "{HH}:{mm}", minute: "{HH}:{mm}", second: "{HH}:{mm}:{ss}" };

export interface Course {
  main: Series;
  low: Series | null;
  high: Series | null;
  quantity: string;
  isAmount: boolean;
}

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
    tooltip: {
      ...tooltip(),
      trigger: "axis",
      formatter: (items: { dataIndex: number }[]) => describe(course, instants, items[0]?.dataIndex ?? 0, zone),
    },
    xAxis: { ...axis(), type: "time", splitLine: { show: false }, axisLabel: { ...(axis().axisLabel as object), formatter: LABELS } },
    yAxis: { ...axis(), type: "value", scale: !course.isAmount && course.quantity !== "electricity", name: unitSign(main.unit) },
    dataZoom: zooming(),
    series: [...bandSeries(course, walls), mainSeries(course, walls)],
  };
}

function mainSeries(course: Course, walls: number[]): object {
  const tone = quantityColour(course.quantity);
  const shading = {
    silent: true,
    itemStyle: { color: fade(colour("suspect"), 0.16) },
    data: suspectRuns(course.main, walls).map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
  };
  const data = walls.map((wall, at) => [wall, course.main.values[at] ?? null]);
  if (course.isAmount) return { name: nameOf(course), type: "bar", color: tone, data, markArea: shading, barMaxWidth: 24, large: false };
  return { name: nameOf(course), type: "line", color: tone, data, markArea: shading, showSymbol: data.length < 40, symbolSize: 4, lineStyle: { width: 1.75 } };
}

/** ECharts has no band: an invisible line at the minimum carries the difference to the maximum. */
function bandSeries({ low, high, quantity }: Course, walls: number[]): object[] {
  if (!low || !high) return [];
  const tone = quantityColour(quantity);
  const line = { type: "line", stack: "band", stackStrategy: "all", showSymbol: false, silent: true, lineStyle: { opacity: 0 } };
  const difference = high.values.map((top, at) => (top === null || low.values[at] == null ? null : top - (low.values[at] as number)));
  return [
    { ...line, name: "minimum", data: walls.map((wall, at) => [wall, low.values[at] ?? null]) },
    { ...line, name: text("band"), color: fade(tone, 0.3), areaStyle: { color: fade(tone, 0.2) }, data: walls.map((wall, at) => [wall, difference[at] ?? null]) },
  ];
}

/** Stretches of values that are not good, as places on the axis. */
function suspectRuns({ quality, values }: Series, walls: number[]): [number, number][] {
  const runs: [number, number][] = [];
  let from: number | null = null;
  walls.forEach((wall, at) => {
    const isSuspect = quality[at] !== "good" && values[at] !== null;
    if (isSuspect && from === null) from = wall;
    if (!isSuspect && from !== null) {
      runs.push([from, wall]);
      from = null;
    }
  });
  if (from !== null) runs.push([from, walls.at(-1) ?? from]);
  return runs;
}

function describe({ main, low, high, isAmount }: Course, instants: number[], at: number, zone: string): string {
  const instant = instants[at] ?? 0;
  const moment = main.interval === "raw" ? `${dateAndTime(instant, zone).slice(0, 10)} ${timeOfDay(instant, zone, true)}` : dateAndTime(instant, zone);
  const label = isAmount || !low ? "" : `${text("mean")}  `;
  const lines = [moment, `${label}${quantityWithUnit(main.values[at], main.unit)}`];
  if (low && high && low.values[at] != null) lines.push(`${number(low.values[at])} – ${quantityWithUnit(high.values[at], main.unit)}`);
  const quality = main.quality[at];
  if (quality && quality !== "good") lines.push(`${text("quality")}: ${qualityNames(quality)}`);
  return lines.join("\n");
}

function nameOf({ low, isAmount }: Course): string {
  return isAmount ? text("amount") : low ? text("mean") : text("value");
}

export function qualityNames(quality: string): string {
  return quality
    .split("+")
    .map((flag) => text(`flag_${flag}`))
    .join(", ");
}

/** The instant behind a place on the axis, near enough to choose a new range. */
export function instantAt(wall: number, zone: string): number {
  return wall - (wallClock(wall, zone).getTime() - wall);
}
