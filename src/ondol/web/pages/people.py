"""People: who has an account, who is invited, and what they may do. For administrators."""

from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ondol.common.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound, Unconfirmed
from ondol.people import MadeLink, NewInvitation, Role, User, UserChange
from ondol.sites import UNCHANGED
from ondol.web.installation import access, ondol
from ondol.web.links import address_of
from ondol.web.messages import in_words
from ondol.web.pages.installation import require_sign_in
from ondol.web.pages.visitors import Answer

MOST = 50
blueprint = Blueprint("people", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/people")
def show() -> str:
    """Those that the search lets through, a page at a time, and the invitations."""
    return _list()


@blueprint.post("/invitations")
def invite() -> Answer:
    """Send a link, or show it once to be handed over."""
    role, buildings, tenants = _reach()
    new = NewInvitation(
        email=request.form.get("email", ""), role=role, buildings=buildings, tenants=tenants,
        language=request.form.get("language"),
    )  # fmt: skip
    try:
        made = ondol().people.invite(access(), new)
    except (InvalidInput, AlreadyExists, NotFound) as error:
        return _list(problem=in_words(error)), 400
    return _list(made=made), 200


@blueprint.post("/invitations/take-back")
def take_back() -> Response:
    """End an invitation."""
    ondol().people.take_back_invitation(access(), request.form.get("key", ""))
    return redirect(url_for("people.show"), 303)


@blueprint.get("/people/<name>")
def look(name: str) -> str:
    """One person: what they may do, and what may be done with the account."""
    return _person(name)


@blueprint.post("/people/<name>")
def change(name: str) -> Answer | Response:
    """What the pressed button says."""
    deed = request.form.get("deed")
    try:
        if deed == "reset":
            return _person(name, made=ondol().people.make_reset_link(access(), name)), 200
        if deed == "delete":
            ondol().people.delete_user(access(), name, request.form.get("confirm", "").strip())
            return redirect(url_for("people.show"), 303)
        ondol().people.change_user(access(), name, _change(deed))
    except Unconfirmed:
        problem = gettext(
            "To delete the account, enter its user name. All else that is known of the person will be gone."
        )
        return _person(name, problem=problem), 409
    except InvalidInput as error:
        return _person(name, problem=in_words(error)), 400
    except NotAllowed as error:
        access().require_administrator()
        return _person(name, problem=in_words(error)), 403
    return redirect(url_for("people.look", name=name), 303)


def _change(deed: str | None) -> UserChange:
    if deed in ("close", "reopen"):
        return UserChange(is_active=deed == "reopen")
    role, buildings, tenants = _reach()
    is_tenant = role is Role.TENANT
    return UserChange(
        role=role,
        buildings=UNCHANGED if is_tenant else buildings,
        tenants=tenants,
        is_active=True if deed == "approve" else None,
    )


def _reach() -> tuple[Role, tuple[str, ...] | None, tuple[str, ...]]:
    """Role, buildings and tenants of the form; buildings are those that are ticked, unless all are."""
    try:
        role = Role(request.form.get("role", Role.USER.value))
    except ValueError as error:
        raise InvalidInput("choose one of the roles") from error
    if role is Role.ADMIN:
        return role, None, ()
    if role is Role.TENANT:
        return role, None, tuple(request.form.getlist("tenant"))
    return role, None if "all" in request.form else tuple(request.form.getlist("building")), ()


def _list(made: MadeLink | None = None, problem: str | None = None) -> str:
    wanted = request.args.get("q", "").strip().casefold()[:100]
    found = [user for user in ondol().people.users(access()) if _is_meant(user, wanted)]
    page = int(number) if (number := request.args.get("page", "0")).isascii() and number.isdecimal() else 0
    first = min(page, len(found)) * MOST
    return render_template(
        "people.html",
        people=found[first : first + MOST],
        number=len(found),
        page=page,
        has_more=len(found) > first + MOST,
        wanted=request.args.get("q", ""),
        invitations=ondol().people.invitations(access()),
        made=made,
        made_at=address_of(made) if made else None,
        problem=problem,
        given=request.form,
        **_choices(),
    )


def _is_meant(user: User, wanted: str) -> bool:
    return any(wanted in (text or "").casefold() for text in (user.username, user.name, user.email, user.role.value))


def _person(name: str, made: MadeLink | None = None, problem: str | None = None) -> str:
    found = [user for user in ondol().people.users(access()) if user.username == name]
    if not found:
        raise NotFound("there is no such person; the list of people has those that exist")
    return render_template(
        "person.html",
        person=found[0],
        sessions=ondol().people.sessions(access(), name),
        made=made,
        made_at=address_of(made) if made else None,
        problem=problem,
        **_choices(),
    )


def _choices() -> dict[str, object]:
    buildings = ondol().sites.buildings(access())
    return {
        "roles": [role.value for role in Role],
        "buildings": buildings,
        "tenants": [tenant for building in buildings for tenant in ondol().sites.tenants(access(), building.key)],
        "zone": ZoneInfo(ondol().settings.timezone),
        "has_mail": ondol().people.has_mail(),
    }
