/** Forecasts of a building and what is made of them, as the API answers; null where there is none (yet). */

import { get } from "./api.ts";
import { orNull, type Query, type Schemas } from "./api_protocol.ts";

export type Forecast = Schemas["ForecastAnswer"];
/** Energy of one hour: expected, and its quantiles. */
export type ForecastHour = Schemas["ForecastHour"];
export type Accuracy = Schemas["ForecastAccuracyAnswer"];
export type Scores = Schemas["Scores"];
export type MonthEnd = Schemas["MonthEndAnswer"];
export type Demand = Schemas["DemandForecastAnswer"];
/** Hours in a row outside the band; `excess` lies beyond its edge and is negative below it. */
export type Anomaly = Schemas["AnomalyAnswer"];
export type Horizon = NonNullable<Query<"/api/v1/buildings/{key}/forecast">["horizon"]>;

export function forecast(building: string, quantity: string, horizon: Horizon): Promise<Forecast | null> {
  return orNull(get("/api/v1/buildings/{key}/forecast", { key: building }, { quantity, horizon }));
}

export function accuracy(building: string, quantity: string): Promise<Accuracy | null> {
  return orNull(get("/api/v1/buildings/{key}/forecast/accuracy", { key: building }, { quantity, horizon: "24h" }));
}

export function monthEnd(building: string, quantity: string): Promise<MonthEnd | null> {
  return orNull(get("/api/v1/buildings/{key}/month-end", { key: building }, { quantity }));
}

export function demand(building: string): Promise<Demand | null> {
  return orNull(get("/api/v1/buildings/{key}/demand-forecast", { key: building }, {}));
}

export function anomalies(building: string, quantity: string, start: string, end: string): Promise<Schemas["AnomaliesAnswer"] | null> {
  return orNull(get("/api/v1/buildings/{key}/anomalies", { key: building }, { quantity, start, end }));
}
