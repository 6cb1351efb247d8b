"""An emergency: the best ways to serve it, and time left on its clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from dispatch.domain import Visit
from dispatch.domain.base import Id, Model, Moment
from dispatch.domain.work_order import Request, StepKind, WorkOrder, WorkStep
from dispatch.domain.work_record import open_order
from dispatch.live.freeze import NOTHING, Freeze
from dispatch.service.codes import DeskCode, refuse
from dispatch.service.options import Candidate, Option, OptionMaker
from dispatch.service.prepared import Prepared
from dispatch.service.ranking import breaks, ranked, reached_by
from dispatch.standards import Clock, ClockStatus, clocks_of, get_profile
from solver.routing.ways import Way

Mode = Literal["soonest", "after_current"]
"""Whether who is on the way may be sent elsewhere."""
ARRIVAL = "emergency_arrival"
FEW = 2
"""Ways that break no promise which are looked for where the first one would."""


class EmergencyOption(Option):
    """A way to serve it, with what is left of its clock on arrival.

    Attributes
    ----------
    left_s
        Seconds left on the clock of the arrival (CARD-E15) when the technician is there; negative
        = too late; None without such a clock.
    """

    left_s: int | None = None


class EmergencyOptions(Model):
    """Ways to serve a visit, best first.

    Attributes
    ----------
    version, sequence
        Of the day they were made for.
    as_of
        The moment they were made for.
    known
        The day has the visit already, and nobody has it.
    clocks
        Of its work order, at that moment; those that run or have been missed.
    routes_before
        The stops ahead of every route an option changes, as they were.
    """

    day: Id
    version: int
    sequence: int
    as_of: Moment
    mode: Mode
    visit: Visit
    known: bool
    clocks: tuple[Clock, ...] = ()
    options: tuple[EmergencyOption, ...] = ()
    routes_before: tuple[RouteBefore, ...] = ()


class RouteBefore(Model):
    """A route when options were made: the names of its stops ahead."""

    technician: Id
    shift: int
    stops: tuple[tuple[str, str | None, str | None, Moment | None], ...] = ()


EmergencyOptions.model_rebuild()


def find_options(
    prepared: Prepared, visit: str, top: int, freeze: Freeze = NOTHING
) -> tuple[Option, ...]:
    """Return ways to serve a visit nobody has, best first (`dispatch.service.ranking`).

    Parameters
    ----------
    prepared
        The day with the visit.
    top
        At most so many, of different technicians first.
    freeze
        Technicians, outlets and visits that are left alone; of visits, who has them.
    """
    t = prepared.t
    seats = [i for i, seat in enumerate(t.seats) if seat.visit.id == visit]
    if len(seats) != 1:
        words = f"a crew of {len(seats)}", "a visit for one technician"
        hint = "Ask for a re-plan; it sends crews."
        raise refuse(DeskCode.NOT_AHEAD, f"visit {visit}", *words, hint)
    maker, about = OptionMaker(prepared), t.visits[seats[0]]
    ways = _allowed(prepared, prepared.find_ways(seats[0], top, freeze), freeze)
    found = ranked(_made(maker, ways, seats[0]), about)
    if found and breaks(found[0], about):
        known = {(way.changed, way.pooled) for way in ways}
        more = _kept_ways(prepared, found[0], seats[0], top, freeze)
        others = (way for way in more if (way.changed, way.pooled) not in known)
        found = ranked((*found, *_made(maker, others, seats[0])), about)
    return numbered(found[:top])


def _kept_ways(
    prepared: Prepared, first: Option, seat: int, top: int, freeze: Freeze
) -> tuple[Way, ...]:
    """Return ways that break no promise: as soon as the first option, or later if none is.

    Those that are as soon and break one come with the later ones; of an outlet nobody knows when.
    """
    by = reached_by(first, prepared.t.visits[seat])
    soon: tuple[Way, ...] = ()
    if by is not None:
        soon = prepared.find_kept(seat, FEW, by, freeze)
        if any(way.late is None and way.pool is None for way in soon):
            return soon
    return (*soon, *prepared.find_kept(seat, top, None, freeze))


def _allowed(prepared: Prepared, ways: Iterable[Way], freeze: Freeze) -> tuple[Way, ...]:
    """Return the ways that leave out no visit that is left alone."""
    named = {i for i, visit in enumerate(prepared.t.visits) if visit.id in freeze.visits}
    return tuple(way for way in ways if named.isdisjoint(way.dropped))


def numbered(options: Sequence[Option]) -> tuple[Option, ...]:
    """Return options with their places as numbers."""
    return tuple(one.model_copy(update={"index": place}) for place, one in enumerate(options))


def _made(maker: OptionMaker, ways: Iterable[Way], seat: int) -> Iterator[Option]:
    about = maker.p.t.visits[seat].id
    for way in ways:
        option = maker.make(0, _candidate(maker.p, seat, way), about)
        if option is not None:
            yield option


def _given(way: Way, seat: int) -> tuple[tuple[int, int], ...]:
    """Return who goes to which pool: the visit itself, or those who make room."""
    return way.pooled if way.pool is None else ((seat, way.pool),)


def _candidate(prepared: Prepared, seat: int, way: Way) -> Candidate:
    given, pools = _given(way, seat), None
    if given:
        pools = tuple(
            tuple(sorted((*members, *(i for i, pool in given if pool == q))))
            for q, members in enumerate(prepared.solution.pools)
        )
    return Candidate(way.rung.value, dict(way.changed), pools, way.dropped)


def read_clocks(
    visit: Visit, order: WorkOrder | None, standards: str, now: datetime
) -> tuple[Clock, ...]:
    """Return the clocks of a visit that run or were missed.

    Parameters
    ----------
    order
        Its work order; None = one that was received when the visit was, and nothing more.
    standards
        Name of the profile.
    """
    if order is None:
        at = visit.received_at or now
        received = WorkStep(
            step=StepKind.RECEIVE, at=at, recorded_at=at, by="desk", request_id="received"
        )
        request = Request(
            order=visit.id,
            visit=visit.id,
            priority=visit.priority,
            customer_class=visit.customer_class,
        )
        order = open_order(request, received)
    shown = {ClockStatus.RUNNING, ClockStatus.MISSED}
    clocks = clocks_of(order, get_profile(standards), now)
    return tuple(clock for clock in clocks if clock.status in shown)


def with_clock(options: Sequence[Option], clocks: Sequence[Clock]) -> tuple[EmergencyOption, ...]:
    """Return the options with what is left of the arrival's clock."""
    due = next((c.due_at for c in clocks if c.name == ARRIVAL), None)
    return tuple(
        EmergencyOption(
            **{name: getattr(one, name) for name in Option.model_fields},
            left_s=None
            if due is None or one.arrival is None
            else int((due - one.arrival).total_seconds()),
        )
        for one in options
    )
