"""Objects in a folder: can it be written, and is there room on its disk?"""

import os
from pathlib import Path

from ondol.common.errors import StoreUnavailable
from ondol.stores.objects.file import open_store
from ondol.stores.probes import median_ms
from ondol.stores.probes.report import ProbeContext, StoreReport
from ondol.stores.probes.sqlite import disk_advice


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`. A folder that is not there yet is made with the first object."""
    objects = open_store(url)
    there = _nearest(objects.folder)
    if not (there.is_dir() and os.access(there, os.R_OK | os.W_OK | os.X_OK)):
        return StoreReport(
            problem=f"{there} cannot be written", advice=[f"check the rights of {there}, or ONDOL_OBJECTS_URL"]
        )
    try:
        figures = {"objects": len(objects.list(""))}
        latency_ms = median_ms(lambda: objects.exists("ondol-check"))
    except StoreUnavailable as error:
        return StoreReport(problem=str(error), advice=[f"check the rights of {objects.folder}"])
    return StoreReport("folder", latency_ms, None, disk_advice(there / "any"), figures)


def _nearest(folder: Path) -> Path:
    """The folder, or the first above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())
