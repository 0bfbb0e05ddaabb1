import { describe, expect, it } from "vitest";

import type { Accuracy } from "../forecasts.ts";
import { betterShares, percentAxis, shortDate } from "./better_shares.ts";

function dayOf(day: string, better_share: number | null): Accuracy["days"][number] {
  return { day, better_share } as Accuracy["days"][number];
}

describe("the days of a comparison", () => {
  it("are those that can be compared; as good as last week is one of them", () => {
    const days = [dayOf("2026-01-14", 0), dayOf("2026-01-15", null), dayOf("2026-01-16", -9)];
    expect(betterShares(days)).toEqual([{ day: "2026-01-14", share: 0 }, { day: "2026-01-16", share: -9 }]);
    expect(betterShares([])).toEqual([]);
  });

  it("are named without needless zeros", () => {
    expect(["2026-01-05", "2026-11-19"].map(shortDate)).toEqual(["1/5", "11/19"]);
  });
});

describe("the axis", () => {
  it.each([
    [[-20, 40], [-50, 50]],
    [[10, 51], [0, 100]],
    [[-30, -10], [-50, 50]],
    [[0, 0], [0, 50]],
    [[-900, 100], [-100, 100]],
  ])("around values from %j goes from %j", ([min = 0, max = 0], ends) => {
    expect([percentAxis.min({ min }), percentAxis.max({ max })]).toEqual(ends);
  });
});
