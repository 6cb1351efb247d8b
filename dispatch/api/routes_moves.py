"""Changes by hand: a move looked at before it is made, locks."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from dispatch.api.answers import Body, IfMatch
from dispatch.api.context import Service
from dispatch.api.entry import Running, Sent, Who
from dispatch.api.free_texts import seal_words
from dispatch.api.regions import Part
from dispatch.api.rights import Right, needs
from dispatch.api.routes_live import DoneOut, once, sequence_of
from dispatch.domain.base import Id
from dispatch.live.store import Request
from dispatch.service.live_days import Recorded
from dispatch.service.moves import Allowed, BrokenRule, Move, MovePreview
from dispatch.service.options import OptionEta
from dispatch.service.replans import Locks

router = APIRouter(tags=["live"])


class WaiverAsk(Body):
    """A soft rule to break on purpose, and why."""

    rule: str = Field(min_length=1, max_length=100)
    why: str = Field(min_length=1, max_length=500)


class MoveAsk(Body):
    """A visit put behind another one, or first of what is not fixed; taken off without technician.

    Those of ``along`` come directly behind it, in this order, in one command. ``pickups`` are
    outlets to pick up parts at, directly before it.
    """

    visit: Id
    along: tuple[Id, ...] = Field(default=(), max_length=50)
    technician: Id | None = None
    shift: int = Field(default=0, ge=0, le=1000)
    after: Id | None = None
    pickups: tuple[Id, ...] = Field(default=(), max_length=20)
    waivers: tuple[WaiverAsk, ...] = Field(default=(), max_length=20)

    def move(self) -> Move:
        """Return the move without its waivers."""
        return Move(
            visit=self.visit,
            along=self.along,
            technician=self.technician,
            shift=self.shift,
            after=self.after,
            pickups=self.pickups,
        )

    def allowed(self) -> tuple[Allowed, ...]:
        """Return the waivers."""
        return tuple(Allowed(rule=one.rule, why=one.why) for one in self.waivers)


class PreviewOut(BaseModel):
    """What a move would cost, break and change; ``total`` is fen more."""

    version: int
    sequence: int
    price: dict[str, int]
    total: int
    broken: tuple[BrokenRule, ...] = ()
    etas: tuple[OptionEta, ...] = ()


class LockAsk(Body):
    """What of a visit is not to change any more."""

    visit: Id
    hold: Locks


@router.post("/days/{day}/moves/preview")
@needs(Right.DECIDE)
def preview_move(day: str, body: MoveAsk, service: Running, who: Who) -> PreviewOut:
    """Say what a move would do; nothing is changed."""
    part = service.regions.part(who, day)
    _check_own(service, day, body, part)
    return _preview_out(service.desk.preview_move(day, body.move(), body.allowed()), part)


def _check_own(service: Service, day: str, body: MoveAsk, part: Part) -> None:
    """Refuse a move of, from or to anybody of another region."""
    if part.whole:
        return
    visits, state = (body.visit, *body.along), service.desk.view(day).state
    people = [route.technician for name in visits for route in state.holders(name)]
    people += [body.technician] if body.technician is not None else []
    part.check(visits=visits, technicians=people)


@router.post("/days/{day}/moves", status_code=201)
@needs(Right.DECIDE)
def make_move(
    day: str, body: MoveAsk, service: Running, sent: Sent, if_match: IfMatch = None
) -> DoneOut:
    """Make a move; soft rules it breaks need a waiver, hard ones cannot be broken."""
    expected = sequence_of(if_match)

    def work(request: Request) -> Recorded:
        allowed = tuple(
            Allowed(rule=one.rule, why=seal_words(service, day, one.why)) for one in body.waivers
        )
        return service.desk.move(day, body.move(), request, allowed=allowed, expected=expected)

    return once(service, sent, day, work)


@router.post("/days/{day}/locks", status_code=201)
@needs(Right.DECIDE)
def lock(
    day: str, body: LockAsk, service: Running, sent: Sent, if_match: IfMatch = None
) -> DoneOut:
    """Lock technician, time or both of a visit as they stand; ``none`` lifts the lock.

    With If-Match somebody who comes too late is told who was first.
    """
    expected = sequence_of(if_match)

    def work(request: Request) -> Recorded:
        return service.desk.lock(day, body.visit, body.hold, request, expected=expected)

    return once(service, sent, day, work)


def _preview_out(found: MovePreview, part: Part) -> PreviewOut:
    price = found.price.model_dump()
    return PreviewOut(
        version=found.version,
        sequence=found.sequence,
        price={name: fen for name, fen in price.items() if fen and name != "total"},
        total=price["total"],
        broken=tuple(one for one in found.broken if not one.visit or part.has_visit(one.visit)),
        etas=tuple(one for one in found.etas if part.has_visit(one.visit)),
    )
