/** The building's calendar. Instants are epoch milliseconds, dates are "YYYY-MM-DD", zones are IANA names. */

const QUARTER = 900_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const clocks = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** How far the zone's wall clock is ahead of UTC. Zones change only on whole quarters of an hour. */
export function zoneOffset(instant: number, zone: string): number {
  const quarter = Math.floor(instant / QUARTER) * QUARTER;
  const key = `${zone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = readClock(quarter, zone) - quarter;
    offsets.set(key, offset);
  }
  return offset;
}

/** The wall clock as a Date whose UTC fields read as the zone's local time. */
export function wallClock(instant: number, zone: string): Date {
  return new Date(instant + zoneOffset(instant, zone));
}

/** The instant at which a wall clock shows a time given as UTC fields: the first where it repeats, the change where it is skipped. */
export function instantOf(wall: number, zone: string): number {
  const candidates = [wall - DAY, wall + DAY].map((near) => wall - zoneOffset(near, zone));
  const exact = candidates.filter((instant) => instant + zoneOffset(instant, zone) === wall);
  return exact.length ? Math.min(...exact) : Math.max(...candidates);
}

export function startOfDay(date: string, zone: string): number {
  return instantOf(Date.parse(`${date}T00:00:00Z`), zone);
}

export function dateOf(instant: number, zone: string): string {
  return wallClock(instant, zone).toISOString().slice(0, 10);
}

export function today(zone: string): string {
  return dateOf(Date.now(), zone);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** First days of a month and of the one after it; `month` is 1 to 12. */
export function monthBounds(year: number, month: number): [string, string] {
  return [firstOfMonth(year, month), month === 12 ? firstOfMonth(year + 1, 1) : firstOfMonth(year, month + 1)];
}

export function firstOfMonth(year: number, month: number): string {
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-01`;
}

export function isoInstant(instant: number): string {
  return new Date(instant).toISOString().replace(".000Z", "Z");
}

function readClock(instant: number, zone: string): number {
  let clock = clocks.get(zone);
  if (!clock) {
    const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
    clock = new Intl.DateTimeFormat("en-US", { ...fields, timeZone: zone, hourCycle: "h23" });
    clocks.set(zone, clock);
  }
  const part = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute);
}
