"""Standing work: mails leave as soon as the server takes them, and wait while it does not."""

from dataclasses import replace
from datetime import timedelta

import structlog

from ondol.common.mail import MailNotSent
from ondol.people.letters import written
from ondol.people.links import LinkNeeds, make_secret, new_link
from ondol.people.model import Link, MailKind, Purpose, WaitingMail
from ondol.people.recognize import digest_of

_log = structlog.get_logger()
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 15, 1800


def send_mails(needs: LinkNeeds) -> int:
    """Send what is due; returns how many left. A link gets its secret here and is kept nowhere else.

    Raises MailNotSent when one did not leave, after all were tried: it is tried again later, ever less often, until it expires.
    """
    if needs.mailer is None:
        return 0
    now, sent, failure = needs.sessions.clock(), 0, None
    needs.mails.drop_expired(now)
    needs.links.drop_expired(now)
    for mail in needs.mails.due(now):
        try:
            sent += _send(mail, needs)
        except MailNotSent as error:
            failure = error
    if failure is not None:
        raise failure
    return sent


def _send(mail: WaitingMail, needs: LinkNeeds) -> bool:
    # Noted before: who is killed while sending does not begin anew at once.
    pause_s = min(_FIRST_PAUSE_S * 2**mail.tries, _LONGEST_PAUSE_S)
    due_at = needs.sessions.clock() + timedelta(seconds=pause_s)
    tried = replace(mail, tries=min(mail.tries + 1, 20), due_at=due_at, problem=None)
    link = _link_of(mail, needs)
    if _brings_a_link(mail) and link is None:
        needs.mails.remove(mail)
        return False
    tried = replace(tried, link=link.key if link else None)
    needs.mails.put(tried)
    secret = make_secret() if link else None
    if link and secret and needs.links.seal(link.key, digest_of(secret)) is None:
        needs.mails.remove(tried)
        return False
    place = f"{needs.rules.begin}/{link.purpose.path}/{secret}" if link else needs.rules.begin
    assert needs.mailer is not None
    try:
        needs.mailer.send(written(replace(mail, email=link.email if link else mail.email), place))
    except MailNotSent as error:
        needs.mails.put(replace(tried, problem=str(error)))
        raise
    needs.mails.remove(tried)
    _log.info("mail sent", kind=mail.kind.value)
    return True


def _brings_a_link(mail: WaitingMail) -> bool:
    return mail.kind not in (MailKind.ADDRESS_CHANGED, MailKind.APPROVED)


def _link_of(mail: WaitingMail, needs: LinkNeeds) -> Link | None:
    """The link that the mail brings, made where a stranger asked for it; None when there is none to bring."""
    if not _brings_a_link(mail):
        return None
    if mail.link is not None:
        return needs.links.get(mail.link)
    user = needs.accounts.user_of_address(mail.email)
    link = replace(new_link(Purpose(mail.kind.value), mail.email, "visitor", needs), language=mail.language)
    if mail.kind is MailKind.RESET and user is not None and user.is_active:
        link = replace(link, username=user.username, email=user.email, language=user.language)
    elif mail.kind is not MailKind.SIGN_UP or user is not None:
        return None
    needs.links.add(replace(link, expires_at=max(mail.expires_at, link.created_at)), None)
    return link
