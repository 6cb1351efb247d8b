"""The rest of the day, projected: by hand, and a plan nothing happened to comes out as it is."""

from __future__ import annotations

import pytest

from dispatch.domain import Day, DayPlan
from dispatch.domain.checks import check_day
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import Severity
from dispatch.live.projection import project
from dispatch.live.state import begin_day
from dispatch.planning.daily import plan_day
from solver.stop import MaxIterations
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
