"""`ondol forecast`: fit the models, issue forecasts, and test them on the past."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ondol.commands.weather import import_weather

if TYPE_CHECKING:
    from ondol.forecasts import Evaluation, Forecasts, Loads

app = typer.Typer(help="Forecasts of energy: fit, issue, and test on the past.", no_args_is_help=True)
app.command("weather")(import_weather)


@app.command("train")
def train(
    seed: Annotated[int, typer.Option(help="The same seed and history give the same models.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Fit the models of every quantity to the history of all buildings; the worker does so by itself once a week."""
    from ondol.commands.settings import operator

    with _forecasts() as forecasts:
        records = forecasts.train(operator(), seed=seed)
    if json:
        import orjson

        typer.echo(orjson.dumps({"models": records}).decode())
        return
    for record in records:
        score, naive = record.scores.cvrmse_pct, record.scores.naive_cvrmse_pct
        typer.echo(
            f"{record.quantity} {record.horizon_h} h: version {record.version} of {record.loads} buildings, "
            f"{record.data_from:%Y-%m-%d} to {record.data_until:%Y-%m-%d}; back-test CVRMSE {_figure(score)} %, "
            f"last week's curve {_figure(naive)} %"
        )
    if not records:
        typer.echo("no building has history of a main meter yet; import some, or let meters send")


