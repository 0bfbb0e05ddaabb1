"""Gradient-boosted trees (LightGBM) for the logarithm of a load on its own scale.

One model over all loads of a quantity, and, for a load with a long history of its own, one of that load alone; the two are
averaged. A load with little history leans on what the others taught. Missing lags and missing weather are tolerated.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ondol.forecasters.load_features import FLOOR, SCALE_H, Scales, features_of, relative
from ondol.forecasters.seasonal import FittedSeasonal
from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.weather import Floats, Indices
from ondol.forecasts.ports.forecaster import MissingLibrary, TooLittleData

try:
    import lightgbm
except (ImportError, OSError) as error:
    raise MissingLibrary(
        "LightGBM cannot be loaded, forecasts are seasonal means; Debian, Ubuntu: apt install libgomp1"
    ) from error

LEAST_ROWS = 1_000
MOST_ROWS = 600_000
LEAST_ROWS_OF_ITS_OWN = 5_000
MOST_MODELS_OF_THEIR_OWN = 200
LEADS_OF_A_PAIR = 24
_LEAST_KNOWN_H = 48
_ROWS_AT_ONCE = 60_000
_COMMON: dict[str, Any] = {
    "objective": "l1",
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "max_bin": 127,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
_OF_ALL = {"learning_rate": 0.1, "num_leaves": 63, "min_data_in_leaf": 50, "num_iterations": 200}
_OF_ONE = {"learning_rate": 0.08, "num_leaves": 15, "min_data_in_leaf": 30, "num_iterations": 120}


class LightGBM:
    """See `ports.forecaster`."""

    name = "lightgbm"
    preference = 10

    def fit(self, loads: Loads, horizon_h: int, seed: int, *, phase_h: int | None = None) -> "FittedLightGBM":
        """Raises TooLittleData below LEAST_ROWS hours that can be learnt from."""
        rows, origins = _training_pairs(loads, horizon_h, seed, phase_h)
        if len(rows) * min(horizon_h, LEADS_OF_A_PAIR) < LEAST_ROWS:
            raise TooLittleData(f"{len(rows)} forecasts to learn from are too few")
        names, features, target, of_load = _examples(loads, rows, origins, horizon_h)
        if len(target) < LEAST_ROWS:
            raise TooLittleData(f"{len(target)} hours of load to learn from are too few")
        of_all = _train(names, features, target, {**_OF_ALL, "seed": seed})
        counts = np.bincount(of_load, minlength=len(loads.names))
        of_one: dict[str, lightgbm.Booster] = {}
        for row in np.argsort(-counts, kind="stable")[:MOST_MODELS_OF_THEIR_OWN].tolist():
            if LEAST_ROWS_OF_ITS_OWN <= counts[row] < len(target):
                is_of_one = of_load == row
                of_one[loads.names[row]] = _train(
                    names, features[is_of_one], target[is_of_one], {**_OF_ONE, "seed": seed}
                )
        return FittedLightGBM(of_all, of_one, list(loads.names), horizon_h, loads.weather is not None)

    def from_bytes(self, content: bytes) -> "FittedLightGBM":
        """See `ports.forecaster`."""
        kept = json.loads(content)
        of_one = {name: lightgbm.Booster(model_str=text) for name, text in kept["of_one"].items()}
        of_all = lightgbm.Booster(model_str=kept["of_all"])
        return FittedLightGBM(of_all, of_one, kept["names"], kept["horizon_h"], kept["has_weather"])


class FittedLightGBM:
    """See `ports.forecaster`."""

    def __init__(
        self,
        of_all: lightgbm.Booster,
        of_one: Mapping[str, lightgbm.Booster],
        names: list[str],
        horizon_h: int,
        has_weather: bool,
    ) -> None:
        self._of_all = of_all
        self._of_one = dict(of_one)
        self._names = names
        self._horizon_h = horizon_h
        self._has_weather = has_weather

    @property
    def features(self) -> list[str]:
        """See `ports.forecaster`."""
        return self._of_all.feature_name()

    def predict(self, loads: Loads, rows: Indices, origins: Indices) -> Floats:
        """Where a load's scale is zero or unknown, the seasonal mean answers."""
        known = loads if self._has_weather else loads.without_weather()
        scales, numbers = Scales.of(known), self._numbers(loads)
        expected = np.empty((len(rows), self._horizon_h), np.float32)
        step = max(_ROWS_AT_ONCE // self._horizon_h, 1)
        for first in range(0, len(rows), step):
            part = slice(first, first + step)
            expected[part] = self._predict(known, scales, numbers, rows[part], origins[part])
        unanswered = np.isnan(expected).any(axis=1)
        expected[unanswered] = FittedSeasonal(self._horizon_h).predict(loads, rows[unanswered], origins[unanswered])
        return expected

    def to_bytes(self) -> bytes:
        """JSON with LightGBM's own text of each model."""
        of_one = {name: booster.model_to_string() for name, booster in self._of_one.items()}
        kept = {"names": self._names, "horizon_h": self._horizon_h, "has_weather": self._has_weather}
        return json.dumps(kept | {"of_all": self._of_all.model_to_string(), "of_one": of_one}).encode()

    def _numbers(self, loads: Loads) -> Floats:
        """Each load's number as the model knows it; NaN for one that it has not seen."""
        position = {name: number for number, name in enumerate(self._names)}
        return np.array([position.get(name, np.nan) for name in loads.names], np.float32)

    def _predict(self, loads: Loads, scales: Scales, numbers: Floats, rows: Indices, origins: Indices) -> Floats:
        leads = np.arange(self._horizon_h)
        _, features = features_of(loads, scales, rows, origins, leads, numbers)
        log_ratio = np.asarray(self._of_all.predict(features)).reshape(-1, self._horizon_h)
        by_pair = features.reshape(len(rows), self._horizon_h, -1)
        for row in np.unique(rows).tolist():
            booster, of_load = self._of_one.get(loads.names[row]), rows == row
            if booster is not None:
                own = np.asarray(booster.predict(by_pair[of_load].reshape(-1, by_pair.shape[2])))
                log_ratio[of_load] = (log_ratio[of_load] + own.reshape(-1, self._horizon_h)) / 2
        ratio = np.exp(log_ratio)
        # What lies at the floor is nothing: the logarithm could not say so.
        ratio = np.where(ratio < 1.5 * FLOOR, 0, ratio)
        scale = scales.scale(rows, origins)[:, None]
        return np.where(scale > 0, ratio * scale, np.nan).astype(np.float32)


def _train(names: list[str], features: Floats, target: Floats, parameters: dict[str, Any]) -> lightgbm.Booster:
    learnt = lightgbm.Dataset(
        features, target, feature_name=names, categorical_feature=["load"], params={"max_bin": _COMMON["max_bin"], "verbose": -1}
    )  # fmt: skip
    # Threads that wait for each other cost more than they bring on little data.
    threads = 2 if len(target) > _ROWS_AT_ONCE else 1
    return lightgbm.train({**_COMMON, **parameters, "num_threads": threads}, learnt)


def _examples(
    loads: Loads, rows: Indices, origins: Indices, horizon_h: int
) -> tuple[list[str], Floats, Floats, Indices]:
    """Names of the features, their values [examples, features], the targets and the load of each example."""
    scales, numbers = Scales.of(loads), np.arange(len(loads.names), dtype=np.float32)
    names: list[str] = []
    parts: list[tuple[Floats, Floats, Indices]] = []
    for part_rows, part_origins, leads in _in_parts(rows, origins, horizon_h):
        names, features = features_of(loads, scales, part_rows, part_origins, leads, numbers)
        energy = loads.energy_at(part_rows, part_origins[:, None] + leads, np.full(len(part_rows), loads.hours))
        with np.errstate(divide="ignore", invalid="ignore"):
            target = relative(energy, scales.scale(part_rows, part_origins)[:, None]).reshape(-1)
        known = ~np.isnan(target)
        parts.append((features[known], target[known], np.repeat(part_rows, len(leads))[known]))
    features, target, of_load = (np.concatenate(column) for column in zip(*parts, strict=True))
    return names, features, target, of_load


def _training_pairs(loads: Loads, horizon_h: int, seed: int, phase_h: int | None) -> tuple[Indices, Indices]:
    """Loads and origins to learn from: three days of history before, the whole horizon after. Thinned at random to MOST_ROWS."""
    # A stride of 25 hours visits every hour of the day alike.
    first, stride = (72, 25) if phase_h is None else (72 + (phase_h - 72) % 24, 24)
    origins = np.arange(first, loads.hours - horizon_h + 1, stride)
    rows, columns = np.meshgrid(np.arange(len(loads.names)), origins, indexing="ij")
    rows, columns = rows.reshape(-1), columns.reshape(-1)
    known = Scales.of(loads).known
    enough = known[rows, columns] - known[rows, np.maximum(columns - SCALE_H, 0)] >= _LEAST_KNOWN_H
    rows, columns = rows[enough], columns[enough]
    most = MOST_ROWS // min(horizon_h, LEADS_OF_A_PAIR)
    if len(rows) > most:
        chosen = np.sort(np.random.default_rng(seed).permutation(len(rows))[:most])
        rows, columns = rows[chosen], columns[chosen]
    return rows, columns


def _in_parts(rows: Indices, origins: Indices, horizon_h: int) -> Iterator[tuple[Indices, Indices, Indices]]:
    """Pairs with the leads to learn: all of a day, of a longer horizon every seventh hour, so that each hour of the day is met."""
    # At least seven parts, so that each of the seven shifts is met.
    step = max(min(_ROWS_AT_ONCE // LEADS_OF_A_PAIR // 7, len(rows) // 7), 1)
    for number, first in enumerate(range(0, len(rows), step)):
        leads = np.arange(horizon_h)
        if horizon_h > LEADS_OF_A_PAIR:
            stride = horizon_h // LEADS_OF_A_PAIR
            leads = np.arange(number % stride, horizon_h, stride)
        yield rows[first : first + step], origins[first : first + step], leads
