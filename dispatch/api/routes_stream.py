"""Server-sent events (HTML living standard, 9.2) from the event log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.responses import StreamingResponse

from dispatch.api.context import Service
from dispatch.api.day_clock import clock_line
from dispatch.api.entry import Running, Who, target_of
from dispatch.api.events import EventOut, event_out
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.own_part import own_event
from dispatch.api.regions import WHOLE, Part
from dispatch.api.rights import Caller, Right, Role, authorize, needs
from dispatch.domain.event import Event

router = APIRouter(tags=["days"])
IDLE_S = 15.0
TICK_S = 1.0
"""How often a clock that is not the wall's is told."""
RETRY_MS = 1000
_LINE = {
    "type": "object",
    "description": "One event of the stream; data is JSON.",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
}
_STREAM = {200: {"content": {"text/event-stream": {"schema": _LINE}}}}
LastId = Annotated[str | None, Header(alias="Last-Event-ID", pattern=r"^\d{1,18}$")]
After = Annotated[int | None, Query(ge=0, lt=2**62, description="Instead of Last-Event-ID.")]


@router.get("/days/{day}/stream", response_class=StreamingResponse, responses=_STREAM)  # type: ignore[arg-type] # wider than a dict display
@needs(Right.READ)
def stream_day(
    day: str, service: Running, who: Who, last_id: LastId = None, after: After = None
) -> StreamingResponse:
    """Stream the events of a day; after a break from Last-Event-ID on, with nothing lost."""
    with service.store.read() as reader:
        reader.get_day(day)
    return _stream(service, who, day, last_id, after)


@router.get("/me/stream", response_class=StreamingResponse, responses=_STREAM)  # type: ignore[arg-type] # wider than a dict display
@needs(Right.OWN)
def stream_mine(
    service: Running,
    who: Who,
    day: Annotated[str, Query(min_length=1, max_length=64)],
    last_id: LastId = None,
    after: After = None,
) -> StreamingResponse:
    """Stream that something changed for the caller: new decisions, and own news."""
    authorize(who, Right.OWN, target_of(service, who, day))
    with service.store.read() as reader:
        reader.get_day(day)
    return _stream(service, who, day, last_id, after)


def _stream(
    service: Service, who: Caller, day: str, last_id: str | None, after: int | None
) -> StreamingResponse:
    most = service.options.limits.listeners
    if service.hub.listeners >= most:
        found, expected = f"{most} streams", "fewer"
        raise Refused(ApiCode.BUSY, "streams", found, expected, "Close a page.")
    start = int(last_id) if last_id is not None else after
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _lines(service, who, day, start), media_type="text/event-stream", headers=headers
    )


async def _lines(
    service: Service, who: Caller, day: str, after: int | None
) -> AsyncIterator[bytes]:
    clock, limited = service.clock, not (await _part_of(service, who, day)).whole
    yield f"retry: {RETRY_MS}\n\n".encode()
    yield clock_line(service.day_now(), clock).encode()
    async for event in service.hub.follow(after, IDLE_S if clock is None else TICK_S, day):
        if event is None:
            nothing = ": nothing new\n\n"
            line = nothing if clock is None else clock_line(service.day_now(), clock)
            yield line.encode()
        elif who.role is not Role.TECHNICIAN and not limited:
            yield service.hub.line(event.sequence, partial(_encoded_whole, event))
        else:
            # Asked for each event: it may have brought the visit it is about.
            part = await _part_of(service, who, day) if limited else WHOLE
            shown = visible(event, who, part)
            if shown is not None:
                yield _encoded(shown)


async def _part_of(service: Service, who: Caller, day: str) -> Part:
    if not who.regions:
        return WHOLE
    return await asyncio.to_thread(service.regions.part, who, day)


def _encoded_whole(event: Event) -> bytes:
    return _encoded(event_out(event))


def _encoded(shown: EventOut) -> bytes:
    text = shown.model_dump_json(exclude_none=True)
    return f"id: {shown.sequence}\nevent: {shown.kind}\ndata: {text}\n\n".encode()


def visible(event: Event, who: Caller, part: Part = WHOLE) -> EventOut | None:
    """Return what a caller sees of an event; a technician own news, of others that it happened."""
    shown = event_out(event)
    if who.role is not Role.TECHNICIAN:
        return own_event(shown, part)
    if shown.technician == who.technician:
        return shown
    if shown.technician is None or shown.version is not None:
        # Something may have changed; what, the own day says.
        hidden = {"visit": None, "technician": None, "technicians": None, "by": "office"}
        return shown.model_copy(update=hidden)
    return None
