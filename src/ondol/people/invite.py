"""An administrator invites a person, looks who has not come yet, and takes an invitation back."""

from dataclasses import replace

from ondol.common.access import Access, no_building
from ondol.common.errors import AlreadyExists, NotFound
from ondol.common.messages import said
from ondol.people.links import LinkNeeds, hand_out, new_link, shown_address
from ondol.people.model import Invitation, MadeLink, MailKind, NewInvitation, Purpose
from ondol.people.rules import check_reach, checked_address


def invite(access: Access, new: NewInvitation, needs: LinkNeeds) -> MadeLink:
    """Make a link by which somebody opens an account of that role and reach; an older one to the same address ends.

    Raises NotAllowed, InvalidInput, NotFound for a building or tenant that does not exist, AlreadyExists when the address has an
    account.
    """
    access.require_administrator()
    email = checked_address(new.email)
    check_reach(new.role, new.buildings, new.tenants)
    _check_places(new, needs)
    if needs.accounts.user_of_address(email) is not None:
        raise AlreadyExists(
            said("the address %(email)s has an account already; change that one, or send a reset link", email=email)
        )
    link = replace(
        new_link(Purpose.INVITATION, email, access.who, needs),
        role=new.role, buildings=new.buildings, tenants=new.tenants, language=new.language,
    )  # fmt: skip
    made = hand_out(link, needs)
    needs.audit.record(access, "user invited", f"{link.key} {shown_address(email)} {new.role.value}")
    return made


def list_invitations(access: Access, needs: LinkNeeds) -> list[Invitation]:
    """Those that were not taken up and have not expired, the newest first. Raises NotAllowed."""
    access.require_administrator()
    waiting = {mail.link: mail for mail in needs.mails.all() if mail.kind is MailKind.INVITATION}
    return [
        Invitation(link, link.key in waiting, waiting[link.key].problem if link.key in waiting else None)
        for link in needs.links.all(Purpose.INVITATION, needs.sessions.clock())
    ]


def take_back_invitation(access: Access, key: str, needs: LinkNeeds) -> None:
    """End its link, also when it is on its way. Raises NotAllowed, NotFound."""
    access.require_administrator()
    known = {invitation.key for invitation in list_invitations(access, needs)}
    link = needs.links.remove(key) if key in known else None
    if link is None:
        raise NotFound(
            said("there is no invitation %(key)s; it was taken up, has expired or was taken back", key=repr(key))
        )
    needs.audit.record(access, "invitation taken back", f"{key} {shown_address(link.email)}")


def _check_places(new: NewInvitation, needs: LinkNeeds) -> None:
    keys = [building.key for building in needs.sites.buildings()]
    for key in new.buildings or ():
        if key not in keys:
            raise no_building(key)
    tenants = {tenant.key for key in keys for tenant in needs.sites.tenants(key)} if new.tenants else set[str]()
    for key in new.tenants:
        if key not in tenants:
            raise NotFound(f"there is no tenant {key!r}; GET /api/v1/tenants?building=KEY lists those of a building")
