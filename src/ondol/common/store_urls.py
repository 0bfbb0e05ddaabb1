"""URLs of stores: checked before anybody reads them, and shown without what is secret in them."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr

_SECRET = re.compile(r"pass|pw|token|secret|key|cred|auth|^p$", re.IGNORECASE)
_HIDDEN = "***"
_ADVICE = (
    "cannot be read: the forms are NAME:///FILE and NAME://USER:PASSWORD@HOST:PORT/NAME?OPTION=VALUE (docs/settings.md); "
    "within user, password and values write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25"
)
_PLACE = r"(?P<place>(?:\[[^\]@/?#]+\]|[^\s@:/?#\[\]]*)(?::\d{0,5})?(?:/[^@?#]*)?)"
_OPTION = "[^=&#]+=[^&#]*"
_OPTIONS = rf"(?:\?(?P<options>(?:{_OPTION}(?:&+{_OPTION})*)?&*))?"
_FORM = re.compile(rf"(?:(?P<user>[^@/?#\[\]]*)@)?{_PLACE}{_OPTIONS}")
# SQLAlchemy takes all until the first @ for user and password.
_FORM_OF_POSTGRESQL = re.compile(rf"(?:(?P<user>[^@]*)@)?{_PLACE}{_OPTIONS}")
_FORM_OF_FILES = re.compile(rf"(?P<user>(?!))?(?P<place>/[^?#]*){_OPTIONS}")


def check_url(url: str) -> None:
    """Raises ValueError when readers would not agree where the password ends: a part of it would be taken for a host, and shown."""
    if _read(url) is None:
        raise ValueError(_ADVICE)


def scheme_of(url: SecretStr) -> str:
    """`postgresql` of `postgresql+psycopg://...`: what names the store."""
    return url.get_secret_value().partition("://")[0].partition("+")[0]


def option_of(url: SecretStr, name: str) -> str | None:
    """What the URL's options say under that name; the last one where there are several."""
    options = parse_qsl(urlsplit(url.get_secret_value()).query, keep_blank_values=True)
    values = [value for option, value in options if option == name]
    return values[-1] if values else None


def secrets_of(url: str) -> list[str]:
    """The passwords and tokens of a URL, decoded."""
    parts = urlsplit(url)
    options = [value for name, value in parse_qsl(parts.query) if _SECRET.search(name)]
    return [secret for secret in (unquote(parts.password or ""), *options) if secret]


def masked(url: SecretStr) -> str:
    """The URL with its password, and whatever of its options may be secret, replaced by `***`, fit to print.

    Of one that cannot be read only the beginning is left.
    """
    text = url.get_secret_value()
    scheme, separator, _ = text.partition("://")
    found = _read(text)
    if found is None:
        return f"{scheme}://{_HIDDEN}" if separator else _HIDDEN
    options = found["options"]
    shown = "" if options is None else "?" + "&".join(map(_masked_option, options.split("&")))
    return f"{scheme}://{_masked_user(found['user'], _is_postgresql(text))}{found['place']}{shown}"


def _read(url: str) -> re.Match[str] | None:
    """The parts behind `://`; None when they cannot be told apart."""
    _, separator, rest = url.partition("://")
    try:
        urlsplit(url)
    except ValueError:
        # Its words quote the password; ours are said instead.
        return None
    if not separator:
        return None
    form = _FORM_OF_FILES if rest.startswith("/") else _FORM_OF_POSTGRESQL if _is_postgresql(url) else _FORM
    return form.fullmatch(rest)


def _masked_user(user: str | None, is_postgresql: bool) -> str:
    if user is None:
        return ""
    name, colon, _ = user.partition(":")
    if colon:
        return f"{name}:{_HIDDEN}@"
    # Alone it is a name for PostgreSQL; elsewhere it may be a password that lacks its colon.
    return f"{name}@" if is_postgresql else f"{_HIDDEN}@"


def _masked_option(option: str) -> str:
    name, equals, _ = option.partition("=")
    return f"{name}={_HIDDEN}" if equals and _SECRET.search(unquote(name)) else option


def _is_postgresql(url: str) -> bool:
    return url.lower().startswith("postgresql")
