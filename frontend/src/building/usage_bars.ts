/** Usage per month of a year or per day of a month, beside the year before. */

import { type Usage, type UsageInterval, usage } from "../api.ts";
import type { ECharts, Option } from "../charts/echarts.ts";
import type { ChartPanel } from "../charts/panel.ts";
import { axis, baseOption, colour, fade, legend, quantityColour, tooltip } from "../charts/theme.ts";
import { change, dayName, monthAndYear, monthName, percent, quantityWithUnit, unitSign } from "../format.ts";
import { text } from "../page.ts";
import { dateOf, firstOfMonth, isoInstant, monthBounds, startOfDay } from "../zone.ts";

/** Bars with their names, the intervals behind them and, where there is one, the same of a year before. */
interface Bars {
  title: string;
  names: string[];
  longNames: string[];
  values: (UsageInterval | undefined)[];
  before: (UsageInterval | undefined)[];
  beforeTitle: string;
  usage: Usage;
}

export class UsageBars {
  constructor(
    private readonly panel: ChartPanel,
    private readonly building: string,
    private readonly zone: string,
    private readonly totalElement: HTMLElement,
    private readonly choose: (index: number) => void,
  ) {}

  showYear(year: number, quantity: string): Promise<void> {
    return this.panel.show(async () => {
      const [now, before] = await Promise.all([this.yearOf(year, quantity), this.yearOf(year - 1, quantity)]);
      const months = Array.from({ length: 12 }, (_, index) => index + 1);
      const pick = (usage: Usage, of: number) =>
        months.map((month) => usage.intervals.find((interval) => this.dateOf(interval) === firstOfMonth(of, month)));
      return {
        title: String(year),
        names: months.map((month) => monthName(year, month)),
        longNames: months.map((month) => monthAndYear(year, month)),
        values: pick(now, year),
        before: pick(before, year - 1),
        beforeTitle: String(year - 1),
        usage: now,
      };
    }, (bars) => this.present(bars, quantity));
  }

  showMonth(year: number, month: number, quantity: string): Promise<void> {
    return this.panel.show(async () => {
      const [first, next] = monthBounds(year, month);
      const days = await this.load(first, next, "1d", quantity);
      const dates = days.intervals.map((interval) => this.dateOf(interval));
      return {
        title: monthAndYear(year, month),
        names: dates.map((date) => String(Number(date.slice(8)))),
        longNames: dates.map(dayName),
        values: days.intervals,
        before: [],
        beforeTitle: "",
        usage: days,
      };
    }, (bars) => this.present(bars, quantity));
  }

  private yearOf(year: number, quantity: string): Promise<Usage> {
    return this.load(firstOfMonth(year, 1), firstOfMonth(year + 1, 1), "1mo", quantity);
  }

  private load(first: string, next: string, interval: string, quantity: string): Promise<Usage> {
    const [start, end] = [startOfDay(first, this.zone), startOfDay(next, this.zone)];
    return usage(this.building, { quantity, start: isoInstant(start), end: isoInstant(end), interval });
  }

  private dateOf(interval: UsageInterval): string {
    return dateOf(Date.parse(interval.start), this.zone);
  }

  private async present(bars: Bars, quantity: string): Promise<void> {
    const unit = bars.usage.unit;
    const measured = bars.values.filter((interval) => interval && interval.value !== null);
    this.totalElement.textContent = measured.length ? quantityWithUnit(bars.usage.total, unit) : "";
    if (!measured.length && !bars.before.some((interval) => interval?.value)) {
      return this.panel.empty(text("no_period", { period: bars.title }));
    }
    const summary = text("bars_summary", { period: bars.title, total: quantityWithUnit(bars.usage.total, unit) });
    const chart = await this.panel.draw(this.option(bars, quantity), summary, this.table(bars));
    this.listen(chart, bars.names.length);
  }

  /** A click anywhere in a column chooses it, however short its bar is. */
  private listen(chart: ECharts, columns: number): void {
    const area = chart.getZr();
    area.off("click");
    area.on("click", ({ offsetX, offsetY }) => {
      if (!chart.containPixel("grid", [offsetX, offsetY])) return;
      const column = Number(chart.convertFromPixel({ xAxisIndex: 0 }, offsetX));
      if (column >= 0 && column < columns) this.choose(column);
    });
  }

  private option(bars: Bars, quantity: string): Option {
    const tone = quantityColour(quantity);
    const compared = bars.before.length > 0;
    const before = { name: bars.beforeTitle, type: "bar", color: colour("compare-soft"), barGap: "12%", data: bars.before.map(valueOf) };
    const now = {
      name: bars.title,
      type: "bar",
      color: tone,
      barCategoryGap: "28%",
      data: bars.values.map((interval) => ({ value: valueOf(interval), itemStyle: isWhole(interval) ? {} : partlyMeasured(tone) })),
    };
    const round = { itemStyle: { borderRadius: [3, 3, 0, 0] } };
    return {
      ...baseOption(),
      grid: { left: 8, right: 8, top: compared ? 52 : 28, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: compared ? legend() : { show: false },
      tooltip: {
        ...tooltip(),
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: fade(colour("ink-muted"), 0.08) } },
        formatter: (items: { dataIndex: number }[]) => describe(bars, items[0]?.dataIndex ?? 0),
      },
      xAxis: { ...axis(), type: "category", data: bars.names, axisLine: { show: true, lineStyle: { color: colour("line") } } },
      yAxis: { ...axis(), type: "value", name: unitSign(bars.usage.unit) },
      series: compared ? [{ ...round, ...before }, { ...round, ...now }] : [{ ...round, ...now }],
    };
  }

  private table(bars: Bars): { head: string[]; rows: string[][] } {
    const compared = bars.before.length > 0;
    const unit = bars.usage.unit;
    const rows = bars.longNames.map((name, at) => {
      const values = compared ? [bars.values[at], bars.before[at]] : [bars.values[at]];
      return [name, ...values.map((interval) => quantityWithUnit(valueOf(interval), unit)), measuredShare(bars.values[at])];
    });
    return { head: [text("period"), bars.title, ...(compared ? [bars.beforeTitle] : []), text("measured")], rows };
  }
}

function describe(bars: Bars, at: number): string {
  const [now, before] = [bars.values[at], bars.before[at]];
  const unit = bars.usage.unit;
  const lines = [bars.longNames[at] ?? "", quantityWithUnit(valueOf(now), unit)];
  if (!isWhole(now)) lines.push(`${text("measured")} ${measuredShare(now)}`);
  if (before?.value) {
    const share = now?.value && isWhole(now) ? `  ${change(now.value / before.value - 1)}` : "";
    lines.push(`${bars.beforeTitle}  ${quantityWithUnit(before.value, unit)}${share}`);
  }
  return lines.join("\n");
}

function valueOf(interval: UsageInterval | undefined): number | null {
  return interval?.value ?? null;
}

function isWhole(interval: UsageInterval | undefined): boolean {
  return !interval || interval.value === null || interval.measured_share > 0.99;
}

function measuredShare(interval: UsageInterval | undefined): string {
  return interval ? percent(interval.measured_share) : "–";
}

/** Bars of which a part was not measured look unfinished. */
function partlyMeasured(tone: string): object {
  return { color: fade(tone, 0.4), borderColor: tone, borderWidth: 1, borderType: [3, 2] };
}
