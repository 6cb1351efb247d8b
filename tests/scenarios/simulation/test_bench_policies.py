"""The bench of policies: days are kept as they come, and drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.live.state import begin_day
from scenarios.bench.day_rows import Case
from scenarios.bench.policies import verdict
from scenarios.bench.policies_chart import draw_kept, lines_of
from scenarios.bench.policies_diary import Diary, world_digest
from scenarios.simulation.policies import POLICIES
from scenarios.simulation.rest import build_rest
from scenarios.simulation.runner import Simulator, no_plan
from scenarios.simulation.world import build_world
from tests.simulated_day import CALM, make_day, make_table


def _case(technicians: int = 4) -> Case:
    day = make_day(technicians=technicians)
    return Case(day=day, table=make_table(day))


def test_a_run_that_was_ended_goes_on_where_it_was(tmp_path: Path) -> None:
    case, file = _case(), tmp_path / "days.jsonl"
    simulator = Simulator(case.day, case.table, CALM, seed=3)
    greedy = [POLICIES["greedy_nearest"]]
    first = Diary(file, "a")
    simulator.run(greedy, 1, first.write)
    Diary(file, "b").write({"replication": 2, "policy": "greedy_nearest"})
    second = Diary(file, "a")
    lived = simulator.run(greedy, 2, second.write, second.rows.keys())
    # The first is known, and the row of another key is not taken for the second.
    assert [row["replication"] for row in lived.days] == [2]
    kept = [row["kept"] for row in Diary(file, "a").find(["greedy_nearest"], 2)]
    assert kept == [20, 20]


def test_days_that_differ_in_anything_are_kept_apart() -> None:
    case = _case()
    names = {
        world_digest(case, CALM, 1),
        world_digest(case, CALM, 2),
        world_digest(case, replace(CALM, shocks=1), 1),
        world_digest(_case(technicians=5), CALM, 1),
    }
    assert len(names) == 4
    assert world_digest(_case(), CALM, 1) in names


def test_a_policy_has_a_point_for_each_crew_it_has_promises_with() -> None:
    rows = [
        {"day": "a", "technicians": crew, "policy": "ours", "kept_%": kept, "kept_±": 1.5}
        for crew, kept in ((30, 99.0), (20, 90.0), (40, None))
    ]
    assert lines_of(rows) == {"a": {"ours": [(30, 99.0, 1.5), (20, 90.0, 1.5)]}}


def test_ours_is_held_against_the_baseline_that_keeps_most_and_not_on_a_single_day() -> None:
    def days(*kept: float, price: int) -> dict[int, dict[str, float]]:
        return {n: {"kept_share": k, "price_fen": price} for n, k in enumerate(kept, start=1)}

    groups = {
        "greedy_nearest": days(0.70, 0.70, price=100_00),
        "greedy_by_price": days(0.80, 0.80, price=900_00),
        "ours_all": days(0.84, 0.84, price=500_00),
    }
    found = verdict(groups)
    assert (found["baseline"], found["passed"]) == ("greedy_by_price", True)
    assert found["kept_more_points"] == "+4.00 [+4.00, +4.00]"
    assert found["price_more_yuan"] == "-400.00 [-400.00, -400.00]"
    # Better by 8 and worse by 2 points: the interval of two days is far wider than that.
    assert verdict({**groups, "ours_all": days(0.88, 0.78, price=500_00)})["passed"] is False
    assert verdict({**groups, "ours_all": days(0.84, 0.84, price=901_00)})["passed"] is False
    alone = verdict({name: {1: rows[1]} for name, rows in groups.items()})
    assert (alone["kept_more_points"], alone["passed"]) == ("+4.00 (one day)", None)
    # Where the baseline keeps 99 % nothing is at stake.
    calm = verdict({**groups, "greedy_by_price": days(0.99, 0.99, price=900_00)})
    assert (calm["at_stake"], calm["passed"]) == (False, None)


def test_the_chart_is_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="extra bench is not installed")
    rows = [
        {"day": day, "technicians": crew, "policy": "ours", "kept_%": 90.0, "kept_±": 1.0}
        for day in "abcd"
        for crew in (20, 30)
    ]
    draw_kept(rows, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_greedy_sees_the_promises_that_may_be_due_and_no_others() -> None:
    # No requests during the day: all 20 visits, every half hour from 8:30 on, are known.
    day = make_day()
    world = build_world(day, make_table(day), CALM, seed=3, replication=1)
    state = begin_day(world.day, no_plan(world.day))
    for hour in (9, 12, 20):
        rest = build_rest(state, world.table, until=hour * 3600)
        assert rest is not None
        soon = {visit.id for visit in rest.translation.visits}
        opens = {v.id: world.clock.ceil(v.promises[0].window(30)[0]) for v in day.visits}
        assert soon == {name for name, second in opens.items() if second <= hour * 3600}
