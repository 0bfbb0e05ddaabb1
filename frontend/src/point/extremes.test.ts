import { expect, it } from "vitest";

import type { Series } from "../api.ts";
import { extremesOf } from "./extremes.ts";

function seriesOf(values: (number | null)[]): Series {
  return { point: "hq.main", unit: "kW", interval: "15m", times: values.map(() => ""), values, quality: values.map(() => "good") };
}

it("takes the ends from the band", () => {
  expect(extremesOf(seriesOf([1, null, 2]), seriesOf([null, 12, 3]))).toEqual({ low: 1, high: 12 });
});

it("finds nothing where nothing is known", () => {
  expect(extremesOf(seriesOf([]), seriesOf([]))).toBeNull();
  expect(extremesOf(seriesOf([null]), seriesOf([null]))).toBeNull();
});
