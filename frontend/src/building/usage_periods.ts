/** Usage of the months of a year or the days of a month, in one unit, beside the same of a year before. */

import type { Usage, UsageInterval } from "../api.ts";
import { changeBetween, dayName, monthAndYear, monthName, percent, quantityInScale, type Scale, scaleFor } from "../format.ts";
import { text } from "../language.ts";
import { dateOf, firstOfMonth } from "../zone.ts";

type Amount = UsageInterval | undefined;

/** Bars with their names, the intervals behind them and, where there is one, the same of a year before. */
export interface UsagePeriods {
  title: string;
  names: string[];
  longNames: string[];
  values: Amount[];
  before: Amount[];
  beforeTitle: string;
  total: number | null;
  unit: string;
}

/** The twelve months of a year; those that nothing is known of are undefined. */
export function monthsOf(year: number, now: Usage, before: Usage, zone: string): UsagePeriods {
  const months = Array.from({ length: 12 }, (_, index) => index + 1);
  const pick = ({ intervals }: Usage, of: number) =>
    months.map((month) => intervals.find(({ start }) => dateOf(Date.parse(start), zone) === firstOfMonth(of, month)));
  return {
    title: String(year),
    names: months.map((month) => monthName(year, month)),
    longNames: months.map((month) => monthAndYear(year, month)),
    values: pick(now, year),
    before: pick(before, year - 1),
    beforeTitle: String(year - 1),
    total: now.total,
    unit: now.unit,
  };
}

export function daysOf(year: number, month: number, days: Usage, zone: string): UsagePeriods {
  const dates = days.intervals.map(({ start }) => dateOf(Date.parse(start), zone));
  return {
    title: monthAndYear(year, month),
    names: dates.map((date) => String(Number(date.slice(8)))),
    longNames: dates.map(dayName),
    values: days.intervals,
    before: [],
    beforeTitle: "",
    total: days.total,
    unit: days.unit,
  };
}

export function isMeasured({ values }: UsagePeriods): boolean {
  return values.some((amount) => valueOf(amount) !== null);
}

/** The unit that all bars, the axis and the table have in common. */
export function sharedScale({ values, before, unit }: UsagePeriods): Scale {
  return scaleFor(Math.max(0, ...[...values, ...before].map((amount) => Math.abs(valueOf(amount) ?? 0))), unit);
}

/** What the tooltip says of a bar. */
export function describePeriod(periods: UsagePeriods, at: number): string {
  const [now, before] = [periods.values[at], periods.before[at]];
  const scale = sharedScale(periods);
  const lines = [periods.longNames[at] ?? "", quantityInScale(valueOf(now), scale)];
  if (!isWhole(now)) lines.push(`${text("measured")} ${measuredShare(now)}`);
  if (before?.value) {
    const share = now?.value && isWhole(now) ? `  ${changeBetween(now.value, before.value)}` : "";
    lines.push(`${periods.beforeTitle}  ${quantityInScale(before.value, scale)}${share}`);
  }
  return lines.join("\n");
}

export function periodTable(periods: UsagePeriods): { head: string[]; rows: string[][] } {
  const isCompared = periods.before.length > 0;
  const scale = sharedScale(periods);
  const rows = periods.longNames.map((name, at) => {
    const amounts = isCompared ? [periods.values[at], periods.before[at]] : [periods.values[at]];
    return [name, ...amounts.map((amount) => quantityInScale(valueOf(amount), scale)), measuredShare(periods.values[at])];
  });
  return { head: [text("period"), periods.title, ...(isCompared ? [periods.beforeTitle] : []), text("measured")], rows };
}

/** The amount in the scale; null where nothing is known. */
export function valueIn({ per }: Scale, amount: Amount): number | null {
  const value = valueOf(amount);
  return value === null ? null : value / per;
}

export function isWhole(amount: Amount): boolean {
  return !amount || amount.value === null || amount.measured_share > 0.99;
}

function valueOf(amount: Amount): number | null {
  return amount?.value ?? null;
}

function measuredShare(amount: Amount): string {
  return percent(amount?.measured_share);
}
