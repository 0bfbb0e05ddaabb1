/** The newest forecasts of the building, asked for once and again when they may be outdated. */

import { type Forecast, forecast, type ForecastHour } from "../forecasts.ts";
import { dateOf } from "../zone.ts";

export const KEPT_MS = 5 * 60_000;

/** The next day's forecast, the week's behind it, and what a reader should know about them. */
export interface Expected {
  newest: Forecast;
  hours: ForecastHour[];
  end: number;
}

export class ForecastFeed {
  private answer: Promise<Expected | null>;
  private askedAt = Date.now();

  /** `isKnown`: whether the server had a forecast when it made the page; without one nothing is asked for at first. */
  constructor(
    private readonly building: string,
    private readonly quantity: string,
    isKnown: boolean,
  ) {
    this.answer = isKnown ? this.ask() : Promise.resolve(null);
  }

  /** What is expected from now on; null while no forecast was issued. */
  expected(): Promise<Expected | null> {
    if (Date.now() - this.askedAt > KEPT_MS) {
      this.askedAt = Date.now();
      this.answer = this.ask();
      this.answer.catch(() => (this.askedAt = 0)); // the next call asks again
    }
    return this.answer;
  }

  private async ask(): Promise<Expected | null> {
    const [day, week] = await Promise.all([
      forecast(this.building, this.quantity, "24h"),
      forecast(this.building, this.quantity, "168h"),
    ]);
    return joined(day, week);
  }
}

/** The day's forecast and, from its end on, the week's; null where there is neither. */
export function joined(day: Forecast | null, week: Forecast | null): Expected | null {
  const newest = day ?? week;
  if (!newest) return null;
  const beyond = day && week ? week.hours.filter(({ start }) => Date.parse(start) >= Date.parse(day.end)) : [];
  const isLonger = week !== null && Date.parse(week.end) > Date.parse(newest.end);
  return { newest, hours: [...newest.hours, ...beyond], end: Date.parse(isLonger ? week.end : newest.end) };
}

/** The last date of which at least an hour is forecast. */
export function lastForecastDate(expected: Expected, zone: string): string {
  return dateOf(expected.end - 1, zone);
}

/** The hours that begin in start <= t < end. */
export function hoursBetween(expected: Expected | null, start: number, end: number): ForecastHour[] {
  return expected?.hours.filter((hour) => Date.parse(hour.start) >= start && Date.parse(hour.start) < end) ?? [];
}
