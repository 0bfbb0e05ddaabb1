import { beforeEach, describe, expect, it } from "vitest";

import type { Interval, Usage } from "../api.ts";
import { speak } from "../language.ts";
import { addDays, isoInstant, startOfDay } from "../zone.ts";
import { daysOf, describePeriod, isMeasured, isWhole, monthsOf, periodTable, sharedScale, valueIn } from "./usage_periods.ts";

beforeEach(() => speak("ko", { measured: "실측값", period: "기간" }));

/** Usage between neighbouring dates. */
function usageOf(dates: string[], zone: string, values: (number | null)[], interval: Interval, share = 1): Usage {
  const intervals = dates.slice(0, -1).map((date, at) => ({
    start: isoInstant(startOfDay(date, zone)), end: isoInstant(startOfDay(dates[at + 1] ?? "", zone)),
    value: values[at] ?? null, measured_share: values[at] == null ? 0 : share, quality: "good",
  }));
  return { building: "hq", quantity: "electricity", unit: "kWh", interval, total: values.reduce<number>((sum, value) => sum + (value ?? 0), 0), points: [], kwh_per_m3: [], intervals };
}

const firstsOf = (year: number) => [...Array.from({ length: 12 }, (_, at) => `${year}-${String(at + 1).padStart(2, "0")}-01`), `${year + 1}-01-01`];
const yearOf = (year: number, zone: string, values: (number | null)[], share = 1) => usageOf(firstsOf(year), zone, values, "1mo", share);
const MONTHS = Array.from({ length: 12 }, (_, at) => at + 1);

describe("the months of a year", () => {
  it.each(["Asia/Seoul", "Europe/London", "America/New_York"])("in %s stand beside those of the year before", (zone) => {
    const periods = monthsOf(2026, yearOf(2026, zone, MONTHS), yearOf(2025, zone, MONTHS.map((month) => month * 10)), zone);
    expect(periods.values.map((amount) => amount?.value)).toEqual(MONTHS);
    expect(periods.before.map((amount) => amount?.value)).toEqual(MONTHS.map((month) => month * 10));
    expect([periods.title, periods.beforeTitle, periods.names[0], periods.longNames[11]]).toEqual(["2026", "2025", "1월", "2026년 12월"]);
  });

  it("keep their places where some are not known", () => {
    const known = { ...yearOf(2026, "Asia/Seoul", MONTHS), intervals: yearOf(2026, "Asia/Seoul", MONTHS).intervals.slice(2, 4) };
    const periods = monthsOf(2026, known, { ...known, intervals: [] }, "Asia/Seoul");
    expect(periods.values.map((amount) => amount?.value).slice(0, 5)).toEqual([undefined, undefined, 3, 4, undefined]);
    expect(periods.before).toEqual(Array(12).fill(undefined));
  });
});

describe("the days of a month", () => {
  it.each([["Europe/London", "2026-03-01", 31], ["America/New_York", "2026-11-01", 30], ["Asia/Seoul", "2026-02-01", 28]])(
    "in %s from %s are %d, each once, whatever its length",
    (zone, first, count) => {
      const dates = Array.from({ length: count + 1 }, (_, at) => addDays(first, at));
      const periods = daysOf(2026, Number(first.slice(5, 7)), usageOf(dates, zone, [], "1d"), zone);
      expect(periods.names).toEqual(Array.from({ length: count }, (_, at) => String(at + 1)));
    },
  );
});

describe("what is shown of periods", () => {
  const seoul = (values: (number | null)[], before: (number | null)[], share = 1) =>
    monthsOf(2026, yearOf(2026, "Asia/Seoul", values, share), yearOf(2025, "Asia/Seoul", before), "Asia/Seoul");

  it("has one unit, that of the largest", () => {
    const periods = seoul([1_313_675, 900], [2e5]);
    expect(sharedScale(periods)).toEqual({ unit: "MWh", per: 1000 });
    expect(valueIn(sharedScale(periods), periods.values[0])).toBe(1313.675);
    expect(periodTable(periods).rows.slice(0, 3)).toEqual([
      ["2026년 1월", "1,314\u00a0MWh", "200\u00a0MWh", "100%"],
      ["2026년 2월", "0.90\u00a0MWh", "–", "100%"],
      ["2026년 3월", "–", "–", "0%"],
    ]);
    expect(periodTable(periods).head).toEqual(["기간", "2026", "2025", "실측값"]);
  });

  it("follows what is fed back, however much", () => {
    expect(sharedScale(seoul([-5e6], [1])).unit).toBe("MWh");
    expect(sharedScale(seoul([null], [])).unit).toBe("kWh");
  });

  it("compares a whole month with the same of the year before", () => {
    expect(describePeriod(seoul([110], [100]), 0)).toBe("2026년 1월\n110\u00a0kWh\n2025  100\u00a0kWh  +10.0%");
  });

  it("does not compare a month that was measured in part, and says so", () => {
    expect(describePeriod(seoul([110], [100], 0.5), 0)).toBe("2026년 1월\n110\u00a0kWh\n실측값 50.0%\n2025  100\u00a0kWh");
  });

  it("says what is missing", () => {
    expect(describePeriod(seoul([null], [100]), 0)).toBe("2026년 1월\n–\n2025  100\u00a0kWh");
    expect([isMeasured(seoul([null], [100])), isMeasured(seoul([0], []))]).toEqual([false, true]);
  });

  it("looks unfinished where a part is missing, not where all is", () => {
    const [whole, part, none] = [seoul([1], []).values[0], seoul([1], [], 0.9).values[0], seoul([null], []).values[0]];
    expect([isWhole(whole), isWhole(part), isWhole(none), isWhole(undefined)]).toEqual([true, false, true, true]);
  });
});
