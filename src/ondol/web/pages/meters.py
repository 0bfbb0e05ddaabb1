"""The tree of meters: what counts as the building's use, what is a part of it, and what no submeter accounts for."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ondol.common.access import Scope
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.messages import said
from ondol.history import Meter, MeterQuestion, MeterTree
from ondol.sites import PointChange, PointRole
from ondol.web.installation import access, ondol
from ondol.web.messages import in_words
from ondol.web.pages.imports import role_names
from ondol.web.pages.installation import now, require_sign_in, usage_quantities

blueprint = Blueprint("meters", __name__)
blueprint.before_request(require_sign_in)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a meter, or with `meter` None the rest of the one above it."""

    depth: int
    meter: Meter | None
    usage: float | None
    share: float | None


@blueprint.get("/buildings/<key>/meters")
def show(key: str, problem: str | None = None) -> str:
    """The tree over a month (`?month=2026-01`) of a quantity."""
    building = ondol().sites.building(access(), key)
    points = ondol().sites.points(access(), key)
    quantities = sorted({point.quantity for point in points if point.usage_unit}) or ["electricity"]
    usual = (usage_quantities(points) or quantities)[0]
    quantity = request.values.get("quantity", usual)
    last_seen = ondol().history.last_seen(access(), [building]).get(key) or now()
    month = _month(request.values.get("month")) or last_seen.astimezone(building.zone).date().replace(day=1)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    asked = MeterQuestion(
        building_key=key, quantity=quantity if quantity in quantities else usual, first=month, last=last
    )
    tree = ondol().history.look_up_meters(access(), asked)
    return render_template(
        "meters.html",
        building=building, tree=tree, rows=rows_of(tree), others=[Row(0, m, m.usage, None) for m in tree.others],
        quantities=quantities, month=f"{month:%Y-%m}", roles=role_names(), problem=problem,
        may_change=Scope.WRITE in access().scopes and access().spaces is None,
        mains=[point for point in points if point.quantity == tree.quantity and point.usage_unit],
    )  # fmt: skip


@blueprint.post("/buildings/<key>/meters")
def change(key: str) -> Response | tuple[str, int]:
    """Give a meter another role, or another meter in front of it."""
    main = request.form.get("submeter_of", "")
    try:
        point = ondol().sites.point(access(), request.form.get("point", ""))
        if point.building_key != key:
            raise NotFound(
                said("there is no point %(key)s; GET /api/v1/points lists those that exist", key=repr(point.key))
            )
        wanted = PointChange(role=_role(request.form.get("role", "")), submeter_of=main or None)
        ondol().sites.change_point(access(), point.key, wanted)
    except InvalidInput as error:
        return show(key, in_words(error)), 400
    quantity, month = request.form.get("quantity") or None, request.form.get("month") or None
    return redirect(url_for("meters.show", key=key, quantity=quantity, month=month), 303)


def rows_of(tree: MeterTree) -> list[Row]:
    """The tree as lines, each submeter below its meter, and below them the rest that none of them accounts for."""

    def lines(meter: Meter, depth: int) -> list[Row]:
        own = [Row(depth, meter, meter.usage, _share(meter.usage, tree.total))]
        below = [row for part in meter.behind for row in lines(part, depth + 1)]
        rest = [Row(depth + 1, None, meter.rest, _share(meter.rest, tree.total))] if meter.behind else []
        return [*own, *below, *rest]

    rows = [row for main in tree.mains for row in lines(main, 0)]
    rows += [row for part in tree.parts for row in lines(part, 1)]
    return rows + ([Row(1, None, tree.rest, _share(tree.rest, tree.total))] if tree.parts else [])


def _share(usage: float | None, total: float | None) -> float | None:
    return usage / total if usage is not None and total else None


def _role(text: str) -> PointRole:
    try:
        return PointRole(text)
    except ValueError:
        raise InvalidInput(
            said("%(text)s is no role: %(pointrole)s", text=repr(text[:40]), pointrole=", ".join(PointRole))
        ) from None


def _month(text: str | None) -> date | None:
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if 1970 <= month.year <= 2100 else None
