"""The rest of the day, projected: by hand, and a plan nothing happened to comes out as it is."""

from __future__ import annotations

import itertools

import pytest

from dispatch.domain import Day, DayPlan
from dispatch.domain.checks import check_day
from dispatch.domain.disruption import (
    Happening,
    TechnicianArrived,
    TechnicianDeparted,
    WorkFinished,
    WorkStarted,
)
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import Severity
from dispatch.live.apply import apply
from dispatch.live.projection import project
from dispatch.live.state import begin_day
from dispatch.planning.daily import plan_day
from solver.stop import MaxIterations
from tests.live_days import event
from tests.random_days import small_day
from tests.random_whole_days import whole_small_day

Row = tuple[str, int, str, object, object, object, object]


def visits_of(plan: DayPlan) -> set[Row]:
    return {
        (r.technician, r.shift, s.visit, s.arrival, s.start, s.end, s.promise)
        for r in plan.routes
        for s in r.stops
        if s.visit is not None
    }


def check_unchanged(day: Day, travel: TravelTable, plan: DayPlan) -> None:
    """Arrivals, starts and ends of visits and every return are those of the plan."""
    found = project(begin_day(day, plan), travel)
    assert {
        (e.technician, e.shift, e.visit, e.arrival, e.start, e.end, e.promise)
        for e in found.etas
        if e.visit is not None
    } == visits_of(plan)
    for before, after in itertools.pairwise(found.etas):
        if (before.technician, before.shift) == (after.technician, after.shift):
            # Nobody sets out while still at work: a break where one is has no way at all.
            assert after.leaves is None or after.leaves >= before.end
    ends = {(e.technician, e.shift): e.end for e in found.etas if e.kind == "end"}
    assert ends == {(r.technician, r.shift): r.end for r in plan.routes}
    late = {s.visit: s.lateness_s for r in plan.routes for s in r.stops if s.lateness_s}
    assert {e.visit: e.lateness_s for e in found.etas if e.lateness_s} == late
    said = {d.visit for d in found.dangers if d.kind == "promise"}
    assert said == set(late)
    kinds = {d.kind for d in found.dangers}
    assert kinds <= {"promise", "open"}


def is_sound(day: Day) -> bool:
    return all(fault.severity is not Severity.ERROR for fault in check_day(day))


@pytest.mark.core
@pytest.mark.parametrize("seed", range(40))
def test_a_plan_nothing_happened_to_is_projected_as_it_is(seed: int) -> None:
    # Parts, crews, links, two days, rush hours, breaks, several shifts: drawn by the seed.
    for day, travel in (small_day(seed), whole_small_day(seed)):
        if is_sound(day):
            plan = plan_day(day, travel, stop=MaxIterations(60), seed=seed)
            check_unchanged(day, travel, plan)


def reports(plan: DayPlan) -> list[Happening]:
    """Everything a plan says, reported as it happens."""
    told: list[tuple[object, int, Happening]] = []
    for route in plan.routes:
        free, number, going = route.start, 0, None
        ahead = [stop for stop in route.stops if stop.kind != "start"]
        leading = next(i for i, s in enumerate(route.stops) if s.kind == "start")
        for position, stop in enumerate(ahead):
            target = next((s for s in ahead[position:] if s.kind != "break"), None)
            names = {"technician": route.technician, "what": stop.kind, "visit": stop.visit}
            driven = position > 0 and ahead[position - 1].kind == "break" and stop.leg_s == 0
            leaves = stop.kind != "break" or stop.leg_s > 0
            if leaves and target is not None and not (driven and going is target):
                going = target
                goes = {**names, "what": target.kind, "visit": target.visit}
                told.append((free, number, TechnicianDeparted(happened_at=free, **goes)))
            if stop.kind == "end":
                told.append((stop.end, number, TechnicianArrived(happened_at=stop.end, **names)))
            else:
                if stop.kind == "visit":
                    there = TechnicianArrived(happened_at=stop.reached, **names)
                    told.append((stop.reached, number, there))
                told.append((stop.start, number + 1, WorkStarted(happened_at=stop.start, **names)))
                told.append((stop.end, number + 2, WorkFinished(happened_at=stop.end, **names)))
            free = stop.end if position >= leading else max(stop.end, route.start)
            number += 3
    return [fact for *_, fact in sorted(told, key=lambda one: one[:2])]


@pytest.mark.core
@pytest.mark.parametrize("seed", range(30))
def test_a_day_that_goes_as_planned_is_projected_as_planned_all_day(seed: int) -> None:
    day, travel = whole_small_day(seed)
    if not is_sound(day):
        day, travel = small_day(seed)
    plan = plan_day(day, travel, stop=MaxIterations(60), seed=seed)
    state, planned = begin_day(day, plan), visits_of(plan)
    for sequence, fact in enumerate(reports(plan), start=1):
        state = apply(state, event(sequence, fact.happened_at, fact, day.id))
        found = {
            (e.technician, e.shift, e.visit, e.arrival, e.start, e.end, e.promise)
            for e in project(state, travel).etas
            if e.visit is not None
        }
        assert found <= planned
    assert all(not route.ahead for route in state.routes)
    assert {past.stop.visit for route in state.routes for past in route.past} >= {
        row[2] for row in planned
    }