@app.command("predict")
def predict(json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Issue forecasts of all buildings for the next day and the next week; the worker does so by itself every hour."""
    from ondol.commands.settings import operator

    with _forecasts() as forecasts:
        issued = forecasts.issue(operator())
        keys = forecasts.building_keys(operator())
    rows: list[dict[str, Any]] = [
        {
            "building": keys[forecast.building_id], "quantity": forecast.quantity, "horizon_h": forecast.horizon_h,
            "start": forecast.start, "total": round(sum(forecast.expected), 3), "model": forecast.model,
            "flags": forecast.flags.names,
        }
        for forecast in issued
    ]  # fmt: skip
    if json:
        import orjson

        typer.echo(orjson.dumps({"forecasts": rows}).decode())
        return
    for row in rows:
        noted = f" ({', '.join(row['flags'])})" if row["flags"] else ""
        typer.echo(
            f"{row['building']} {row['quantity']}: {row['total']:,.1f} in {row['horizon_h']} h from "
            f"{row['start']:%Y-%m-%d %H:%M}Z, {row['model']}{noted}"
        )
    if not rows:
        typer.echo("no building has recent history of a main meter; forecasts begin where its history ends now")


@app.command("keep-up")
def keep_up() -> None:
    """Score, fit and issue whatever is due; the worker does this by itself."""
    with _forecasts() as forecasts:
        forecasts.keep_up()


@app.command("evaluate")
def evaluate(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Folder of hourly CSV files, one a building: time,energy_kwh[,temperature_c,humidity_pct]."
        ),
    ] = None,
    building: Annotated[
        list[str] | None, typer.Option(help="Building of this installation, instead of a folder.")
    ] = None,
    quantity: Annotated[str, typer.Option(help="What is forecast of the buildings.")] = "electricity",
    protocol: Annotated[
        str, typer.Option(help="day (24 h ahead, every day) or week (168 h ahead, every week).")
    ] = "day",
    timezone: Annotated[
        str | None, typer.Option(help="Time zone of stamps without an offset; its country's holidays count.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Whose public holidays count, such as KR; default: that of the time zone.")
    ] = None,
    zero_is_missing: Annotated[bool, typer.Option("--zero-is-missing", help="A meter's 0 means no value.")] = False,
    test_start: Annotated[
        str | None,
        typer.Option(help="First day that is forecast; default: a year before the end, or the last quarter."),
    ] = None,
    test_end: Annotated[
        str | None, typer.Option(help="Last day that is forecast; default: the end of the data.")
    ] = None,
    no_weather: Annotated[bool, typer.Option("--no-weather", help="Forecast without weather.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same forecasts.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Forecast the past from what was known then, and show how good that was beside a naive forecast."""
    from ondol.forecasts import evaluate as evaluate_past
    from ondol.forecasts import forecasters

    _check_choice(protocol)
    if (folder is None) == (not building):
        raise typer.BadParameter("give a folder, or --building KEY", param_hint="FOLDER")
    loads, notes = (
        _of_folder(folder, timezone or "Asia/Seoul", zero_is_missing, country)
        if folder
        else _of_buildings(building or [], quantity, zero_is_missing)
    )
    if no_weather:
        loads = loads.without_weather()
    zone = loads.zones[0]
    with _progress(quiet=json) as progress:
        evaluation = evaluate_past(
            loads, protocol, forecasters(),
            first=_midnight(test_start, zone, "--test-start"),
            end=_midnight(test_end, zone, "--test-end", days_later=1),
            seed=seed, progress=progress,
        )  # fmt: skip
    if json:
        import orjson

        typer.echo(orjson.dumps(evaluation.document()).decode())
    else:
        _print(evaluation, notes)


def _of_folder(folder: Path, timezone: str, zero_is_missing: bool, country: str | None) -> "tuple[Loads, list[str]]":
    from ondol.forecasts import read_load_files

    read = read_load_files(folder, timezone, zero_is_missing=zero_is_missing, country=country)
    return read.loads, read.notes


def _of_buildings(keys: list[str], quantity: str, zero_is_missing: bool) -> "tuple[Loads, list[str]]":
    from dataclasses import replace

    import numpy as np

    from ondol.commands.settings import operator

    with _forecasts() as forecasts:
        loads = forecasts.imported_loads(operator(), keys, quantity)
    if zero_is_missing:
        loads = replace(loads, energy=np.where(loads.energy == 0, np.float32(np.nan), loads.energy))
    return loads, []


def _forecasts() -> "AbstractContextManager[Forecasts]":
    from ondol.bootstrap import open_forecasts
    from ondol.commands.settings import command_settings

    return open_forecasts(command_settings())


def _midnight(day: str | None, zone: str, option: str, days_later: int = 0) -> datetime | None:
    from datetime import date, timedelta
    from zoneinfo import ZoneInfo

    from ondol.common.calendar import midnight

    if day is None:
        return None
    try:
        return midnight(date.fromisoformat(day[:10]) + timedelta(days=days_later), ZoneInfo(zone))
    except ValueError as error:
        raise typer.BadParameter(f"{day!r} is no day such as 2019-01-01", param_hint=option) from error


def _check_choice(protocol: str) -> None:
    from ondol.forecasts import PROTOCOLS

    if protocol not in PROTOCOLS:
        raise typer.BadParameter(f"choose one of {', '.join(PROTOCOLS)}", param_hint="--protocol")


@contextmanager
def _progress(*, quiet: bool) -> Generator[Callable[[float], None]]:
    if quiet:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("forecasting the past", total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _print(evaluation: "Evaluation", notes: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for note in notes:
        console.print(f"- {note}", style="dim", highlight=False)
    document = evaluation.document()
    table = Table("building", "NRMSE %", "naive", "SMAPE %", "naive", "coverage of 90 %", "model", box=None)
    for row, naive in zip(document["buildings"], evaluation.naive_rows(), strict=True):
        table.add_row(
            row["name"], _figure(row["nrmse"]), _figure(naive["nrmse"]), _figure(row["smape"]), _figure(naive["smape"]),
            _share(row["coverage90"]), row["model"],
        )  # fmt: skip
    overall, naive = document["overall"], document["naive"]
    table.add_section()
    table.add_row(
        "median, mean", _figure(overall["nrmse_median"]), _figure(naive["nrmse_median"]), _figure(overall["smape"]),
        _figure(naive["smape"]), _share(overall["coverage90"]), "",
    )  # fmt: skip
    console.print(table)
    console.print(
        f"{document['origins']} origins a building, {document['protocol']} ahead; daily peak missed by "
        f"{_figure(overall['peak_mape'])} % (naive {_figure(naive['peak_mape'])} %); {document['seconds']:.0f} s",
        highlight=False,
    )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"
