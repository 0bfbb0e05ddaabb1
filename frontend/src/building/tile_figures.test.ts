import { beforeEach, describe, expect, it } from "vitest";

import { speak } from "../language.ts";
import { newestOf, type Sample, temperature } from "./samples.ts";
import { figureOf, figureParts } from "./tile_figures.ts";

beforeEach(() => speak("ko", { range_of: "{range} · {count}개", people: "명" }));

describe("the tiles", () => {
  it("count power once, where it enters the building", () => {
    const newest = newestOf(
      [{ key: "main" }, 120.25], [{ key: "solar" }, -20], [{ key: "hvac", submeter_of: "main" }, 60],
      [{ key: "energy", unit: "kWh", kind: "total_increasing" }, 1e6],
    );
    expect(figureOf("power", newest)).toMatchObject({ value: 100.25, unit: "kW" });
  });

  it("tell indoors from outdoors", () => {
    const newest = newestOf(temperature("roof", null, -8.25), temperature("a", "1", 20), temperature("b", "2", 23));
    expect(figureOf("outdoor", newest)).toMatchObject({ value: -8.25, note: "" });
    expect(figureOf("temperature", newest)).toMatchObject({ value: 21.5, note: "20 – 23 · 2개" });
  });

  it("name the room with the highest CO₂", () => {
    const co2 = (key: string, value: number): Sample => [{ key, name: `${key}호`, quantity: "co2", unit: "ppm", space: key }, value];
    expect(figureOf("co2", newestOf(co2("301", 600), co2("302", 1450), co2("303", 900)))).toMatchObject({ value: 1450, note: "302호" });
  });

  it("are as old as their newest reading", () => {
    const newest = newestOf([{ key: "a" }, 1, "2026-01-15T05:00:00Z"], [{ key: "b" }, 1, "2026-01-15T05:10:00Z"]);
    expect(figureOf("power", newest)?.time).toBe(Date.parse("2026-01-15T05:10:00Z"));
  });

  it("show nothing where nothing was read", () => {
    const newest = newestOf([{ key: "main" }]);
    for (const tile of ["power", "outdoor", "temperature", "humidity", "co2", "occupancy", "unheard of"]) expect(figureOf(tile, newest)).toBeNull();
  });

  it.each([
    [100.25, "kW", ["100.3", "kW"]], [1234.5, "kW", ["1,235", "kW"]], [2_500_000, "kW", ["2,500", "MW"]], [-8.25, "degC", ["−8.3", "°C"]],
    [0, "kW", ["0.0", "kW"]], [1450.4, "ppm", ["1,450", "ppm"]], [45.5, "%", ["46", "%"]], [120, "people", ["120", "명"]],
  ])("write %d %s as %j", (value, unit, parts) => {
    expect(figureParts({ value, unit, note: "", time: 0 })).toEqual(parts);
  });
});
