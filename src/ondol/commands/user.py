"""`ondol user`: people who sign in."""

import sys
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
    from ondol.commands.settings import command_settings
    from ondol.common.access import COMMAND
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
        made = data.people.create_user(COMMAND, new)
    typer.echo(f"created user {name}" if password else f"created user {name}; {_shown(made.password)}")


@app.command()
def password(
    name: Annotated[str, typer.Argument(help="Who lost the password.")],
    password: Annotated[
        str | None, typer.Option(help="Left out, a good one is made and printed.", envvar="ONDOL_NEW_PASSWORD")
    ] = None,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read it from the standard input, where no list of processes shows it.")
    ] = False,
) -> None:
    """Give a user another password and end all their sessions."""
    from ondol.business_data import open_business_data
    from ondol.commands.settings import command_settings
    from ondol.common.access import COMMAND

    given = sys.stdin.readline().rstrip("\r\n") if stdin else password
    with closing(open_business_data(command_settings())) as data:
        made = data.people.reset_password(COMMAND, name, given)
    done = f"{name} has another password and is signed out everywhere"
    typer.echo(f"{done}; {_shown(made)}" if given is None else done)


def _shown(password: str) -> str:
    return f"password, shown only now and to be changed at the next sign-in: {password}"
