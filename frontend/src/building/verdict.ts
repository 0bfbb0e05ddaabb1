/** What earlier forecasts were worth, in a sentence. */

import { number } from "../format.ts";
import type { Accuracy } from "../forecasts.ts";
import { text } from "../language.ts";

type Report = Pick<Accuracy, "forecasts" | "better_share" | "back_test_better_share">;

/** "Last 30 days: 41% better than last week's curve", or what can be said instead. */
export function verdict(report: Report | null): string {
  if (!report?.forecasts) return tested(report?.back_test_better_share ?? null);
  const share = report.better_share;
  if (share === null) return text("accuracy_alone", { count: report.forecasts });
  return compared("accuracy", share);
}

/** Before the first forecast has come true: what the test on past weeks said. */
function tested(share: number | null): string {
  return share === null ? text("accuracy_none") : compared("tested", share);
}

function compared(what: "accuracy" | "tested", share: number): string {
  const rounded = Math.round(Math.abs(share) * 100);
  if (rounded === 0) return text(`${what}_even`);
  return text(share > 0 ? `${what}_better` : `${what}_worse`, { share: number(rounded, 0) });
}

/** The model's name; one that the page has no word for reads as it is keyed. */
export function modelName(model: string): string {
  const name = text(`model_${model}`);
  return name === `model_${model}` ? model : name;
}
