/** Forecasts of a building and what is made of them, as the API answers; null where there is none (yet). */

import { get, Problem } from "./api.ts";

/** Energy of one hour: expected, and its quantiles. */
export interface ForecastHour {
  start: string;
  expected: number;
  q05: number;
  q25: number;
  q75: number;
  q95: number;
}

export interface Forecast {
  unit: string;
  issued_at: string;
  start: string;
  end: string;
  model: string;
  flags: string[];
  hours: ForecastHour[];
}

export interface Scores {
  cvrmse_pct: number | null;
  coverage90: number | null;
  peak_hour_share: number | null;
  naive_cvrmse_pct: number | null;
}

export interface Accuracy {
  forecasts: number;
  better_share: number | null;
  has_fallen_behind: boolean;
  /** While no forecast has been scored: how the model did on the weeks before it was fitted. */
  back_test_better_share: number | null;
  scores: Scores;
  days: { day: string; better_share: number | null }[];
}

export interface MonthEnd {
  unit: string;
  measured: number;
  expected: number;
  low: number;
  high: number;
}

export interface Demand {
  start: string;
  expected_kw: number;
  limit_kw: number | null;
  is_near_limit: boolean;
}

/** Hours in a row outside the band; `excess` lies beyond its edge and is negative below it. */
export interface Anomaly {
  start: string;
  end: string;
  hours: number;
  excess: number;
}

export function forecast(building: string, quantity: string, horizon: "24h" | "168h"): Promise<Forecast | null> {
  return orNull(get(path(building, "forecast"), { quantity, horizon }));
}

export function accuracy(building: string, quantity: string): Promise<Accuracy | null> {
  return orNull(get(path(building, "forecast/accuracy"), { quantity, horizon: "24h" }));
}

export function monthEnd(building: string, quantity: string): Promise<MonthEnd | null> {
  return orNull(get(path(building, "month-end"), { quantity }));
}

export function demand(building: string): Promise<Demand | null> {
  return orNull(get(path(building, "demand-forecast")));
}

export function anomalies(building: string, quantity: string, start: string, end: string): Promise<{ unit: string; anomalies: Anomaly[] } | null> {
  return orNull(get(path(building, "anomalies"), { quantity, start, end }));
}

function path(building: string, name: string): string {
  return `buildings/${encodeURIComponent(building)}/${name}`;
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
