/** The JSON API as the pages use it; the session cookie authenticates. */

import { addressOf, type Answer, answerOf, everyItem, type Path, type Places, type Query, type Schemas } from "./api_protocol.ts";

export type Point = Schemas["PointAnswer"];
export type Series = Schemas["SeriesAnswer"];
export type Statistics = Schemas["StatisticsAnswer"];
export type Usage = Schemas["UsageAnswer"];
export type UsageInterval = Schemas["UsageIntervalAnswer"];
export type Interval = Schemas["Resolution"];
export type UsageResolution = NonNullable<Query<"/api/v1/buildings/{key}/usage">["interval"]>;

/** A reading as the newest ones and the live messages have it. */
export type Reading = Pick<Schemas["LatestValue"], "point" | "time" | "value" | "quality">;

export function points(building: string): Promise<Point[]> {
  return everyItem((cursor) => get("/api/v1/points", {}, { building, limit: 500, cursor: cursor ?? undefined }));
}

export function latest(building: string): Promise<{ points: Reading[] }> {
  return get("/api/v1/buildings/{key}/latest", { key: building }, {});
}

export function series(point: string, query: Query<"/api/v1/points/{key}/series">): Promise<Series> {
  return get("/api/v1/points/{key}/series", { key: point }, query);
}

export function statistics(point: string, query: Query<"/api/v1/points/{key}/statistics">): Promise<Statistics> {
  return get("/api/v1/points/{key}/statistics", { key: point }, query);
}

export function usage(building: string, query: Query<"/api/v1/buildings/{key}/usage">): Promise<Usage> {
  return get("/api/v1/buildings/{key}/usage", { key: building }, query);
}

/** Readings of a building as they arrive; the browser reconnects by itself. */
export function live(building: string): EventSource {
  return new EventSource(addressOf(root(), "/api/v1/live", {}, { building }));
}

export async function get<P extends Path>(path: P, places: Places<P>, query: Query<P>): Promise<Answer<P>> {
  const response = await fetch(addressOf(root(), path, places, query), { headers: { Accept: "application/json" } });
  if (response.status === 401) location.reload(); // the session ended: the server leads to the sign-in page
  return answerOf(response);
}

/** The path that a proxy serves Ondol under; empty where it has the host for itself. */
function root(): string {
  return document.documentElement.dataset.root ?? "";
}
