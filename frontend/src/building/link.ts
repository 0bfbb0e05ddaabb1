/** What the link to the server is doing, told by when it was last heard of. */

export type LinkState = "connecting" | "live" | "waiting" | "lost";

/** Without readings for so long, the building is quiet. */
const QUIET_MS = 90_000;
/** The server says something every ten seconds; one that was silent for so long is gone, whatever the connection says. */
const SILENT_MS = 25_000;

export class Link {
  private heardAt: number;
  private readingsAt = Number.NEGATIVE_INFINITY;
  private isLost = false;

  constructor(now: number) {
    this.heardAt = now;
  }

  /** The server was heard of. */
  heard(now: number, hasReadings: boolean): void {
    this.heardAt = now;
    this.isLost = false;
    if (hasReadings) this.readingsAt = now;
  }

  /** The browser says that the connection broke. */
  lost(): void {
    this.isLost = true;
  }

  state(now: number): LinkState {
    if (this.isLost || now - this.heardAt > SILENT_MS) return "lost";
    return now - this.readingsAt > QUIET_MS ? "waiting" : "live";
  }
}
