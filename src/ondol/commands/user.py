"""`ondol user`: people who sign in."""

from contextlib import closing
from typing import Annotated

import typer

from ondol.common.access import Role

app = typer.Typer(help="People who sign in.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """People who sign in."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    email: Annotated[str, typer.Option(help="E-mail address.")],
    role: Annotated[Role, typer.Option(help="What the user may do.")] = Role.USER,
    building: Annotated[
        list[str] | None, typer.Option(help="Building in reach; repeat for several. Left out, all of them.")
    ] = None,
    tenant: Annotated[
        list[str] | None, typer.Option(help="For the role tenant: whose spaces they see; repeat for several.")
    ] = None,
    password: Annotated[
        str | None, typer.Option(help="Left out, a good one is made and printed.", envvar="ONDOL_NEW_PASSWORD")
    ] = None,
) -> None:
    """Create a user."""
    from ondol.business_data import open_business_data
    from ondol.commands.settings import command_settings, operator
    from ondol.people import NewUser

    new = NewUser(
        username=name,
        email=email,
        role=role,
        password=password,
        buildings=tuple(building) if building else None,
        tenants=tuple(tenant or ()),
    )
    with closing(open_business_data(command_settings())) as data:
        made = data.people.create_user(operator(), new)
    typer.echo(
        f"created user {name}" if password else f"created user {name}; password, shown only now: {made.password}"
    )
