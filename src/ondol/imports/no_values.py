"""Numbers that stand for no value: -999, 65535, and totals that stand below the rows they add up."""

import polars as pl

from ondol.common.messages import said

_CODES = (
    -999.0, -9999.0, -99999.0, -999999.0, -99.0, 999.0, 9999.0, 99999.0, 999999.0, 9999999.0, 65535.0, 65534.0, 32767.0, -32768.0,
    4294967295.0, 2147483647.0, -2147483648.0,
)  # fmt: skip
_FAR = 5.0
_FEWEST = 8
_SAME_SUM = 0.005


def without_codes(values: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Readings (`series`, `line`, `time_us`, `value`) without such numbers where they lie far from all others; notes on what went."""
    notes: list[str] = []
    is_code = pl.col("value").is_in(_CODES)
    if values.filter(is_code).height:
        others = (
            values.filter(~is_code)
            .group_by("series")
            .agg(pl.col("value").abs().max().alias("_most"), pl.len().alias("_n"))
        )
        joined = values.join(others, on="series", how="left", maintain_order="left")
        far = is_code & (pl.col("value").abs() > _FAR * pl.col("_most")) & (pl.col("_n") >= _FEWEST)
        gone = joined.filter(far)
        if gone.height:
            shown = ", ".join(f"{value:g}" for value in gone["value"].unique().sort().head(3))
            notes.append(
                said(
                    "%(count)s values were taken as missing, for %(code)s stands far from all others and is a code for no value.",
                    count=f"{gone.height:,}",
                    code=shown,
                )
            )
            values = joined.filter(~far.fill_null(value=False)).drop("_most", "_n")
    return _without_totals(values, notes)


def _without_totals(values: pl.DataFrame, notes: list[str]) -> tuple[pl.DataFrame, list[str]]:
    """Without a last reading that is the sum of all before it."""
    last = pl.col("value").last()
    sums = values.group_by("series").agg(
        (pl.col("value").sum() - last).alias("_sum"),
        last.alias("_last"),
        pl.col("line").last().alias("line"),
        pl.len().alias("_n"),
    )
    totals = sums.filter(
        (pl.col("_n") > _FEWEST)
        & (pl.col("_last") > 0)
        & ((pl.col("_last") - pl.col("_sum")).abs() <= _SAME_SUM * pl.col("_last"))
    )
    if totals.is_empty():
        return values, notes
    lines = ", ".join(str(line) for line in totals["line"].unique().sort().head(3))
    notes.append(
        said("The last value (line %(lines)s) is the sum of those before it and was left out as a total.", lines=lines)
    )
    return values.join(totals.select("series", "line"), on=["series", "line"], how="anti", maintain_order="left"), notes
