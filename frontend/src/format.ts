/**
 * Numbers, units and times as people read them.
 * Numbers read the same as in src/ondol/web/pages/display.py; tests/number_formats.json holds both to it.
 */

import { language, text } from "./language.ts";
import { wallClock } from "./zone.ts";

const UNIT_SIGNS: Record<string, string> = { degC: "°C", degF: "°F", m3: "m³", "m3/h": "m³/h", "W/m2": "W/m²", pf: "", "1": "" };
const LARGER_UNITS: Record<string, string> = {
  Wh: "kWh", kWh: "MWh", MWh: "GWh", W: "kW", kW: "MW", MW: "GW",
  kvarh: "Mvarh", kvar: "Mvar", kVAh: "MVAh", kVA: "MVA",
};
const UNREADABLE = 999_999.5; // reads 1,000,000
const TENTHS_OF_PERCENT: Intl.NumberFormatOptions = { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 };
const SPACE = "\u00a0";
const NOTHING = "–";
const MINUS = "−";

type Unknown = null | undefined;

/** A unit in which amounts read well, and how many of the given unit make one of it. */
export interface Scale {
  unit: string;
  per: number;
}

/** 12,345 · 67.8 · 1.23: as many digits as the size deserves; an en dash for what is not known. */
export function number(value: number | Unknown, digits?: number): string {
  if (!isKnown(value)) return NOTHING;
  const size = Math.abs(value);
  const places = digits ?? (size >= 99.95 || size === 0 ? 0 : size >= 9.995 ? 1 : 2);
  return write(value, { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** A number beside an axis, with no more digits than it needs. */
export function tick(value: number): string {
  return write(value, { maximumFractionDigits: 6 });
}

export function unitSign(unit: string): string {
  if (unit === "people") return text("people");
  return UNIT_SIGNS[unit] ?? unit;
}

/** The scale for amounts up to `largest`: a larger unit from a million on. */
export function scaleFor(largest: number, unit: string): Scale {
  const larger = LARGER_UNITS[unit];
  if (Math.abs(largest) < UNREADABLE || !larger || !Number.isFinite(largest)) return { unit, per: 1 };
  const { unit: readable, per } = scaleFor(largest / 1000, larger);
  return { unit: readable, per: per * 1000 };
}

/** `67.8 kWh`, `1,314 MWh`, `45%`: a number with its unit, a larger one from a million on. */
export function quantityWithUnit(value: number | Unknown, unit: string): string {
  return isKnown(value) ? quantityInScale(value, scaleFor(value, unit)) : NOTHING;
}

/** The same in a scale that several amounts share. */
export function quantityInScale(value: number | Unknown, { unit, per }: Scale): string {
  return isKnown(value) ? number(value / per) + attached(unit) : NOTHING;
}

/** `950 – 1,200 MWh`: both ends in the unit of the larger one. */
export function rangeWithUnit(low: number, high: number, unit: string): string {
  const scale = scaleFor(Math.max(Math.abs(low), Math.abs(high)), unit);
  return `${number(low / scale.per)} – ${quantityInScale(high, scale)}`;
}

/** A relative change, `+2.4%`, with a true minus sign; `±0.0%` where it rounds to nothing. */
export function change(share: number | Unknown): string {
  if (!isKnown(share)) return NOTHING;
  const written = write(share, { ...TENTHS_OF_PERCENT, signDisplay: "exceptZero" });
  return /^[+−]/.test(written) ? written : `±${written}`;
}

/** How much more `now` is than `before`; an en dash where that says nothing. */
export function changeBetween(now: number | Unknown, before: number | Unknown): string {
  return isKnown(now) && isKnown(before) && before > 0 ? change(now / before - 1) : NOTHING;
}

/** A share of one; only what is whole reads `100%`, only nothing `0%`. */
export function percent(share: number | Unknown): string {
  if (!isKnown(share)) return NOTHING;
  if (share === 0 || share === 1) return write(share, { style: "percent" });
  return write(share < 1 ? Math.min(share, 0.999) : share, TENTHS_OF_PERCENT);
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

function isKnown(value: number | Unknown): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Halves of the number as it is written go up; what rounds to zero has no sign. */
function write(value: number, options: Intl.NumberFormatOptions): string {
  return value.toLocaleString(language(), { signDisplay: "negative", ...options }).replace("-", MINUS);
}

function attached(unit: string): string {
  const sign = unitSign(unit);
  return sign === "" || sign === "%" ? sign : SPACE + sign;
}

function calendar(date: string, fields: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language() === "en" ? "en-GB" : language(), { ...fields, timeZone: "UTC" }).format(
    Date.parse(`${date}T00:00:00Z`),
  );
}
