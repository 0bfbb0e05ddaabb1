"""`ondol building`: buildings."""

from typing import Annotated

import typer

app = typer.Typer(help="Buildings.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Buildings."""


@app.command()
def create(
    key: Annotated[str, typer.Argument(help="Short name for URLs and point keys, such as b36.")],
    name: Annotated[str, typer.Option(help="Name that people read.")],
    address: Annotated[str, typer.Option(help="Postal address.")] = "",
    timezone: Annotated[str, typer.Option(help="IANA time zone of its calendar.")] = "Asia/Seoul",
    total_area_m2: Annotated[float | None, typer.Option(help="Gross floor area in square metres.")] = None,
    floors: Annotated[int | None, typer.Option(help="Number of floors.")] = None,
    building_type: Annotated[str | None, typer.Option(help="Such as office, school, hotel.")] = None,
    contract_power_kw: Annotated[float | None, typer.Option(help="Contract power in kW.")] = None,
) -> None:
    """Create a building."""
    from ondol.commands.settings import command_settings
    from ondol.commands.sites import create_building
    from ondol.sites import NewBuilding

    new = NewBuilding(
        key=key,
        name=name,
        address=address,
        timezone=timezone,
        total_area_m2=total_area_m2,
        floors=floors,
        building_type=building_type,
        contract_power_kw=contract_power_kw,
    )
    create_building(command_settings(), new)
    typer.echo(f"created building {key}")
