"""What `ondol adopt` says: the series that were found, and what was taken of them."""

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from ondol.readings import Comparison, Standing


def listing(standing: "Standing") -> dict[str, Any]:
    from ondol.common.instants import format_instant

    series: list[dict[str, Any]] = []
    for it in standing.series:
        found, point = it.found, it.point or it.new
        meant = point or it.meant
        series.append(
            {
                "series": found.series.text, "measurement": found.series.measurement, "tags": dict(found.series.tags),
                "field": found.series.field, "readings": found.readings, "first": format_instant(found.first_us),
                "last": format_instant(found.last_us), "last_value": found.last_value, "unit_there": it.sent.unit or None,
                "point": point.key if point else None, "is_new": it.new is not None, "building": it.building_key,
                "quantity": meant.quantity, "unit": meant.unit, "kind": meant.kind, "why": it.why, "asked": it.asked,
                "is_adopted": it.adopted is not None,
            }
        )  # fmt: skip
    return {"from": standing.origin, "own_series": standing.own, "notes": standing.notes, "series": series}


def compared_series(it: "Comparison") -> dict[str, Any]:
    series = it.series
    return {
        "series": series.series.text, "point": series.point_key, "there": it.there, "read": series.read,
        "accepted": series.accepted, "refused": series.refused, "reasons": dict(series.reasons), "ok": it.is_equal,
        "difference": it.difference,
    }  # fmt: skip


def print_listing(standing: "Standing") -> None:
    from rich.console import Console
    from rich.table import Table

    rows = listing(standing)["series"]
    table = Table("series", "readings", "first", "last", "last value", "what it is", box=None)
    for it, row in zip(standing.series, rows, strict=True):
        what = f"{row['point']}: {row['quantity']} in {row['unit']}, {row['kind']}" if row["point"] else f"? {it.why}"
        state = " (adopted)" if row["is_adopted"] else f" (new, by {it.why})" if row["is_new"] else ""
        cells = (
            row["series"],
            f"{row['readings']:,}",
            row["first"],
            row["last"],
            f"{row['last_value']:g}",
            what + state,
        )
        table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    Console().print(table)
    asked = sum(1 for it in standing.series if it.asked)
    typer.echo(
        f"{len(rows):,} series in {standing.origin}, and {standing.own:,} of Ondol's own, which stay as they are"
    )
    if asked:
        typer.echo(f"{asked:,} cannot be told and are left: say what they are in a map (--write-map FILE)")
    for note in standing.notes:
        typer.echo(note, err=True)


def print_comparison(compared: "list[Comparison]") -> None:
    for it in compared:
        if it.difference:
            typer.echo(f"{it.series.series.text}: {it.there:,} there, {it.series.accepted:,} taken: {it.difference}")
    there, taken = sum(it.there for it in compared), sum(it.series.accepted for it in compared)
    differ = sum(1 for it in compared if not it.is_equal)
    typer.echo(f"{len(compared):,} series adopted: {there:,} readings there, {taken:,} taken; {differ:,} series differ")


def print_json(document: dict[str, Any]) -> None:
    import orjson

    typer.echo(orjson.dumps(document).decode())
