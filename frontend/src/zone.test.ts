import { describe, expect, it } from "vitest";

import {
  addDays, dateOf, DAY, firstOfMonth, HOUR, instantOf, isoInstant, MINUTE, monthBounds, startOfDay, wallClock, zoneOffset,
} from "./zone.ts";

const at = (iso: string) => Date.parse(iso);
const hoursOf = (date: string, zone: string) => (startOfDay(addDays(date, 1), zone) - startOfDay(date, zone)) / HOUR;

describe("a day of the building", () => {
  it.each([
    ["Asia/Seoul", "2026-03-29", 24],
    ["Asia/Seoul", "2026-11-01", 24],
    ["Asia/Seoul", "1987-05-10", 23],
    ["Asia/Seoul", "1987-10-11", 25],
    ["Europe/London", "2026-03-28", 24],
    ["Europe/London", "2026-03-29", 23],
    ["Europe/London", "2026-10-25", 25],
    ["America/New_York", "2026-03-08", 23],
    ["America/New_York", "2026-11-01", 25],
    ["America/New_York", "2026-11-02", 24],
    ["Australia/Lord_Howe", "2026-04-05", 24.5],
    ["Australia/Lord_Howe", "2026-10-04", 23.5],
    ["Asia/Beirut", "2026-03-29", 23],
    ["America/Havana", "2026-11-01", 25],
  ])("in %s on %s has %d hours", (zone, date, hours) => {
    expect(hoursOf(date, zone)).toBe(hours);
  });

  it.each(["Asia/Seoul", "Europe/London", "America/New_York", "Asia/Kathmandu", "America/Havana", "Pacific/Auckland"])(
    "in %s begins with its first instant, all year",
    (zone) => {
      for (let date = "2026-01-01"; date < "2027-01-01"; date = addDays(date, 1)) {
        const start = startOfDay(date, zone);
        expect(dateOf(start, zone)).toBe(date);
        expect(dateOf(start - 1, zone)).toBe(addDays(date, -1));
      }
    },
  );

  it("in Seoul begins at 15:00 UTC of the day before", () => {
    expect(isoInstant(startOfDay("2026-01-15", "Asia/Seoul"))).toBe("2026-01-14T15:00:00Z");
  });
});

describe("the instant behind a wall clock", () => {
  it("is the first one in a repeated hour", () => {
    expect(isoInstant(instantOf(at("2026-11-01T01:30:00Z"), "America/New_York"))).toBe("2026-11-01T05:30:00Z");
    expect(isoInstant(instantOf(at("2026-10-25T01:30:00Z"), "Europe/London"))).toBe("2026-10-25T00:30:00Z");
    expect(isoInstant(instantOf(at("2026-04-05T01:45:00Z"), "Australia/Lord_Howe"))).toBe("2026-04-04T14:45:00Z");
  });

  it("is the one that the wall clock shows, whatever the hour", () => {
    for (const zone of ["Asia/Seoul", "Europe/London", "America/New_York", "Australia/Lord_Howe"]) {
      for (let wall = at("2026-01-01T00:00:00Z"); wall < at("2027-01-01T00:00:00Z"); wall += HOUR) {
        const shown = wallClock(instantOf(wall, zone), zone).getTime();
        expect(shown - wall).toBeGreaterThanOrEqual(0); // later only where the hour is skipped
        expect(shown - wall).toBeLessThanOrEqual(HOUR);
      }
    }
  });

  it("may lie between two milliseconds, as a zoomed chart gives it", () => {
    expect(instantOf(at("2026-01-15T12:00:00Z") + 0.25, "Asia/Seoul")).toBe(at("2026-01-15T03:00:00Z") + 0.25);
  });
});

describe("the clock's distance from UTC", () => {
  it("changes at the very instant", () => {
    const change = at("2026-03-29T01:00:00Z");
    expect(zoneOffset(change - 1, "Europe/London")).toBe(0);
    expect(zoneOffset(change, "Europe/London")).toBe(HOUR);
  });

  it("need not be whole hours", () => {
    expect(zoneOffset(at("2026-01-01T00:00:00Z"), "Asia/Kathmandu")).toBe(345 * MINUTE);
  });

  it("is refused for a zone that there is not", () => {
    expect(() => zoneOffset(0, "Asia/Pyeongchang")).toThrow(RangeError);
  });
});

describe("dates", () => {
  it("step over months, years, leap days and clock changes", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(addDays("2026-03-29", 7)).toBe("2026-04-05");
  });

  it("a month ends where the next begins", () => {
    expect(monthBounds(2026, 2)).toEqual(["2026-02-01", "2026-03-01"]);
    expect(monthBounds(2026, 12)).toEqual(["2026-12-01", "2027-01-01"]);
    expect(firstOfMonth(2026, 9)).toBe("2026-09-01");
  });
});

it("instants are written as the API takes them", () => {
  expect(isoInstant(0)).toBe("1970-01-01T00:00:00Z");
  expect(isoInstant(DAY + 5)).toBe("1970-01-02T00:00:00.005Z");
});
