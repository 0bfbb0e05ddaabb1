import { describe, expect, it } from "vitest";

import { addressOf, answerOf, everyItem, orNull, Problem } from "./api_protocol.ts";

const problem = (status: number, body: BodyInit, statusText = "") => new Response(body, { status, statusText });

describe("the address of a path", () => {
  it("has its places and its query filled", () => {
    const query = { start: "2026-01-01T00:00:00+09:00", end: "2026-01-02T00:00:00+09:00", max_points: 2000 };
    expect(addressOf("", "/api/v1/points/{key}/series", { key: "hq.main" }, query)).toBe(
      "/api/v1/points/hq.main/series?start=2026-01-01T00%3A00%3A00%2B09%3A00&end=2026-01-02T00%3A00%3A00%2B09%3A00&max_points=2000",
    );
  });

  it("lies below the root and stays a path whatever the key", () => {
    expect(addressOf("/ondol", "/api/v1/buildings/{key}/usage", { key: "본관/../1?" }, {})).toBe(
      `/ondol/api/v1/buildings/${encodeURIComponent("본관/../1?")}/usage`,
    );
  });

  it("leaves out what is not given, and keeps what is nothing", () => {
    expect(addressOf("", "/api/v1/points", {}, { building: "hq", cursor: null, quantity: undefined, limit: 0 })).toBe(
      "/api/v1/points?building=hq&limit=0",
    );
  });
});

describe("an answer", () => {
  it("is its JSON", async () => {
    expect(await answerOf(Response.json({ values: [null, -1.5, 1e12] }))).toEqual({ values: [null, -1.5, 1e12] });
  });

  it.each([
    [problem(404, '{"title": "Not Found", "detail": "there is no building \'b99\'"}'), "there is no building 'b99'"],
    [problem(409, '{"title": "Conflict"}'), "Conflict"],
    [problem(502, "<html>", "Bad Gateway"), "502 Bad Gateway"],
    [problem(503, "null", "Service Unavailable"), "503 Service Unavailable"],
    [problem(500, ""), "500"],
  ])("that is a problem is told in its words", async (response, message) => {
    const error = await answerOf(response).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ message, status: response.status });
  });
});

describe("a list in parts", () => {
  it("is asked for until its end", async () => {
    const parts = [{ items: [1, 2], next: "b" }, { items: [], next: "c" }, { items: [3], next: null }];
    const asked: (string | null)[] = [];
    const items = await everyItem((cursor) => {
      asked.push(cursor);
      return Promise.resolve(parts[asked.length - 1] ?? { items: [], next: null });
    });
    expect(items).toEqual([1, 2, 3]);
    expect(asked).toEqual([null, "b", "c"]);
  });

  it("fails as a whole", async () => {
    await expect(everyItem(() => Promise.reject(new Problem(503, "a store is away")))).rejects.toThrow("a store is away");
  });
});

describe("what need not exist", () => {
  it("is null where the server does not find it", async () => {
    expect(await orNull(Promise.reject(new Problem(404, "no forecast")))).toBeNull();
    expect(await orNull(Promise.resolve({ hours: [] }))).toEqual({ hours: [] });
  });

  it("still fails where something is wrong", async () => {
    await expect(orNull(Promise.reject(new Problem(503, "a store is away")))).rejects.toThrow("a store is away");
    await expect(orNull(Promise.reject(new TypeError("offline")))).rejects.toThrow("offline");
  });
});
