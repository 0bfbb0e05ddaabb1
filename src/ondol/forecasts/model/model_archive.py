"""Fitted models with what turns their answers into forecasts, as one object that can be kept."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ondol.forecasts.model.weather import Floats


@dataclass(frozen=True)
class ModelArchive:
    """What was learnt from some loads for one horizon.

    `models` holds each fitted model's bytes by its name. `chosen` [loads] is the name of the model that was best for a load and
    `ratios` [loads, 24, LEVELS] are the quantiles of its relative errors by hour of the day (UTC). `errors` [loads, 2] are sums of
    absolute errors over the back-test, that model's and those of last week's curve on the same hours.
    """

    names: tuple[str, ...]
    chosen: tuple[str, ...]
    ratios: Floats
    models: Mapping[str, bytes]
    errors: Floats

    @cached_property
    def content(self) -> bytes:
        """The archive as bytes: arrays in numpy's npz form, without pickles. The same archive gives the same bytes."""
        buffer = io.BytesIO()
        blobs: dict[str, NDArray[np.uint8]] = {
            f"model_{name}": np.frombuffer(blob, np.uint8) for name, blob in self.models.items()
        }
        arrays: dict[str, Any] = {
            "names": np.array(self.names, str), "chosen": np.array(self.chosen, str), "ratios": self.ratios,
            "errors": self.errors, **blobs,
        }  # fmt: skip
        np.savez_compressed(buffer, **arrays)
        return buffer.getvalue()

    @cached_property
    def sha256(self) -> str:
        """Digest of the content."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def version(self) -> str:
        """Twelve digits that tell archives apart."""
        return self.sha256[:12]

    @staticmethod
    def read(content: bytes) -> "ModelArchive":
        """The archive that `content` gave."""
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            return ModelArchive(
                tuple(kept["names"].tolist()),
                tuple(kept["chosen"].tolist()),
                kept["ratios"],
                {name.removeprefix("model_"): kept[name].tobytes() for name in kept.files if name.startswith("model_")},
                kept["errors"] if "errors" in kept.files else np.zeros((len(kept["names"]), 2), np.float32),
            )

    def choice(self, name: str) -> str | None:
        """The model that was best for a load; None for one that was not there yet."""
        return self._by_name.get(name, (None, 0))[0]

    def better_share(self, name: str) -> float | None:
        """Share by which a load's errors in the back-test were smaller than those of last week's curve; None when that was not tested."""
        _, row = self._by_name.get(name, (None, None))
        if row is None or not self.errors[row, 1] > 0:
            return None
        return float(1 - self.errors[row, 0] / self.errors[row, 1])

    def ratios_of(self, names: tuple[str, ...]) -> Floats:
        """Rows of `ratios` for loads; for those that were not there yet, the median over all."""
        usual = np.median(self.ratios, axis=0) if len(self.names) else np.zeros(self.ratios.shape[1:], np.float32)
        return np.stack([self.ratios[self._by_name[name][1]] if name in self._by_name else usual for name in names])

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, int]]:
        return {name: (chosen, row) for row, (name, chosen) in enumerate(zip(self.names, self.chosen, strict=True))}
