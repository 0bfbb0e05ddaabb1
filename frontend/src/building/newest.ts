/** The points of a building with the newest reading of each. */

import type { Point, Reading } from "../api.ts";

/** A point that has been read. */
export interface Newest {
  point: Point;
  reading: Reading;
  value: number;
}

export class NewestReadings {
  private readonly readings = new Map<string, Reading>();

  constructor(readonly points: Point[]) {}

  /** Readings take the place of those before. */
  take(readings: Reading[]): void {
    for (const reading of readings) this.readings.set(reading.point, reading);
  }

  /** What was read of one quantity, in the order of the points. */
  of(quantity: string, isWanted: (point: Point) => boolean = () => true): Newest[] {
    return this.points.flatMap((point) => {
      const reading = this.readings.get(point.key);
      return reading && point.quantity === quantity && isWanted(point) ? [{ point, reading, value: reading.value }] : [];
    });
  }
}
