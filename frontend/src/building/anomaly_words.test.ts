import { beforeEach, describe, expect, it } from "vitest";

import { speak } from "../language.ts";
import { excessOf, periodOf } from "./anomaly_words.ts";

beforeEach(() => speak("ko", {}));

const plain = (period: string) => period.replaceAll("\u00a0", " ").replaceAll("\u2060", "");

describe("a period", () => {
  it.each([
    ["2026-11-18T04:00:00Z", "2026-11-18T06:00:00Z", "Asia/Seoul", "11월 18일 (수) 13:00–15:00"],
    ["2026-11-18T13:00:00Z", "2026-11-18T15:00:00Z", "Asia/Seoul", "11월 18일 (수) 22:00–24:00"],
    ["2026-11-18T13:00:00Z", "2026-11-18T17:00:00Z", "Asia/Seoul", "11월 18일 (수) 22:00–11월 19일 (목) 02:00"],
    ["2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "Europe/London", "3월 29일 (일) 00:00–02:00"],
    ["2026-11-01T05:00:00Z", "2026-11-01T07:00:00Z", "America/New_York", "11월 1일 (일) 01:00–02:00"],
  ])("from %s to %s in %s reads %s", (start, end, zone, expected) => {
    expect(plain(periodOf({ start, end }, zone))).toBe(expected);
  });
});

describe("an excess", () => {
  it.each([
    [12.34, "+12.3\u00a0kWh"], [-12.34, "−12.3\u00a0kWh"], [2_500_000, "+2,500\u00a0MWh"], [0.005, "+0.01\u00a0kWh"],
    [0.004, "<0.01\u00a0kWh"], [-0.0001, "<0.01\u00a0kWh"],
  ])("of %d kWh reads %s", (excess, expected) => {
    expect(excessOf(excess, "kWh")).toBe(expected);
  });
});
