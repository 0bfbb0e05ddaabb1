import { describe, expect, it } from "vitest";

import { addDays, DAY, HOUR, MINUTE } from "../zone.ts";
import { daysRange, presetRange, type Range, rangeParameters, suitableInterval, wholeMinutes } from "./range.ts";

const at = (iso: string) => Date.parse(iso);
const SECONDS: Record<string, number> = { raw: 1, "1m": 60, "15m": 900, "1h": 3600, "1d": 86_400, "1mo": 30 * 86_400 };

describe("a preset", () => {
  it("of hours ends at the last reading, to the hour", () => {
    const end = at("2026-01-15T05:20:00Z");
    expect(presetRange("1h", end, "Asia/Seoul")).toEqual({ start: end - HOUR, end });
    expect(presetRange("24h", end, "Asia/Seoul")).toEqual({ start: end - DAY, end });
  });

  it("of a week or more is whole days of the building, the last reading's among them", () => {
    expect(rangeParameters(presetRange("7d", at("2026-01-15T05:20:00Z"), "Asia/Seoul"))).toEqual({
      start: "2026-01-08T15:00:00Z",
      end: "2026-01-15T15:00:00Z",
    });
  });

  it("does not begin a day in which nothing was read", () => {
    const midnight = at("2026-01-15T15:00:00Z");
    expect(presetRange("7d", midnight, "Asia/Seoul").end).toBe(midnight);
  });

  it.each([
    ["Europe/London", "2026-03-31T11:00:00Z", 7 * 24 - 1],
    ["Europe/London", "2026-10-27T11:00:00Z", 7 * 24 + 1],
    ["America/New_York", "2026-03-10T11:00:00Z", 7 * 24 - 1],
    ["America/New_York", "2026-11-03T11:00:00Z", 7 * 24 + 1],
    ["Asia/Seoul", "2026-11-03T11:00:00Z", 7 * 24],
  ])("of a week in %s until %s has %s hours", (zone, end, hours) => {
    const range = presetRange("7d", at(end), zone);
    expect((range.end - range.start) / HOUR).toBe(hours);
  });
});

describe("a range of days", () => {
  it("includes both, each as long as it is", () => {
    const hours = ({ start, end }: Range) => (end - start) / HOUR;
    expect(hours(daysRange("2026-11-01", "2026-11-01", "America/New_York"))).toBe(25);
    expect(hours(daysRange("2026-03-29", "2026-03-29", "Europe/London"))).toBe(23);
    expect(hours(daysRange("2026-01-01", "2026-12-31", "Europe/London"))).toBe(365 * 24);
    expect(rangeParameters(daysRange("2026-01-15", "2026-01-16", "Asia/Seoul"))).toEqual({
      start: "2026-01-14T15:00:00Z",
      end: "2026-01-16T15:00:00Z",
    });
  });
});

it("a zoomed range is widened to whole minutes, never narrowed", () => {
  expect(wholeMinutes({ start: 1.5 * MINUTE + 0.25, end: 2 * MINUTE + 0.5 })).toEqual({ start: MINUTE, end: 3 * MINUTE });
  expect(wholeMinutes({ start: MINUTE, end: 2 * MINUTE })).toEqual({ start: MINUTE, end: 2 * MINUTE });
});

describe("the resolution that suits a range", () => {
  it.each([
    [MINUTE, "raw"], [30 * MINUTE, "raw"], [HOUR, "1m"], [DAY, "1m"], [7 * DAY, "15m"], [30 * DAY, "1h"], [365 * DAY, "1d"],
    [1096 * DAY, "1d"], [20 * 365 * DAY, "1mo"],
  ])("%d ms long is %s", (length, interval) => {
    expect(suitableInterval({ start: 0, end: length })).toBe(interval);
  });

  it("keeps a chart under about two thousand values", () => {
    for (let length = MINUTE; length < 100 * 365 * DAY; length *= 1.1) {
      const values = length / 1000 / (SECONDS[suitableInterval({ start: 0, end: length })] ?? 0);
      expect(values).toBeLessThan(2050);
    }
  });

  it("stays the same on the days that the clocks change", () => {
    for (const zone of ["Asia/Seoul", "Europe/London", "America/New_York"]) {
      for (let date = "2026-01-01"; date < "2027-01-01"; date = addDays(date, 1)) {
        expect(suitableInterval(daysRange(date, date, zone))).toBe("1m");
        expect(suitableInterval(daysRange(date, addDays(date, 6), zone))).toBe("15m");
      }
    }
  });
});

it("draws nothing finer than what is known", () => {
  const week = { start: 0, end: 7 * 86_400_000 };
  expect(suitableInterval(week, 900)).toBe("15m");
  expect(suitableInterval(week, 3600)).toBe("1h");
  expect(suitableInterval(week, 86_400)).toBe("1d");
  expect(suitableInterval({ start: 0, end: 365 * 86_400_000 }, 3600)).toBe("1d");
});
