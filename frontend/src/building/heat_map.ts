/** Mean power by hour of the day and day of the month: nights, weekends and holidays show at a glance. */

import { usage } from "../api.ts";
import { mix } from "../charts/colours.ts";
import { type Option, pointedAt } from "../charts/echarts.ts";
import type { ChartPanel } from "../charts/panel.ts";
import { axis, axisText, baseOption, colour, isNarrow, quantityColour, tooltip } from "../charts/theme.ts";
import { monthAndYear, number, quantityWithUnit, unitSign } from "../format.ts";
import { text } from "../language.ts";
import { isoInstant, monthBounds, startOfDay } from "../zone.ts";
import { powerUnit } from "./day_loads.ts";
import { clock, datesBetween, describeCell, extremesOf, gridTable, type PowerGrid, powerGrid } from "./power_grid.ts";

export class HeatMap {
  constructor(
    private readonly panel: ChartPanel,
    private readonly building: string,
    private readonly zone: string,
  ) {}

  show(year: number, month: number, quantity: string): Promise<void> {
    const [first, next] = monthBounds(year, month);
    const [start, end] = [startOfDay(first, this.zone), startOfDay(next, this.zone)];
    return this.panel.show(
      () => usage(this.building, { quantity, start: isoInstant(start), end: isoInstant(end), interval: "1h" }),
      async (hours) => {
        const dates = datesBetween(first, next);
        const grid = powerGrid(hours, dates, this.zone);
        const period = monthAndYear(year, month);
        const ends = extremesOf(grid);
        if (!ends) return this.panel.empty(text("no_period", { period }));
        const unit = powerUnit(hours.unit);
        const [low, high] = [quantityWithUnit(ends.low, unit), quantityWithUnit(ends.high, unit)];
        const option = this.option(grid, ends, dates, unit, quantity);
        await this.panel.draw(option, text("heat_summary", { period, low, high }), gridTable(grid, dates));
      },
    );
  }

  private option(grid: PowerGrid, { low, high }: { low: number; high: number }, dates: string[], unit: string, quantity: string): Option {
    const tone = quantityColour(quantity);
    return {
      ...baseOption(),
      grid: { left: 8, right: 8, top: 28, bottom: 52, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: {
        ...tooltip(),
        formatter: (pointed) => {
          const [day, hour, power] = pointedAt(pointed)[0]?.data as [number, number, number];
          return describeCell(dates[day] ?? "", hour, power, unit);
        },
      },
      xAxis: {
        ...axis(),
        type: "category",
        data: dates.map((date) => String(Number(date.slice(8)))),
        axisLabel: { ...axisText(), interval: isNarrow(this.panel.canvas) ? 4 : "auto" },
      },
      yAxis: {
        ...axis(),
        type: "category",
        inverse: true,
        data: Array.from({ length: 24 }, (_, hour) => clock(hour)),
        axisLabel: { ...axisText(), interval: 2 },
        name: unitSign(unit),
        nameLocation: "start",
      },
      visualMap: {
        type: "continuous",
        min: low,
        max: high,
        calculable: false,
        orient: "horizontal",
        left: "center",
        bottom: 0,
        itemWidth: 10,
        itemHeight: 160,
        text: [number(high), number(low)],
        textStyle: axisText(),
        inRange: { color: [colour("heat-low"), tone, mix(tone, colour("ink"), 0.45)] },
      },
      series: [
        {
          type: "heatmap",
          progressive: 0,
          data: grid.flatMap((day, x) => day.flatMap((power, y) => (power === null ? [] : [[x, y, power]]))),
          itemStyle: { borderColor: colour("surface"), borderWidth: 1, borderRadius: 2 },
          emphasis: { itemStyle: { borderColor: colour("ink"), borderWidth: 1 } },
        },
      ],
    };
  }
}
