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
    from ondol.commands.settings import command_settings, operator
    from ondol.people import NewToken

    new = NewToken(
        name=name,
        scopes=frozenset(scope),
        buildings=frozenset(building) if building else None,
        may_register=register,
    )
    with closing(open_business_data(command_settings())) as data:
        _, secret = data.people.create_token(operator(), new)
    if json:
        import orjson

        typer.echo(orjson.dumps({"name": name, "token": secret}).decode())
    else:
        typer.echo(secret)
