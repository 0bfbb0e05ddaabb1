/** One day's power against the same weekday a week before, by time since local midnight. */

import { type Usage, usage } from "../api.ts";
import type { Option } from "../charts/echarts.ts";
import type { ChartPanel, Table } from "../charts/panel.ts";
import { axis, baseOption, colour, fade, isNarrow, legend, quantityColour, tooltip, zooming } from "../charts/theme.ts";
import { change, dateAndTime, dayName, quantityWithUnit, timeOfDay, unitSign } from "../format.ts";
import { text } from "../page.ts";
import { addDays, HOUR, isoInstant, startOfDay } from "../zone.ts";

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

export interface DayFigures {
  total: number | null;
  totalBefore: number | null;
  peak: number | null;
  peakTime: string;
  unit: string;
  powerUnit: string;
}

export class LoadCurve {
  constructor(
    private readonly panel: ChartPanel,
    private readonly building: string,
    private readonly zone: string,
    private readonly present: (figures: DayFigures | null) => void,
  ) {}

  async show(date: string, quantity: string): Promise<void> {
    await this.panel.show(
      () => Promise.all([this.load(date, quantity), this.load(addDays(date, -7), quantity)]),
      async ([day, before]) => {
        if (!hasData(day) && !hasData(before)) {
          this.present(null);
          return this.panel.empty(text("no_day", { day: dayName(date) }));
        }
        const figures = this.figures(day, before);
        this.present(figures);
        await this.panel.draw(this.option(day, before, quantity), summary(day, figures), this.table(day, before));
      },
    );
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

  private figures(day: Day, before: Day): DayFigures {
    const last = day.loads.findLast((load) => load.power !== null);
    const peak = day.loads.reduce<Load | null>((top, load) => ((load.power ?? -1) > (top?.power ?? -1) ? load : top), null);
    return {
      total: last ? sum(day, last.minute) : null,
      totalBefore: last && hasData(before) ? sum(before, last.minute) : null,
      peak: peak?.power ?? null,
      peakTime: peak ? timeOfDay(day.start + peak.minute * MINUTE, this.zone) : "",
      unit: day.unit,
      powerUnit: powerUnit(day.unit),
    };
  }

  private option(day: Day, before: Day, quantity: string): Option {
    const [tone, muted] = [quantityColour(quantity), colour("compare")];
    const unit = unitSign(powerUnit(day.unit));
    const clock = (minute: number) => (minute === day.minutes ? "24:00" : timeOfDay(day.start + minute * MINUTE, this.zone));
    const line = { type: "line", showSymbol: false, connectNulls: false, emphasis: { disabled: true } };
    return {
      ...baseOption(),
      grid: { left: 8, right: 20, top: 52, bottom: 36, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: legend(),
      tooltip: {
        ...tooltip(),
        trigger: "axis",
        formatter: (items: { axisValue: number; seriesName: string; data: [number, number | null] }[]) => {
          const rows = items.map((item) => `${item.seriesName}  ${quantityWithUnit(item.data[1], powerUnit(day.unit))}`);
          return [clock(items[0]?.axisValue ?? 0), ...rows].join("\n");
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

  private table(day: Day, before: Day): Table {
    const earlier = new Map(before.loads.map((load) => [load.minute, load.power]));
    const unit = powerUnit(day.unit);
    const rows = day.loads.map(({ minute, power }) => [
      dateAndTime(day.start + minute * MINUTE, this.zone),
      quantityWithUnit(power, unit),
      quantityWithUnit(earlier.get(minute), unit),
    ]);
    return { head: [text("time"), dayName(day.date), dayName(before.date)], rows };
  }
}

function hasData(day: Day): boolean {
  return day.loads.some((load) => load.power !== null);
}

function sum(day: Day, lastMinute: number): number {
  return day.usage.intervals.reduce((total, { value }, at) => total + ((day.loads[at]?.minute ?? 0) <= lastMinute ? (value ?? 0) : 0), 0);
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
