"""Errors that a person caused and can mend.

Each carries a sentence that says what is wrong and what to do next; doors (web, commands) show it as it is.
"""


class OndolError(Exception):
    """Base of every error with a message for the user."""


class InvalidInput(OndolError):
    """What was sent cannot be understood; nothing of it was stored."""


class NotFound(OndolError):
    """The thing that was named does not exist."""


class AlreadyExists(OndolError):
    """The key is taken."""


class Unconfirmed(OndolError):
    """What would be lost stands in the message; it is done when the person says that they mean it."""


class NotSignedIn(OndolError):
    """No valid session or token came with the request."""


class NotAllowed(OndolError):
    """The session or token is valid and may not do this."""


class PasswordChangeDue(NotAllowed):
    """The person signed in with a password that somebody else has seen, and may do nothing before choosing another."""


class TooManyAttempts(OndolError):
    """Throttled; `retry_after_s` says for how long."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class StoreUnavailable(OndolError):
    """A store cannot be reached or is owned by another process; trying again later may help."""


class WrongConfiguration(OndolError):
    """A setting names something that does not exist or lacks a needed driver."""
