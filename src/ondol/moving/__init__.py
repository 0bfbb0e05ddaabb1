"""Moving: an installation, or a file with the guide's tables, goes to other stores."""

from dataclasses import dataclass
from pathlib import Path

from ondol.history.ports import HistoryRecords
from ondol.moving.move_installation import InstallationMove, MoveNeeds, claim, move_installation
from ondol.moving.move_readings import Progress
from ondol.moving.sql.copy_tables import tables_of
from ondol.moving.sql.guide_tables import GuideReport, is_guide_file, take_in
from ondol.moving.unchanging import of_today, unchanging
from ondol.sites.ports import SiteRecords

__all__ = ["GuideReport", "InstallationMove", "Moving", "Progress"]


@dataclass(frozen=True)
class Moving:
    """Moves data into the stores of the settings; the source is never changed."""

    needs: MoveNeeds
    sites: SiteRecords
    history: HistoryRecords

    def move(self, original: Path, progress: Progress, *, dry_run: bool) -> InstallationMove | GuideReport:
        """Move an installation's SQLite file with all that lies beside it, or take in a file with the guide's tables.

        Raises InvalidInput when it is neither, AlreadyExists when the target holds other data.
        """
        with unchanging(original) as file:
            tables_of(file)
            if not is_guide_file(file):
                with of_today(file) as current:
                    return move_installation(original, current, self.needs, progress, dry_run=dry_run)
            if not dry_run:
                self.needs.database.upgrade()
                claim(original, file, self.needs.database)
            return take_in(file, self.needs.database, self.sites, self.history, dry_run=dry_run)
