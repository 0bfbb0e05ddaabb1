"""`make bench`: run the benchmarks that are named, or all, and print one table."""

import sys
from importlib import import_module

ALL = ["command_start", "disk", "reading", "ingest", "influxdb", "forecast"]


def main() -> None:
    """Print each figure as soon as it is known."""
    print("| figure | measured | yardstick | measured | ratio |\n|---|---|---|---|---|", flush=True)
    for name in sys.argv[1:] or ALL:
        for figure in import_module(f"benchmarks.{name}").run():
            print(figure, flush=True)


if __name__ == "__main__":
    main()
