/** One day's power against the same weekday a week before and against what is expected, by time since local midnight. */

import { usage } from "../api.ts";
import { fade } from "../charts/colours.ts";
import { type LineSeriesOption, type Option, type Pointed, pointedAt } from "../charts/echarts.ts";
import type { ChartPanel, Table } from "../charts/panel.ts";
import { axis, baseOption, colour, isNarrow, legend, quantityColour, tooltip, valueAxis, zooming } from "../charts/theme.ts";
import { dateAndTime, dayName, quantityWithUnit, rangeWithUnit, unitSign } from "../format.ts";
import { text } from "../language.ts";
import { addDays, isoInstant, MINUTE } from "../zone.ts";
import { boundsOfDay, clockOf, type Day, type DayFigures, dayOf, daySummary, figuresOf, hasData, type Outlook, partlyMeasured, powerUnit } from "./day_loads.ts";
import { describeLoad, type ExpectedLoad, expectedLoads } from "./expected_loads.ts";
import { bandLegend, bandSeries } from "./forecast_band.ts";
import { type ForecastFeed, hoursBetween } from "./forecast_feed.ts";

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
        const figures = figuresOf(day, before, outlook);
        this.present(figures);
        const expected = expectedLoads(outlook.hours, day.start);
        const option = this.option(day, before, expected, quantity);
        await this.panel.draw(option, daySummary(day, figures, outlook), table(day, before, expected));
      },
    );
  }

  private async outlook(date: string): Promise<Outlook> {
    const expected = await this.feed.expected().catch(() => null); // the forecast card tells; what was measured still shows
    const hours = hoursBetween(expected, ...boundsOfDay(date, this.zone));
    return { hours, flags: expected && hours.length ? expected.newest.flags : [] };
  }

  private async load(date: string, quantity: string): Promise<Day> {
    const [start, end] = boundsOfDay(date, this.zone);
    const found = await usage(this.building, { quantity, start: isoInstant(start), end: isoInstant(end), interval: "15m" });
    return dayOf(date, this.zone, found, Date.now());
  }

  private option(day: Day, before: Day, expected: ExpectedLoad[], quantity: string): Option {
    const names = [before, day].filter(hasData).map(({ date }) => dayName(date));
    const isCrowded = expected.length > 0 && isNarrow(this.panel.canvas);
    return {
      ...baseOption(),
      grid: { left: 8, right: 20, top: isCrowded ? 76 : 52, bottom: 36, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: { ...legend(), data: expected.length ? [...names, ...bandLegend()] : names },
      tooltip: { ...tooltip(), trigger: "axis", formatter: (pointed) => describe(pointed, day, names, expected) },
      xAxis: {
        ...axis(),
        type: "value",
        min: 0,
        max: day.minutes,
        interval: isNarrow(this.panel.canvas) ? 360 : 180,
        splitLine: { show: false },
        axisLabel: { ...axis().axisLabel, formatter: (minute: number) => clockOf(day, minute) },
      },
      yAxis: { ...valueAxis(), name: unitSign(powerUnit(day.unit)) },
      dataZoom: zooming(),
      series: [...bandSeries(expected, quantity), weekBefore(before), chosenDay(day, quantity)],
    };
  }
}

function weekBefore(before: Day): LineSeriesOption {
  return { ...curve(before), color: colour("compare"), lineStyle: { width: 1.5, type: [5, 4] } };
}

function chosenDay(day: Day, quantity: string): LineSeriesOption {
  const tone = quantityColour(quantity);
  return {
    ...curve(day),
    color: tone,
    lineStyle: { width: 2.25 },
    areaStyle: { color: fade(tone, 0.12) },
    markArea: {
      silent: true,
      itemStyle: { color: fade(colour("suspect"), 0.14) },
      data: partlyMeasured(day.loads).map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
    },
  };
}

function curve({ date, loads }: Day): LineSeriesOption {
  const data = loads.map(({ minute, power }) => [minute, power]);
  return { type: "line", name: dayName(date), showSymbol: false, connectNulls: false, emphasis: { disabled: true }, data };
}

function describe(pointed: Pointed, day: Day, measured: string[], expected: ExpectedLoad[]): string {
  const unit = powerUnit(day.unit);
  const items = pointedAt(pointed).map(({ seriesName = "", data }) => ({ name: seriesName, at: data as [number, number | null] }));
  const minute = items[0]?.at[0] ?? 0;
  const rows = items.filter(({ name, at }) => measured.includes(name) && at[1] !== null);
  const load = expected.find((one) => one.minute === minute);
  return [
    clockOf(day, minute),
    ...rows.map(({ name, at: [, power] }) => `${name}  ${quantityWithUnit(power, unit)}`),
    ...(load ? describeLoad(load, unit) : []),
  ].join("\n");
}

function table(day: Day, before: Day, expected: ExpectedLoad[]): Table {
  const unit = powerUnit(day.unit);
  const earlier = new Map(before.loads.map(({ minute, power }) => [minute, power]));
  const ahead = new Map(expected.map((load) => [load.minute, load]));
  const rows = day.loads.map(({ minute, power }) => {
    const load = ahead.get(minute);
    const measured = [quantityWithUnit(power, unit), quantityWithUnit(earlier.get(minute), unit)];
    const forecast = load ? [quantityWithUnit(load.expected, unit), rangeWithUnit(load.q05, load.q95, unit)] : ["–", "–"];
    return [dateAndTime(day.start + minute * MINUTE, day.zone), ...measured, ...(ahead.size ? forecast : [])];
  });
  const names = ahead.size ? [text("forecast"), text("band_90")] : [];
  return { head: [text("time"), dayName(day.date), dayName(before.date), ...names], rows };
}
