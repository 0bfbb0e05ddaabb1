"""Standing work of people."""

from ondol.common.instants import HOUR_S
from ondol.common.tasks import Task
from ondol.people.links import LinkNeeds
from ondol.people.send_mails import send_mails

MAILS_EVERY_S = 5


def tasks(needs: LinkNeeds) -> list[Task]:
    """Sessions and links that have ended by themselves are forgotten; mails leave."""

    def drop_expired() -> None:
        now = needs.sessions.clock()
        needs.sessions.sessions.drop_expired(now)
        needs.links.drop_expired(now)
        needs.mails.drop_expired(now)

    dropping = Task("drop expired sessions", HOUR_S, drop_expired)
    return (
        [dropping] if needs.mailer is None else [dropping, Task("send mails", MAILS_EVERY_S, lambda: send_mails(needs))]
    )
