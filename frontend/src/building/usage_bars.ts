/** Usage per month of a year or per day of a month, beside the year before. */

import { type Usage, type UsageResolution, usage } from "../api.ts";
import { fade } from "../charts/colours.ts";
import { type BarSeriesOption, type ECharts, type Option, pointedAt } from "../charts/echarts.ts";
import type { ChartPanel } from "../charts/panel.ts";
import { axis, baseOption, colour, legend, quantityColour, tooltip, valueAxis } from "../charts/theme.ts";
import { quantityWithUnit, unitSign } from "../format.ts";
import { text } from "../language.ts";
import { firstOfMonth, isoInstant, monthBounds, startOfDay } from "../zone.ts";
import { daysOf, describePeriod, isMeasured, isWhole, monthsOf, periodTable, sharedScale, type UsagePeriods, valueIn } from "./usage_periods.ts";

const ROUND: BarSeriesOption["itemStyle"] = { borderRadius: [3, 3, 0, 0] };

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
      return monthsOf(year, now, before, this.zone);
    }, (periods) => this.present(periods, quantity));
  }

  showMonth(year: number, month: number, quantity: string): Promise<void> {
    return this.panel.show(async () => {
      const [first, next] = monthBounds(year, month);
      return daysOf(year, month, await this.load(first, next, "1d", quantity), this.zone);
    }, (periods) => this.present(periods, quantity));
  }

  private yearOf(year: number, quantity: string): Promise<Usage> {
    return this.load(firstOfMonth(year, 1), firstOfMonth(year + 1, 1), "1mo", quantity);
  }

  private load(first: string, next: string, interval: UsageResolution, quantity: string): Promise<Usage> {
    const [start, end] = [startOfDay(first, this.zone), startOfDay(next, this.zone)];
    return usage(this.building, { quantity, start: isoInstant(start), end: isoInstant(end), interval });
  }

  private async present(periods: UsagePeriods, quantity: string): Promise<void> {
    const total = quantityWithUnit(periods.total, periods.unit);
    this.totalElement.textContent = isMeasured(periods) ? total : "";
    if (!isMeasured(periods) && !periods.before.some((amount) => amount?.value)) {
      return this.panel.empty(text("no_period", { period: periods.title }));
    }
    const summary = text("bars_summary", { period: periods.title, total });
    const chart = await this.panel.draw(option(periods, quantity), summary, periodTable(periods));
    this.listen(chart, periods.names.length);
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
}

function option(periods: UsagePeriods, quantity: string): Option {
  const isCompared = periods.before.length > 0;
  return {
    ...baseOption(),
    grid: { left: 8, right: 8, top: isCompared ? 52 : 28, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: isCompared ? legend() : { show: false },
    tooltip: {
      ...tooltip(),
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: fade(colour("ink-muted"), 0.08) } },
      formatter: (pointed) => describePeriod(periods, pointedAt(pointed)[0]?.dataIndex ?? 0),
    },
    xAxis: { ...axis(), type: "category", data: periods.names, axisLine: { show: true, lineStyle: { color: colour("line") } } },
    yAxis: { ...valueAxis(), name: unitSign(sharedScale(periods).unit) },
    series: isCompared ? [yearBefore(periods), chosen(periods, quantity)] : [chosen(periods, quantity)],
  };
}

function yearBefore(periods: UsagePeriods): BarSeriesOption {
  const scale = sharedScale(periods);
  const data = periods.before.map((amount) => valueIn(scale, amount));
  return { type: "bar", name: periods.beforeTitle, color: colour("compare-soft"), barGap: "12%", itemStyle: ROUND, data };
}

function chosen(periods: UsagePeriods, quantity: string): BarSeriesOption {
  const tone = quantityColour(quantity);
  const scale = sharedScale(periods);
  const data = periods.values.map((amount) => ({
    value: valueIn(scale, amount),
    itemStyle: isWhole(amount) ? {} : unfinished(tone),
  }));
  return { type: "bar", name: periods.title, color: tone, barCategoryGap: "28%", itemStyle: ROUND, data };
}

/** Bars of which a part was not measured look unfinished. */
function unfinished(tone: string): BarSeriesOption["itemStyle"] {
  return { color: fade(tone, 0.4), borderColor: tone, borderWidth: 1, borderType: [3, 2] };
}
