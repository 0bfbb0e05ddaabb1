import { beforeEach, describe, expect, it } from "vitest";

import type { ForecastHour } from "../forecasts.ts";
import { speak } from "../language.ts";
import { HOUR, isoInstant, startOfDay } from "../zone.ts";
import { describeLoad, expectedLoads, forecastSummary, totalOf } from "./expected_loads.ts";

beforeEach(() => speak("ko", { forecast: "예측", band_90: "90% 범위", band_50: "50% 범위", forecast_summary: "{from}–{to} {total} {peak} {time} {range}" }));

function hour(start: number, expected: number): ForecastHour {
  return { start: isoInstant(start), expected, q05: expected - 4, q25: expected - 1, q50: expected, q75: expected + 1, q95: expected + 4, last_week: null };
}

describe("expected power", () => {
  it("is an hour's energy in each of its quarters", () => {
    const start = startOfDay("2026-01-15", "Asia/Seoul");
    const loads = expectedLoads([hour(start + HOUR, 12), hour(start + 2 * HOUR, 8)], start);
    expect(loads.map(({ minute, expected }) => [minute, expected])).toEqual([
      [60, 12], [75, 12], [90, 12], [105, 12], [120, 8], [135, 8], [150, 8], [165, 8],
    ]);
  });

  it("keeps its place since midnight when the clocks change", () => {
    const start = startOfDay("2026-10-25", "Europe/London");
    expect(expectedLoads([hour(start + 24 * HOUR, 1)], start).map(({ minute }) => minute)).toEqual([1440, 1455, 1470, 1485]);
  });

  it("is none of no hours", () => {
    expect(expectedLoads([], 0)).toEqual([]);
    expect(totalOf([])).toBe(0);
  });

  it("reads with its bands, which may lie below zero", () => {
    const [load] = expectedLoads([hour(0, 1.5)], 0);
    expect(load && describeLoad(load, "kW")).toEqual(["예측  1.50\u00a0kW", "90% 범위  −2.50 – 5.50\u00a0kW", "50% 범위  0.50 – 2.50\u00a0kW"]);
  });
});

describe("a forecast in one sentence", () => {
  const says = (hours: ForecastHour[], zone: string) => forecastSummary(hours, zone, "kWh", "kW").replaceAll("\u00a0", " ");

  it("names its range, sum and highest hour", () => {
    const start = startOfDay("2026-01-15", "Asia/Seoul");
    expect(says([hour(start + 22 * HOUR, 20), hour(start + 23 * HOUR, 30)], "Asia/Seoul")).toBe("22:00–24:00 50.0 kWh 30.0 kW 23:00 26.0 – 34.0 kW");
  });

  it("ends by the wall clock", () => {
    const start = startOfDay("2026-03-29", "Europe/London");
    expect(says([hour(start, 1)], "Europe/London")).toMatch(/^00:00–02:00/);
  });
});
