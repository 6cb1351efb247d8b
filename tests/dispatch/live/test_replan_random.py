"""Random days with everything, driven at random and planned again in every mode.

Each plan passes the referee on the rest of the day (``propose`` and ``accept`` raise otherwise);
here is looked at what the referee does not know: history, freezes, modes, promises, the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from dispatch.domain import Day, Priority
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import InvalidRequest
from dispatch.live.accept import Accepted, accept
from dispatch.live.decision import decide, decision_of
from dispatch.live.freeze import Freeze
from dispatch.live.guard import check_states
from dispatch.live.replan import Proposal, ReplanMode, Search, propose
from dispatch.live.state import LiveState
from dispatch.live.whole import whole_plan
from dispatch.planning.daily import plan_day
from solver.stop import MaxIterations
from tests.live_driver import Driver
from tests.live_model import frozen_stops_stand
from tests.random_days import Shape, small_day
from tests.whole_random import Whole, whole_day

MID = Whole(
    Shape(visits=14, technicians=5, rules=0.15, islands=0.0, emergencies=0.05),
    seats=18,
    crews=0.15,
    links=0.2,
    parts=0.3,
)
STEPS = 30


def day_of(kind: str, seed: int) -> tuple[Day, TravelTable]:
    if kind == "plain":
        return small_day(seed)
    return whole_day(seed) if kind == "tiny" else whole_day(seed, MID)


def driven(kind: str, seed: int) -> Driver | None:
    """Return a day with its plan; None where the day cannot be planned at all."""
    day, table = day_of(kind, seed)
    try:
        plan = plan_day(day, table, stop=MaxIterations(100), explain=False)
    except InvalidRequest:
        return None
    return Driver(day, plan, table, seed)


def run(kind: str, seeds: Iterator[int]) -> int:
    """Drive days; return how many plans were made."""
    made = 0
    for seed in seeds:
        driver = driven(kind, seed)
        for _ in range(STEPS if driver is not None else 0):
            assert driver is not None
            dice = driver.rng.random()
            if dice < 0.5:
                driver.news()
            elif dice < 0.75:
                driver.trouble()
            else:
                replan(driver)
                made += 1
    return made


def replan(driver: Driver) -> None:
    rng, before, table = driver.rng, driver.state, driver.travel
    mode = rng.choice(list(ReplanMode))
    soon = driver.moment + timedelta(minutes=60)
    freeze = Freeze(
        until=rng.choice([None, None, soon]),
        next_visits=rng.choice([0, 0, 1]),
        technicians=rng.choice([(), (), (driver.day.technicians[0].id,)]),
        visits=rng.choice([(), (driver.day.visits[0].id,)]),
    )
    divert = rng.random() < 0.2
    search = Search(stop=MaxIterations(60), seed=rng.randint(0, 99))
    made = propose(before, table, freeze=freeze, mode=mode, search=search, divert=divert)
    taken = accept(before, made, table)
    assert check_states(before, taken.state) == []
    if not freeze.visits:
        frozen_stops_stand(before, driver.projection(), freeze, taken.state, divert=divert)
    for name in made.frozen.kept:
        was, now = driver.projection().find_eta(name), taken.projection.find_eta(name)
        if was is None:
            # None of our own had it before them, and none is given it.
            assert now is None
            assert (name in before.open) == (name in taken.state.open)
            continue
        assert now is not None
        assert (was.technician, was.arrival) == (now.technician, now.arrival)
    look_at(before, made, taken)
    fact = decision_of(before, taken.state, before.now, "replan")
    assert decide(before, fact) == taken.state
    whole = whole_plan(taken.state, taken.projection, table, taken.plan)
    ahead = sum(len(route.ahead) for route in taken.state.routes)
    assert sum(len(route.stops) for route in whole.routes) >= ahead
    some_of_it(driver, made)
    if rng.random() < 0.8:
        driver.state = taken.state


def look_at(before: LiveState, made: Proposal, taken: Accepted) -> None:
    """Modes change no more than they say; promises are not sold."""
    has = {(e.technician, e.visit) for e in taken.projection.etas if e.visit is not None}
    had = {(r.technician, s.visit) for r in before.routes for s in r.ahead if s.visit is not None}
    if made.mode is not ReplanMode.ALL:
        assert had <= has
    if made.mode is ReplanMode.FILL_GAPS:
        assert {change.kind for change in made.diff.changes} <= {"assigned", "contracted", "eta"}
    wanted = {visit.id: visit for visit in before.day.visits}
    needy = [
        wanted[name] for name in before.open if wanted[name].mandatory or _is_urgent(before, name)
    ]
    if not needy and "unassigned" not in made.diff.price and not made.plan.unassigned:
        assert made.diff.broken == ()


def _is_urgent(state: LiveState, name: str) -> bool:
    visit = next(one for one in state.day.visits if one.id == name)
    return visit.priority is Priority.EMERGENCY


def some_of_it(driver: Driver, made: Proposal) -> None:
    """A part of the changes stands by itself, or is refused with its reasons; nothing else."""
    own = [change.id for change in made.diff.changes if change.kind != "eta"]
    chosen = [name for name in own if driver.rng.random() < 0.5]
    try:
        taken = accept(driver.state, made, driver.travel, changes=chosen)
    except InvalidRequest as refused:
        codes = {fault.code for fault in refused.faults}
    else:
        codes = {"D9122", *check_states(driver.state, taken.state)}
    assert codes == {"D9122"}


@pytest.mark.parametrize("kind", ["plain", "tiny", "mid"])
def test_random_days_are_planned_again(kind: str) -> None:
    assert run(kind, iter(range(5))) > 10


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["plain", "tiny", "mid"])
def test_many_random_days_are_planned_again(kind: str) -> None:
    assert run(kind, iter(range(5, 400))) > 1000
