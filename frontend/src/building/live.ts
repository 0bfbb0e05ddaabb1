/** The building as it is now: the newest reading of every point, kept current by server-sent events. */

import { latest, live, points, type Reading } from "../api.ts";
import { NewestReadings } from "./newest.ts";

/** What the link to the server is doing. */
export type LinkState = "connecting" | "live" | "waiting" | "lost";

const QUIET_MS = 90_000;

export class LiveBuilding {
  private newest = new NewestReadings([]);
  private lastArrival = 0;
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
    stream.addEventListener("open", () => this.presentLink("waiting"));
    stream.addEventListener("error", () => this.presentLink("lost"));
    stream.addEventListener("readings", (event) => {
      this.lastArrival = Date.now();
      this.take((JSON.parse(event.data) as { readings: Reading[] }).readings);
      this.presentLink("live");
    });
    stream.addEventListener("ping", () => {
      if (Date.now() - this.lastArrival > QUIET_MS) this.presentLink("waiting");
    });
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
