/** A warning while the next quarter-hour is expected near the contract power; asked for every minute that the page is looked at. */

import { number, timeOfDay } from "../format.ts";
import { demand } from "../forecasts.ts";
import { text } from "../language.ts";
import { byId } from "../page.ts";

const EVERY_MS = 60_000;

export function watchDemand(building: string, zone: string): void {
  const look = () => {
    // A server that does not answer is told of by the live link; the banner keeps what it last knew.
    if (!document.hidden) showDemand(building, zone).catch(() => undefined);
  };
  look();
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}

async function showDemand(building: string, zone: string): Promise<void> {
  const banner = byId("demand-banner");
  const found = await demand(building);
  banner.hidden = !found?.is_near_limit;
  if (!found?.is_near_limit) return;
  const warning = text("demand_near", {
    expected: number(found.expected_kw, 0),
    limit: number(found.limit_kw, 0),
    time: timeOfDay(Date.parse(found.start), zone),
  });
  if (banner.textContent !== warning) banner.textContent = warning; // the same words are not spoken again
}
