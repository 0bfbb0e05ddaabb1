"""What keys and names that stand in URLs are made of, as patterns that Python, Rust and JavaScript read alike.

Letters of every script are welcome; beside them ASCII digits, dots, dashes and underscores, but no other sign of ASCII.
"""

_SPACES = r"{-\xa0\u1680\u2000-\u206f\u3000\ufeff"
_OTHERS = rf"\x00-,/:-@\[-\^`{_SPACES}"
_SIGN = rf"[^{_OTHERS}]"
OTHER_SIGNS = rf"[{_OTHERS}]+"
"""What stands in no key."""

KEY = rf"^[A-Za-z0-9]{_SIGN}{{0,63}}$"
POINT_KEY = rf"^[^\x00-,./:-@\[-\^`{_SPACES}]{_SIGN}{{0,199}}$"
"""No dot at the beginning: a path takes `.` and `..` for something else."""

USER_NAME = rf"^[^\x00-,/:-?\[-\^`{_SPACES}]{{2,50}}$"
TOKEN_NAME = r"^[^\x00- ./\x7f-\xa0][^\x00-\x1f/\x7f-\x9f]{0,99}$"  # noqa: S105  no secret: how a token may be named
_EMAIL_PART = r"[^@\x00-\x20\x7f-\xa0\"(),:;<>\[\]\\\u2028\u2029]+"
EMAIL = rf"^{_EMAIL_PART}@{_EMAIL_PART}$"
"""One address: no list, no name beside it, no sign that a header would be cut at."""

WITHOUT_NUL = r"^[^\x00]*$"
"""A text as people write it; no store keeps NUL."""

EXPLAINED = {
    KEY: "a key has 1 to 64 letters, digits, dots, dashes or underscores, and begins with a letter or digit",
    POINT_KEY: (
        "a point's key has 1 to 200 characters: letters, digits, dots, dashes and underscores, no dot at the beginning"
    ),
    USER_NAME: "a user name has 2 to 50 letters, digits, dots, dashes or underscores",
    TOKEN_NAME: "a token's name has 1 to 100 characters, no slash among them, and begins with no dot or space",
    EMAIL: "an e-mail address has one @, and no spaces, commas, quotes or brackets",
    WITHOUT_NUL: "it holds a NUL character; leave that out",
}
"""What each pattern wants, in words for whoever wrote something else."""
