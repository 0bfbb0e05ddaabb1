"""`ondol config`: what is in force and where it came from."""

from typing import Annotated

import typer


def show(json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Show every setting in force and where it came from; secrets are masked."""
    from pydantic import SecretStr

    from ondol.commands.settings import command_settings
    from ondol.common.store_urls import masked
    from ondol.config import PREFIX, Settings, origin

    settings = command_settings()
    rows: list[dict[str, str]] = []
    for name in Settings.model_fields:
        value = getattr(settings, name.removesuffix("_url"), None) or getattr(settings, name)
        shown = masked(value) if isinstance(value, SecretStr) and name.endswith("_url") and value else str(value)
        rows.append({"setting": (PREFIX + name).upper(), "value": shown, "from": origin(name)})
    if json:
        import orjson

        typer.echo(orjson.dumps({"settings": rows}).decode())
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("setting", "value", "from", box=None)
    for row in rows:
        table.add_row(row["setting"], row["value"], row["from"])
    Console().print(table)
