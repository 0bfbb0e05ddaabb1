"""Tenants, users and tokens."""

from dataclasses import asdict

from flask import Response

from ondol.common.access import Scope
from ondol.common.errors import NotAllowed
from ondol.people.manage_accounts import create_token, create_user
from ondol.people.model import Token
from ondol.web.api.operations import Call, operation
from ondol.web.api.shapes.accounts import (
    NewToken,
    NewTokenAnswer,
    NewUserAnswer,
    NewUserBody,
    TokenAnswer,
    TokenList,
    UserAnswer,
    UserList,
)
from ondol.web.api.shapes.buildings import TenantFields, TenantList, TenantQuery
from ondol.web.installation import ondol


@operation("GET", "/api/v1/tenants", tag="tenants", scope=Scope.READ, query=TenantQuery, answer=TenantList)
def list_tenants(call: Call) -> TenantList:
    """List the tenants of a building."""
    call.caller.require_building(call.query.building)
    return TenantList(items=_tenants(call.query.building), next=None)


@operation(
    "POST", "/api/v1/tenants", tag="tenants", scope=Scope.WRITE, body=TenantFields, answer=TenantFields, status=201
)
def add_tenant(call: Call) -> TenantFields:
    """Create a tenant."""
    call.caller.require_building(call.body.building)
    ondol().directory.add_tenants(call.body.building, [call.body.model_dump(exclude={"building"})])
    return call.body


@operation("GET", "/api/v1/users", tag="users", scope=Scope.ADMIN, answer=UserList)
def list_users(call: Call) -> UserList:
    """List the users."""
    users = ondol().accounts.users()
    return UserList(items=[UserAnswer(key=u.username, email=u.email, role=u.role) for u in users], next=None)


@operation("POST", "/api/v1/users", tag="users", scope=Scope.ADMIN, body=NewUserBody, answer=NewUserAnswer, status=201)
def add_user(call: Call) -> NewUserAnswer:
    """Create a user."""
    body: NewUserBody = call.body
    new = create_user(
        body.key,
        body.email,
        body.role,
        body.password,
        accounts=ondol().accounts,
        clock=ondol().clock,
        actor=call.caller.name,
    )
    shown = None if body.password else new.password
    return NewUserAnswer(key=new.user.username, email=new.user.email, role=new.user.role, password=shown)


@operation("GET", "/api/v1/tokens", tag="tokens", scope=Scope.ADMIN, answer=TokenList)
def list_tokens(call: Call) -> TokenList:
    """List the tokens that are not revoked."""
    return TokenList(items=[_token(token) for token in ondol().accounts.tokens()], next=None)


@operation("POST", "/api/v1/tokens", tag="tokens", scope=Scope.ADMIN, body=NewToken, answer=NewTokenAnswer, status=201)
def add_token(call: Call) -> NewTokenAnswer:
    """Create a token; its secret is in the answer and nowhere else."""
    body: NewToken = call.body
    for key in body.buildings or []:
        ondol().directory.building(key)
    token, secret = create_token(
        body.key, body.scopes, body.buildings, may_register=body.register_points,
        accounts=ondol().accounts, clock=ondol().clock, actor=call.caller.name,
    )  # fmt: skip
    return NewTokenAnswer(**_token(token).model_dump(), token=secret)


@operation("DELETE", "/api/v1/tokens/{key}", tag="tokens", scope=Scope.ADMIN, status=204)
def revoke_token(call: Call, key: str) -> Response:
    """Revoke a token."""
    if call.caller.token is not None and call.caller.token.name == key:
        raise NotAllowed("a token cannot revoke itself; use another one, or the pages")
    ondol().accounts.revoke_token(key, ondol().clock())
    ondol().check_token.forget()
    ondol().accounts.record(ondol().clock(), call.caller.name, "token revoked", key)
    return Response(status=204)


def _tenants(building_key: str) -> list[TenantFields]:
    fields = [asdict(tenant) for tenant in ondol().directory.tenants(building_key)]
    return [
        TenantFields(building=building_key, **{k: v for k, v in f.items() if k not in ("id", "building_id")})
        for f in fields
    ]


def _token(token: Token) -> TokenAnswer:
    return TokenAnswer(
        key=token.name,
        scopes=sorted(token.scopes),
        buildings=None if token.buildings is None else sorted(token.buildings),
        register_points=token.may_register,
    )
