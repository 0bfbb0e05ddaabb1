"""`ondol token`: API tokens."""

from contextlib import closing
from typing import Annotated

import typer

from ondol.common.access import Scope

app = typer.Typer(help="API tokens.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """API tokens."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the token is for, such as telegraf.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; repeat for several.")],
    building: Annotated[list[str] | None, typer.Option(help="Limit it to this building; repeat for several.")] = None,
    register: Annotated[bool, typer.Option("--register", help="It may create unknown points.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Create a token and print it, once."""
    from ondol.business_data import open_business_data
    from ondol.commands.settings import command_settings
    from ondol.common.clock import system_clock
    from ondol.people.manage_accounts import create_token

    with closing(open_business_data(command_settings())) as data:
        for key in building or []:
            data.directory.building(key)
        _, secret = create_token(
            name, scope, building, may_register=register, accounts=data.accounts, clock=system_clock
        )
    if json:
        import orjson

        typer.echo(orjson.dumps({"name": name, "token": secret}).decode())
    else:
        typer.echo(secret)
