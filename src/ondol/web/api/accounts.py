"""Users and tokens."""

from flask import Response, g

from ondol.common.access import Scope
from ondol.people import NewToken, NewUser, PasswordChange, Role, Token, User, UserChange
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.shapes.accounts import (
    DeletionQuery,
    NewTokenAnswer,
    NewTokenBody,
    NewUserAnswer,
    NewUserBody,
    PasswordBody,
    TokenAnswer,
    TokenList,
    TokenName,
    UserAnswer,
    UserChangeBody,
    UserList,
    UserName,
)
from ondol.web.installation import ondol


@operation("GET", "/api/v1/users", tag="users", scope=Scope.ADMIN, answer=UserList)
def list_users(call: Call) -> UserList:
    """List the users."""
    users = ondol().people.users(call.access)
    return UserList(items=[_user_answer(user) for user in users], next=None)


@operation(
    "POST", "/api/v1/users", tag="users", scope=Scope.ADMIN, body=NewUserBody,
    answer=Answer(NewUserAnswer, status=201, errors=[404, 409]),
)  # fmt: skip
def add_user(call: Call) -> NewUserAnswer:
    """Create a user."""
    body: NewUserBody = call.body
    new = NewUser(
        username=body.key,
        email=body.email,
        role=body.role,
        password=body.password,
        buildings=None if body.buildings is None else tuple(body.buildings),
        tenants=tuple(body.tenants),
    )
    created = ondol().people.create_user(call.access, new)
    shown = None if body.password else created.password
    return NewUserAnswer(**_user_answer(created.user).model_dump(), password=shown)


@operation("PATCH", "/api/v1/users/{key}", tag="users", scope=Scope.ADMIN, body=UserChangeBody, answer=UserAnswer)
def change_user(call: Call, key: UserName) -> UserAnswer:
    """Change a person's role or reach, or close the account and open it again.

    A closed account's sessions end at once, signing in is refused as for a wrong password, and its name stays taken. The last
    administrator stays one.
    """
    body: UserChangeBody = call.body
    sent = body.model_dump(exclude_unset=True)
    for name in ("buildings", "tenants"):
        if sent.get(name) is not None:
            sent[name] = tuple(sent[name])
    if "active" in sent:
        sent["is_active"] = sent.pop("active")
    return _user_answer(ondol().people.change_user(call.access, key, UserChange(**sent)))


@operation(
    "DELETE", "/api/v1/users/{key}", tag="users", scope=Scope.ADMIN, query=DeletionQuery,
    answer=Answer(status=204, errors=[409]),
)  # fmt: skip
def delete_user(call: Call, key: UserName) -> Response:
    """Delete a person's account.

    Without `confirm`, the user name, nothing happens: the answer is 409 and says what would go. All that is known of the person goes
    but the user name, which the audit goes on naming and nobody gets again. The last administrator stays.
    """
    query: DeletionQuery = call.query
    ondol().people.delete_user(call.access, key, query.confirm)
    return Response(status=204)


@operation(
    "PUT", "/api/v1/password", tag="users", scope=None, body=PasswordBody, answer=Answer(status=204, errors=[429])
)
def change_password(call: Call) -> Response:
    """Change the own password; the person's other sessions end.

    For a signed-in person: a token has no password. Too many wrong ones pause it as they pause signing in (429). A password that
    was made for somebody opens nothing but this.
    """
    body: PasswordBody = call.body
    ondol().people.change_password(call.access, PasswordChange(g.session_id, body.present, body.new))
    return Response(status=204)


@operation("GET", "/api/v1/tokens", tag="tokens", scope=Scope.ADMIN, answer=TokenList)
def list_tokens(call: Call) -> TokenList:
    """List the tokens that are not revoked."""
    return TokenList(items=[_answer(token) for token in ondol().people.tokens(call.access)], next=None)


@operation(
    "POST", "/api/v1/tokens", tag="tokens", scope=Scope.ADMIN, body=NewTokenBody,
    answer=Answer(NewTokenAnswer, status=201, errors=[404, 409]),
)  # fmt: skip
def add_token(call: Call) -> NewTokenAnswer:
    """Create a token; its secret is in the answer and nowhere else."""
    body: NewTokenBody = call.body
    new = NewToken(
        name=body.key,
        scopes=frozenset(body.scopes),
        buildings=None if body.buildings is None else frozenset(body.buildings),
        may_register=body.register_points,
    )
    token, secret = ondol().people.create_token(call.access, new)
    return NewTokenAnswer(**_answer(token).model_dump(), token=secret)


@operation("DELETE", "/api/v1/tokens/{key}", tag="tokens", scope=Scope.ADMIN, answer=Answer(status=204))
def revoke_token(call: Call, key: TokenName) -> Response:
    """Revoke a token."""
    ondol().people.revoke_token(call.access, key)
    return Response(status=204)


def _user_answer(user: User) -> UserAnswer:
    is_of_spaces = user.role is Role.TENANT
    return UserAnswer(
        key=user.username,
        email=user.email,
        role=user.role,
        active=user.is_active,
        waits=user.waits,
        name=user.name,
        buildings=None if user.buildings is None or is_of_spaces else list(user.buildings),
        tenants=list(user.tenants),
        last_sign_in=user.last_sign_in,
    )


def _answer(token: Token) -> TokenAnswer:
    return TokenAnswer(
        key=token.name,
        scopes=sorted(token.scopes),
        buildings=None if token.buildings is None else sorted(token.buildings),
        register_points=token.may_register,
    )
