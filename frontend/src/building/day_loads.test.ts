import { beforeEach, describe, expect, it } from "vitest";

import type { Usage } from "../api.ts";
import type { ForecastHour } from "../forecasts.ts";
import { speak } from "../language.ts";
import { HOUR, isoInstant, MINUTE } from "../zone.ts";
import { boundsOfDay, clockOf, type Day, dayOf, daySummary, figuresOf, hasData, type Outlook, partlyMeasured, powerUnit } from "./day_loads.ts";

const SEOUL = "Asia/Seoul";
const LATER = Date.parse("2030-01-01T00:00:00Z");
const NONE: Outlook = { hours: [], flags: [] };

beforeEach(() => speak("en", {
  load_summary: "{day}: {total}, {change}, peak {peak} at {time}",
  day_ahead: "{day} lies ahead",
  forecast_summary: "{from} to {to}: {total}, {peak} at {time}, {range}",
}));

/** A day's usage by quarter-hours, `valueAt` their number. */
function usageOf(date: string, zone: string, valueAt: (at: number) => number | null, share = (_: number) => 1): Usage {
  const [start, end] = boundsOfDay(date, zone);
  const intervals = Array.from({ length: (end - start) / (15 * MINUTE) }, (_, at) => {
    const from = start + at * 15 * MINUTE;
    const value = valueAt(at);
    return { start: isoInstant(from), end: isoInstant(from + 15 * MINUTE), value, measured_share: value === null ? 0 : share(at), quality: "good" };
  });
  const total = intervals.reduce((sum, { value }) => sum + (value ?? 0), 0);
  return { building: "hq", quantity: "electricity", unit: "kWh", interval: "15m", total, points: [], kwh_per_m3: [], intervals };
}

function day(date: string, valueAt: (at: number) => number | null, zone = SEOUL, now = LATER): Day {
  return dayOf(date, zone, usageOf(date, zone, valueAt), now);
}

/** Hours of a forecast of 10 kWh each. */
function hoursFrom(start: number, count: number, expected = 10): ForecastHour[] {
  return Array.from({ length: count }, (_, at) => {
    const edges = { q05: expected - 2, q25: expected - 1, q50: expected, q75: expected + 1, q95: expected + 2, last_week: null };
    return { start: isoInstant(start + at * HOUR), expected, ...edges };
  });
}

describe("a day's power", () => {
  it("is the energy of each interval by its length", () => {
    expect(day("2026-01-15", (at) => at).loads.slice(0, 3)).toEqual([
      { minute: 0, power: 0, isWhole: true },
      { minute: 15, power: 4, isWhole: true },
      { minute: 30, power: 8, isWhole: true },
    ]);
  });

  it.each([
    [SEOUL, "2026-03-29", 1440],
    ["Europe/London", "2026-03-29", 1380],
    ["Europe/London", "2026-10-25", 1500],
    ["America/New_York", "2026-03-08", 1380],
    ["America/New_York", "2026-11-01", 1500],
  ])("in %s on %s covers %d minutes", (zone, date, minutes) => {
    const found = day(date, () => 1, zone);
    expect(found.minutes).toBe(minutes);
    expect(found.loads.at(-1)?.minute).toBe(minutes - 15);
    expect(figuresOf(found, found, NONE).total).toBe(minutes / 15);
    expect(clockOf(found, minutes)).toBe("24:00");
  });

  it("reads by the wall clock, also after the clocks have changed", () => {
    const spring = day("2026-03-29", () => 1, "Europe/London");
    expect([0, 45, 60, 120].map((minute) => clockOf(spring, minute))).toEqual(["00:00", "00:45", "02:00", "03:00"]);
    const autumn = day("2026-11-01", () => 1, "America/New_York");
    expect([60, 120, 180].map((minute) => clockOf(autumn, minute))).toEqual(["01:00", "01:00", "02:00"]);
  });

  it("is not known while an interval runs, nor where nothing was measured", () => {
    const [start] = boundsOfDay("2026-01-15", SEOUL);
    const found = day("2026-01-15", (at) => (at === 1 ? null : 1), SEOUL, start + 40 * MINUTE);
    expect(found.loads.slice(0, 4).map(({ power }) => power)).toEqual([4, null, null, null]);
    expect(hasData(found)).toBe(true);
    expect(hasData(day("2026-01-15", () => null))).toBe(false);
  });
});

