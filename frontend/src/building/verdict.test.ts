import { beforeEach, describe, expect, it } from "vitest";

import { speak } from "../language.ts";
import { modelName, verdict } from "./verdict.ts";

beforeEach(() => speak("en", {
  accuracy_better: "{share}% better", accuracy_worse: "{share}% worse", accuracy_even: "as good", accuracy_alone: "{count} scored, alone",
  accuracy_none: "none yet", tested_better: "tested {share}% better", tested_worse: "tested {share}% worse", tested_even: "tested as good",
  model_lightgbm: "LightGBM model",
}));

const report = (forecasts: number, better_share: number | null, back_test_better_share: number | null = null) => ({ forecasts, better_share, back_test_better_share });

describe("the verdict", () => {
  it.each([
    [report(30, 0.414), "41% better"],
    [report(30, -0.25), "25% worse"],
    [report(30, 0.004), "as good"],
    [report(30, -0.004), "as good"],
    [report(30, -12.5), "1,250% worse"],
    [report(3, null), "3 scored, alone"],
    [report(0, null), "none yet"],
    [report(0, null, 0.2), "tested 20% better"],
    [report(0, null, -0.2), "tested 20% worse"],
    [report(0, null, 0), "tested as good"],
    [null, "none yet"],
  ])("on %j is %s", (given, expected) => {
    expect(verdict(given)).toBe(expected);
  });
});

it("a model has its name, an unknown one its key", () => {
  expect([modelName("lightgbm"), modelName("mine")]).toEqual(["LightGBM model", "mine"]);
});
