import { beforeEach, describe, expect, it } from "vitest";

import { speak } from "../language.ts";
import { floorTable } from "./floor_table.ts";
import { newestOf, type Sample, temperature } from "./samples.ts";

beforeEach(() => speak("ko", {}));

describe("the floors", () => {
  it("stand as they do in the building", () => {
    const newest = newestOf(...["2", "B1", "10", "1", "B2"].map((floor) => temperature(floor, floor, 20)), temperature("out", null, 5));
    expect(floorTable(newest)).toEqual({ columns: ["temperature_c"], rows: ["10", "2", "1", "B1", "B2"].map((floor) => [floor, "20.0"]) });
  });

  it("know basements in Korean and floors with their word", () => {
    const newest = newestOf(...["1층", "지하 2층", "3F", "지하 1층"].map((floor) => temperature(floor, floor, 20)));
    expect(floorTable(newest).rows.map(([floor]) => floor)).toEqual(["3F", "1층", "지하 1층", "지하 2층"]);
  });

  it("count no power twice", () => {
    const newest = newestOf(
      [{ key: "main", floor: "B1" }, 100], [{ key: "f2", floor: "2", submeter_of: "main" }, 40], [{ key: "f2.light", floor: "2", submeter_of: "f2" }, 15],
    );
    expect(floorTable(newest).rows).toEqual([["2", "40.0"], ["B1", "100.0"]]);
  });

  it("show an en dash where one quantity is not read", () => {
    const people = (key: string, floor: string, value?: number): Sample => [{ key, quantity: "occupancy", unit: "people", floor }, value];
    const newest = newestOf(people("p1", "1", 12), people("p2", "1", 3), temperature("t2", "2", 21.25), people("p2f", "2"));
    expect(floorTable(newest)).toEqual({ columns: ["temperature_c", "people"], rows: [["2", "21.3", "–"], ["1", "–", "15"]] });
  });

  it("are none where no point has a floor", () => {
    expect(floorTable(newestOf([{ key: "main" }, 1])).rows).toEqual([]);
  });
});
