"""Is every store reachable? The same as `ondol check`."""

import typer

from ondol.commands.check import check

if __name__ == "__main__":
    typer.run(check)
