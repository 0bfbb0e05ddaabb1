import { beforeEach, describe, expect, it } from "vitest";

import type { Series } from "../api.ts";
import { speak } from "../language.ts";
import { bandHeights, type Course, describeValue, inOneUnit, nameOf, qualityNames, shown, suspectRuns } from "./course.ts";

beforeEach(() => speak("ko", { mean: "평균", amount: "구간 사용량", value: "값", quality: "품질", flag_estimated: "추정", flag_partial: "일부 측정" }));

function seriesOf(values: (number | null)[], rest: Partial<Series> = {}): Series {
  const times = values.map((_, at) => new Date(Date.parse("2026-01-15T05:00:00Z") + at * 900_000).toISOString());
  return { point: "hq.main", unit: "kWh", interval: "15m", times, values, quality: values.map(() => "good"), ...rest };
}

function courseOf(main: Series, rest: Partial<Course> = {}): Course {
  return { main, low: null, high: null, quantity: "electricity", isAmount: true, isRegister: false, ...rest };
}

describe("what is said of a value", () => {
  it("is when on the building's clock, and how much", () => {
    expect(describeValue(courseOf(seriesOf([1.5, -12.34])), 1, "Asia/Seoul")).toBe("2026-01-15 14:15\n−12.3\u00a0kWh");
  });

  it("tells of a band and of flags", () => {
    const main = seriesOf([20], { unit: "degC", quality: ["estimated+partial"] });
    const course = courseOf(main, { low: seriesOf([-1.5]), high: seriesOf([21]), isAmount: false });
    expect(describeValue(course, 0, "Asia/Seoul")).toBe("2026-01-15 14:00\n평균  20.0\u00a0°C\n−1.50 – 21.0\u00a0°C\n품질: 추정, 일부 측정");
  });

  it("has seconds when it was measured, and an en dash when it was not", () => {
    expect(describeValue(courseOf(seriesOf([null], { interval: "raw" })), 0, "Europe/London")).toBe("2026-01-15 05:00:00\n–");
  });

  it("tells the two hours apart that the wall clock shows alike", () => {
    const main = seriesOf([1, 2], { times: ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] });
    expect([0, 1].map((at) => describeValue(courseOf(main), at, "Europe/London").split("\n")[1])).toEqual(["1.00\u00a0kWh", "2.00\u00a0kWh"]);
  });
});

describe("the unit of a course", () => {
  it("suits the largest value and is the same for all", () => {
    const [main, low, high] = inOneUnit(seriesOf([1_313_675, null, -500]), null, seriesOf([2e6, 0, 10]));
    expect([main.unit, main.values]).toEqual(["MWh", [1313.675, null, -0.5]]);
    expect([high.unit, high.values]).toEqual(["MWh", [2000, 0, 0.01]]);
    expect(low).toBeNull();
  });

  it("stays where it reads well", () => {
    expect(inOneUnit(seriesOf([999_999, null]))).toEqual([seriesOf([999_999, null])]);
    expect(inOneUnit(seriesOf([]))).toEqual([seriesOf([])]);
  });

  it("is the meter's own for a register, whose every digit counts", () => {
    const register = { main: seriesOf([]), isRegister: true };
    expect(shown(register, 12_345_678.9)).toBe("12,345,678.90\u00a0kWh");
    expect(shown(register, null)).toBe("–");
    expect(shown({ ...register, main: seriesOf([], { unit: "1" }) }, 7)).toBe("7.00");
  });
});

describe("the band", () => {
  it("is as high as the maximum lies above the minimum", () => {
    expect(bandHeights(seriesOf([-3, 2, null, 1]), seriesOf([4, 2, 5, null]))).toEqual([7, 0, null, null]);
  });

  it("ends where the minimum does", () => {
    expect(bandHeights(seriesOf([1]), seriesOf([2, 3]))).toEqual([1, null]);
  });
});

describe("suspect stretches", () => {
  const places = [0, 10, 20, 30];

  it("reach from the first suspect value to the next good one", () => {
    const series = seriesOf([1, 2, 3, 4], { quality: ["good", "estimated", "glitch", "good"] });
    expect(suspectRuns(series, places)).toEqual([[10, 30]]);
  });

  it("are no gaps, and a gap ends them", () => {
    const series = seriesOf([1, null, 3, 4], { quality: ["reset", "missing", "good", "reset"] });
    expect(suspectRuns(series, places)).toEqual([[0, 10], [30, 40]]);
  });

  it("are none where all is well", () => {
    expect(suspectRuns(seriesOf([1, 2]), places)).toEqual([]);
    expect(suspectRuns(seriesOf([]), [])).toEqual([]);
  });
});

it("flags have their names, one by one", () => {
  expect(qualityNames("estimated+partial")).toBe("추정, 일부 측정");
});

it("a course is named for what it shows", () => {
  expect(nameOf(courseOf(seriesOf([])))).toBe("구간 사용량");
  expect(nameOf(courseOf(seriesOf([]), { isAmount: false }))).toBe("값");
  expect(nameOf(courseOf(seriesOf([]), { isAmount: false, low: seriesOf([]) }))).toBe("평균");
});
