/** One day's power against the same weekday a week before and against what is expected, by time since local midnight. */

import { type Usage, usage } from "../api.ts";
import type { Option } from "../charts/echarts.ts";
import type { ChartPanel, Table } from "../charts/panel.ts";
import { axis, baseOption, colour, fade, isNarrow, legend, quantityColour, tooltip, zooming } from "../charts/theme.ts";
import { change, dateAndTime, dayName, quantityWithUnit, timeOfDay, unitSign } from "../format.ts";
import type { ForecastHour } from "../forecasts.ts";
import { text } from "../page.ts";
import { addDays, HOUR, isoInstant, startOfDay } from "../zone.ts";
import { bandLegend, bandSeries, describeLoad, expectedLoads, forecastSummary, rangeOf, totalOf } from "./forecast_band.ts";
import { type ForecastFeed, hoursBetween } from "./forecast_feed.ts";

const MINUTE = 60_000;

/** Mean power of one interval, `minute` after local midnight; null where nothing was measured. */
interface Load {
  minute: number;
  power: number | null;
  isWhole: boolean;
}

interface Day {
  date: string;
  start: number;
  minutes: number;
  unit: string;
  loads: Load[];
  usage: Usage;
}

/** The hours of the chosen day that are forecast, with the forecast's flags; no hours where it does not reach. */
interface Outlook {
  hours: ForecastHour[];
  flags: string[];
}

export interface DayFigures {
  total: number | null;
  totalBefore: number | null;
  peak: number | null;
  peakTime: string;
  unit: string;
  powerUnit: string;
  /** Usage of the whole day: measured until the forecast begins, expected from then on. */
  expected: number | null;
  flags: string[];
}

export class LoadCurve {
  constructor(
    private readonly panel: ChartPanel,
    private readonly building: string,
    private readonly zone: string,
    private readonly feed: ForecastFeed,
    private readonly present: (figures: DayFigures | null) => void,
  ) {}

  async show(date: string, quantity: string): Promise<void> {
    await this.panel.show(
      () => Promise.all([this.load(date, quantity), this.load(addDays(date, -7), quantity), this.outlook(date)]),
      async ([day, before, outlook]) => {
        if (!hasData(day) && !hasData(before) && !outlook.hours.length) {
          this.present(null);
          return this.panel.empty(text("no_day", { day: dayName(date) }));
        }
        const figures = this.figures(day, before, outlook);
        this.present(figures);
        const option = this.option(day, before, outlook, quantity);
        await this.panel.draw(option, this.summary(day, figures, outlook), this.table(day, before, outlook));
      },
    );
  }

  private async outlook(date: string): Promise<Outlook> {
    const expected = await this.feed.expected().catch(() => null); // the forecast card tells; what was measured still shows
    const hours = hoursBetween(expected, startOfDay(date, this.zone), startOfDay(addDays(date, 1), this.zone));
    return { hours, flags: expected && hours.length ? expected.newest.flags : [] };
  }

  private async load(date: string, quantity: string): Promise<Day> {
    const [start, end] = [startOfDay(date, this.zone), startOfDay(addDays(date, 1), this.zone)];
    const range = { quantity, start: isoInstant(start), end: isoInstant(end), interval: "15m" };
    const day = await usage(this.building, range);
    const loads = day.intervals.map((interval) => {
      const from = Date.parse(interval.start);
      const to = Date.parse(interval.end);
      const isRunning = to > Date.now(); // its energy is not complete yet
      const power = interval.value === null || isRunning ? null : interval.value / ((to - from) / HOUR);
      return { minute: (from - start) / MINUTE, power, isWhole: interval.measured_share > 0.99 };
    });
    return { date, start, minutes: (end - start) / MINUTE, unit: day.unit, loads, usage: day };
  }

  private figures(day: Day, before: Day, outlook: Outlook): DayFigures {
    const last = day.loads.findLast((load) => load.power !== null);
    const peak = day.loads.reduce<Load | null>((top, load) => ((load.power ?? -1) > (top?.power ?? -1) ? load : top), null);
    return {
      total: last ? sum(day, last.minute) : null,
      totalBefore: last && hasData(before) ? sum(before, last.minute) : null,
      peak: peak?.power ?? null,
      peakTime: peak ? timeOfDay(day.start + peak.minute * MINUTE, this.zone) : "",
      unit: day.unit,
      powerUnit: powerUnit(day.unit),
      expected: wholeDay(day, outlook.hours),
      flags: outlook.flags,
    };
  }

