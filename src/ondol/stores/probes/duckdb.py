"""DuckDB: the file belongs to the server that runs, so only its place is looked at."""

from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from ondol.stores.probes import median_ms
from ondol.stores.probes.report import ProbeContext, StoreReport
from ondol.stores.probes.sqlite import disk_advice


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`."""
    path = Path(urlsplit(url).path[1:])
    if not path.is_file():
        return StoreReport(problem=f"{path} does not exist", advice=["start Ondol once, it makes it: ondol serve"])
    latency_ms = median_ms(lambda: path.open("rb").close())
    return StoreReport(duckdb.__version__, latency_ms, None, disk_advice(path), {"size_bytes": path.stat().st_size})
