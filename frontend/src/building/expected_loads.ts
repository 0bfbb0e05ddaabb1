/** What a forecast says of a day: its quarter-hours, its sum, and the same in words. */

import { quantityWithUnit, rangeWithUnit, timeOfDay } from "../format.ts";
import type { ForecastHour } from "../forecasts.ts";
import { text } from "../language.ts";
import { HOUR, MINUTE } from "../zone.ts";

const QUARTERS = [0, 15, 30, 45];

/** The mean power of a quarter-hour, `minute` after local midnight. An hour's energy is its mean power, so the figures stay. */
export interface ExpectedLoad extends ForecastHour {
  minute: number;
}

export function expectedLoads(hours: ForecastHour[], dayStart: number): ExpectedLoad[] {
  return hours.flatMap((hour) => {
    const first = (Date.parse(hour.start) - dayStart) / MINUTE;
    return QUARTERS.map((quarter) => ({ ...hour, minute: first + quarter }));
  });
}

/** What the tooltip says of a quarter-hour. */
export function describeLoad(load: ExpectedLoad, unit: string): string[] {
  return [
    `${text("forecast")}  ${quantityWithUnit(load.expected, unit)}`,
    `${text("band_90")}  ${rangeWithUnit(load.q05, load.q95, unit)}`,
    `${text("band_50")}  ${rangeWithUnit(load.q25, load.q75, unit)}`,
  ];
}

/** The forecast of a day in one sentence; `hours` are not empty. */
export function forecastSummary(hours: ForecastHour[], zone: string, unit: string, powerUnit: string): string {
  const top = hours.reduce((best, hour) => (hour.expected > best.expected ? hour : best));
  const clock = (instant: number) => timeOfDay(instant, zone);
  const end = clock(Date.parse(hours.at(-1)?.start ?? "") + HOUR);
  return text("forecast_summary", {
    from: clock(Date.parse(hours[0]?.start ?? "")),
    to: end === "00:00" ? "24:00" : end,
    total: quantityWithUnit(totalOf(hours), unit),
    peak: quantityWithUnit(top.expected, powerUnit),
    time: clock(Date.parse(top.start)),
    range: rangeWithUnit(top.q05, top.q95, powerUnit),
  });
}

export function totalOf(hours: ForecastHour[]): number {
  return hours.reduce((sum, { expected }) => sum + expected, 0);
}
