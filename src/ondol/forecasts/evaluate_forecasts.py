"""The table that says how good forecasts would have been, so that anyone can check them with their own data."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean, median
from typing import Any

import numpy as np

from ondol.common.errors import InvalidInput
from ondol.forecasts.back_test_forecasts import PROTOCOLS, BackTest, Progress, back_test
from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.scores import Scores
from ondol.forecasts.ports.forecaster import Forecaster
from ondol.forecasts.rules.accuracy import scores_of

YEAR_H = 8760
LEAST_HISTORY_H = 14 * 24


@dataclass(frozen=True)
class Evaluation:
    """Scores of a back-test, each load's and its naive forecast's."""

    protocol: str
    test: BackTest
    scores: list[Scores]
    naive: list[Scores]
    seconds: float

    def document(self) -> dict[str, Any]:
        """As `ondol forecast evaluate --json` prints it; errors in percent, coverage as a share."""
        rows = list(zip(self.test.loads.names, self.scores, self._models(), strict=True))
        return {
            "protocol": self.protocol,
            "origins": len(self.test.origins),
            "overall": _overall(self.scores),
            "naive": _overall(self.naive),
            "buildings": [{"name": name, **_row(score), "model": model} for name, score, model in rows],
            "seconds": round(self.seconds, 1),
        }

    def naive_rows(self) -> list[dict[str, Any]]:
        """Each load's row for its naive forecast."""
        return [_row(score) for score in self.naive]

    def _models(self) -> list[str]:
        """The model that made most of each load's forecasts."""
        return [self.test.models[int(np.bincount(chosen).argmax())] for chosen in self.test.chosen]


def evaluate_forecasts(
    loads: Loads, protocol: str, forecasters: Sequence[Forecaster], *, first: datetime | None, end: datetime | None, seed: int,
    progress: Progress,
) -> Evaluation:  # fmt: skip
    """Back-test between two instants. Raises InvalidInput when that leaves nothing to forecast or too little to learn from."""
    started = time.monotonic()
    rules = PROTOCOLS[protocol]
    last = loads.hours if end is None else min(loads.column(end), loads.hours)
    begin = max(last - YEAR_H, loads.hours * 3 // 4) if first is None else loads.column(first)
    if begin < LEAST_HISTORY_H:
        raise InvalidInput(
            f"forecasts from {loads.instant(begin):%Y-%m-%d} on would have {max(begin, 0) // 24} days to learn from; give a later "
            f"--test-start: at least {LEAST_HISTORY_H // 24} days of data must come before it"
        )
    if begin + rules.horizon_h > last:
        raise InvalidInput(
            f"no forecast of {rules.horizon_h} hours fits between {loads.instant(begin):%Y-%m-%d} and "
            f"{loads.instant(last):%Y-%m-%d}, where the data or the test ends; give an earlier --test-start"
        )
    test = back_test(loads, rules, forecasters, begin, last, seed, progress)
    rows = range(len(loads.names))
    return Evaluation(
        protocol,
        test,
        [scores_of(test.actual[n], test.expected[n], test.band[n]) for n in rows],
        [scores_of(test.actual[n], test.naive[n]) for n in rows],
        time.monotonic() - started,
    )


def _overall(scores: list[Scores]) -> dict[str, float | None]:
    """Mean over the loads, of the NRMSE the median."""
    return {
        "smape": _rounded(mean, [score.smape_pct for score in scores], 3),
        "nrmse_median": _rounded(median, [score.cvrmse_pct for score in scores], 3),
        "coverage90": _rounded(mean, [score.coverage90 for score in scores], 4),
        "peak_mape": _rounded(mean, [score.peak_mape_pct for score in scores], 3),
    }


def _row(score: Scores) -> dict[str, float | None]:
    return {
        "smape": _rounded(mean, [score.smape_pct], 3),
        "nrmse": _rounded(mean, [score.cvrmse_pct], 3),
        "coverage90": _rounded(mean, [score.coverage90], 4),
    }


def _rounded(of: Any, values: list[float | None], digits: int) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(of(known)), digits) if known else None