describe("the figures of a day", () => {
  it("compare with the week before up to the same time", () => {
    const today = day("2026-01-15", (at) => (at < 4 ? 2 : null));
    const before = day("2026-01-08", () => 1);
    expect(figuresOf(today, before, NONE)).toMatchObject({ total: 8, totalBefore: 4, until: "01:00", unit: "kWh", powerUnit: "kW", expected: null });
  });

  it("count zero as measured and gaps as nothing", () => {
    expect(figuresOf(day("2026-01-15", (at) => (at % 2 ? 0 : null)), day("2026-01-08", () => null), NONE)).toMatchObject({
      total: 0, totalBefore: null, until: "", peak: 0, peakTime: "00:15",
    });
  });

  it("name the highest power and when it began", () => {
    expect(figuresOf(day("2026-01-15", (at) => (at === 37 ? 25 : 3)), day("2026-01-08", () => 1), NONE)).toMatchObject({ peak: 100, peakTime: "09:15" });
  });

  it("know a peak also where more is fed back than used", () => {
    expect(figuresOf(day("2026-01-15", (at) => (at === 48 ? -1 : -5)), day("2026-01-08", () => 1), NONE)).toMatchObject({ peak: -4, peakTime: "12:00" });
  });

  it("are none of a day without readings", () => {
    const nothing = day("2026-01-15", () => null);
    expect(figuresOf(nothing, nothing, NONE)).toMatchObject({ total: null, totalBefore: null, peak: null, peakTime: "", expected: null });
  });
});

describe("the whole day", () => {
  const [start] = boundsOfDay("2026-01-15", SEOUL);
  const before = day("2026-01-08", () => 1);
  const expected = (today: Day, hours: ForecastHour[]) => figuresOf(today, before, { hours, flags: [] }).expected;

  it("is what was measured until the forecast begins, and what is expected from then on", () => {
    const today = day("2026-01-15", (at) => (at < 48 ? 1 : null));
    expect(expected(today, hoursFrom(start + 12 * HOUR, 12))).toBe(48 + 120);
  });

  it("does not count twice what both know", () => {
    expect(expected(day("2026-01-15", () => 1), hoursFrom(start + 12 * HOUR, 12))).toBe(48 + 120);
  });

  it("is not known where hours are missing or the forecast ends too early", () => {
    const gap = day("2026-01-15", (at) => (at < 40 ? 1 : null));
    expect(expected(gap, hoursFrom(start + 12 * HOUR, 12))).toBeNull();
    expect(expected(day("2026-01-15", () => 1), hoursFrom(start + 12 * HOUR, 11))).toBeNull();
  });

  it.each([["2026-03-29", 23], ["2026-10-25", 25]])("of %s in London has %d hours", (date, count) => {
    const [from] = boundsOfDay(date, "Europe/London");
    const ahead = day(date, () => null, "Europe/London");
    expect(expected(ahead, hoursFrom(from, count))).toBe(count * 10);
    expect(expected(ahead, hoursFrom(from, count - 1))).toBeNull();
  });
});

describe("stretches that were measured in part", () => {
  const load = (minute: number, isWhole: boolean, power: number | null = 1) => ({ minute, power, isWhole });

  it("join where they touch", () => {
    expect(partlyMeasured([load(0, false), load(15, false), load(30, true), load(45, false)])).toEqual([[0, 30], [45, 60]]);
  });

  it("are not those that were not measured at all", () => {
    expect(partlyMeasured([load(0, false, null), load(15, false), load(30, false, null)])).toEqual([[15, 30]]);
  });
});

it("power is energy by the hour", () => {
  expect(["kWh", "MWh", "Wh", "m3", "GJ"].map(powerUnit)).toEqual(["kW", "MW", "W", "m3/h", "GJ/h"]);
});

describe("a day in words", () => {
  const says = (today: Day, before: Day, outlook = NONE) => daySummary(today, figuresOf(today, before, outlook), outlook).replaceAll("\u00a0", " ").replace("Thu,", "Thu");

  it("says what was used and how that compares", () => {
    expect(says(day("2026-01-15", () => 3), day("2026-01-08", () => 2))).toBe("Thu 15 Jan: 288 kWh, +50.0%, peak 12.0 kW at 00:00");
    expect(says(day("2026-01-15", () => 3), day("2026-01-08", () => 0))).toContain(", –, ");
  });

  it("of the future says what is expected only", () => {
    const nothing = day("2026-01-15", () => null);
    const outlook = { hours: hoursFrom(nothing.start, 24, 5e5), flags: [] };
    expect(says(nothing, nothing, outlook)).toBe("Thu 15 Jan lies ahead 00:00 to 24:00: 12,000 MWh, 500,000 kW at 00:00, 499,998 – 500,002 kW");
  });
});
