/** By day, how much smaller the forecasts' errors were than those of last week's curve. */

import type { Option } from "../charts/echarts.ts";
import type { ChartPanel } from "../charts/panel.ts";
import { axis, baseOption, colour, fade, tooltip } from "../charts/theme.ts";
import { change, dayName, number } from "../format.ts";
import type { Accuracy } from "../forecasts.ts";
import { text } from "../page.ts";

const TICK_PERCENT = 50;
const LOWEST_PERCENT = -100; // on a day like the week before, its curve can hardly be beaten

export function showAccuracyDays(panel: ChartPanel, days: Accuracy["days"]): Promise<void> {
  const known = days.flatMap(({ day, better_share }) => (better_share === null ? [] : [{ day, share: better_share }]));
  return panel.show(
    () => Promise.resolve(known),
    async (shares) => {
      if (!shares.length) return panel.empty(text("no_comparison"));
      const better = shares.filter(({ share }) => share > 0).length;
      const summary = text("days_summary", { better, count: shares.length });
      const rows = shares.map(({ day, share }) => [dayName(day), change(share)]);
      await panel.draw(option(shares), summary, { head: [text("day"), text("better_than_last_week")], rows });
    },
  );
}

function option(shares: { day: string; share: number }[]): Option {
  const [better, worse] = [colour("brand"), colour("bad")];
  return {
    ...baseOption(),
    grid: { left: 8, right: 8, top: 28, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      ...tooltip(),
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: fade(colour("ink-muted"), 0.08) } },
      formatter: ([item]: { dataIndex: number }[]) => {
        const { day, share } = shares[item?.dataIndex ?? 0] ?? { day: "", share: 0 };
        return `${dayName(day)}\n${text("better_than_last_week")}  ${change(share)}`;
      },
    },
    xAxis: {
      ...axis(),
      type: "category",
      data: shares.map(({ day }) => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`),
      axisLine: { show: true, onZero: true, lineStyle: { color: colour("line") } },
      axisLabel: { ...(axis().axisLabel as object), align: "center" },
    },
    yAxis: {
      ...axis(),
      type: "value",
      name: "%",
      interval: TICK_PERCENT,
      max: ({ max }: { max: number }) => Math.max(1, Math.ceil(max / TICK_PERCENT)) * TICK_PERCENT,
      min: ({ min }: { min: number }) => Math.max(LOWEST_PERCENT, Math.min(0, Math.floor(min / TICK_PERCENT) * TICK_PERCENT)),
      axisLabel: { ...(axis().axisLabel as object), formatter: (value: number) => number(value, 0) },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 24,
        data: shares.map(({ share }) => ({ value: share * 100, itemStyle: { color: share < 0 ? worse : better } })),
      },
    ],
  };
}
