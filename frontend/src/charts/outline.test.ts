import { describe, expect, it } from "vitest";

import { outlineOf } from "./outline.ts";

const heights = (line: string) => [...line.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));

describe("the outline of a small line", () => {
  it("spans the width, the largest value at the top and zero at the bottom", () => {
    expect(outlineOf([0, 5, 10])).toEqual({ line: "M0.0,34.0L80.0,18.0L160.0,2.0", area: "M0.0,34.0L80.0,18.0L160.0,2.0L160.0,36L0.0,36Z" });
  });

  it("breaks where a value is missing, and keeps each value's place", () => {
    expect(outlineOf([1, 1, null, 1, 1])?.line).toBe("M0.0,2.0L40.0,2.0M120.0,2.0L160.0,2.0");
    expect(outlineOf([null, 1, 1])?.line).toBe("M80.0,2.0L160.0,2.0");
  });

  it("keeps negative and huge values inside", () => {
    for (const values of [[-5, -2, -9], [-5, 5, 0], [1e15, 1, 0]]) {
      for (const y of heights(outlineOf(values)?.line ?? "")) {
        expect(y).toBeGreaterThanOrEqual(2);
        expect(y).toBeLessThanOrEqual(34);
      }
    }
  });

  it("is flat at the bottom when nothing is used", () => {
    expect(outlineOf([0, 0])?.line).toBe("M0.0,34.0L160.0,34.0");
  });

  it.each([[[]], [[1]], [[null, 3, null]], [[null, null]]])("is none of %j, in which there is no course", (values) => {
    expect(outlineOf(values)).toBeNull();
  });
});
