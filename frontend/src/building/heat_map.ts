/** Mean power by hour of the day and day of the month: nights, weekends and holidays show at a glance. */

import { type Usage, usage } from "../api.ts";
import type { Option } from "../charts/echarts.ts";
import type { ChartPanel, Table } from "../charts/panel.ts";
import { axis, baseOption, colour, FONT, isNarrow, mix, quantityColour, tooltip } from "../charts/theme.ts";
import { dayName, monthAndYear, number, quantityWithUnit, unitSign } from "../format.ts";
import { text } from "../page.ts";
import { addDays, HOUR, isoInstant, monthBounds, startOfDay, wallClock } from "../zone.ts";
import { powerUnit } from "./load_curve.ts";

/** Mean power by day (row) and hour (column); null where nothing was measured. */
type Grid = (number | null)[][];

export class HeatMap {
  constructor(
    private readonly panel: ChartPanel,
    private readonly building: string,
    private readonly zone: string,
  ) {}

  show(year: number, month: number, quantity: string): Promise<void> {
    const [first, next] = monthBounds(year, month);
    const [start, end] = [startOfDay(first, this.zone), startOfDay(next, this.zone)];
    const range = { quantity, start: isoInstant(start), end: isoInstant(end), interval: "1h" };
    return this.panel.show(
      () => usage(this.building, range),
      async (hours) => {
        const dates = datesBetween(first, next);
        const grid = this.grid(hours, dates);
        const period = monthAndYear(year, month);
        if (!grid.flat().some((power) => power !== null)) return this.panel.empty(text("no_period", { period }));
        const summary = text("heat_summary", { period, ...extremes(grid, powerUnit(hours.unit)) });
        await this.panel.draw(this.option(grid, dates, hours.unit, quantity), summary, table(grid, dates));
      },
    );
  }

  /** The hour that repeats on a 25-hour day shows the mean of both. */
  private grid(hours: Usage, dates: string[]): Grid {
    const cells = dates.map(() => Array.from({ length: 24 }, () => [] as number[]));
    for (const { start, end, value } of hours.intervals) {
      if (value === null) continue;
      const wall = wallClock(Date.parse(start), this.zone);
      const day = cells[wall.getUTCDate() - 1];
      day?.[wall.getUTCHours()]?.push((value * HOUR) / (Date.parse(end) - Date.parse(start)));
    }
    const mean = (values: number[]) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null);
    return cells.map((day) => day.map(mean));
  }

  private option(grid: Grid, dates: string[], unit: string, quantity: string): Option {
    const powers = grid.flat().filter((power): power is number => power !== null);
    const tone = quantityColour(quantity);
    const label = { fontFamily: FONT, fontSize: 11, color: colour("ink-muted") };
    return {
      ...baseOption(),
      grid: { left: 8, right: 8, top: 28, bottom: 52, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: {
        ...tooltip(),
        formatter: ({ data: [day, hour, power] }: { data: [number, number, number] }) =>
          `${dayName(dates[day] ?? "")}  ${clock(hour)}–${clock(hour + 1)}\n${quantityWithUnit(power, powerUnit(unit))}`,
      },
      xAxis: {
        ...axis(),
        type: "category",
        data: dates.map((date) => String(Number(date.slice(8)))),
        axisLabel: { ...label, interval: isNarrow(this.panel.canvas) ? 4 : "auto" },
      },
      yAxis: {
        ...axis(),
        type: "category",
        inverse: true,
        data: Array.from({ length: 24 }, (_, hour) => clock(hour)),
        axisLabel: { ...label, interval: 2 },
        name: unitSign(powerUnit(unit)),
        nameLocation: "start",
      },
      visualMap: {
        type: "continuous",
        min: Math.min(...powers),
        max: Math.max(...powers),
        calculable: false,
        orient: "horizontal",
        left: "center",
        bottom: 0,
        itemWidth: 10,
        itemHeight: 160,
        text: [number(Math.max(...powers)), number(Math.min(...powers))],
        textStyle: label,
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

function datesBetween(first: string, next: string): string[] {
  const dates: string[] = [];
  for (let date = first; date < next; date = addDays(date, 1)) dates.push(date);
  return dates;
}

function extremes(grid: Grid, unit: string): { low: string; high: string } {
  const powers = grid.flat().filter((power): power is number => power !== null);
  return { low: quantityWithUnit(Math.min(...powers), unit), high: quantityWithUnit(Math.max(...powers), unit) };
}

function table(grid: Grid, dates: string[]): Table {
  const head = [text("day"), ...Array.from({ length: 24 }, (_, hour) => clock(hour))];
  return { head, rows: grid.map((day, at) => [dayName(dates[at] ?? ""), ...day.map((power) => number(power))]) };
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}
