"""The flow of planning a day: repeats, empty days, quarantine, faults, progress, explanations."""

from __future__ import annotations

import random

import pytest

from dispatch.domain import Day, PlanStatus, Prices, Priority, QuarantinedVisit
from dispatch.domain.checks import check_day
from dispatch.errors import InvalidRequest, Severity
from dispatch.planning.codes import PlanningFault
from dispatch.planning.daily import plan_day, plan_day_with_travel, plan_days
from dispatch.referee import judge
from solver.stop import MaxIterations
from tests.days import (
    GridTown,
    appointment,
    at,
    contracted,
    grid_table,
    needs,
    outlet,
    shift,
    skills,
    spot,
    technician,
    tiny_day,
    visit,
)
from tests.plans import codes, plan, who
from tests.random_days import small_day


def busy_day(seed: int = 0) -> Day:
    """Return 24 visits, 5 technicians, 2 outlets and a contracted one."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable day, no secret
    trades = ("gas", "tv", "air")
    visits = [
        visit(
            f"V{i:02}",
            rng.randrange(-6, 7),
            rng.randrange(-6, 7),
            promises=(appointment(f"{rng.randrange(9, 17)}:00"),),
            skills=needs(**{rng.choice(trades): rng.randrange(1, 3)}),
            priority=rng.choice(list(Priority)[1:]),
        )
        for i in range(24)
    ]
    people = [
        technician(
            f"T{i}",
            outlet=rng.choice(["O1", "O2"]),
            skills=skills(gas=rng.randrange(1, 4), tv=2, air=1),
            shifts=(shift("08:00", "17:00", ("11:30", "13:00", 30)),),
        )
        for i in range(5)
    ]
    outlets = [outlet("O1"), outlet("O2", 3, 3), contracted("C1", skills=("gas", "tv"))]
    return tiny_day(visits, people, outlets)


def shuffled(day: Day, seed: int) -> Day:
    rng = random.Random(seed)  # noqa: S311 - a repeatable day, no secret
    rows = {name: list(getattr(day, name)) for name in ("visits", "technicians", "outlets")}
    for items in rows.values():
        rng.shuffle(items)
    return day.model_copy(update={name: tuple(items) for name, items in rows.items()})


def text_of(made) -> str:
    return made.model_copy(update={"runtime_s": 0.0}).model_dump_json()


def test_the_same_day_with_shuffled_rows_gives_the_same_plan_letter_by_letter():
    day = busy_day()
    first = text_of(plan(day, stop=MaxIterations(400), seed=3))
    for seed in range(5):
        assert text_of(plan(shuffled(day, seed), stop=MaxIterations(400), seed=3)) == first


def test_a_table_of_an_earlier_plan_gives_the_same_plan_again():
    day = busy_day()
    result = plan_day_with_travel(day, GridTown(), stop=MaxIterations(200))
    again = plan_day(day, result.travel_table, stop=MaxIterations(200))
    assert text_of(again) == text_of(result.plan)


def is_sound(seed: int) -> bool:
    """Random days also hold shifts outside the horizon, which the check of a day refuses."""
    faults = check_day(small_day(seed)[0])
    return all(fault.severity is not Severity.ERROR for fault in faults)


@pytest.mark.parametrize("seed", [seed for seed in range(0, 150, 3) if is_sound(seed)])
def test_a_random_day_with_every_rule_on_is_planned_judged_and_explained(seed):
    day, table = small_day(seed)
    made = plan_day(day, table, stop=MaxIterations(200))  # raises if the referee objects
    people = len(day.technicians) + sum(o.capacity is not None for o in day.outlets)
    for entry in made.unassigned:
        assert len(entry.reasons) == people
        assert entry.summary.endswith(".")
        assert entry.summary_zh.endswith("。")
    served = {stop.visit for route in made.routes for stop in route.stops if stop.visit}
    assert {choice.visit for choice in made.choices} == served


def test_a_day_without_anything_has_an_empty_plan():
    made = plan(tiny_day([], [], []))
    assert (made.status, made.routes, made.cost.total) == (PlanStatus.FEASIBLE, (), 0)
    assert made.engine == "none"


def test_a_day_without_visits_sends_nobody():
    made = plan(tiny_day([]))
    assert (made.status, made.routes) == (PlanStatus.FEASIBLE, ())


def test_a_day_without_technicians_leaves_every_visit_and_says_so():
    made = plan(tiny_day([visit()], []))
    assert made.status is PlanStatus.HAS_UNASSIGNED
    assert made.unassigned[0].summary == "Nobody works and no outlet takes visits."
    urgent = visit(priority=Priority.EMERGENCY, received_at=at("09:00"))
    made = plan(tiny_day([urgent], []))
    assert made.status is PlanStatus.EMERGENCY_UNSERVED
    assert made.reachable_emergencies == 0.0


def test_a_visit_far_from_any_road_is_quarantined_and_the_day_goes_on():
    made = plan(tiny_day([visit("V1"), visit("V2", 2)]), GridTown(far=[spot(2, 0)]))
    assert [(q.visit, q.code) for q in made.quarantined] == [("V2", "D7101")]
    assert made.quarantined[0].reason == (
        "the place is 900 m from the nearest road; at most 500 m is allowed"
    )
    assert who(made, "V1") == "T1"
    assert made.status is PlanStatus.FEASIBLE


def test_a_day_whose_visits_are_all_quarantined_is_no_exception():
    made = plan(tiny_day([visit("V1")]), GridTown(far=[spot(1, 0)]))
    assert made.status is PlanStatus.INFEASIBLE_INPUT
    bare = tiny_day([visit("V1")], [], [])
    made = plan(bare, GridTown(far=[spot(1, 0)]))
    assert (made.status, made.engine) == (PlanStatus.INFEASIBLE_INPUT, "none")


def test_a_visit_set_aside_while_reading_is_carried_into_the_plan():
    aside = QuarantinedVisit(visit="V9", code="D4102", reason="address unknown")
    made = plan(tiny_day([visit()]), quarantined=[aside])
    assert made.quarantined == (aside,)


def test_a_place_without_a_way_is_a_reason():
    made = plan(tiny_day([visit(x=2)]), GridTown(cut=[spot(2, 0)]))
    assert codes(made, "V1") == {"T1": "unreachable"}


def test_technicians_and_outlets_off_the_roads_are_faults_all_at_once():
    people = [technician("T1"), technician("T2", start=spot(7, 7))]
    town = GridTown(far=[spot(7, 7), spot(0, 0)])
    with pytest.raises(InvalidRequest) as caught:
        plan(tiny_day([visit()], people), town)
    found = {(fault.code, fault.where) for fault in caught.value.faults}
    assert found == {
        (PlanningFault.TECHNICIAN_OFF_ROADS, "technician T1, start place"),
        (PlanningFault.TECHNICIAN_OFF_ROADS, "technician T1, end place"),
        (PlanningFault.TECHNICIAN_OFF_ROADS, "technician T2, start place"),
        (PlanningFault.TECHNICIAN_OFF_ROADS, "technician T2, end place"),
        (PlanningFault.OUTLET_OFF_ROADS, "outlet O1"),
    }


def test_a_broken_day_is_refused_with_every_fault():
    twice = tiny_day([visit("V1"), visit("V1"), visit("V2", outlet="nowhere")])
    with pytest.raises(InvalidRequest) as caught:
        plan(twice)
    assert {fault.code for fault in caught.value.faults} == {"D5001", "D5002"}


def test_a_table_that_lacks_places_or_profiles_is_refused():
    table = grid_table(tiny_day([visit()]))
    with pytest.raises(InvalidRequest) as caught:
        plan_day(tiny_day([visit(x=5)]), table, stop=MaxIterations(1))
    assert [fault.code for fault in caught.value.faults] == [PlanningFault.TABLE_WITHOUT_PLACE]
    del table.durations_s["car"]  # type: ignore[attr-defined]  # a dict here
    with pytest.raises(InvalidRequest) as caught:
        plan_day(tiny_day([visit()]), table, stop=MaxIterations(1))
    assert [fault.code for fault in caught.value.faults] == [PlanningFault.TABLE_WITHOUT_PROFILE]


def test_prices_that_could_leave_64_bits_are_refused():
    # 1e9 fen a minute * 300 units * VIP 100 * 100 after the knee = 3e15 units a second of lateness;
    # one hour of it is 1.1e19 > 2**62 = 4.6e18
    dear = Prices(
        late_general_per_min=1_000_000_000, late_factor_after_knee=100, late_factor_vip=100
    )
    jobs = [
        visit(f"V{i}", customer_class="vip", promises=(appointment("08:00"),)) for i in range(30)
    ]
    day = tiny_day(jobs, prices=dear)
    with pytest.raises(InvalidRequest) as caught:
        plan(day)
    assert [fault.code for fault in caught.value.faults] == [PlanningFault.COST_OVERFLOW]


def test_progress_is_told_in_fen_and_false_keeps_the_best_plan_so_far():
    seen = []

    def stop_at_once(progress):
        seen.append(progress)
        return False

    made = plan(busy_day(), stop=MaxIterations(10**9), on_progress=stop_at_once)
    assert made.stopped_by == "caller"
    assert seen[0].iteration > 0
    assert seen[0].unassigned >= 0
    served = sum(len(route.stops) for route in made.routes)
    assert served > 0


def test_many_days_are_planned_one_after_the_other():
    days = [busy_day(1), tiny_day([visit()]), tiny_day([])]
    made = plan_days(days, GridTown(), stop=MaxIterations(50))
    alone = [plan_day(day, GridTown(), stop=MaxIterations(50)) for day in days]
    assert [text_of(p) for p in made] == [text_of(p) for p in alone]


def test_explanations_can_be_left_out():
    day = tiny_day([visit(), visit("V2", skills=needs(gas=1))])
    full, some, none = (plan(day, explain=what) for what in (True, "unassigned", False))
    assert (len(full.choices), len(full.unassigned[0].reasons)) == (1, 1)
    assert (len(some.choices), len(some.unassigned[0].reasons)) == (0, 1)
    assert (len(none.choices), len(none.unassigned[0].reasons)) == (0, 0)
    assert none.unassigned[0].visit == "V2"


def test_on_large_days_some_choices_are_left_out_and_a_note_says_how_many(monkeypatch):
    monkeypatch.setattr("dispatch.planning.choices.MAX_CHOICE_PAIRS", 50)
    made = plan(busy_day(), stop=MaxIterations(200))
    served = sum(stop.kind == "visit" for route in made.routes for stop in route.stops)
    # 50 pairs // 5 shifts = 10 visits
    assert len(made.choices) == 10
    (note,) = made.notes
    assert note.startswith(f"choices of {served - 10} assigned visits (the last by id)")
    assert note.endswith("exceed 50")


def test_ortools_plans_the_same_day_and_passes_the_same_referee():
    pytest.importorskip("solver.routing.ortools_model")
    day = tiny_day([visit("V1"), visit("V2", 2, promises=(appointment("10:00"),))])
    result = plan_day_with_travel(day, GridTown(), engine="ortools", stop=MaxIterations(20))
    assert result.plan.engine == "ortools"
    assert judge(day, result.plan, result.travel_table).ok
    assert result.plan.status is PlanStatus.FEASIBLE
