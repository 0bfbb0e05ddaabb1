"""Fitting, back-testing and issuing week-ahead forecasts of many buildings with three months of hourly data and weather.

python -m benchmarks.forecast [buildings]
"""

import multiprocessing
import resource
import sys
import time

import numpy as np

from benchmarks.measure import Figure
from ondol.forecasts import forecasters
from ondol.forecasts.model.forecasts import ForecastTarget
from ondol.forecasts.model.loads import Loads, loads_of
from ondol.forecasts.model.weather import PerfectWeather
from ondol.forecasts.predict_loads import predict_loads
from ondol.forecasts.train_forecasters import fit_and_test
from ondol.sites.model import Building

HOURS, HORIZON_H = 90 * 24, 168
TARGET = ForecastTarget("electricity", HORIZON_H)
START_H = 490_896  # 2026-01-01T00Z
AIMS = {60: (15, None), 1000: (240, 2048)}
"""Seconds and megabytes by number of buildings."""


def loads(buildings: int) -> Loads:
    """Offices of different sizes and habits that heat and cool."""
    chance = np.random.default_rng(1)
    hour = np.arange(HOURS + HORIZON_H)
    temperature = 8 + 8 * np.sin(hour / 700) + 5 * np.sin((hour - 6) / 24 * 2 * np.pi)
    local = (hour + 9) % 24
    busy = (((hour + 9) // 24 + 3) % 7 < 5) & (local >= 8) & (local < 19)
    size, base = chance.lognormal(4, 1, (buildings, 1)), chance.uniform(0.2, 0.5, (buildings, 1))
    heat = chance.uniform(0, 0.03, (buildings, 1)) * np.abs(temperature - 16)
    energy = size * (base + (1 - base) * busy + heat) * (1 + 0.08 * chance.standard_normal((buildings, len(hour))))
    weather = np.tile(temperature.astype(np.float32), (buildings, 1))
    names = [f"b{n}" for n in range(buildings)]
    known = energy[:, :HOURS].astype(np.float32)
    return loads_of(
        names, START_H, known, ["Asia/Seoul"] * buildings, PerfectWeather(weather, np.full_like(weather, 60))
    )


def forecast(buildings: int, results) -> None:
    """Seconds for everything from history to a week of forecasts, and the memory it took at most (MB)."""
    history = loads(buildings)
    started = time.perf_counter()
    models = forecasters()
    archive = fit_and_test(history, HORIZON_H, models, 1).archive
    sites = [Building(n, name, name, "") for n, name in enumerate(history.names)]
    issued = predict_loads(sites, history, TARGET, archive, models, history.instant(HOURS))
    assert len(issued) == buildings
    results.put((time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def run(sizes: tuple[int, ...] = (60, 1000)) -> list[Figure]:
    """Each size in a process of its own."""
    figures: list[Figure] = []
    context = multiprocessing.get_context("spawn")
    for buildings in sizes:
        results = context.Queue()
        process = context.Process(target=forecast, args=(buildings, results))
        process.start()
        seconds, megabytes = results.get(timeout=1800)
        process.join()
        aim_s, aim_mb = AIMS.get(buildings, (240, 2048))
        figures.append(Figure(f"a week's forecasts of {buildings} buildings", seconds, "s", "the aim", aim_s))
        if aim_mb:
            figures.append(Figure(f"memory for {buildings} buildings", megabytes, "MB", "the aim", aim_mb))
    return figures


if __name__ == "__main__":
    for figure in run((int(sys.argv[1]),) if len(sys.argv) > 1 else (60, 1000)):
        print(figure)
