"""Imports: meter files of many layouts, taken into history."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ondol.common.access import Access
from ondol.common.tasks import Task
from ondol.imports.files import read_file
from ondol.imports.import_file import import_file
from ondol.imports.import_history import ImportedSeries, ImportNeeds, ImportSummary, Otherwise
from ondol.imports.offer_file import Offer, look_at_offer, offer_file, take_offer
from ondol.imports.read_apart import ApartReader
from ondol.imports.running import RunningImport, noted, running_import
from ondol.imports.tasks import tasks

__all__ = [
    "ApartReader",
    "ImportSummary",
    "ImportedSeries",
    "Imports",
    "Offer",
    "Otherwise",
    "RunningImport",
    "read_file",
]


@dataclass(frozen=True)
class Imports:
    """Files of meters."""

    needs: ImportNeeds

    def import_file(
        self, access: Access, building_key: str, name: str, source: Path | bytes, given: Mapping[str, Any]
    ) -> ImportSummary:
        """See import_file.py."""
        return import_file(access, building_key, name, source, given, self.needs)

    def offer_file(self, access: Access, building_key: str, name: str, data: bytes, given: Mapping[str, Any]) -> Offer:
        """See offer_file.py."""
        return offer_file(access, building_key, name, data, given, self.needs)

    def look_at_offer(self, access: Access, building_key: str, key: str, given: Mapping[str, Any]) -> Offer:
        """See offer_file.py."""
        return look_at_offer(access, building_key, key, given, self.needs)

    def take_offer(self, access: Access, building_key: str, key: str, given: Mapping[str, Any]) -> ImportSummary:
        """See offer_file.py."""
        return take_offer(access, building_key, key, given, self.needs)

    def running(self, access: Access, building_key: str) -> RunningImport | None:
        """See running.py."""
        return running_import(access, building_key, cache=self.needs.cache)

    def noted(self, building_key: str, file: str) -> AbstractContextManager[None]:
        """Tell who looks at the building that it is being filled; see running.py."""
        return noted(building_key, file, self.needs.cache, self.needs.clock)

    def tasks(self) -> list[Task]:
        """Standing work: see tasks.py."""
        return tasks(self.needs)
