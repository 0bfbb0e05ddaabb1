/** By day, how much smaller the forecasts' errors were than those of last week's curve. */

import { fade } from "../charts/colours.ts";
import { type Option, pointedAt } from "../charts/echarts.ts";
import type { ChartPanel } from "../charts/panel.ts";
import { axis, baseOption, colour, tooltip, valueAxis } from "../charts/theme.ts";
import { change, dayName } from "../format.ts";
import type { Accuracy } from "../forecasts.ts";
import { text } from "../language.ts";
import { type BetterShare, betterShares, percentAxis, shortDate } from "./better_shares.ts";

export function showAccuracyDays(panel: ChartPanel, days: Accuracy["days"]): Promise<void> {
  return panel.show(
    () => Promise.resolve(betterShares(days)),
    async (shares) => {
      if (!shares.length) return panel.empty(text("no_comparison"));
      const better = shares.filter(({ share }) => share > 0).length;
      const summary = text("days_summary", { better, count: shares.length });
      const rows = shares.map(({ day, share }) => [dayName(day), change(share)]);
      await panel.draw(option(shares), summary, { head: [text("day"), text("better_than_last_week")], rows });
    },
  );
}

function option(shares: BetterShare[]): Option {
  const [better, worse] = [colour("brand"), colour("bad")];
  return {
    ...baseOption(),
    grid: { left: 8, right: 8, top: 28, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      ...tooltip(),
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: fade(colour("ink-muted"), 0.08) } },
      formatter: (pointed) => describe(shares[pointedAt(pointed)[0]?.dataIndex ?? 0]),
    },
    xAxis: {
      ...axis(),
      type: "category",
      data: shares.map(({ day }) => shortDate(day)),
      axisLine: { show: true, onZero: true, lineStyle: { color: colour("line") } },
      axisLabel: { ...axis().axisLabel, align: "center" },
    },
    yAxis: { ...valueAxis(), ...percentAxis, name: "%" },
    series: [
      {
        type: "bar",
        barMaxWidth: 24,
        data: shares.map(({ share }) => ({ value: share * 100, itemStyle: { color: share < 0 ? worse : better } })),
      },
    ],
  };
}

function describe(one: BetterShare | undefined): string {
  return one ? `${dayName(one.day)}\n${text("better_than_last_week")}  ${change(one.share)}` : "";
}
