import { describe, expect, it } from "vitest";

import { newestOf, temperature } from "./samples.ts";

describe("the newest readings", () => {
  it("take the place of those before", () => {
    const newest = newestOf([{ key: "main" }, 10]);
    newest.take([{ point: "main", time: "2026-01-15T05:00:01Z", value: 0, quality: "good" }, { point: "stranger", time: "", value: 1, quality: "good" }]);
    expect(newest.of("electricity").map(({ value }) => value)).toEqual([0]);
  });

  it("are those of a quantity, and only of points that were read", () => {
    const newest = newestOf([{ key: "a" }, 1], [{ key: "b" }], temperature("t", "1", -3), [{ key: "c" }, 3]);
    expect(newest.of("electricity").map(({ point }) => point.key)).toEqual(["a", "c"]);
    expect(newest.of("electricity", ({ key }) => key === "c").map(({ value }) => value)).toEqual([3]);
    expect(newest.of("gas")).toEqual([]);
  });
});
