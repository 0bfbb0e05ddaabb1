/** The portfolio page: a week's course of each building, fetched when its row comes into view. */

import { usage } from "./api.ts";
import { drawSparkline } from "./charts/sparkline.ts";
import { DAY, HOUR, isoInstant } from "./zone.ts";

const WEEK = 7 * DAY;

async function show(svg: SVGSVGElement): Promise<void> {
  const { building = "", quantity = "electricity", until } = svg.dataset;
  const end = until ? Date.parse(until) : Math.floor(Date.now() / HOUR) * HOUR;
  try {
    const { intervals } = await usage(building, { quantity, start: isoInstant(end - WEEK), end: isoInstant(end), interval: "1h" });
    drawSparkline(svg, intervals.map(({ value }) => value));
  } catch {
    svg.classList.add("sparkline-missing"); // the row's figures stand without it
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    void show(target as SVGSVGElement);
  }
});
for (const svg of document.querySelectorAll("svg[data-building]")) seen.observe(svg);
