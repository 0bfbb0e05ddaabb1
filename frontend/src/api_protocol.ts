/** How the API is asked and answers; paths, queries and answers have the types of its OpenAPI document. */

import type { components, paths } from "./api_types.ts";

export type Schemas = components["schemas"];

/** Paths that can be read. */
export type Path = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths];

type Reading<P extends Path> = paths[P] extends { get: infer Operation } ? Operation : never;
type Parameters<P extends Path> = Reading<P> extends { parameters: infer All } ? All : never;

type OrNone<Values> = [NonNullable<Values>] extends [never] ? Record<string, never> : NonNullable<Values>;

/** The values of a path's `{places}`. */
export type Places<P extends Path> = Parameters<P> extends { path?: infer Values } ? OrNone<Values> : never;
export type Query<P extends Path> = Parameters<P> extends { query?: infer Values } ? OrNone<Values> : never;
export type Answer<P extends Path> = Reading<P> extends { responses: { 200: { content: { "application/json": infer Body } } } } ? Body : never;

type QueryValue = string | number | boolean | null | undefined;

/** What the server answered instead of data; `message` is its sentence for the user. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

/** The address of a path below `root`; values that are null or undefined are left out. */
export function addressOf(root: string, path: Path, places: Record<string, string>, query: Record<string, QueryValue>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(places[name] ?? ""));
  const given = Object.entries(query).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, String(value)]]));
  const written = new URLSearchParams(given);
  return `${root}${filled}${written.size ? `?${written}` : ""}`;
}

/** The body of an answer; rejects with a `Problem` where there is none. */
export async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => null)) as Partial<Schemas["Problem"]> | null;
  throw new Problem(response.status, problem?.detail || problem?.title || `${response.status} ${response.statusText}`.trim());
}

/** All items of a list that is answered in parts; `ask` gets the cursor of the part, null for the first. */
export async function everyItem<T>(ask: (cursor: string | null) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const part: { items: T[]; next: string | null } = await ask(cursor);
    items.push(...part.items);
    cursor = part.next;
  } while (cursor !== null);
  return items;
}

/** Null where the server has nothing: what does not exist yet is no mistake. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
