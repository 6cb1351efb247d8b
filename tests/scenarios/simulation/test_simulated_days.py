"""Days lived through: what was planned happens, what happens is counted once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from dispatch.live.apply import replay
from dispatch.live.state import Outcome, begin_day
from dispatch.planning.daily import plan_day
from scenarios.simulation.chances import Chances
from scenarios.simulation.day import live_through, open_state_desk
from scenarios.simulation.insertion import insert_open
from scenarios.simulation.policies import POLICIES
from scenarios.simulation.records import Judge
from scenarios.simulation.rest import Rest, build_rest
from scenarios.simulation.runner import Simulator, no_plan
from scenarios.simulation.service_desk import ServiceDesk, open_service_desk
from scenarios.simulation.world import World, build_world
from solver.stop import MaxIterations
from tests.simulated_day import CALM, make_day, make_table

pytestmark = pytest.mark.core

EVENTFUL = Chances(
    requests=0.6, emergencies=10, cancellations=0.1, absences=0.1, overruns=0.2, sickness=0.3
)


def _run(names: list[str], chances: Chances, *, lunch: bool = False, **shape: int) -> list[Any]:
    day = make_day(lunch=lunch, **shape)
    simulator = Simulator(day, make_table(day), chances, seed=3)
    return list(simulator.run([POLICIES[name] for name in names], 1).days)


def _world(chances: Chances) -> World:
    day = make_day()
    return build_world(day, make_table(day), chances, seed=3, replication=1)


@pytest.mark.parametrize("name", ["cheapest_insertion", "ours_all", "hindsight"])
def test_a_calm_day_goes_as_planned(name: str) -> None:
    row = _run([name], CALM, lunch=True)[0]
    assert row["visits"] == row["served"] == row["promised"] == row["kept"] == 20
    assert (row["unassigned_fen"], row["lateness_fen"]) == (0, 0)
    # Ours may send somebody else in order to be at a door in good time.
    assert name == "ours_all" or row["technician_changes"] == 0
    assert row["price_fen"] == sum(
        row[f"{part}_fen"]
        for part in (
            "unassigned", "lateness", "emergency_arrival", "disturbed", "assignment", "contracted",
            "work", "overtime", "travel",
        )
    )  # fmt: skip


def test_a_day_is_the_same_for_the_same_seed() -> None:
    one, two = (_run(["greedy_nearest", "ours_all"], EVENTFUL) for _ in range(2))
    for first, second in zip(one, two, strict=True):
        assert {**first, "cpu_s": 0} == {**second, "cpu_s": 0}


@pytest.mark.parametrize("name", list(POLICIES))
def test_every_visit_asked_for_has_one_row_and_is_served_once(name: str) -> None:
    day = make_day()
    simulator = Simulator(day, make_table(day), EVENTFUL, seed=3)
    simulation = simulator.run([POLICIES[name]], 1)
    count = Counter(row["visit"] for row in simulation.visits)
    assert max(count.values()) == 1
    assert simulation.days[0]["visits"] == len(simulation.visits)
    for row in simulation.visits:
        if row["outcome"] == "done":
            # Only hindsight may be there before it was asked.
            assert name == "hindsight" or row["requested_s"] <= row["reached_s"]
            assert row["reached_s"] <= row["arrival_s"] <= row["start_s"]
            assert row["start_s"] < row["end_s"]
            assert row["promise_from_s"] <= row["arrival_s"]
        if row["outcome"] == "unserved":
            assert not row["kept"]
        if row["outcome"] == "canceled":
            assert row["kept"] is None


def test_the_log_of_the_house_tells_the_same_day() -> None:
    world = _world(EVENTFUL)
    policy = POLICIES["greedy_nearest"]
    desk = open_service_desk(world, no_plan(world.day))
    lived = live_through(world, no_plan(world.day), policy, lambda *_: desk)
    assert isinstance(lived.desk, ServiceDesk)
    events = [e for e in desk.desk.events(world.day.id) if e.what.kind[:4] != "day_"]
    told = replay(world.day, no_plan(world.day), events)
    assert [r.past for r in told.routes] == [r.past for r in lived.desk.state.routes]
    assert any(past.outcome is Outcome.DONE for route in told.routes for past in route.past)


def test_both_desks_live_the_same_day() -> None:
    rows = []
    for open_desk in (open_state_desk, open_service_desk):
        world = _world(EVENTFUL)
        lived = live_through(world, no_plan(world.day), POLICIES["greedy_nearest"], open_desk)
        rows.append(Judge(lived, 1).rows())
    assert rows[0] == rows[1]


def test_who_is_ill_serves_nobody_afterwards() -> None:
    world = _world(replace(CALM, sickness=1.0))
    lived = live_through(world, no_plan(world.day), POLICIES["greedy_nearest"])
    assert world.sick
    for (name, _), traveler in lived.travelers.items():
        assert all(arrival[0] <= world.sick[name] for arrival in traveler.arrivals.values())


def test_customers_are_told_who_comes_before_they_come() -> None:
    day = make_day()
    rows = Simulator(day, make_table(day), CALM, seed=3).run([POLICIES["ours_all"]], 1).visits
    assert all(row["told_first_s"] is not None for row in rows)
    assert all(row["eta_moves"] == 0 for row in rows)


def test_planning_again_keeps_no_fewer_promises_than_planning_once() -> None:
    # 40 visits for four technicians: ten each, more than all can keep once some run over.
    rows = _run(["greedy_nearest", "cheapest_insertion", "ours_all"], EVENTFUL, visits=40)
    kept = {row["policy"]: row["kept_share"] for row in rows}
    assert kept["ours_all"] >= max(kept["greedy_nearest"], kept["cheapest_insertion"])


def test_a_visit_that_does_not_fit_any_more_is_not_given_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = make_day()
    table = make_table(day)
    known = day.model_copy(update={"visits": day.visits[1:]})
    plan = plan_day(known, table, stop=MaxIterations(50), explain=False)
    rest = build_rest(begin_day(day, plan), table)
    assert rest is not None
    # As if no route could stand as it is: what is held stays held, the open visit alone is given.
    monkeypatch.setattr(Rest, "standing", lambda _: {})
    routes, changed = insert_open(rest)
    given = [rest.translation.visits[s.index].id for steps in routes.values() for s in steps]
    assert (given, len(changed)) == (["V00"], 1)


def test_who_may_leave_visits_out_keeps_more_promises_of_the_others() -> None:
    # Fifteen visits for each of four technicians: late ones make the next ones late.
    rows = _run(["greedy_nearest", "greedy_by_price"], EVENTFUL, visits=60)
    plain, priced = rows
    assert priced["kept_share"] > plain["kept_share"]
    assert priced["lateness_fen"] < plain["lateness_fen"]
    assert priced["served"] < plain["served"]
