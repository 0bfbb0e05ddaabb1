"""How good forecasts were, in figures: what the rules compute, the database keeps and the API tells."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Scores:
    """In percent, save shares: `coverage90` of the hours lay in the band from 5 to 95 %, `peak_hour_share` of the days had their peak
    when it was expected. `naive_cvrmse_pct` is that of last week's curve. None where it could not be told; for the formulas see
    forecasts/rules/accuracy.py.
    """

    cvrmse_pct: float | None
    nmbe_pct: float | None
    smape_pct: float | None
    pinball_pct: float | None
    coverage90: float | None
    peak_mape_pct: float | None
    peak_hour_share: float | None
    naive_cvrmse_pct: float | None

    def rounded(self, digits: int) -> "Scores":
        """The same with so many decimal places."""
        given = asdict(self).items()
        return Scores(**{name: None if value is None else round(value, digits) for name, value in given})


SCORE_NAMES = tuple(field.name for field in fields(Scores))


def mean_scores(scores: Sequence[Scores]) -> Scores:
    """Mean of each score over those that have it."""
    known = {name: [value for one in scores if (value := getattr(one, name)) is not None] for name in SCORE_NAMES}
    return Scores(**{name: sum(values) / len(values) if values else None for name, values in known.items()})
