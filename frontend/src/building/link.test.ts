import { expect, it } from "vitest";

import { Link } from "./link.ts";

it("is live while readings come, and waits where only the server is heard of", () => {
  const link = new Link(0);
  link.heard(0, false);
  expect(link.state(1000)).toBe("waiting");
  link.heard(2000, true);
  expect(link.state(3000)).toBe("live");
  for (let now = 10_000; now <= 100_000; now += 10_000) link.heard(now, false);
  expect(link.state(100_000)).toBe("waiting");
});

it("is lost soon after the server falls silent, though the connection stands", () => {
  const link = new Link(0);
  link.heard(0, true);
  expect(link.state(20_000)).toBe("live");
  expect(link.state(26_000)).toBe("lost");
  link.heard(30_000, true);
  expect(link.state(30_000)).toBe("live");
});

it("is lost at once when the browser says so", () => {
  const link = new Link(0);
  link.heard(0, true);
  link.lost();
  expect(link.state(1)).toBe("lost");
});
