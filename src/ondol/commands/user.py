"""`ondol user`: people who sign in."""

from contextlib import closing
from typing import Annotated

import typer

from ondol.people.model import Role

app = typer.Typer(help="People who sign in.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """People who sign in."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    email: Annotated[str, typer.Option(help="E-mail address.")],
    role: Annotated[Role, typer.Option(help="What the user may do.")] = Role.USER,
    password: Annotated[
        str | None, typer.Option(help="Left out, a good one is made and printed.", envvar="ONDOL_NEW_PASSWORD")
    ] = None,
) -> None:
    """Create a user."""
    from ondol.business_data import open_business_data
    from ondol.commands.settings import command_settings
    from ondol.common.clock import system_clock
    from ondol.people.manage_accounts import create_user

    with closing(open_business_data(command_settings())) as data:
        new = create_user(name, email, role, password, accounts=data.accounts, clock=system_clock)
    typer.echo(f"created user {name}" if password else f"created user {name}; password, shown only now: {new.password}")
