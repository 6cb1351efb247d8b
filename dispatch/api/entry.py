"""The door: who asks, by token, OpenID token or session, and `authorize` for every route."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from dispatch.adapters.secrets import new_id
from dispatch.adapters.secrets_access import Key
from dispatch.api.context import Service
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Caller, Right, Role, Target, authorize, find_right
from dispatch.domain.event import Fact
from dispatch.errors import StoreError
from dispatch.live.store import Request as StoreRequest
from dispatch.live.store.codes import StoreCode

COOKIE = "servicenet_session"
CSRF_HEADER = "X-CSRF-Token"
IDEMPOTENCY = "Idempotency-Key"
May = Callable[[Fact], None]
"""Looks at each fact before it is recorded, and refuses it by raising."""
_SAFE = {"GET", "HEAD", "OPTIONS"}
_MOST_KEY = 100

bearer = HTTPBearer(auto_error=False, description="A key of this service, or an OpenID token.")
cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="Of POST /session.")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who asks, and the request's id for the store.

    Attributes
    ----------
    key
        Of the caller's Idempotency-Key; else a new one.
    content
        A signature of method, path and body: the same request again is known without keeping it.
    """

    caller: Caller
    key: str
    content: str

    def request(self, service: Service, part: str = "", may: May | None = None) -> StoreRequest:
        """Return the envelope of a command on the store."""
        return StoreRequest(
            id=self.key + part, by=self.caller.actor, at=service.day_now(), content=self.content,
            may=may,
        )  # fmt: skip


def service_of(request: Request) -> Service:
    """Return the running service."""
    service: Service = request.app.state.service
    return service


def enter(
    request: Request,
    token: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    session: Annotated[str | None, Depends(cookie)],
) -> None:
    """Find out who asks and ask `authorize`; runs before every route.

    Raises
    ------
    Refused
        A1005, A1006, A1007, A1017.
    """
    service = service_of(request)
    right = find_right(request.scope["endpoint"])
    if right is None:
        raise Refused(ApiCode.FORBIDDEN, "route", "no declared right", "a route with a right")
    caller = None if right is Right.OPEN else find_caller(service, request, token, session)
    request.state.caller = caller
    if caller is not None:
        request.scope["servicenet_actor"] = caller.actor
    authorize(caller, right, target_of(service, caller, request.path_params.get("day")))


def find_caller(
    service: Service,
    request: Request,
    token: HTTPAuthorizationCredentials | None,
    session: str | None,
) -> Caller | None:
    """Find who asks; None where nobody says who they are.

    Raises
    ------
    Refused
        A1017: a token or session that opens nothing; A1007: a change without the session's token.
    """
    if token is not None:
        return caller_of_token(service, token.credentials)
    if session is None:
        return None
    key = service.access.find_session(session, service.now())
    if key is None or not key.holds(service.now()):
        hint = "Sign in again."
        raise Refused(ApiCode.TOKEN, "session", "a session that ended", "a session", hint)
    if request.method not in _SAFE:
        given = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), csrf_of(service, session).encode()):
            found, expected = "no token of the session", f"the header {CSRF_HEADER}"
            raise Refused(ApiCode.CSRF, "session", found, expected, "See GET /session.")
    return caller_of_key(key)


def caller_of_token(service: Service, token: str) -> Caller:
    """Return whose token it is.

    Raises
    ------
    Refused
        A1017: nobody's, or one that ended.
    """
    if service.oidc is not None and token.count(".") == 2:
        return service.oidc.caller(token)
    key = service.access.find_key(token)
    if key is None or not key.holds(service.now()):
        raise Refused(ApiCode.TOKEN, "token", "a token that opens nothing", "a key in force")
    return caller_of_key(key)


def caller_of_key(key: Key) -> Caller:
    """Return who holds a key."""
    return Caller(f"{key.role}:{key.name}", Role(key.role), key.regions, key.technician)


def csrf_of(service: Service, session: str) -> str:
    """Return the token a browser sends with changes."""
    return service.sealer.sign(f"csrf {session}".encode())


def target_of(
    service: Service,
    caller: Caller | None,
    day: str | None,
    technicians: frozenset[str] | None = None,
) -> Target:
    """Return what a request is about; nothing is looked up for those it does not matter to.

    Parameters
    ----------
    technicians
        Who has the job it is about.
    """
    if day is None or caller is None or not caller.regions:
        return Target(day, technicians=technicians)
    try:
        regions = service.regions.of(day).every
    except StoreError as error:
        if error.faults[0].code != StoreCode.DAY_UNKNOWN.value:
            raise
        # An unknown day is answered as one of other regions.
        regions = frozenset()
    return Target(day, regions, technicians=technicians)


def caller_of(request: Request) -> Caller:
    """Return who asks, behind the door.

    Raises
    ------
    Refused
        A1005: the route is open and nobody said who they are.
    """
    caller: Caller | None = request.state.caller
    if caller is None:
        raise Refused(ApiCode.WHO, "request", "no token", "a token or a session")
    return caller


async def envelope_of(request: Request) -> Envelope:
    """Return who asks and under which id; the body is signed, not kept.

    Raises
    ------
    Refused
        A1004: an Idempotency-Key of another form.
    """
    service, caller = service_of(request), caller_of(request)
    body = await request.body()
    given = request.headers.get(IDEMPOTENCY)
    if given is not None and not (given.isprintable() and 0 < len(given) <= _MOST_KEY):
        expected = f"1 to {_MOST_KEY} visible characters"
        raise Refused(ApiCode.FORM, f"header {IDEMPOTENCY}", "another form", expected)
    chosen = new_id() if given is None else given
    key = service.sealer.sign(f"{caller.actor}\n{chosen}".encode())[:48]
    text = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
    return Envelope(caller, f"api-{key}", service.sealer.sign(text))


async def _who(request: Request) -> Caller:
    return caller_of(request)


async def _running(request: Request) -> Service:
    return service_of(request)


# Coroutines, though they wait for nothing: a plain function would take a thread each time.
Who = Annotated[Caller, Depends(_who)]
Running = Annotated[Service, Depends(_running)]
Sent = Annotated[Envelope, Depends(envelope_of)]
