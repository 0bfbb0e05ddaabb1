"""The map of an adoption as a file that spreadsheets open and save."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ondol.readings import Standing


def read_map(path: Path) -> str:
    """The map's text; spreadsheets in Korea write cp949."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read: {error}", param_hint="--map") from error
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise typer.BadParameter(f"{path} is neither UTF-8 nor CP949; save it as CSV UTF-8", param_hint="--map")


def write_map_file(path: Path, standing: "Standing") -> None:
    """Write what is understood, for somebody to say the rest."""
    from ondol.readings import map_of

    path.write_text(map_of(standing), "utf-8-sig")
    typer.echo(f"{path}: say there what each series is, then: ondol adopt influxdb --map {path}", err=True)
