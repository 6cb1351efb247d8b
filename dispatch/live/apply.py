"""One event more: the state of a day after it; and a whole log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from dispatch.domain import Day, DayPlan, disruption
from dispatch.domain.decision import Decided
from dispatch.domain.disruption import Happening
from dispatch.domain.event import Event, Undone
from dispatch.live import changes, progress
from dispatch.live.codes import LiveCode
from dispatch.live.decision import decide
from dispatch.live.edit import refuse
from dispatch.live.state import LiveState, begin_day

MAX_AHEAD: Final = timedelta(minutes=1)
"""How far the clock of who reports may be ahead."""


def apply(state: LiveState, event: Event) -> LiveState:
    """Return the state after one event of its day.

    Events are applied in the order of the log. One that was applied already changes nothing; facts
    about other things (work orders, versions) only move the clock. An `Undone` fact is for
    `replay`, which knows all events.

    Raises
    ------
    InvalidRequest
        D91xx: the event does not fit the state (docs/live-events.md); the state is unchanged.
    """
    if event.day != state.day.id:
        where = f"event {event.sequence}"
        raise refuse(LiveCode.OTHER_DAY, where, event.day, f"day {state.day.id}")
    if event.sequence <= state.sequence:
        return state
    if isinstance(event.what, Happening):
        if event.what.happened_at > event.at + MAX_AHEAD:
            found = f"{event.what.happened_at.isoformat()}, recorded at {event.at.isoformat()}"
            where = f"event {event.sequence} {event.what.kind}"
            raise refuse(LiveCode.AHEAD_OF_CLOCK, where, found, "something that has happened")
        state = _changed(state, event.what)
    now = max(state.now, event.at, *_happened(event))
    return state.model_copy(update={"now": now, "sequence": event.sequence})


def _happened(event: Event) -> tuple[datetime, ...]:
    return (event.what.happened_at,) if isinstance(event.what, Happening) else ()


def wait_until(state: LiveState, moment: datetime) -> LiveState:
    """Return the state at a later moment at which nothing new is known."""
    return state.model_copy(update={"now": max(state.now, moment)})


def replay(day: Day, plan: DayPlan, events: Iterable[Event]) -> LiveState:
    """Return the state after a log; events that were undone are left out.

    Raises
    ------
    InvalidRequest
        D91xx: an event does not fit.
    """
    every = sorted(events, key=lambda event: event.sequence)
    state = begin_day(day, plan)
    gone = find_undone(every)
    for event in every:
        if event.sequence not in gone:
            state = apply(state, event)
    return state


def find_undone(events: Iterable[Event]) -> frozenset[int]:
    """Return the sequences of events that do not hold; undoing an undoing brings one back."""
    gone: set[int] = set()
    undoing = {e.sequence: e.what.undoes for e in events if isinstance(e.what, Undone)}
    for sequence in sorted(undoing, reverse=True):
        # The latest word counts: an undoing that was itself undone says nothing.
        if sequence not in gone:
            gone.add(undoing[sequence])
    return frozenset(gone)


def _changed(state: LiveState, fact: Happening) -> LiveState:
    handler = HANDLERS.get(type(fact))
    return state if handler is None else handler(state, fact)


HANDLERS: Final[Mapping[type[Happening], Callable[[LiveState, Any], LiveState]]] = MappingProxyType(
    {
        disruption.VisitAdded: changes.add,
        disruption.EmergencyRaised: changes.add,
        disruption.VisitCanceled: changes.cancel,
        disruption.AppointmentMoved: changes.move,
        disruption.AddressCorrected: changes.correct,
        disruption.PartMissing: changes.lack,
        disruption.PartArrived: changes.supply,
        disruption.TrafficChanged: changes.slow,
        disruption.OutletClosed: changes.close,
        disruption.ContractedFinished: changes.contracted_done,
        disruption.TechnicianDeparted: progress.depart,
        disruption.TechnicianArrived: progress.arrive,
        disruption.WorkStarted: progress.start,
        disruption.WorkFinished: progress.finish,
        disruption.VisitOverran: progress.overrun,
        disruption.CustomerAbsent: progress.absent,
        disruption.TechnicianLate: progress.late,
        disruption.TechnicianSick: progress.sick,
        disruption.TechnicianBack: progress.back,
        disruption.TechnicianSeen: progress.seen,
        Decided: decide,
    }
)
"""What each kind of fact does to the state; every kind of `disruption.LIVE_KINDS` has its line."""
