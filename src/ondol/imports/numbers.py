"""From texts to numbers: missing values, decimal commas, thousands separators."""

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.messages import said

_MISSING = ["", "-", "--", "—", "n/a", "na", "#n/a", "#value!", "null", "none", "nil", "\\n", "missing", "결측", "없음"]
_SAMPLE = 300
_FEW_DOTS = 2
_SPACED = r"^[+-]?\d{1,3}([\s\u00a0\u202f'’]\d{3})+([.,]\d+)?$"
_THOUSANDS_COMMA = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
_THOUSANDS_DOT = r"^[+-]?\d{1,3}(\.\d{3})+(,\d*)?$"
_DECIMAL_COMMA = r"^[+-]?(\d*|\d{1,3}([.\s\u00a0\u202f'’]\d{3})+),\d+([eE][+-]?\d+)?$"
_NUMERIC = r"^[+-]?[\d.,\s'’]*\d[\d.,]*([eE][+-]?\d+)?$"


def is_missing(texts: pl.Series) -> pl.Series:
    """Where a cell says that there is no value: blank, `-`, `N/A`, `null`."""
    return texts.str.to_lowercase().is_in(_MISSING).fill_null(True)


def numeric_share(texts: pl.Series) -> float | None:
    """Share of cells that look like numbers among the first that hold anything; None for an empty column."""
    held = texts.head(_SAMPLE).filter(~is_missing(texts.head(_SAMPLE)))
    if held.is_empty():
        held = texts.filter(~is_missing(texts))
    return None if held.is_empty() else len(held.filter(held.str.contains(_NUMERIC))) / len(held)


def finds_decimal_comma(columns: list[pl.Series], delimiter_is_comma: bool, file: str) -> bool:
    """Whether commas in the values mark decimals. Raises InvalidInput when `1,234` may be read both ways."""
    with_comma = [column.filter(column.str.contains(r"\d,\d")).alias("text") for column in columns]
    texts = pl.concat(with_comma) if with_comma else pl.Series("text", [], pl.String)
    is_decimal = texts.str.contains(_DECIMAL_COMMA) & ~texts.str.contains(_THOUSANDS_COMMA)
    decimals = len(texts.filter(is_decimal | texts.str.contains(r"^[+-]?0,\d+$")))
    thousands = len(texts.filter(texts.str.contains(r"^[+-]?\d{1,3}(,\d{3})+(,\d{3}|\.\d*)$")))
    if decimals != thousands:
        return decimals > thousands
    if texts.is_empty():
        _ask_about_dots(columns, file)
    if texts.is_empty() or delimiter_is_comma:
        return False
    raise InvalidInput(
        said(
            "%(file)s: %(texts)s may be a decimal comma or a thousands separator; give --decimal-comma or --no-decimal-comma.",
            file=file,
            texts=texts[0],
        )
    )


def _ask_about_dots(columns: list[pl.Series], file: str) -> None:
    """Raises InvalidInput when `1.643` among whole numbers may be a thousand and more: decimals have one or two digits, too."""
    for column in columns:
        held = column.filter(~is_missing(column))
        dotted = held.filter(held.str.contains(".", literal=True))
        if len(dotted) < _FEW_DOTS or not dotted.str.contains(r"^[+-]?[1-9]\d{0,2}(\.\d{3})+$").all():
            continue
        has_whole = len(dotted) < len(held)
        if has_whole or dotted.str.contains(r"\..*\.").any():
            raise InvalidInput(
                said(
                    "%(file)s: %(dotted)s in %(name)s may be a thousand and more or have three decimals; give --decimal-comma "
                    "if dots mark thousands, or --no-decimal-comma.",
                    file=file,
                    dotted=dotted[0],
                    name=repr(column.name),
                )
            )


def to_numbers(texts: pl.Series, decimal_comma: bool) -> pl.Series:
    """Float64 values; null where a text is no finite number."""
    if texts.str.contains(",", literal=True).any():
        texts = _without_commas(texts, decimal_comma)
    values = texts.cast(pl.Float64, strict=False)
    odd = values.is_null()
    if odd.any():
        spaced = odd & texts.str.contains(_SPACED)
        if spaced.any():
            joined = texts.zip_with(~spaced, texts.str.replace_all(r"[\s\u00a0\u202f'’]", ""))
            values = joined.cast(pl.Float64, strict=False)
    return values.set(~values.is_finite().fill_null(True), None)


def _without_commas(texts: pl.Series, decimal_comma: bool) -> pl.Series:
    """Texts as a program writes numbers; what fits neither way keeps its comma and so is refused."""
    if not decimal_comma:
        return texts.zip_with(~texts.str.contains(_THOUSANDS_COMMA), texts.str.replace_all(",", "", literal=True))
    grouped = texts.str.contains(_THOUSANDS_DOT)
    texts = texts.zip_with(~grouped, texts.str.replace_all(".", "", literal=True))
    single = texts.str.count_matches(",", literal=True) == 1
    return texts.zip_with(~(single & ~texts.str.contains(".", literal=True)), texts.str.replace(",", ".", literal=True))
