"""One list of scores: in the rules, the table, the means and the API."""

import numpy as np

from ondol.forecasts.model.scores import SCORE_NAMES, Scores, mean_scores
from ondol.forecasts.rules.accuracy import cvrmse_pct, scores_of
from ondol.forecasts.tables import ForecastRow
from ondol.web.api.shapes.forecasts import ForecastAccuracyAnswer

UNKNOWN = Scores(*[None] * len(SCORE_NAMES))


def scores(cvrmse: float | None, coverage: float | None) -> Scores:
    return Scores(**{**dict.fromkeys(SCORE_NAMES), "cvrmse_pct": cvrmse, "coverage90": coverage})


def test_means_are_over_those_that_have_the_score():
    found = mean_scores([scores(10, 0.9), scores(20, None), UNKNOWN])
    assert (found.cvrmse_pct, found.coverage90, found.smape_pct) == (15, 0.9, None)
    assert mean_scores([]) == UNKNOWN


def test_rounding_leaves_the_unknown():
    assert scores(10.123456, None).rounded(4) == scores(10.1235, None)


def test_a_naive_forecast_is_scored_beside_the_model():
    actual, expected, naive = (np.array([[a, b]], np.float32) for a, b in ((10, 20), (11, 20), (14, 20)))
    found = scores_of(actual, expected, naive=naive)
    assert found.naive_cvrmse_pct == cvrmse_pct(actual, naive)
    assert found.cvrmse_pct == cvrmse_pct(actual, expected)
    assert found.pinball_pct is None


def test_the_table_and_the_api_have_each_score():
    columns = ForecastRow.__table__.columns
    assert all(columns[name].nullable for name in SCORE_NAMES)
    definitions = ForecastAccuracyAnswer.model_json_schema(mode="serialization")["$defs"]
    assert definitions["Scores"]["required"] == list(SCORE_NAMES)
    assert definitions["DayScores"]["required"] == [*SCORE_NAMES, "day", "better_share"]
