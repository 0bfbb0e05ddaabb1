"""Invitations, and links for lost passwords."""

from typing import Any

from flask import Response

from ondol.common.access import Scope
from ondol.people import Link, NewInvitation
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.shapes.accounts import UserName
from ondol.web.api.shapes.invitations import (
    InvitationAnswer,
    InvitationKey,
    InvitationList,
    MadeLinkAnswer,
    NewInvitationAnswer,
    NewInvitationBody,
)
from ondol.web.installation import ondol
from ondol.web.links import address_of


@operation("GET", "/api/v1/invitations", tag="users", scope=Scope.ADMIN, answer=InvitationList)
def list_invitations(call: Call) -> InvitationList:
    """List the invitations that nobody took up yet.

    The newest first; those that have expired are gone. `mail_problem` says why a mail did not leave yet; it is tried again.
    """
    found = ondol().people.invitations(call.access)
    return InvitationList(
        items=[InvitationAnswer(**_fields(it.link), mail_waits=it.waits, mail_problem=it.problem) for it in found],
        next=None,
    )


@operation(
    "POST", "/api/v1/invitations", tag="users", scope=Scope.ADMIN, body=NewInvitationBody,
    answer=Answer(NewInvitationAnswer, status=201, errors=[404, 409]),
)  # fmt: skip
def invite(call: Call) -> NewInvitationAnswer:
    """Invite a person.

    A link goes to the address by mail; without a mail server it is in the answer, and nowhere else, to be handed over. It works once,
    for seven days. Inviting an address again replaces the link.
    """
    body: NewInvitationBody = call.body
    new = NewInvitation(
        email=body.email,
        role=body.role,
        buildings=None if body.buildings is None else tuple(body.buildings),
        tenants=tuple(body.tenants),
        language=body.language,
    )
    made = ondol().people.invite(call.access, new)
    return NewInvitationAnswer(**_fields(made.link), mailed=made.secret is None, link=address_of(made))


@operation("DELETE", "/api/v1/invitations/{key}", tag="users", scope=Scope.ADMIN, answer=Answer(status=204))
def take_back(call: Call, key: InvitationKey) -> Response:
    """Take an invitation back."""
    ondol().people.take_back_invitation(call.access, key)
    return Response(status=204)


@operation(
    "POST", "/api/v1/users/{key}/reset-link", tag="users", scope=Scope.ADMIN, answer=Answer(MadeLinkAnswer, status=201)
)
def make_reset_link(call: Call, key: UserName) -> MadeLinkAnswer:
    """Make a link by which a person chooses another password.

    It goes by mail, or is in the answer to be handed over. It works once, for an hour, and signs the person out everywhere.
    """
    made = ondol().people.make_reset_link(call.access, key)
    return MadeLinkAnswer(expires_at=made.link.expires_at, mailed=made.secret is None, link=address_of(made))


def _fields(link: Link) -> dict[str, Any]:
    return {
        "key": link.key,
        "email": link.email,
        "role": link.role,
        "buildings": None if link.buildings is None else list(link.buildings),
        "tenants": list(link.tenants),
        "invited_by": link.made_by,
        "expires_at": link.expires_at,
    }
