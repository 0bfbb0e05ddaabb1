/** The JSON API as the pages use it; the session cookie authenticates. */

export interface Point {
  key: string;
  name: string;
  building: string;
  quantity: string;
  unit: string;
  kind: "measurement" | "total" | "total_increasing";
  floor: string | null;
  space: string | null;
  end_use: string | null;
  submeter_of: string | null;
}

export interface Reading {
  point: string;
  time: string;
  value: number | null;
  quality: string;
}

export interface Series {
  point: string;
  unit: string;
  interval: string;
  times: string[];
  values: (number | null)[];
  quality: string[];
}

export interface UsageInterval {
  start: string;
  end: string;
  value: number | null;
  measured_share: number;
}

export interface Usage {
  unit: string;
  interval: string;
  total: number | null;
  intervals: UsageInterval[];
}

type Parameters = Record<string, string | number>;

/** What the server answered instead of data; `message` is its sentence for the user. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

export function points(building: string): Promise<Point[]> {
  return everyPage("points", { building, limit: 500 });
}

export function latest(building: string): Promise<{ points: Reading[] }> {
  return get(`buildings/${encodeURIComponent(building)}/latest`);
}

export function series(point: string, range: Parameters): Promise<Series> {
  return get(`points/${encodeURIComponent(point)}/series`, range);
}

export function usage(building: string, range: Parameters): Promise<Usage> {
  return get(`buildings/${encodeURIComponent(building)}/usage`, range);
}

/** Readings of a building as they arrive; the browser reconnects by itself. */
export function live(building: string): EventSource {
  return new EventSource(address("live", { building }));
}

async function everyPage(path: string, parameters: Parameters): Promise<Point[]> {
  const items: Point[] = [];
  let next: string | null = null;
  do {
    const page: { items: Point[]; next: string | null } = await get(path, next ? { ...parameters, cursor: next } : parameters);
    items.push(...page.items);
    next = page.next;
  } while (next);
  return items;
}

export async function get<T>(path: string, parameters: Parameters = {}): Promise<T> {
  const response = await fetch(address(path, parameters), { headers: { Accept: "application/json" } });
  if (response.status === 401) location.reload(); // the session ended: the server leads to the sign-in page
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
    throw new Problem(response.status, problem.detail ?? problem.title ?? `${response.status} ${response.statusText}`);
  }
  return (await response.json()) as T;
}

function address(path: string, parameters: Parameters): string {
  const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  const root = document.documentElement.dataset.root ?? "";
  return `${root}/api/v1/${path}${query.size ? `?${query}` : ""}`;
}
