import { expect, it, vi } from "vitest";

import { language, speak, text } from "./language.ts";

it("texts are the page's, with their places filled", () => {
  speak("ko", { peak: "최대 {value} ({time})" });
  expect(language()).toBe("ko");
  expect(text("peak", { value: "12 kW", time: "09:15" })).toBe("최대 12 kW (09:15)");
  expect(text("peak", { value: 0, time: "$&" })).toBe("최대 0 ($&)");
});

it("a place without a value stays empty, and a key without a text reads as it is keyed", () => {
  speak("en", { peak: "peak {value}" });
  expect(text("peak")).toBe("peak ");
  expect(text("unheard_of")).toBe("unheard_of");
});

it("a page that has said nothing is told so", async () => {
  vi.resetModules();
  const fresh = await import("./language.ts");
  expect(() => fresh.text("peak")).toThrow("language");
});
