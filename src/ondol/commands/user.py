"""`ondol user`: people who sign in."""

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from ondol.common.access import Role

if TYPE_CHECKING:
    from ondol.people import UserChange

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
    typer.echo(f"created user {name}" if password else f"created user {name}; {_shown(made.password)}")


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Address to invite.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.USER,
    building: Annotated[
        list[str] | None, typer.Option(help="Building in reach; repeat for several. Left out, all of them.")
    ] = None,
    tenant: Annotated[
        list[str] | None, typer.Option(help="For the role tenant: whose spaces they see; repeat for several.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language of the mail: ko or en.")] = None,
) -> None:
    """Invite a person: a link goes by mail, or is printed to be handed over where there is no mail server."""
    from ondol.business_data import open_business_data
    from ondol.commands.settings import command_settings, operator
    from ondol.people import NewInvitation

    new = NewInvitation(
        email=email,
        role=role,
        buildings=tuple(building) if building else None,
        tenants=tuple(tenant or ()),
        language=language,
    )
    settings = command_settings()
    with closing(open_business_data(settings)) as data:
        made = data.people.invite(operator(), new)
    if made.secret is None:
        typer.echo(
            f"the running server mails the link to {email}; it works once, until {made.link.expires_at:%Y-%m-%d}"
        )
        return
    link = f"{settings.links_at}/{made.link.purpose.path}/{made.secret}"
    typer.echo(
        f"hand this link over, it is shown only now and works once, until {made.link.expires_at:%Y-%m-%d}: {link}"
    )


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
    from ondol.commands.settings import command_settings, operator

    given = sys.stdin.readline().rstrip("\r\n") if stdin else password
    with closing(open_business_data(command_settings())) as data:
        made = data.people.reset_password(operator(), name, given)
    done = f"{name} has another password and is signed out everywhere"
    typer.echo(f"{done}; {_shown(made)}" if given is None else done)


@app.command()
def change(
    name: Annotated[str, typer.Argument(help="Whose role or reach changes.")],
    role: Annotated[Role | None, typer.Option(help="What the user may do from now on.")] = None,
    building: Annotated[
        list[str] | None, typer.Option(help="Building in reach, instead of those before; repeat for several.")
    ] = None,
    all_buildings: Annotated[bool, typer.Option("--all-buildings", help="All buildings in reach.")] = False,
    tenant: Annotated[
        list[str] | None, typer.Option(help="For the role tenant: whose spaces they see, instead of those before.")
    ] = None,
) -> None:
    """Change what a user may do and reach; who is signed in stays so."""
    from ondol.people import UserChange
    from ondol.sites import UNCHANGED

    if building and all_buildings:
        raise typer.BadParameter("give --building or --all-buildings, not both")
    buildings = tuple(building) if building else None if all_buildings else UNCHANGED
    _change(name, UserChange(role=role, buildings=buildings, tenants=tuple(tenant) if tenant else UNCHANGED))
    typer.echo(f"changed user {name}")


@app.command()
def close(name: Annotated[str, typer.Argument(help="Whose account is closed.")]) -> None:
    """Close an account: its sessions end, nobody signs in with it, its name stays taken."""
    from ondol.people import UserChange

    _change(name, UserChange(is_active=False))
    typer.echo(f"closed the account of {name}; ondol user reopen {name} opens it again")


@app.command()
def reopen(name: Annotated[str, typer.Argument(help="Whose account is opened again.")]) -> None:
    """Open a closed account again, with the password, role and reach that it had."""
    from ondol.people import UserChange

    _change(name, UserChange(is_active=True))
    typer.echo(f"opened the account of {name} again")


def _change(name: str, change: "UserChange") -> None:
    from ondol.business_data import open_business_data
    from ondol.commands.settings import command_settings, operator

    with closing(open_business_data(command_settings())) as data:
        data.people.change_user(operator(), name, change)


def _shown(password: str) -> str:
    return f"password, shown only now and to be changed at the next sign-in: {password}"
