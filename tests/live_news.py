"""News of the day in tests/live_days.py, in one line each, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.domain import disruption as d
from dispatch.domain.event import Fact
from dispatch.errors import InvalidRequest
from dispatch.live.projection import project
from dispatch.live.state import LiveState
from tests.days import at
from tests.live_days import after, town_table

TOWN = town_table()


def fact(name: str, clock: str, **fields: Any) -> Fact:
    """``fact("WorkStarted", "08:10", technician="T1", visit="V1")``."""
    kind: type[Fact] = getattr(d, name)
    return kind.model_validate({"happened_at": at(clock), **fields})


def said(name: str, clock: str, technician: str, stop: str) -> tuple[str, Fact]:
    what = {"visit": stop} if stop.startswith("V") else {"what": stop}
    return clock, fact(name, clock, technician=technician, **what)


def departed(clock: str, stop: str, technician: str = "T1") -> tuple[str, Fact]:
    return said("TechnicianDeparted", clock, technician, stop)


def arrived(clock: str, stop: str, technician: str = "T1") -> tuple[str, Fact]:
    return said("TechnicianArrived", clock, technician, stop)


def started(clock: str, stop: str, technician: str = "T1") -> tuple[str, Fact]:
    return said("WorkStarted", clock, technician, stop)


def finished(clock: str, stop: str, technician: str = "T1") -> tuple[str, Fact]:
    return said("WorkFinished", clock, technician, stop)


def other(name: str, clock: str, **fields: Any) -> tuple[str, Fact]:
    return clock, fact(name, clock, **fields)


def times(state: LiveState, technician: str = "T1") -> list[str]:
    """``["V2 09:00", "V3 09:40", "end 10:40"]``: when work at each stop ahead begins."""
    etas = project(state, TOWN).etas
    return [f"{e.visit or e.kind} {e.start:%H:%M}" for e in etas if e.technician == technician]


def dangers(state: LiveState) -> list[tuple[str, str | None, int]]:
    """Kind, visit and minutes of every danger but that nobody has V7."""
    found = project(state, TOWN).dangers
    return [
        (x.kind.value, x.visit, x.minutes) for x in found if (x.kind, x.visit) != ("open", "V7")
    ]


def codes(state: LiveState, *facts: tuple[str, Fact]) -> list[str]:
    with pytest.raises(InvalidRequest) as raised:
        after(state, *facts)
    return [fault.code for fault in raised.value.faults]
