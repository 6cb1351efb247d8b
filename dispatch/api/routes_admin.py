"""Keys, audit and webhooks: an admin's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from dispatch.adapters.secrets_access import AuditLine, Key
from dispatch.adapters.webhooks import Webhook
from dispatch.api.answers import Body, Limit, Page, model_answer, page_of
from dispatch.api.context import Service
from dispatch.api.entry import Running, Sent, Who
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.free_texts import open_reason
from dispatch.api.rights import Right, Role, needs
from dispatch.domain.base import Id, Region

router = APIRouter(tags=["admin"])
_NAME = r"^[\w.@\-]+$"


class KeyAsk(Body):
    """A key to make; a technician's names the technician.

    ``regions`` empty = everywhere.
    """

    name: str = Field(min_length=1, max_length=60, pattern=_NAME)
    role: Role
    regions: tuple[Region, ...] = Field(default=(), max_length=100)
    technician: Id | None = None
    days: int = Field(default=90, ge=1, le=3650)


class KeyOut(BaseModel):
    """A key without its token."""

    id: str
    name: str
    role: Role
    regions: tuple[str, ...]
    technician: str | None
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None


class KeyMade(BaseModel):
    """A new key; the token is shown here and never again."""

    key: KeyOut
    token: str


class AuditOut(BaseModel):
    """Who did what to whom, and why."""

    at: datetime
    by: str
    what: str
    subject: str
    reason: str


class WebhookAsk(Body):
    """A listener to add; its host must be allowed at the start of the service.

    ``kinds`` empty = every kind of event.
    """

    url: str = Field(min_length=8, max_length=500)
    kinds: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = Field(
        default=(), max_length=100
    )
    day: str | None = Field(default=None, min_length=1, max_length=64)


class WebhookOut(BaseModel):
    """A listener without its secret."""

    id: str
    url: str
    kinds: tuple[str, ...]
    day: str | None
    made_at: datetime
    made_by: str
    cursor: int
    failures: int
    next_at: datetime


class WebhookMade(BaseModel):
    """A new listener; the secret its signatures are made with is shown here and never again."""

    webhook: WebhookOut
    secret: str


class DeliveryOut(BaseModel):
    """One try to tell a listener of one event."""

    sequence: int
    at: datetime
    outcome: str


@router.post("/keys", status_code=201, response_model=KeyMade)
@needs(Right.MANAGE)
def make_key(body: KeyAsk, service: Running, sent: Sent) -> Response:
    """Make a key."""
    if (body.role is Role.TECHNICIAN) is not (body.technician is not None):
        expected = "an id for the role technician, and only there"
        raise Refused(ApiCode.FORM, "technician", repr(body.technician), expected)
    now = service.now()
    key, token = service.access.make_key(
        body.name, body.role.value, at=now, expires_at=now + timedelta(days=body.days),
        by=sent.caller.actor, request_id=sent.key, regions=body.regions,
        technician=body.technician,
    )  # fmt: skip
    _note(service, sent.caller.actor, "key made", key.id, f"{key.role} {key.name}")
    made = KeyMade(key=_key_out(key), token=token)
    return model_answer(made, 201, {"Location": f"/keys/{key.id}"})


@router.get("/keys")
@needs(Right.MANAGE)
def list_keys(
    request: Request,
    service: Running,
    limit: Limit = 100,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Page[KeyOut]:
    """List keys, oldest first."""
    found = [_key_out(key) for key in service.access.keys()[skip : skip + limit + 1]]
    return Page[KeyOut](**page_of(request, found, limit, str(skip + limit), "skip"))


@router.delete("/keys/{key}")
@needs(Right.MANAGE)
def revoke_key(key: str, service: Running, who: Who) -> KeyOut:
    """Let a key open nothing any more; its sessions end too."""
    found = service.access.revoke_key(key, service.now())
    _note(service, who.actor, "key revoked", key, "")
    return _key_out(found)


@router.get("/audit")
@needs(Right.MANAGE)
def read_audit(
    service: Running, limit: Limit = 100, before: datetime | None = None
) -> tuple[AuditOut, ...]:
    """Return lines of the audit, newest first; ``before`` goes back in time."""
    if before is not None and before.tzinfo is None:
        raise Refused(ApiCode.FORM, "before", "a moment without its zone", "2026-03-02T00:00:00Z")
    return tuple(
        AuditOut(
            at=one.at,
            by=one.by,
            what=one.what,
            subject=one.subject,
            reason=open_reason(service, one.subject, one.reason),
        )
        for one in service.access.audit(limit, before)
    )


@router.post("/webhooks", status_code=201, response_model=WebhookMade)
@needs(Right.MANAGE)
def add_webhook(body: WebhookAsk, service: Running, sent: Sent) -> Response:
    """Add a listener; it is told, signed, of everything that happens from now on."""
    check_host(service, body.url)
    with service.store.read() as reader:
        head = reader.head().sequence
        if body.day is not None:
            reader.get_day(body.day)
    hook = service.hooks.add(
        body.url, kinds=body.kinds, day=body.day, by=sent.caller.actor, at=service.now(),
        request_id=sent.key, cursor=head,
    )  # fmt: skip
    _note(service, sent.caller.actor, "webhook added", hook.id, urlsplit(body.url).hostname or "")
    made = WebhookMade(webhook=_hook_out(hook), secret=hook.secret)
    return model_answer(made, 201, {"Location": f"/webhooks/{hook.id}"})


@router.get("/webhooks")
@needs(Right.MANAGE)
def list_webhooks(service: Running) -> tuple[WebhookOut, ...]:
    """List the listeners."""
    return tuple(_hook_out(hook) for hook in service.hooks.list())


@router.get("/webhooks/{webhook}/deliveries")
@needs(Right.MANAGE)
def list_deliveries(webhook: str, service: Running, limit: Limit = 100) -> tuple[DeliveryOut, ...]:
    """Return the last tries to tell a listener, newest first."""
    service.hooks.get(webhook)
    return tuple(
        DeliveryOut(sequence=one.sequence, at=one.at, outcome=one.outcome)
        for one in service.hooks.deliveries(webhook, limit)
    )


@router.delete("/webhooks/{webhook}", status_code=204)
@needs(Right.MANAGE)
def remove_webhook(webhook: str, service: Running, who: Who) -> Response:
    """Tell a listener nothing any more."""
    service.hooks.remove(webhook, service.now())
    _note(service, who.actor, "webhook removed", webhook, "")
    return Response(status_code=204)


def check_host(service: Service, url: str) -> None:
    """Refuse a URL outside the allowed hosts.

    Raises
    ------
    Refused
        A1012.
    """
    allowed = service.options.webhook_hosts
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    plain = parts.scheme == "http" and host in {"127.0.0.1", "localhost"}
    # A host stands for its usual port; another one has to be allowed by number.
    known = (host if port is None else f"{host}:{port}") in allowed
    if not known or not (parts.scheme == "https" or plain) or parts.username is not None:
        expected = f"https:// and one of {', '.join(sorted(allowed)) or 'no host (none allowed)'}"
        hint = "Allow it with --webhook-host."
        raise Refused(ApiCode.HOST, "url", "another host or scheme", expected, hint)


def _note(service: Service, by: str, what: str, subject: str, reason: str) -> None:
    service.access.note(AuditLine(service.now(), by, what, subject, reason))


def _key_out(key: Key) -> KeyOut:
    fields: dict[str, Any] = {name: getattr(key, name) for name in KeyOut.model_fields}
    return KeyOut(**fields)


def _hook_out(hook: Webhook) -> WebhookOut:
    fields: dict[str, Any] = {name: getattr(hook, name) for name in WebhookOut.model_fields}
    return WebhookOut(**fields)
