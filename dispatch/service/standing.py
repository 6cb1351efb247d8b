"""A day as its log leaves it: folded event by event, never replayed twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dispatch.domain import Day, DayPlan
from dispatch.domain.decision import SlotHeld, SlotReleased
from dispatch.domain.disruption import Happening
from dispatch.domain.event import DayOpened, DayRevised, Event, Undone
from dispatch.domain.work_facts import apply_work_event
from dispatch.domain.work_order import WorkOrder
from dispatch.errors import StoreError
from dispatch.live.apply import apply, find_undone
from dispatch.live.state import LiveState, begin_day
from dispatch.live.store import Reader
from dispatch.live.store.codes import StoreCode, fault


@dataclass(frozen=True, slots=True)
class Hold:
    """An appointment kept free until a moment."""

    id: str
    visit: str
    expires_at: datetime
    sequence: int


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A day after an event of its log.

    Attributes
    ----------
    version
        In force.
    sequence
        Of the day's last event.
    head
        End of the whole log when this was known to be up to date.
    plan
        The plan the live day began with.
    orders
        Work orders by id.
    holds
        Appointments held, by id; some may have expired.
    """

    day: str
    version: int
    sequence: int
    head: int
    plan: DayPlan
    state: LiveState
    orders: Mapping[str, WorkOrder] = field(default_factory=dict)
    holds: Mapping[str, Hold] = field(default_factory=dict)


def read_standing(reader: Reader, day: str) -> Standing:
    """Return a day as its whole log leaves it; the log is read once.

    The day begins with the last plan that was in force before anything happened; what was put in
    force later is a record of decisions that are events of their own.

    Raises
    ------
    StoreError
        S2001: no such day; S2005: it has no plan yet; the log is damaged.
    InvalidRequest
        D91xx: an event does not fit, because one before it was undone.
    """
    version = reader.get_day(day).version
    events = list(reader.events(day))
    gone = find_undone(events)
    held = [event for event in events if event.sequence not in gone]
    document, plan = _beginning(reader, day, held)
    standing = Standing(
        day=day,
        version=version,
        sequence=events[-1].sequence,
        head=reader.head().sequence,
        plan=plan,
        state=begin_day(document, plan),
    )
    return replace(_folded(standing, held), sequence=events[-1].sequence)


def _beginning(reader: Reader, day: str, events: Sequence[Event]) -> tuple[Day, DayPlan]:
    found: int | None = None
    for event in events:
        if isinstance(event.what, Happening):
            break
        if isinstance(event.what, DayOpened | DayRevised) and event.what.revision.plan is not None:
            found = event.what.revision.version
    if found is None:
        words = "no plan before the first event", "a plan to begin the day with"
        raise StoreError([fault(StoreCode.NO_PLAN, f"day {day}", *words)])
    return reader.get_document(day, found), reader.get_plan(day, found)


def caught_up(standing: Standing, reader: Reader) -> Standing:
    """Return the day as the log stands now.

    Raises
    ------
    StoreError, InvalidRequest
        As `read_standing`.
    """
    head = reader.head().sequence
    if head == standing.head:
        return standing
    events = list(reader.events(standing.day, after=standing.sequence))
    if any(_turns_back(standing, event) for event in events):
        return read_standing(reader, standing.day)
    return replace(_folded(standing, events), head=head)


def _turns_back(standing: Standing, event: Event) -> bool:
    """Return whether an event changes what earlier events did."""
    if isinstance(event.what, Undone):
        return True
    begun = standing.state.sequence > 0
    return isinstance(event.what, DayRevised) and not begun


def after_event(standing: Standing, event: Event) -> Standing:
    """Return the day after one event more, which must not undo another.

    Raises
    ------
    InvalidRequest
        The event does not fit; the day is unchanged.
    """
    return replace(_folded(standing, [event]), head=event.sequence)


def _folded(standing: Standing, events: Sequence[Event]) -> Standing:
    state, orders, holds = standing.state, standing.orders, dict(standing.holds)
    version, sequence = standing.version, standing.sequence
    for event in events:
        sequence = event.sequence
        what = event.what
        revision = getattr(what, "revision", None)
        if revision is not None:
            version = revision.version
        elif isinstance(what, Happening):
            state = apply(state, event)
            _held(holds, event)
        orders = apply_work_event(orders, event)
    return replace(
        standing, version=version, sequence=sequence, state=state, orders=orders, holds=holds
    )


def _held(holds: dict[str, Hold], event: Event) -> None:
    what = event.what
    if isinstance(what, SlotHeld):
        holds[what.hold] = Hold(what.hold, what.visit, what.expires_at, event.sequence)
    elif isinstance(what, SlotReleased):
        holds.pop(what.hold, None)
