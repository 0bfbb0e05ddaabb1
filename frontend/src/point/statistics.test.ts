import { describe, expect, it } from "vitest";

import type { Series } from "../api.ts";
import { statisticsOf } from "./statistics.ts";

const QUARTER = 900_000;

function seriesOf(values: (number | null)[], quality: string[] = []): Series {
  return {
    point: "hq.main",
    unit: "kW",
    interval: "15m",
    times: values.map((_, at) => new Date(at * QUARTER).toISOString()),
    values,
    quality: values.map((value, at) => quality[at] ?? (value === null ? "missing" : "good")),
  };
}

function figures(values: (number | null)[], quality: string[] = []) {
  const series = seriesOf(values, quality);
  return statisticsOf(series, series, series);
}

describe("figures about a series", () => {
  it("are those of its values", () => {
    expect(figures([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      count: 8,
      sum: 40,
      mean: 5,
      deviation: 2,
      minimum: { value: 2, time: "1970-01-01T00:00:00.000Z" },
      maximum: { value: 9, time: "1970-01-01T01:45:00.000Z" },
      flagged: 0,
    });
  });

  it("do not count what is missing, and nothing is not missing", () => {
    expect(figures([null, 0, null, 6, null])).toMatchObject({ count: 2, sum: 6, mean: 3, minimum: { value: 0 }, flagged: 0 });
  });

  it("are none without a value", () => {
    expect(figures([])).toBeNull();
    expect(figures([null, null])).toBeNull();
  });

  it("keep the sign of what is fed back", () => {
    expect(figures([-5, -1, -3])).toMatchObject({ mean: -3, minimum: { value: -5 }, maximum: { value: -1 }, sum: -9 });
  });

  it("stand for a constant that is huge", () => {
    expect(figures([1e15, 1e15, 1e15])).toMatchObject({ mean: 1e15, deviation: 0, sum: 3e15 });
    expect(figures([1e15, 1e15 + 2])?.deviation).toBe(1);
  });

  it("name the first time of an extreme that repeats", () => {
    expect(figures([1, 9, 9])?.maximum.time).toBe("1970-01-01T00:15:00.000Z");
  });

  it("count flagged values but not gaps", () => {
    expect(figures([1, null, 3, 4], ["estimated", "missing", "reset+partial", "good"])).toMatchObject({ count: 3, flagged: 2 });
  });

  it("take the extremes from the band, where only it knows them", () => {
    const [main, low, high] = [seriesOf([5, 6]), seriesOf([1, null]), seriesOf([null, 12])];
    expect(statisticsOf(main, low, high)).toMatchObject({ mean: 5.5, minimum: { value: 1 }, maximum: { value: 12, time: main.times[1] } });
  });
});
