"""Columns as JSON lists, without a Python call for each value."""

import polars as pl

from ondol.common.quality import quality_name


def times_text(times_us: pl.Series) -> list[str]:
    """Microseconds UTC as RFC 3339, with a fraction only where one of the times has one."""
    whole = bool((times_us % 1_000_000 == 0).all())
    return (
        pl.from_epoch(times_us, "us")
        .dt.to_string("%Y-%m-%dT%H:%M:%SZ" if whole else "%Y-%m-%dT%H:%M:%S%.6fZ")
        .to_list()
    )


def quality_names(quality: pl.Series) -> list[str]:
    """`good`, the flags joined with `+`, or `missing` where there is no value."""
    flags = quality.to_list()
    names: dict[int | None, str] = {flag: quality_name(flag) for flag in set(flags) if flag is not None}
    return [names.get(flag, "missing") for flag in flags]