  private option(day: Day, before: Day, { hours }: Outlook, quantity: string): Option {
    const [tone, muted] = [quantityColour(quantity), colour("compare")];
    const unit = unitSign(powerUnit(day.unit));
    const expected = expectedLoads(hours, day.start);
    const names = [before, day].filter(hasData).map(({ date }) => dayName(date));
    const clock = (minute: number) => (minute === day.minutes ? "24:00" : timeOfDay(day.start + minute * MINUTE, this.zone));
    const line = { type: "line", showSymbol: false, connectNulls: false, emphasis: { disabled: true } };
    return {
      ...baseOption(),
      grid: { left: 8, right: 20, top: expected.length && isNarrow(this.panel.canvas) ? 76 : 52, bottom: 36, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: { ...legend(), data: expected.length ? [...names, ...bandLegend()] : names },
      tooltip: {
        ...tooltip(),
        trigger: "axis",
        formatter: (items: { axisValue: number; seriesName: string; data: [number, number | null] }[]) => {
          const minute = items[0]?.axisValue ?? 0;
          const measured = items.filter(({ seriesName, data }) => names.includes(seriesName) && data[1] !== null);
          const rows = measured.map((item) => `${item.seriesName}  ${quantityWithUnit(item.data[1], powerUnit(day.unit))}`);
          const load = expected.find((one) => one.minute === minute);
          return [clock(minute), ...rows, ...(load ? describeLoad(load, powerUnit(day.unit)) : [])].join("\n");
        },
      },
      xAxis: {
        ...axis(),
        type: "value",
        min: 0,
        max: day.minutes,
        interval: isNarrow(this.panel.canvas) ? 360 : 180,
        splitLine: { show: false },
        axisLabel: { ...(axis().axisLabel as object), formatter: clock },
      },
      yAxis: { ...axis(), type: "value", min: 0, name: unit },
      dataZoom: zooming(),
      series: [
        ...bandSeries(expected, quantity),
        {
          ...line,
          name: dayName(before.date),
          color: muted,
          lineStyle: { width: 1.5, type: [5, 4] },
          data: before.loads.map((load) => [load.minute, load.power]),
        },
        {
          ...line,
          name: dayName(day.date),
          color: tone,
          lineStyle: { width: 2.25 },
          areaStyle: { color: fade(tone, 0.12) },
          data: day.loads.map((load) => [load.minute, load.power]),
          markArea: {
            silent: true,
            itemStyle: { color: fade(colour("suspect"), 0.14) },
            data: gaps(day.loads).map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
          },
        },
      ],
    };
  }

  private table(day: Day, before: Day, outlook: Outlook): Table {
    const earlier = new Map(before.loads.map((load) => [load.minute, load.power]));
    const expected = new Map(expectedLoads(outlook.hours, day.start).map((load) => [load.minute, load]));
    const unit = powerUnit(day.unit);
    const rows = day.loads.map(({ minute, power }) => {
      const load = expected.get(minute);
      const ahead = load ? [quantityWithUnit(load.expected, unit), rangeOf(load.q05, load.q95, unit)] : ["–", "–"];
      const measured = [quantityWithUnit(power, unit), quantityWithUnit(earlier.get(minute), unit)];
      return [dateAndTime(day.start + minute * MINUTE, this.zone), ...measured, ...(expected.size ? ahead : [])];
    });
    const names = expected.size ? [text("forecast"), text("band_90")] : [];
    return { head: [text("time"), dayName(day.date), dayName(before.date), ...names], rows };
  }

  private summary(day: Day, figures: DayFigures, { hours }: Outlook): string {
    const parts = hasData(day) || !hours.length ? [summary(day, figures)] : [text("day_ahead", { day: dayName(day.date) })];
    if (hours.length) parts.push(forecastSummary(hours, this.zone, day.unit, powerUnit(day.unit)));
    return parts.join(" ");
  }
}

function hasData(day: Day): boolean {
  return day.loads.some((load) => load.power !== null);
}

function sum(day: Day, lastMinute: number): number {
  return day.usage.intervals.reduce((total, { value }, at) => total + ((day.loads[at]?.minute ?? 0) <= lastMinute ? (value ?? 0) : 0), 0);
}

/** Null where the forecast does not reach the day's end, or hours before it begins were not measured. */
function wholeDay(day: Day, hours: ForecastHour[]): number | null {
  const [first, last] = [hours[0], hours.at(-1)];
  if (!first || !last || Date.parse(last.start) + HOUR < day.start + day.minutes * MINUTE) return null;
  const past = day.usage.intervals.filter(({ start }) => Date.parse(start) < Date.parse(first.start));
  if (past.some(({ value }) => value === null)) return null;
  return past.reduce((total, { value }) => total + (value ?? 0), 0) + totalOf(hours);
}

/** Stretches that were measured only in part, as minutes from and to. */
function gaps(loads: Load[]): [number, number][] {
  const suspect = loads.filter((load) => load.power !== null && !load.isWhole);
  const runs: [number, number][] = [];
  for (const { minute } of suspect) {
    const run = runs.at(-1);
    if (run && run[1] === minute) run[1] = minute + 15;
    else runs.push([minute, minute + 15]);
  }
  return runs;
}

export function powerUnit(unit: string): string {
  return unit === "kWh" ? "kW" : `${unit}/h`;
}

function summary(day: Day, figures: DayFigures): string {
  const share = figures.total !== null && figures.totalBefore ? change(figures.total / figures.totalBefore - 1) : "–";
  return text("load_summary", {
    day: dayName(day.date),
    total: quantityWithUnit(figures.total, figures.unit),
    peak: quantityWithUnit(figures.peak, figures.powerUnit),
    time: figures.peakTime,
    change: share,
  });
}
