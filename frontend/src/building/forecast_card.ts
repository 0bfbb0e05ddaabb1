/** What the forecast is worth: who made it and when, the month's end, and how well earlier ones came true. */

import type { ChartPanel } from "../charts/panel.ts";
import { dateAndTime, percent, quantityWithUnit, rangeWithUnit } from "../format.ts";
import { type Accuracy, accuracy, type Forecast, type MonthEnd, monthEnd, type Scores } from "../forecasts.ts";
import { text } from "../language.ts";
import { byId } from "../page.ts";
import { showAccuracyDays } from "./accuracy_days.ts";
import { showAnomalies } from "./anomalies.ts";
import type { ForecastFeed } from "./forecast_feed.ts";
import { modelName, verdict } from "./verdict.ts";

export class ForecastCard {
  constructor(
    private readonly feed: ForecastFeed,
    private readonly days: ChartPanel,
    private readonly building: string,
    private readonly zone: string,
    private readonly quantity: string,
  ) {}

  async show(): Promise<void> {
    try {
      const expected = await this.feed.expected();
      if (!expected) return this.showNone(text("no_forecast"));
      const [report, month] = await Promise.all([
        accuracy(this.building, this.quantity),
        monthEnd(this.building, this.quantity),
        showAnomalies(this.building, this.quantity, this.zone),
      ]);
      this.tell(isOver(expected.newest) ? text("forecast_over", { time: this.time(expected.newest.end) }) : null);
      byId("forecast-known").hidden = false;
      byId("forecast-issued").textContent = this.issued(expected.newest);
      this.showMonthEnd(isOver(expected.newest) ? null : month);
      this.showAccuracy(report);
    } catch (error) {
      this.showNone(error instanceof Error ? error.message : String(error));
    } finally {
      byId("forecast-card").removeAttribute("aria-busy");
    }
  }

  private showNone(reason: string): void {
    byId("forecast-known").hidden = true;
    byId("forecast-issued").textContent = "";
    this.tell(reason);
    void showAccuracyDays(this.days, []);
  }

  private tell(sentence: string | null): void {
    byId("forecast-message").hidden = sentence === null;
    byId("forecast-message").textContent = sentence ?? "";
  }

  private issued({ model, issued_at }: Forecast): string {
    return text("issued", { model: modelName(model), time: this.time(issued_at) });
  }

  private time(instant: string): string {
    return dateAndTime(Math.floor(Date.parse(instant) / 60_000) * 60_000, this.zone);
  }

  private showMonthEnd(month: MonthEnd | null): void {
    byId("month-end").hidden = month === null;
    if (!month) return;
    byId("month-until").textContent = text("month_until", { time: this.time(month.measured_until) });
    byId("month-measured").textContent = quantityWithUnit(month.measured, month.unit);
    byId("month-expected").textContent = quantityWithUnit(month.expected, month.unit);
    byId("month-range").textContent = rangeWithUnit(month.low, month.high, month.unit);
  }

  private showAccuracy(report: Accuracy | null): void {
    byId("accuracy-verdict").textContent = verdict(report);
    byId("accuracy-behind").hidden = !report?.has_fallen_behind;
    const isScored = report !== null && report.forecasts > 0;
    byId("accuracy").hidden = !isScored;
    if (isScored) showScores(report.scores);
    void showAccuracyDays(this.days, report?.days ?? []);
  }
}

function showScores(scores: Scores): void {
  byId("score-cvrmse").textContent = percentage(scores.cvrmse_pct);
  byId("score-naive").textContent = percentage(scores.naive_cvrmse_pct);
  byId("score-coverage").textContent = percent(scores.coverage90);
  byId("score-peak").textContent = percent(scores.peak_hour_share);
}

function percentage(value: number | null): string {
  return percent(value === null ? null : value / 100);
}

function isOver({ end }: Forecast): boolean {
  return Date.parse(end) <= Date.now();
}
