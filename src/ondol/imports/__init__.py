"""Imports: meter files of many layouts, taken into history."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ondol.common.access import Access
from ondol.imports.files import read_file
from ondol.imports.import_file import import_file
from ondol.imports.import_history import ImportedSeries, ImportNeeds, ImportSummary
from ondol.imports.read_apart import ApartReader

__all__ = ["ApartReader", "ImportSummary", "ImportedSeries", "Imports", "read_file"]


@dataclass(frozen=True)
class Imports:
    """Files of meters."""

    needs: ImportNeeds

    def import_file(
        self, access: Access, building_key: str, name: str, source: Path | bytes, given: Mapping[str, Any]
    ) -> ImportSummary:
        """See import_file.py."""
        return import_file(access, building_key, name, source, given, self.needs)
