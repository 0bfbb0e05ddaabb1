"""Mail as it is handed to a channel: what people and alarms have to say, and who carries it."""

import re
from dataclasses import dataclass
from typing import Protocol

from ondol.common.errors import OndolError
from ondol.common.keys import EMAIL

LONGEST_ADDRESS = 100


class MailNotSent(OndolError):
    """The mail did not leave; a later try may succeed. The message says why, without secrets or what the mail holds."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One plain text to one address."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Carries mail. Guarantee: when `send` returns, the server has taken the mail over; it takes seconds at most."""

    def send(self, mail: Mail) -> None:
        """Raises MailNotSent."""
        ...


def is_address(text: str) -> bool:
    """Whether it is one e-mail address: no list, no name beside it, no sign that a header would be cut at."""
    return len(text) <= LONGEST_ADDRESS and re.fullmatch(EMAIL, text) is not None
