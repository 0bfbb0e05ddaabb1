"""Standing work of people."""

from ondol.common.instants import HOUR_S
from ondol.common.tasks import Task
from ondol.people.sign_in import SessionNeeds


def tasks(needs: SessionNeeds) -> list[Task]:
    """Sessions that have ended by themselves are forgotten."""
    return [Task("drop expired sessions", HOUR_S, lambda: needs.sessions.drop_expired(needs.clock()))]
