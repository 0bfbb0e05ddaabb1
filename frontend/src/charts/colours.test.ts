import { expect, it } from "vitest";

import { fade, mix } from "./colours.ts";

it("fades a colour, whatever its opacity was", () => {
  expect(fade("rgb(1, 2, 3)", 0.2)).toBe("rgba(1, 2, 3, 0.2)");
  expect(fade("rgba(1, 2, 3, 0.9)", 0)).toBe("rgba(1, 2, 3, 0)");
});

it("leaves a colour of another kind as it is", () => {
  expect(fade("oklch(0.7 0.1 200)", 0.2)).toBe("oklch(0.7 0.1 200)");
});

it("mixes two colours by a share of the way", () => {
  expect(mix("rgb(0, 100, 200)", "rgb(100, 0, 200)", 0)).toBe("rgb(0, 100, 200)");
  expect(mix("rgb(0, 100, 200)", "rgb(100, 0, 200)", 0.25)).toBe("rgb(25, 75, 200)");
  expect(mix("rgb(0, 100, 200)", "rgba(100, 0, 200, 0.5)", 1)).toBe("rgb(100, 0, 200)");
});
