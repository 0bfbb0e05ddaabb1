"""A person's account is deleted: what is known of them goes, the audit keeps the user name as it was written."""

from ondol.common.access import Access
from ondol.common.errors import Unconfirmed
from ondol.people.end_session import end_all_sessions
from ondol.people.links import LinkNeeds
from ondol.people.model import no_user


def delete_user(access: Access, username: str, confirm: str | None, needs: LinkNeeds) -> None:
    """Sign the person out and forget e-mail address, name, language, reach, password and links. The user name stays taken: records
    of the audit cannot be written anew, and nobody shall be taken for who they name.

    `confirm` is the user name: without it nothing happens but Unconfirmed. Raises NotAllowed, also for the last administrator; NotFound.
    """
    access.require_administrator()
    if needs.accounts.user(username) is None:
        raise no_user(username)
    if confirm != username:
        raise Unconfirmed(
            f"all that is known of {username} but the user name would be gone for good; closing the account keeps it. "
            f"To delete it, send confirm={username}"
        )
    needs.accounts.delete_user(username, needs.sessions.clock())
    end_all_sessions(username, needs=needs.sessions, recognition=needs.recognition)
    needs.audit.record(access, "user deleted", username)
