"""Points: what people change of them once they are there. They move, go by other names, become one, and are deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from ondol.common.access import Access
from ondol.common.tasks import Task
from ondol.points import tasks
from ondol.points.change_point import PointEdit, edit_point
from ondol.points.clear_retired import clear_retired
from ondol.points.delete_point import delete_point, look_at_what_hangs
from ondol.points.merge_points import finish_merges, merge_points
from ondol.points.model import ChangePreview, Hanging, Joint, MergeOutcome
from ondol.points.name_point import add_name, names_of, take_name
from ondol.points.needs import PointNeeds
from ondol.points.preview_change import preview_change
from ondol.sites.model import Point, PointChange

__all__ = ["ChangePreview", "Hanging", "Joint", "MergeOutcome", "PointNeeds", "Points"]


@dataclass(frozen=True)
class Points:
    """Changes of points, for who may write to their whole building. Out of reach is NotFound."""

    needs: PointNeeds

    def change(
        self, access: Access, key: str, change: PointChange, *, building: str | None = None, forget_older: bool = False
    ) -> Point:
        """See change_point.py."""
        return edit_point(
            access, key, PointEdit(change=change, building=building, forget_older=forget_older), self.needs
        )

    def preview(self, access: Access, key: str, change: PointChange, building: str | None = None) -> ChangePreview:
        """See preview_change.py."""
        return preview_change(access, key, PointEdit(change=change, building=building), self.needs)

    def names(self, access: Access, points: Sequence[Point]) -> dict[str, list[str]]:
        """See name_point.py."""
        return names_of(access, points, self.needs)

    def add_name(self, access: Access, key: str, source: str) -> Point:
        """See name_point.py."""
        return add_name(access, key, source, self.needs)

    def take_name(self, access: Access, key: str, source: str) -> None:
        """See name_point.py."""
        take_name(access, key, source, self.needs)

    def merge(
        self, access: Access, key: str, into: str, *, swap: bool | None = None, accept_overlap: bool = False,
        dry_run: bool = False,
    ) -> MergeOutcome:  # fmt: skip
        """See merge_points.py."""
        return merge_points(access, key, into, self.needs, swap=swap, accept_overlap=accept_overlap, dry_run=dry_run)

    def hanging(self, access: Access, key: str) -> Hanging:
        """See delete_point.py."""
        return look_at_what_hangs(access, key, self.needs)

    def delete(self, access: Access, key: str, confirm: str | None) -> None:
        """See delete_point.py."""
        delete_point(access, key, confirm, self.needs)

    def tasks(self) -> list[Task]:
        """Standing work."""
        needs = self.needs
        return tasks.tasks(lambda: finish_merges(needs), lambda: clear_retired(needs))
