"""Health, figures, the description of the API, and sessions of browsers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, JSONResponse, Response

from dispatch.api.answers import Body
from dispatch.api.docs_page import docs_page
from dispatch.api.entry import (
    COOKIE,
    CSRF_HEADER,
    Running,
    Who,
    cookie,
    csrf_of,
)
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Right, needs
from dispatch.errors import StoreError

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """Whether the service lives, or is ready."""

    status: str
    head: int | None = None


class SignIn(Body):
    """A key for a session."""

    token: str = Field(min_length=1, max_length=500)


class Session(BaseModel):
    """Who is signed in.

    ``csrf`` goes with every change as the header ``X-CSRF-Token``; None where a token was used.
    """

    actor: str
    role: str
    regions: tuple[str, ...] = ()
    technician: str | None = None
    csrf: str | None = None
    expires_at: datetime | None = None


@router.get("/healthz")
@needs(Right.OPEN)
def health() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/readyz")
@needs(Right.OPEN)
def ready(service: Running) -> Health:
    """Say that the store answers and the roads are read; 503 before."""
    with service.store.read() as reader:
        head = reader.head().sequence
    if not service.is_ready:
        raise StoreError([_not_ready()])
    return Health(status="ok", head=head)


def _not_ready() -> Any:  # noqa: ANN401 - a fault
    from dispatch.errors import Fault

    return Fault("A1018", "service", "roads that are still read", "a service that is ready")


_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
}


@router.get("/metrics", response_class=Response, responses=_TEXT)
@needs(Right.FIGURES)
def metrics(service: Running) -> Response:
    """Return the figures for Prometheus."""
    for state, count in service.queue.count().items():
        service.metrics.jobs.labels(state).set(count)
    text, media_type = service.metrics.text()
    return Response(text, media_type=media_type)


@router.get("/openapi.json", response_class=JSONResponse)
@needs(Right.OPEN)
def openapi(request: Request) -> JSONResponse:
    """Return the description of this API (OpenAPI 3.1)."""
    return JSONResponse(request.app.openapi())


@router.get("/docs", response_class=HTMLResponse)
@needs(Right.OPEN)
def docs(request: Request) -> HTMLResponse:
    """Return the description as a page; nothing of it is asked for elsewhere."""
    return HTMLResponse(docs_page(request.app.openapi()))


@router.post("/session", status_code=201)
@needs(Right.OPEN)
def sign_in(body: SignIn, service: Running, response: Response) -> Session:
    """Begin a session of a browser with a key."""
    now = service.now()
    key = service.access.find_key(body.token)
    if key is None or not key.holds(now):
        raise Refused(ApiCode.TOKEN, "token", "a token that opens nothing", "a key in force")
    life = service.options.session
    secret = service.access.begin_session(key, now, now + life)
    response.set_cookie(
        COOKIE, secret, max_age=int(life.total_seconds()), httponly=True, samesite="strict",
        secure=service.options.secure_cookie, path="/",
    )  # fmt: skip
    return Session(
        actor=f"{key.role}:{key.name}",
        role=key.role,
        regions=key.regions,
        technician=key.technician,
        csrf=csrf_of(service, secret),
        expires_at=min(now + life, key.expires_at),
    )


@router.get("/session")
@needs(Right.SIGNED_IN)
def read_session(
    who: Who, service: Running, secret: Annotated[str | None, Depends(cookie)]
) -> Session:
    """Say who is signed in."""
    return Session(
        actor=who.actor,
        role=who.role.value,
        regions=who.regions,
        technician=who.technician,
        csrf=csrf_of(service, secret) if secret else None,
    )


@router.delete("/session", status_code=204)
@needs(Right.SIGNED_IN)
def sign_out(service: Running, secret: Annotated[str | None, Depends(cookie)]) -> Response:
    """End the session."""
    if secret:
        service.access.end_session(secret)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


__all__ = ["CSRF_HEADER", "router"]
