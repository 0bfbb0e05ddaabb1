"""Readings whose name is not understood wait until somebody says what it is: they are acknowledged, so they are kept."""

from collections.abc import Mapping

import polars as pl

from ondol.readings.model import Submission
from ondol.readings.model.devices import MOST_WAITING, WAITING
from ondol.readings.ports import NewDevices
from ondol.readings.register_points import Waiting


def keep_waiting(submission: Submission, waiting: Mapping[str, Waiting], devices: NewDevices) -> dict[str, str]:
    """Keep the readings of names that wait; for each source that has too many of them the reason why its readings are refused."""
    rows = [n for n, source in enumerate(submission.sources) if source in waiting]
    units = submission.units
    refused: dict[str, str] = {}
    for building in sorted({it.building_key for it in waiting.values()}):
        there = {source: it for source, it in waiting.items() if it.building_key == building}
        chosen = [n for n in rows if submission.sources[n] in there]
        frame = pl.DataFrame(
            [
                [there[submission.sources[n]].name for n in chosen],
                [submission.times_us[n] for n in chosen],
                [float(submission.values[n]) for n in chosen],
                [units[n] if units else None for n in chosen],
            ],
            schema=WAITING,
        )
        full = devices.keep(building, {it.name: it.sent for it in there.values()}, frame)
        refused |= {source: _full(source) for source, it in there.items() if it.name in full}
    return refused


def _full(source: str) -> str:
    return (
        f"{MOST_WAITING:,} readings of {source!r} wait already for somebody to say what it is; "
        "name it at GET /api/v1/devices/new, then send these again"
    )
