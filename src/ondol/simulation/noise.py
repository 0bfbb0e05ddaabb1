"""Randomness without memory: every value follows from (seed, name, index), so any stretch of time can be asked for alone."""

import math
from functools import lru_cache
from zlib import crc32

import polars as pl

from ondol.common.instants import SECOND_US

TAU = 2 * math.pi
_SIZE = 65_536
_MASK = (1 << 64) - 1


def uniform(seed: int, name: str, index: pl.Expr) -> pl.Expr:
    """Evenly distributed values in 0..1 for whole numbers >= 0."""
    stride, offset = _walk(name)
    return pl.lit(_table(seed)).gather((index.cast(pl.Int64) * stride + offset) % _SIZE)


def uniform_at(seed: int, name: str, index: int) -> float:
    """What `uniform` gives for one index."""
    stride, offset = _walk(name)
    return _table(seed)[(index * stride + offset) % _SIZE]


def jitter(seed: int, name: str, index: pl.Expr) -> pl.Expr:
    """Independent values in -1..1, most of them near 0 (the sum of two dice)."""
    return uniform(seed, name, index) + uniform(seed, f"{name}'", index) - 1


def drift(seed: int, name: str, time_us: pl.Expr, period_s: int) -> pl.Expr:
    """A smooth curve in -1..1 that changes its mind about every `period_s` seconds."""
    period_us = period_s * SECOND_US
    index, share = time_us // period_us, time_us % period_us / period_us
    before, after = uniform(seed, name, index), uniform(seed, name, index + 1)
    ease = share * share * (3 - 2 * share)
    return 2 * (before + (after - before) * ease) - 1


def rise(value: pl.Expr, middle: float | pl.Expr, width: float) -> pl.Expr:
    """A soft step from 0 to 1 around `middle`; nine tenths of it happen within about six widths."""
    return 1 / (1 + ((middle - value) / width).clip(-40, 40).exp())


def bump(value: pl.Expr, middle: float, width: float) -> pl.Expr:
    """A soft peak of height 1 at `middle`."""
    return (-(((value - middle) / width) ** 2)).exp()


@lru_cache(maxsize=4)
def _table(seed: int) -> pl.Series:
    """The seed's dice, thrown once (splitmix64)."""
    return pl.Series("dice", [_splitmix(seed * _SIZE + i) * 2.0**-53 for i in range(_SIZE)], pl.Float64)


def _splitmix(index: int) -> int:
    z = (index + 1) * 0x9E3779B97F4A7C15 & _MASK
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & _MASK
    return (z ^ (z >> 31)) >> 11


@lru_cache(maxsize=2048)
def _walk(name: str) -> tuple[int, int]:
    """The way through the table that a name takes: an odd stride and where it begins."""
    number = crc32(name.encode())
    return (number >> 7) % 8_191 * 2 + 1, number % _SIZE
