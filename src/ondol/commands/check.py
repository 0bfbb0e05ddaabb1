"""`ondol check`: each configured store, and what is wrong with it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ondol.config import Settings
    from ondol.stores.probes.report import StoreReport


def check(json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Look at each configured store: its version, how fast it answers, what is wrong and how to mend it."""
    from ondol.business_data import failed_tasks
    from ondol.commands.settings import command_settings

    settings = command_settings()
    reports = _reports(settings)
    failed = failed_tasks(settings) if reports[0][2].problem is None else []
    is_well = all(report.problem is None for _, _, report in reports) and not failed
    if json:
        from dataclasses import asdict

        import orjson

        stores: list[dict[str, Any]] = [
            {"store": store, "url": url, "ok": report.problem is None, **asdict(report)}
            for store, url, report in reports
        ]
        tasks = [
            {"task": it.task, "failures": it.failures, "last_at": it.last_at, "reason": it.reason} for it in failed
        ]
        typer.echo(orjson.dumps({"ok": is_well, "stores": stores, "failed_tasks": tasks}).decode())
    else:
        _print(reports)
        for it in failed:
            typer.echo(
                f"task {it.task!r} fails ({it.failures:,} times, last at {it.last_at:%Y-%m-%d %H:%M} UTC): {it.reason}"
            )
    if not is_well:
        raise typer.Exit(1)


def _reports(settings: "Settings") -> list[tuple[str, str, "StoreReport"]]:
    """Store, masked URL and report of each."""
    from importlib import import_module

    from ondol.common.errors import WrongConfiguration
    from ondol.common.store_urls import masked, scheme_of
    from ondol.stores.probes.report import ProbeContext, StoreReport

    context = ProbeContext(settings.home, settings.retention)
    found: list[tuple[str, str, StoreReport]] = []
    stores: dict[str, SecretStr] = {
        name: getattr(settings, name) for name in ("database", "timeseries", "cache", "objects")
    }
    if settings.smtp_url.get_secret_value():
        stores["mail"] = settings.smtp_url
    for store, url in stores.items():
        scheme = scheme_of(url)
        try:
            report = import_module(f"ondol.stores.probes.{scheme}").probe(url.get_secret_value(), context)
        except ModuleNotFoundError:
            report = StoreReport(
                problem=f"{scheme}:// cannot be used",
                advice=["docs/settings.md lists the URLs; pip install 'ondol[servers]'"],
            )
        except WrongConfiguration as error:
            report = StoreReport(problem=str(error))
        if store == "mail" and not settings.public_url:
            report.advice.append(
                f"links in mails begin with {settings.links_at}; set ONDOL_PUBLIC_URL if others cannot open that"
            )
        found.append((store, masked(url), report))
    return found


def _print(reports: list[tuple[str, str, "StoreReport"]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("store", "state", "version", "ms", "figures", "URL", box=None)
    for store, url, report in reports:
        figures = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in report.figures.items())
        latency = "" if report.latency_ms is None else f"{report.latency_ms:g}"
        table.add_row(store, "away" if report.problem else "ok", report.version, latency, figures, url)
    console = Console()
    console.print(table)
    for store, _, report in reports:
        if report.problem:
            console.print(f"{store}: {report.problem}", highlight=False, markup=False)
        for advice in report.advice:
            console.print(f"{store}: to do: {advice}", highlight=False, markup=False)
