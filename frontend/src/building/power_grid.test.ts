import { beforeEach, describe, expect, it } from "vitest";

import type { Usage } from "../api.ts";
import { speak } from "../language.ts";
import { addDays, HOUR, isoInstant, startOfDay } from "../zone.ts";
import { datesBetween, describeCell, extremesOf, gridTable, powerGrid } from "./power_grid.ts";

beforeEach(() => speak("ko", { day: "날짜" }));

function hoursOf(first: string, next: string, zone: string, valueAt: (at: number) => number | null): Usage {
  const start = startOfDay(first, zone);
  const intervals = Array.from({ length: (startOfDay(next, zone) - start) / HOUR }, (_, at) => ({
    start: isoInstant(start + at * HOUR), end: isoInstant(start + (at + 1) * HOUR), value: valueAt(at), measured_share: 1, quality: "good",
  }));
  return { building: "hq", quantity: "electricity", unit: "kWh", interval: "1h", total: 0, points: [], kwh_per_m3: [], intervals };
}

function gridOf(date: string, zone: string, valueAt: (at: number) => number | null) {
  return powerGrid(hoursOf(date, addDays(date, 1), zone, valueAt), [date], zone)[0];
}

describe("a month's power", () => {
  it("has a row a day and a column an hour of the wall clock", () => {
    const dates = datesBetween("2026-02-01", "2026-03-01");
    const grid = powerGrid(hoursOf("2026-02-01", "2026-03-01", "Asia/Seoul", (at) => at), dates, "Asia/Seoul");
    expect(dates.length).toBe(28);
    expect(grid.map((day) => day[0])).toEqual(dates.map((_, at) => at * 24));
    expect(grid[27]?.[23]).toBe(28 * 24 - 1);
  });

  it("shows nothing in the hour that is skipped", () => {
    expect(gridOf("2026-03-29", "Europe/London", (at) => at)).toEqual([0, null, ...Array.from({ length: 22 }, (_, at) => at + 1)]);
    expect(gridOf("2026-03-08", "America/New_York", () => 1)?.indexOf(null)).toBe(2);
  });

  it("shows the mean of both in the hour that repeats", () => {
    expect(gridOf("2026-10-25", "Europe/London", (at) => at)?.slice(0, 4)).toEqual([0, 1.5, 3, 4]);
    expect(gridOf("2026-11-01", "America/New_York", (at) => (at === 2 ? null : at))?.slice(0, 3)).toEqual([0, 1, 3]);
  });

  it("tells zero from missing and keeps the sign", () => {
    expect(gridOf("2026-01-15", "Asia/Seoul", (at) => [0, null, -7][at] ?? null)?.slice(0, 4)).toEqual([0, null, -7, null]);
  });
});

describe("its extremes", () => {
  it("are those of what was measured", () => {
    expect(extremesOf([[null, 3], [-1, 1e9]])).toEqual({ low: -1, high: 1e9 });
    expect(extremesOf([[0]])).toEqual({ low: 0, high: 0 });
    expect(extremesOf([[null], []])).toBeNull();
  });
});

it("reads as a table and cell by cell", () => {
  const { head, rows } = gridTable([[1.234, null, ...Array<number>(22).fill(120)]], ["2026-11-19"]);
  expect(head.slice(0, 3)).toEqual(["날짜", "00:00", "01:00"]);
  expect(rows[0]?.slice(0, 4)).toEqual(["11월 19일 (목)", "1.23", "–", "120"]);
  expect(describeCell("2026-11-19", 23, 12.34, "kW")).toBe("11월 19일 (목)  23:00–24:00\n12.3\u00a0kW");
});
