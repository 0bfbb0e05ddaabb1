/** Numbers, units and times as people read them. */

import { language, text } from "./page.ts";
import { wallClock } from "./zone.ts";

const UNIT_SIGNS: Record<string, string> = { degC: "°C", degF: "°F", m3: "m³", "m3/h": "m³/h", "W/m2": "W/m²", pf: "", "1": "" };
const SPACE = "\u00a0";

/** Digits after the point that suit the size: 12,345 · 67.8 · 1.23. */
export function number(value: number | null | undefined, digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const places = digits ?? (size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2);
  return value.toLocaleString(language, { minimumFractionDigits: places, maximumFractionDigits: places });
}

export function unitSign(unit: string): string {
  if (unit === "people") return text("people");
  return UNIT_SIGNS[unit] ?? unit;
}

export function quantityWithUnit(value: number | null | undefined, unit: string, digits?: number): string {
  const sign = unitSign(unit);
  return value === null || value === undefined ? "–" : `${number(value, digits)}${sign ? SPACE + sign : ""}`;
}

/** A change as a signed percentage, with a true minus sign. */
export function change(share: number): string {
  const sign = share > 0 ? "+" : share < 0 ? "−" : "±";
  return `${sign}${number(Math.abs(share) * 100, 1)}${SPACE}%`;
}

export function percent(share: number): string {
  return `${number(share * 100, share >= 0.9995 || share === 0 ? 0 : 1)}${SPACE}%`;
}

/** "14:05", or "14:05:09" with seconds, on the building's clock. */
export function timeOfDay(instant: number, zone: string, withSeconds = false): string {
  return wallClock(instant, zone).toISOString().slice(11, withSeconds ? 19 : 16);
}

/** "2026-01-15 14:05" on the building's clock. */
export function dateAndTime(instant: number, zone: string): string {
  const wall = wallClock(instant, zone).toISOString();
  const seconds = wall.slice(17, 19) === "00" ? "" : wall.slice(16, 19);
  return `${wall.slice(0, 10)} ${wall.slice(11, 16)}${seconds}`;
}

/** "Thu 15 Jan" of a date "2026-01-15", in the page's language. */
export function dayName(date: string): string {
  return calendar(date, { weekday: "short", day: "numeric", month: "short" });
}

export function monthName(year: number, month: number, style: "short" | "long" = "short"): string {
  return calendar(new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 10), { month: style });
}

export function monthAndYear(year: number, month: number): string {
  return calendar(new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 10), { month: "long", year: "numeric" });
}

function calendar(date: string, fields: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...fields, timeZone: "UTC" }).format(
    Date.parse(`${date}T00:00:00Z`),
  );
}
