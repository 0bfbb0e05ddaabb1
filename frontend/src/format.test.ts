import { describe, expect, it } from "vitest";

import cases from "../../tests/number_formats.json";
import {
  change, changeBetween, dateAndTime, dayName, monthAndYear, monthName, number, percent, quantityInScale, quantityWithUnit,
  rangeWithUnit, scaleFor, tick, timeOfDay, unitSign,
} from "./format.ts";
import { speak } from "./language.ts";

const PEOPLE: Record<string, string> = { en: "people", ko: "명" };

interface Case {
  kind: string;
  value: number | null;
  text: string;
  digits?: number;
  unit?: string;
  language?: string;
}

function shown({ kind, value, digits, unit = "" }: Case): string {
  if (kind === "number") return number(value, digits);
  if (kind === "amount") return quantityWithUnit(value, unit);
  return kind === "change" ? change(value) : percent(value);
}

function use(language: string): void {
  speak(language, { people: PEOPLE[language] ?? "" });
}

describe.each(["ko", "en"])("numbers in %s", (language) => {
  const table = (cases as Case[]).filter((one) => (one.language ?? language) === language);

  it.each(table)("$kind $value $unit reads $text as on the server's pages", (one) => {
    use(language);
    expect(shown(one)).toBe(one.text);
  });

  it.each([Number.NaN, Infinity, -Infinity, undefined])("%s reads as missing", (value) => {
    use(language);
    expect([number(value), quantityWithUnit(value, "kWh"), change(value), percent(value)]).toEqual(["–", "–", "–", "–"]);
  });
});

describe("amounts that stand together", () => {
  it("share the unit of the largest", () => {
    use("en");
    expect(rangeWithUnit(950_000, 1_200_000, "kWh")).toBe("950 – 1,200\u00a0MWh");
    expect(rangeWithUnit(-2_000_000, 10, "kWh")).toBe("−2,000 – 0.01\u00a0MWh");
    expect(rangeWithUnit(1.5, 12.25, "kW")).toBe("1.50 – 12.3\u00a0kW");
    expect(quantityInScale(12_345, scaleFor(5e9, "kWh"))).toBe("0.01\u00a0GWh");
    expect(quantityInScale(null, scaleFor(5e9, "kWh"))).toBe("–");
  });

  it("keep their unit where there is no larger one", () => {
    expect(scaleFor(1e15, "m3")).toEqual({ unit: "m3", per: 1 });
    expect(scaleFor(1e15, "GWh")).toEqual({ unit: "GWh", per: 1 });
    expect(scaleFor(Number.NEGATIVE_INFINITY, "kWh")).toEqual({ unit: "kWh", per: 1 });
  });
});

describe("what is compared", () => {
  it("changes by a share of what was before", () => {
    use("en");
    expect(changeBetween(110, 100)).toBe("+10.0%");
    expect(changeBetween(0, 100)).toBe("−100.0%");
    expect(changeBetween(-50, 100)).toBe("−150.0%");
  });

  it.each([[null, 100], [100, null], [100, undefined], [100, 0], [0, 0], [-5, -10], [5, -10]])(
    "says nothing of %s after %s",
    (now, before) => expect(changeBetween(now, before)).toBe("–"),
  );
});

it("ticks of an axis carry no needless digits", () => {
  use("ko");
  expect([0, 0.5, 1500, -20, 0.1 + 0.2].map(tick)).toEqual(["0", "0.5", "1,500", "−20", "0.3"]);
});

it("units have the signs that people write", () => {
  use("ko");
  expect(["degC", "m3", "W/m2", "pf", "1", "people", "kWh", ""].map(unitSign)).toEqual(["°C", "m³", "W/m²", "", "", "명", "kWh", ""]);
});

describe("times on the building's clock", () => {
  it.each([
    ["2026-01-15T05:05:09Z", "Asia/Seoul", "2026-01-15 14:05:09"],
    ["2026-01-14T15:00:00Z", "Asia/Seoul", "2026-01-15 00:00"],
    ["2026-03-29T00:59:00Z", "Europe/London", "2026-03-29 00:59"],
    ["2026-03-29T01:00:00Z", "Europe/London", "2026-03-29 02:00"],
    ["2026-11-01T05:30:00Z", "America/New_York", "2026-11-01 01:30"],
    ["2026-11-01T06:30:00Z", "America/New_York", "2026-11-01 01:30"],
    ["2026-01-15T05:05:00Z", "Asia/Kathmandu", "2026-01-15 10:50"],
  ])("%s in %s is %s", (instant, zone, expected) => {
    expect(dateAndTime(Date.parse(instant), zone)).toBe(expected);
    expect(timeOfDay(Date.parse(instant), zone)).toBe(expected.slice(11, 16));
  });

  it("has seconds where they are asked for", () => {
    expect(timeOfDay(Date.parse("2026-01-15T05:05:00Z"), "Asia/Seoul", true)).toBe("14:05:00");
  });
});

describe("dates in words", () => {
  it("reads as Koreans write them", () => {
    use("ko");
    expect(dayName("2026-11-19")).toBe("11월 19일 (목)");
    expect(monthAndYear(2026, 11)).toBe("2026년 11월");
    expect(monthName(2026, 2)).toBe("2월");
  });

  it("puts the day before the month in English", () => {
    use("en");
    expect(dayName("2026-01-15").replace(",", "")).toBe("Thu 15 Jan");
    expect(monthAndYear(2026, 11)).toBe("November 2026");
    expect(monthName(2026, 12, "long")).toBe("December");
  });
});
