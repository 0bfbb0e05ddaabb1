"""What columns are often asked, with the types that polars cannot tell."""

from collections.abc import Iterator

import polars as pl

from ondol.common.quality import Quality


def smallest(values: pl.Series) -> int:
    """The smallest of integers. Raises ValueError when there is none."""
    return _known(values.min())


def largest(values: pl.Series) -> int:
    """The largest of integers. Raises ValueError when there is none."""
    return _known(values.max())


def _known(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError("a column without any integer has no bounds")
    return value


def with_schema(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The columns of the schema, in its order and types. Raises polars' InvalidOperationError where a value does not fit."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def groups_by(
    frame: pl.DataFrame, *keys: str, maintain_order: bool = False
) -> Iterator[tuple[tuple[int, ...], pl.DataFrame]]:
    """The rows by the values of integer columns: `for (point_id,), rows in groups_by(frame, "point_id")`."""
    for values, rows in frame.group_by(*keys, maintain_order=maintain_order):
        yield tuple(map(_known, values)), rows


def flag_where(condition: pl.Expr, flag: Quality) -> pl.Expr:
    """The flag (one of the first eight, UInt8) where the condition is true, else 0."""
    return pl.when(condition).then(pl.lit(int(flag), pl.UInt8)).otherwise(pl.lit(0, pl.UInt8))
