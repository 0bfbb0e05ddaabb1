/** The building as it is now: the newest reading of every point, kept current by server-sent events. */

import { latest, live, points, type Reading } from "../api.ts";
import { Link, type LinkState } from "./link.ts";
import { NewestReadings } from "./newest.ts";

export type { LinkState };

const LOOK_EVERY_MS = 5000;

export class LiveBuilding {
  private newest = new NewestReadings([]);
  private changed = false;

  constructor(
    private readonly building: string,
    private readonly present: (newest: NewestReadings) => void,
    private readonly presentLink: (state: LinkState) => void,
  ) {}

  /** Loads what is known and follows it. Rejects when the first load fails. */
  async start(): Promise<void> {
    const [all, now] = await Promise.all([points(this.building), latest(this.building)]);
    this.newest = new NewestReadings(all);
    this.take(now.points);
    this.presentLink("connecting");
    const stream = live(this.building);
    const link = new Link(Date.now());
    let told: LinkState = "connecting";
    const tell = () => {
      const state = link.state(Date.now());
      if (state !== told) this.presentLink(state);
      told = state;
    };
    const heard = (hasReadings: boolean) => {
      link.heard(Date.now(), hasReadings);
      tell();
    };
    stream.addEventListener("open", () => heard(false));
    stream.addEventListener("error", () => {
      link.lost();
      tell();
    });
    stream.addEventListener("readings", (event) => {
      this.take((JSON.parse(event.data) as { readings: Reading[] }).readings);
      heard(true);
    });
    stream.addEventListener("ping", () => heard(false));
    setInterval(tell, LOOK_EVERY_MS);
    addEventListener("pagehide", () => stream.close());
  }

  private take(readings: Reading[]): void {
    this.newest.take(readings);
    if (this.changed) return;
    this.changed = true; // several messages within one frame are drawn once
    requestAnimationFrame(() => {
      this.changed = false;
      this.present(this.newest);
    });
  }
}
