"""Mail by SMTP: `smtp://USER:PASSWORD@HOST:587?from=ADDRESS`, encrypted by STARTTLS when the server offers it."""

import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from urllib.parse import parse_qsl, unquote, urlsplit

from ondol.common.errors import WrongConfiguration
from ondol.common.mail import Mail, MailNotSent, is_address

TIMEOUT_S = 10
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over, and as whom. `is_tls`: the connection begins encrypted."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    is_tls: bool

    def send(self, mail: Mail) -> None:
        """See the port."""
        message = _message(mail, self.sender)
        with self._said(), self.connected() as server:
            server.send_message(message, self.sender, [mail.to])

    def greet(self) -> str:
        """Sign in and say nothing: what the server calls itself. Raises MailNotSent."""
        with self._said(), self.connected() as server:
            return (server.ehlo_resp or b"").decode("utf-8", "replace").partition("\n")[0][:80]

    @contextmanager
    def connected(self) -> Generator[smtplib.SMTP]:
        """A connection on which mail may be sent."""
        context = ssl.create_default_context()
        if self.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        with server:
            server.ehlo()
            if not self.is_tls and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not self.is_tls and self.user and self.host not in _HERE:
                raise MailNotSent(
                    f"{self.host} offers no encryption, and the password would be readable on its way; use smtps://"
                )
            if self.user:
                server.login(self.user, self.password)
            yield server

    @contextmanager
    def _said(self) -> Generator[None]:
        """Errors in words: those of the library quote what was sent."""
        place = f"{self.host}:{self.port}"
        try:
            yield
        except smtplib.SMTPAuthenticationError as error:
            raise MailNotSent(f"{place} refuses user or password; correct ONDOL_SMTP_URL") from error
        except smtplib.SMTPRecipientsRefused as error:
            raise MailNotSent(f"{place} refuses the receiver's address") from error
        except smtplib.SMTPSenderRefused as error:
            raise MailNotSent(f"{place} refuses the sender {self.sender}; set ?from= in ONDOL_SMTP_URL") from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailNotSent(f"{place} cannot do what the mail needs (signing in, or such an address)") from error
        except smtplib.SMTPResponseException as error:
            raise MailNotSent(f"{place} answers {error.smtp_code}") from error
        except ssl.SSLError as error:
            raise MailNotSent(f"{place}: the encryption failed ({error.reason or type(error).__name__})") from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent(f"{place} does not answer ({type(error).__name__})") from error


def open_channel(url: str, *, is_tls: bool = False) -> SmtpServer:
    """The server that the URL names; nothing is connected yet. Raises WrongConfiguration."""
    parts = urlsplit(url)
    user, host = unquote(parts.username or ""), parts.hostname
    sender = dict(parse_qsl(parts.query)).get("from") or (user if "@" in user else f"ondol@{host}")
    if not host or not is_address(sender):
        raise WrongConfiguration(
            "ONDOL_SMTP_URL is smtp://USER:PASSWORD@HOST:587?from=ADDRESS; host or sender's address is missing"
        )
    port = parts.port or (465 if is_tls else 587)
    return SmtpServer(host, port, user, unquote(parts.password or ""), sender, is_tls)


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address("Ondol", addr_spec=sender)
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = mail.subject
    except Exception as error:  # the library raises several kinds, each for an address that is none
        raise MailNotSent("the address or the subject cannot stand in a mail") from error
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
