"""The portfolio: every building with today against the same weekday last week."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template

from ondol.history.compare_with_last_week import WeekComparison
from ondol.sites.model import Building
from ondol.web.installation import ondol
from ondol.web.pages.installation import is_recent, last_reading_at, require_sign_in, usage_quantities

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
    buildings = ondol().buildings()
    compared = ondol().compare_with_last_week([building.key for building in buildings])
    rows = [_row(building, compared[building.key]) for building in buildings]
    rows.sort(key=lambda row: (not row.comparison.has_data, row.building.name))
    return render_template("portfolio.html", rows=rows, total=_total([row.comparison for row in rows]))


def _row(building: Building, comparison: WeekComparison) -> Row:
    quantities = usage_quantities(ondol().directory.points(building.key))
    last = None if comparison.has_data else last_reading_at(building.key)
    quiet_since = None if is_recent(last) else last
    return Row(building, comparison, quantities[0] if quantities else "electricity", quiet_since)


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
