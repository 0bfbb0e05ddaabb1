import { describe, expect, it } from "vitest";

import type { Forecast } from "../forecasts.ts";
import { HOUR, isoInstant } from "../zone.ts";
import { hoursBetween, joined, lastForecastDate } from "./forecast_feed.ts";

const START = Date.parse("2026-11-18T06:00:00Z");

function forecastOf(start: number, count: number, model: string): Forecast {
  const hours = Array.from({ length: count }, (_, at) => ({
    start: isoInstant(start + at * HOUR), expected: at, q05: at, q25: at, q50: at, q75: at, q95: at, last_week: null,
  }));
  const [first, end] = [isoInstant(start), isoInstant(start + count * HOUR)];
  return { start: first, end, model, hours } as Forecast;
}

const day = forecastOf(START, 24, "day");
const week = forecastOf(START, 168, "week");

describe("two forecasts", () => {
  it("join where the day's ends, without a gap and without an hour twice", () => {
    const expected = joined(day, week);
    expect(expected?.newest.model).toBe("day");
    expect(expected?.hours.map(({ start }) => Date.parse(start))).toEqual(Array.from({ length: 168 }, (_, at) => START + at * HOUR));
    expect(expected?.end).toBe(START + 168 * HOUR);
  });

  it("need not both be there", () => {
    expect(joined(day, null)).toMatchObject({ newest: day, hours: day.hours, end: START + 24 * HOUR });
    expect(joined(null, week)).toMatchObject({ newest: week, hours: week.hours, end: START + 168 * HOUR });
    expect(joined(null, null)).toBeNull();
  });

  it("of which the week's is outdated end with the day's", () => {
    const old = forecastOf(START - 200 * HOUR, 168, "week");
    expect(joined(day, old)).toMatchObject({ hours: day.hours, end: START + 24 * HOUR });
  });
});

describe("what is expected of a day", () => {
  it("is its hours, its end not included", () => {
    const hours = hoursBetween(joined(day, week), START + 2 * HOUR, START + 4 * HOUR);
    expect(hours.map(({ start }) => Date.parse(start))).toEqual([START + 2 * HOUR, START + 3 * HOUR]);
    expect(hoursBetween(null, START, START + HOUR)).toEqual([]);
  });

  it("ends on the building's date", () => {
    const expected = joined(day, null); // until 06:00 UTC
    expect(expected && lastForecastDate(expected, "Asia/Seoul")).toBe("2026-11-19");
    expect(expected && lastForecastDate(expected, "America/New_York")).toBe("2026-11-19");
    const untilMidnight = joined(forecastOf(START, 9, "day"), null); // 00:00 in Seoul
    expect(untilMidnight && lastForecastDate(untilMidnight, "Asia/Seoul")).toBe("2026-11-18");
  });
});
