"""A live day for tests: three technicians in the grid town, and events written in one line.

One step takes 10 min by car; outlet O1 at (0, 0); a visit takes 30 min. The plan is written by
hand, as the planner would time it:

T1  V1 (1, 0) at 08:10, V2 (2, 0) promised 09:00-09:30, V3 (3, 0), back
T2  V4 (0, 1) at 08:10, lunch of 30 min from 11:30 to 12:30, V5 (0, 2) promised 13:00-14:00, back
T3  nothing
C1 (contracted) has V6; nobody has V7.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from dispatch.domain import (
    ContractedService,
    CostBreakdown,
    Day,
    DayPlan,
    PartNeed,
    PlanRoute,
    PlanStatus,
    PlanStop,
    UnassignedVisit,
)
from dispatch.domain.event import Event, Fact
from dispatch.domain.travel_table import TravelTable
from dispatch.live.apply import apply
from dispatch.live.state import LiveState, begin_day
from tests.days import (
    STEP_S,
    GridTown,
    contracted,
    outlet,
    shift,
    spot,
    technician,
    tiny_day,
    window,
)
from tests.days import at as clock_of
from tests.days import visit as visit_at

PUMP = PartNeed(part="pump")


def live_day() -> Day:
    """The day of the page's head."""
    return tiny_day(
        [
            visit_at("V1", 1),
            visit_at("V2", 2, promises=(window("09:00", "09:30", "a"),), parts=(PUMP,)),
            visit_at("V3", 3),
            visit_at("V4", 0, 1),
            visit_at("V5", 0, 2, promises=(window("13:00", "14:00"),)),
            visit_at("V6", 4, 4),
            visit_at("V7", 4, 3),
        ],
        [
            technician("T1"),
            technician("T2", shifts=(shift("08:00", "18:00", ("11:30", "12:30", 30)),)),
            technician("T3"),
        ],
        [outlet(), contracted("C1", 4, 4)],
    )


def _stop(
    kind: str, arrival: str, lasts_min: int = 0, leg_min: int = 0, **more: object
) -> PlanStop:
    moment = clock_of(arrival)
    times: dict[str, Any] = {"reached": moment, "arrival": moment, "start": moment}
    end = moment + timedelta(minutes=lasts_min)
    return PlanStop(kind=kind, leg_s=leg_min * 60, end=end, **times, **more)


def live_plan() -> DayPlan:
    """Its plan."""
    first = (
        _stop("start", "08:00"),
        _stop("visit", "08:10", 30, 10, visit="V1"),
        # 08:40 + 10 min = 08:50; the promise opens at 09:00.
        _stop("visit", "09:00", 30, 10, visit="V2", promise="a", parts=(PUMP,)),
        _stop("visit", "09:40", 30, 10, visit="V3"),
        _stop("end", "10:40", 0, 30),
    )
    second = (
        _stop("start", "08:00"),
        _stop("visit", "08:10", 30, 10, visit="V4"),
        # On to V5 by 08:50; lunch there from 11:30 to 12:00; V5 opens at 13:00.
        _stop("break", "11:30", 30, 10),
        _stop("visit", "13:00", 30, visit="V5", promise="1"),
        _stop("end", "13:50", 0, 20),
    )
    return DayPlan(
        status=PlanStatus.HAS_UNASSIGNED,
        day="tiny",
        seed=0,
        iterations=0,
        runtime_s=0.0,
        engine="hand",
        stopped_by="hand",
        estimated_travel=True,
        cost=CostBreakdown(),
        routes=(
            PlanRoute(technician="T1", start=clock_of("08:00"), end=clock_of("10:40"), stops=first),
            PlanRoute(
                technician="T2", start=clock_of("08:00"), end=clock_of("13:50"), stops=second
            ),
        ),
        contracted=(ContractedService(outlet="C1", visits=("V6",)),),
        unassigned=(UnassignedVisit(visit="V7"),),
    )


def town_table() -> TravelTable:
    """Every spot from (0, 0) to (5, 5)."""
    places = [spot(x, y) for x in range(6) for y in range(6)]
    lonlat = np.array(sorted((p.lon, p.lat) for p in places), dtype=np.float64)
    matrices = {profile: GridTown().matrix(lonlat, profile) for profile in STEP_S}
    return TravelTable(
        lonlat=lonlat,
        durations_s={p: m.durations_s for p, m in matrices.items()},
        distances_m={p: m.distances_m for p, m in matrices.items()},
        estimated=True,
    )


def begun() -> LiveState:
    """The day before anything happened."""
    return begin_day(live_day(), live_plan())


def event(sequence: int, moment: datetime, what: Fact, day: str = "tiny") -> Event:
    """An event recorded at a moment."""
    return Event(
        sequence=sequence, at=moment, by="dispatcher:li", day=day,
        request_id=f"r{sequence}", what=what,
    )  # fmt: skip


def after(state: LiveState, *facts: tuple[str, Fact]) -> LiveState:
    """The state after facts recorded at the times of day given."""
    for clock, fact in facts:
        state = apply(state, event(state.sequence + 1, clock_of(clock), fact))
    return state
