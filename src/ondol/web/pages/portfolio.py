"""The portfolio: every building with today against the same weekday last week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template

from ondol.history import WeekComparison
from ondol.sites import Building, Point
from ondol.web.installation import access, ondol
from ondol.web.pages.installation import is_recent, require_sign_in, usage_quantities

blueprint = Blueprint("portfolio", __name__)
blueprint.before_request(require_sign_in)


@dataclass(frozen=True, slots=True)
class Row:
    """One building; `quiet_since` is its last reading when it is not running now, `quantity` what its line draws."""

    building: Building
    comparison: WeekComparison
    quantity: str
    quiet_since: datetime | None


@blueprint.get("/")
def show() -> str:
    """The table of buildings and the totals over those that report."""
    buildings = ondol().sites.buildings(access())
    compared = ondol().history.compare_with_last_week(access(), buildings)
    last_seen = ondol().history.last_seen(access(), buildings)
    points: dict[str, list[Point]] = defaultdict(list)
    for point in ondol().sites.points(access()):
        points[point.building_key].append(point)
    rows = [_row(b, points[b.key], compared[b.key], last_seen.get(b.key)) for b in buildings]
    rows.sort(key=lambda row: (not row.comparison.has_data, row.building.name))
    return render_template(
        "portfolio.html",
        rows=rows,
        total=_total([row.comparison for row in rows]),
        is_limited=access().buildings is not None,
        is_tenant=access().spaces is not None,
    )


def _row(building: Building, points: list[Point], comparison: WeekComparison, last_seen: datetime | None) -> Row:
    quantities = usage_quantities(points)
    is_quiet = not comparison.has_data and not is_recent(last_seen)
    return Row(building, comparison, quantities[0] if quantities else "electricity", last_seen if is_quiet else None)


def _total(comparisons: list[WeekComparison]) -> dict[str, float | int | None]:
    """Sums over the buildings that report today; the change counts only those that have a last week too."""
    reporting = [comparison for comparison in comparisons if comparison.has_data]
    comparable = [comparison for comparison in reporting if comparison.change_share is not None]
    before = sum(comparison.last_week_kwh for comparison in comparable)
    after = sum(comparison.today_kwh for comparison in comparable)
    return {
        "reporting": len(reporting),
        "today_kwh": sum(comparison.today_kwh for comparison in reporting) if reporting else None,
        "last_week_kwh": before if comparable else None,
        "change": after / before - 1 if before else None,
    }
