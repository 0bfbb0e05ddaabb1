"""Who calls the API: a program with a token, or a person with a session."""

from dataclasses import dataclass

from flask import g, request

from ondol.common.access import Scope
from ondol.common.errors import NotAllowed, NotSignedIn
from ondol.people.model import Token
from ondol.web.installation import ondol
from ondol.web.sessions import check_csrf


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `token` is None for a signed-in person."""

    name: str
    scopes: frozenset[Scope]
    token: Token | None = None

    def may_reach(self, building_key: str) -> bool:
        """Whether the caller may see and change the building."""
        return self.token is None or self.token.allows(building_key)

    def require_building(self, building_key: str) -> None:
        """Raises NotAllowed when the caller may not reach the building."""
        if not self.may_reach(building_key):
            raise NotAllowed(
                f"the token does not reach building {building_key!r}; use one made with --building {building_key}"
            )


def authenticate(scope: Scope) -> Caller:
    """The caller, who has the scope. Raises NotSignedIn or NotAllowed."""
    secret = _secret()
    if secret is not None:
        token = ondol().check_token(secret)
        caller = Caller(f"token {token.name}", token.scopes, token)
    elif g.session is not None:
        check_csrf()
        caller = Caller(g.session.username, g.session.role.scopes)
    else:
        raise NotSignedIn("sign in, or send a token: Authorization: Bearer TOKEN (make one with: ondol token create)")
    if scope not in caller.scopes and Scope.ADMIN not in caller.scopes:
        raise NotAllowed(
            f"this needs the scope {scope.value!r}; make a token with: ondol token create NAME --scope {scope.value}"
        )
    if scope is Scope.ADMIN and caller.token is not None and caller.token.buildings is not None:
        raise NotAllowed(
            "a token that is limited to buildings cannot manage users and tokens; use one without --building"
        )
    return caller


def _secret() -> str | None:
    """The token as API clients, InfluxDB 2 clients (`Token`) and InfluxDB 1 clients (password, `p`) send it."""
    header = request.headers.get("Authorization", "")
    kind, _, value = header.partition(" ")
    if kind.lower() in ("bearer", "token") and value.strip():
        # Telegraf's 1.x style in a 2.x header is "Token user:password".
        return value.strip().rpartition(":")[2]
    if request.authorization is not None and request.authorization.type == "basic":
        return request.authorization.password
    return request.args.get("p") if request.path == "/write" else None
