"""Live days: the board, what happened, undo and redo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from dispatch.api.answers import JSON, VARY, Body, IfMatch, IfNoneMatch, etag, view_of
from dispatch.api.context import Service
from dispatch.api.entry import Envelope, Running, Sent, Who
from dispatch.api.events import EventOut, event_out
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.free_texts import seal_words
from dispatch.api.guard import guard_of
from dispatch.api.news import AnyHappening
from dispatch.api.rights import Right, needs
from dispatch.domain.disruption import (
    AddressCorrected,
    EmergencyRaised,
    TechnicianSeen,
    TrafficChanged,
    VisitAdded,
    VisitCanceled,
)
from dispatch.domain.event import Fact
from dispatch.live.store import Request, Writer
from dispatch.service.live_days import Recorded
from dispatch.web.board_model import BoardView

router = APIRouter(tags=["live"])


class NewsAsk(BaseModel):
    """Something that happened."""

    what: AnyHappening


class UndoAsk(Body):
    """What to undo: a command by one of its events, else the caller's last one."""

    sequence: int | None = Field(default=None, ge=1, lt=2**62)
    reason: str = Field(default="", max_length=1000)


class DoneOut(BaseModel):
    """What a command left in the log; ``repeated`` where it had been carried out before."""

    sequence: int
    version: int
    repeated: bool = False
    events: tuple[EventOut, ...] = ()


class FiguresOut(BaseModel):
    """A day in figures; nothing of a single visit. ``cost_fen`` is empty for a part of a day."""

    day: str
    at: datetime
    version: int
    visits: int
    done: int
    open: int
    technicians: int
    away: int
    late: int
    dangers: dict[str, int]
    cost_fen: dict[str, int]


@router.get("/days/{day}/board", response_model=BoardView)
@needs(Right.READ)
def read_board(
    day: str, service: Running, who: Who, request: HttpRequest, if_none_match: IfNoneMatch = None
) -> Response:
    """Return the live day as the board shows it; fields at their defaults are left out."""
    view = service.desk.view(day)
    service.readiness.look(day)
    minute = int(view.state.now.timestamp() // 60)
    part = service.regions.part(who, day)
    tag = etag(f"{view.version}.{view.sequence}.{minute}", view_of(part))
    headers = {"ETag": tag, "Vary": f"Accept-Encoding, {VARY}"}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    board = service.boards.get(view, part)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(board.json, headers=headers, media_type=JSON)
    return Response(board.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=JSON)


@router.get("/days/{day}/figures")
@needs(Right.FIGURES)
def read_figures(day: str, service: Running, who: Who) -> FiguresOut:
    """Return the live day in figures; of some regions alone where the caller is limited to them."""
    view, part = service.desk.view(day), service.regions.part(who, day)
    board = service.boards.get(view, part).view
    dangers = Counter(one.kind for one in board.dangers)
    state, counts = view.state, board.counts
    return FiguresOut(
        day=day,
        at=state.now,
        version=view.version,
        visits=sum(part.has_visit(one.id) for one in state.day.visits),
        done=counts.done,
        open=counts.open,
        technicians=sum(part.has_technician(one.id) for one in state.day.technicians),
        away=sum(route.away and part.has_technician(route.technician) for route in state.routes),
        late=dangers["promise"],
        dangers=dict(dangers),
        cost_fen=view.plan.cost.model_dump() if part.whole else {},
    )


@router.post("/days/{day}/events", status_code=201)
@needs(Right.DECIDE)
def record_news(
    day: str, body: NewsAsk, service: Running, sent: Sent, if_match: IfMatch = None
) -> DoneOut:
    """Record what happened: a call, news from a technician, other traffic.

    With If-Match only if nothing happened since the ETag ``"version.sequence"``.
    """
    expected = sequence_of(if_match)

    def record(request: Request) -> Recorded:
        fact = sealed(service, day, body.what)
        return service.desk.record(day, fact, request, expected=expected)

    return once(service, sent, day, record)


@router.post("/days/{day}/undo", status_code=201)
@needs(Right.DECIDE)
def undo(
    day: str, body: UndoAsk, service: Running, sent: Sent, if_match: IfMatch = None
) -> DoneOut:
    """Undo a command, by default the caller's last one; undoing is an event, too."""
    expected = sequence_of(if_match)

    def work(request: Request) -> Recorded:
        return service.desk.undo(
            day,
            request,
            body.sequence,
            expected=expected,
            reason=seal_words(service, day, body.reason),
        )

    return once(service, sent, day, work)


@router.post("/days/{day}/redo", status_code=201)
@needs(Right.DECIDE)
def redo(day: str, service: Running, sent: Sent, if_match: IfMatch = None) -> DoneOut:
    """Take back the caller's last undoing."""
    expected = sequence_of(if_match)
    return once(
        service, sent, day, lambda request: service.desk.redo(day, request, expected=expected)
    )


def once(
    service: Service, sent: Envelope, day: str, work: Callable[[Request], Recorded]
) -> DoneOut:
    """Carry a command out, unless its request was: then say what it left behind.

    What a command is worked out from may be gone when it is repeated, so that is looked at first.

    Raises
    ------
    StoreError
        S2007: the key was used for something else; what ``work`` raises.
    """
    request = sent.request(service)
    service.readiness.look(day)
    with service.store.read() as reader:
        known = reader.find_request(request.id)
    if not known:
        return done_out(work(sent.request(service, may=guard_of(service, sent.caller, day))))
    receipt = service.store.execute(request, _nothing)
    view = service.desk.view(day)
    events = tuple(event_out(event) for event in receipt.events)
    return DoneOut(
        sequence=view.sequence, version=view.version, repeated=receipt.repeated, events=events
    )


def _nothing(_writer: Writer) -> None:
    """Leave no event: the store answers from those there are."""


def sequence_of(if_match: str | None) -> int | None:
    """Return the sequence a decision was made for; None where the caller does not say.

    Raises
    ------
    Refused
        A1008: no tag of a live day.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    parts = if_match.strip().removeprefix("W/").strip('"').split(".")
    if len(parts) < 2 or not (parts[1].isascii() and parts[1].isdecimal()):
        expected = 'the ETag of the board, "version.sequence"'
        raise Refused(ApiCode.CHANGED, "header If-Match", "another tag", expected)
    return int(parts[1][:18])


def sealed(service: Service, day: str, fact: Fact) -> Fact:
    """Return the fact with customers, addresses and words sealed, before it can reach a log."""
    now = service.now()
    if isinstance(fact, VisitAdded | EmergencyRaised):
        visit = service.vault.seal_visit(fact.visit, day, now)
        return fact.model_copy(update={"visit": visit})
    if isinstance(fact, VisitCanceled):
        return fact.model_copy(update={"reason": seal_words(service, day, fact.reason)})
    if isinstance(fact, TrafficChanged):
        area = fact.area.model_copy(update={"name": seal_words(service, day, fact.area.name)})
        return fact.model_copy(update={"area": area})
    if isinstance(fact, AddressCorrected):
        return fact.model_copy(update={"place": service.vault.seal_place(fact.place, day, now)})
    if isinstance(fact, TechnicianSeen):
        # Where somebody is has no need of a name.
        return fact.model_copy(update={"place": fact.place.model_copy(update={"address": None})})
    return fact


def done_out(done: Recorded) -> DoneOut:
    """Return what a command left behind."""
    return DoneOut(
        sequence=done.sequence,
        version=done.after.version,
        repeated=done.receipt.repeated,
        events=tuple(event_out(event) for event in done.receipt.events),
    )
