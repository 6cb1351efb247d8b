"""``bench day``: the common problem, its judge, the greedy repair, the sums."""

from __future__ import annotations

import argparse
import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from dispatch.planning.translate import translate
from geo.estimated import EstimatedTravel
from scenarios.bench.day import add_arguments, count_technicians
from scenarios.bench.day_common import MISSED_FEN, judge_common, make_common
from scenarios.bench.day_duel import COLUMNS, REFERENCE, Duel, sum_up
from scenarios.bench.day_engines import (
    PEERS,
    check_engines,
    order_of,
    repair_greedily,
    run_on_arrays,
    state_for_peers,
)
from scenarios.bench.day_floor import find_floor_yuan
from scenarios.bench.day_rows import Budget, prepare_case
from scenarios.bench.peers.pyvrp_rest import solve_rest_with_pyvrp
from scenarios.errors import UnknownInstance, UnsupportedRule
from scenarios.generate import generate_day
from solver.errors import InvalidParameter
from solver.routing.features import RushHours
from solver.routing.problem import FORBIDDEN
from tests.problems import K, P, V, line, make_problem
from tests.towns import town

needs_peers = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("vroom", "pyvrp", "vrp_cli")),
    reason="a peer is not installed",
)
needs_pyvrp = pytest.mark.skipif(
    importlib.util.find_spec("pyvrp") is None, reason="PyVRP is not installed"
)


def small_case(visits: int = 30):
    day = generate_day(town(), seed=1, visits=visits, technicians=6, outlets=3, emergencies=1)
    return prepare_case(day, EstimatedTravel())


def small_translation():
    case = small_case()
    return translate(case.day, case.table)


def test_common_rules_price_a_leg_by_its_meters_and_driving_seconds():
    t = small_translation()
    common, full = make_common(t), t.problem
    assert common.n_visits <= full.n_visits
    # the default table: 120 fen a kilometer and 4 000 fen an hour, access time among the seconds
    place = full.visit_location
    kept = [v for v in range(full.n_visits) if full.n_visits == common.n_visits]
    a, b = kept[0], kept[1]
    seconds = int(full.durations_s[0][place[a], place[b]]) + int(full.visit_access_s[b])
    meters = int(full.distances_m[0][place[a], place[b]])
    fen = 0.12 * meters + 4000 / 3600 * seconds
    assert int(common.durations_s[0][a, b]) == seconds
    assert int(common.distances_m[0][a, b]) == pytest.approx(fen, abs=0.51)
    assert set(common.cost_per_meter.tolist()) == {1}
    assert set(common.cost_per_second.tolist()) == {0}


def test_common_rules_keep_first_windows_and_shifts_and_drop_breaks_overtime_and_pools():
    t = small_translation()
    common, full = make_common(t), t.problem
    first = full.window_offset[:-1]
    assert common.window_latest.tolist() == full.window_latest[first].tolist()
    assert common.window_limit.tolist() == common.window_latest.tolist()
    assert common.vehicle_latest.tolist() == full.vehicle_latest.tolist()
    assert (len(common.break_duration_s), common.n_pools) == (0, 0)
    assert not common.vehicle_overtime_s.any()


def test_technicians_of_one_trade_may_serve_the_same_visits():
    t = small_translation()
    allowed = make_common(t).assignment_cost != FORBIDDEN
    trades = [frozenset(skill.skill for skill in line.technician.skills) for line in t.lines]
    for j, trade in enumerate(trades):
        twin = trades.index(trade)
        assert np.array_equal(allowed[:, j], allowed[:, twin])
    # nobody loses a visit that he may serve as the day is
    assert (allowed >= (t.problem.assignment_cost != FORBIDDEN)).all()


def test_a_visit_nobody_reaches_in_time_is_left_out_for_everybody():
    case = small_case()
    t = translate(case.day, case.table)
    before = make_common(t).n_visits
    closed = t.problem.window_latest.copy()
    closed[t.problem.window_offset[3]] = 0
    problem = replace(
        t.problem,
        window_latest=closed,
        window_earliest=np.minimum(t.problem.window_earliest, closed),
    )
    changed = replace(t, problem=problem)
    assert make_common(changed).n_visits == before - 1


def common_line():
    """Base at 0 m, visits at 600 m and 1200 m, one fen a meter; vehicle 0 may not serve visit 1."""
    free = {"per_second": 0, "per_meter": 1}
    visits = [
        V(at=1, windows=((0, 3600, 3600),), penalty=MISSED_FEN),
        V(at=2, windows=((0, 1800, 1800),), penalty=MISSED_FEN),
    ]
    fleet = [K(**free), K(shift=(0, 3600), **free)]
    return make_problem(visits, fleet, [line((0, 600, 1200))], assignment={(1, 0): -1})


def test_the_judge_adds_legs_and_counts_what_is_missed():
    problem = common_line()
    # 0 -> 600 -> 0, and visit 1 is left out
    plan = judge_common(problem, {0: ((0, 0),)})
    assert (plan.cost, plan.missed, plan.faults) == (1200 + MISSED_FEN, 1, ())
    # vehicle 1: 600 s, work 600, 600 s: at visit 1 by 1800; work 600 and 1200 s home: 3600
    plan = judge_common(problem, {1: ((0, 0), (1, 1))})
    assert (plan.cost, plan.missed, plan.faults) == (2400, 0, ())


@pytest.mark.parametrize(
    ("routes", "words"),
    [
        ({0: ((1, 1),)}, "may not serve visit 1"),
        ({0: ((0, 0),), 1: ((0, 0),)}, "served 2 times"),
        # back at 0 at 1800 + 600 + 1200 + the second round
        ({1: ((1, 1), (0, 0))}, ""),
    ],
)
def test_the_judge_names_rules_that_are_broken(routes, words):
    faults = judge_common(common_line(), routes).faults
    assert any(words in fault for fault in faults) if words else faults == ()


def test_the_judge_sees_late_visits_and_late_returns():
    visits = [V(at=1, windows=((0, 599, 599),))]
    problem = make_problem(visits, [K(shift=(0, 1799))], [line((0, 600))])
    # reached at 600 > 599; back at 600 + 600 + 600 = 1800 > 1799
    assert judge_common(problem, {0: ((0, 0),)}).faults == (
        "vehicle 0: visit 0 reached at 600",
        "vehicle 0: back at 1800",
    )


@pytest.mark.core
def test_the_repair_puts_in_breaks_and_what_is_missing():
    # as in the bench of VROOM: an hour's break that must start by 1300 leaves room for one visit
    visits = [V(at=1, windows=((0, 600, 600),)), V(at=1, windows=((0, 1800, 1800),)), V(at=1)]
    vehicle = K(breaks=((700, 1300, 3600),))
    problem = make_problem(visits, [vehicle], [line((0, 600))], pools=[P(1, {1: 5})])
    repaired = repair_greedily(problem, {0: ((0, 0), (1, 1))}, seed=1)
    solution = repaired.solution
    # visit 0, the break, then visit 2, which may come at any time; visit 1 goes to the pool
    assert order_of(solution) == {0: ((0, 0), (2, 2))}
    assert (solution.pools, solution.unassigned) == (((1,),), ())
    assert repaired.moved == 2


@pytest.mark.core
def test_the_repair_leaves_a_sound_plan_as_it_is():
    # cheaper the other way round: the greedy step does not search
    problem = make_problem([V(at=1), V(at=2)], [K(per_meter=1), K()], [line((0, 600, 1200))])
    routes = {0: ((0, 0),), 1: ((1, 1),)}
    repaired = repair_greedily(problem, routes, seed=1)
    assert (order_of(repaired.solution), repaired.moved) == (routes, 0)


def test_peers_are_told_hard_windows_and_shifts_without_overtime():
    visits = [V(at=1, windows=((0, 10, 20),))]
    problem = make_problem(visits, [K(overtime=60)], [line((0, 5))], pools=[P(1, {0: 5})])
    told = state_for_peers(problem)
    assert (told.window_limit.tolist(), told.vehicle_overtime_s.tolist()) == ([10], [0])
    assert (told.n_pools, told.pool_cost.shape) == (0, (1, 0))


@needs_pyvrp
def test_pyvrp_takes_same_technicians_as_one_type_and_gives_them_their_own_routes():
    visits = [V(at=1, windows=((600, 600, 600),)), V(at=2, windows=((600, 600, 600),))]
    problem = make_problem(visits, [K(), K()], [line((0, 600, -600))])
    # both at once: two routes of the one type
    routes = solve_rest_with_pyvrp(problem, time_limit_s=1.0, seed=1).routes
    assert sorted(order[0] for order in routes.values()) == [(0, 0), (1, 1)]
    assert sorted(routes) == [0, 1]


@needs_peers
@pytest.mark.core
def test_every_engine_plans_the_same_day_under_both_rules():
    duel = Duel(small_case(), ("servicenet", *PEERS), Budget(1.0, 1, 1), reference_s=1.0)
    rows = duel.run(("common", "full"))
    assert [row["engine"] for row in rows] == [
        "servicenet",
        *PEERS,
        REFERENCE,
        "servicenet",
        *PEERS,
    ]
    assert all(tuple(row) == COLUMNS for row in rows)
    assert [row["violations"] for row in rows] == [0] * 11
    common, full = rows[:6], rows[6:]
    assert min(row["gap_percent"] for row in common) == 0
    parts = COLUMNS[COLUMNS.index("unassigned") : COLUMNS.index("km")]
    for row in full:
        assert sum(row[part] for part in parts) == pytest.approx(row["price_yuan"], abs=0.06)
    summary = sum_up(rows)
    assert summary["full 6 vroom"]["price_yuan"] == full[2]["price_yuan"]
    assert "full, ours below pyvrp by percent, all" in summary


def test_sums_compare_ours_with_each_peer_where_both_have_planned():
    def row(rules, engine, day, *, price, gap=None):
        return dict.fromkeys(COLUMNS) | {
            "day": day, "seed": 1, "technicians": 5, "rules": rules, "engine": engine,
            "price_yuan": price, "gap_percent": gap,
        }  # fmt: skip

    rows = [
        row("common", "servicenet", "a", price=101.0, gap=1.0),
        row("common", "servicenet", "b", price=102.0, gap=2.0),
        row("common", "vroom", "a", price=104.0, gap=4.0),
        row("common", "vroom", "b", price=102.0, gap=2.0),
        row("common", "vrp-cli", "a", price=None),
        row("full", "servicenet", "a", price=90.0) | {"floor_yuan": 70.0},
        row("full", "vroom", "a", price=100.0) | {"floor_yuan": 70.0},
    ]
    summary = sum_up(rows)
    # 3 / 6 points; 90 is 10 % below 100
    assert summary["common, summed gaps, ours / vroom, 5"] == 0.5
    assert summary["full, ours below vroom by percent, all"] == 10
    assert "common, summed gaps, ours / vrp-cli, all" not in summary
    assert summary["common 5 servicenet"]["mean_gap_percent"] == 1.5
    # (90 - 70) / (100 - 70)
    assert summary["full, above the floor, ours / vroom, 5"] == 0.667


def test_sizes_engines_and_crews_are_read():
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert parser.parse_args(["--visits", "200,1000"]).visits == (200, 1000)
    assert [count_technicians(n) for n in (10, 200, 1000, 10_000)] == [5, 30, 150, 1500]
    assert check_engines("vroom,vrp-cli") == ("vroom", "vrp-cli")
    with pytest.raises(UnknownInstance, match="expected one of pyvrp"):
        check_engines("vrom")


def test_arrays_of_an_unknown_engine_are_nobodys():
    with pytest.raises(KeyError):
        run_on_arrays("nobody", common_line(), Budget(1.0, 1, 1))


def test_common_rules_want_one_price_table():
    t = small_translation()
    rates = t.problem.cost_per_second.copy()
    rates[0] += 1
    problem = replace(t.problem, cost_per_second=rates)
    changed = replace(t, problem=problem)
    with pytest.raises(InvalidParameter, match="one price table"):
        make_common(changed)


def test_the_floor_is_what_every_visit_costs_at_least():
    # The van starts at 0; both visits take 600 s. Visit 0 lies 900 m off and is due at 300: 600 s
    # late at 1 800 units each. Visit 1 lies 400 m beyond it, in time. A second costs 1 800 units,
    # a meter 180. Nearest to visit 0 is visit 1, 400 m (= s) off, and the other way round.
    problem = make_problem(
        [V(1, windows=[(0, 300, 36_000)], late=(1800, 1800, 5400)), V(2)],
        [K(per_second=1800, per_meter=180)],
        [line([0, 900, 1300])],
    )
    lateness = 600 * 1800
    work = 2 * 600 * 1800
    ways = 2 * 400 * (1800 + 180)
    assert find_floor_yuan(problem) == round((lateness + work + ways) / 18_000 / 100, 2)


def test_the_floor_takes_a_contracted_outlet_where_that_is_cheaper():
    problem = make_problem(
        [V(1)], [K(per_second=1800)], [line([0, 900])], pools=[P(1, {0: 36_000})]
    )
    assert find_floor_yuan(problem) == 36_000 / 1_800_000


@pytest.mark.core
def test_no_plan_of_a_generated_day_is_below_the_floor():
    duel = Duel(small_case(), ("servicenet",), Budget(1.0, 1, 1))
    (row,) = duel.run(("full",))
    assert 0 < row["floor_yuan"] < row["price_yuan"]


def test_the_floor_does_not_know_travel_by_hour():
    t = small_translation()
    regime = np.ascontiguousarray(t.problem.durations_s[0])
    rush = RushHours(
        bucket_start=np.zeros(1, dtype=np.int32),
        bucket_regime=np.zeros(1, dtype=np.int32),
        durations_s=((regime,),),
    )
    with pytest.raises(UnsupportedRule, match="floor"):
        find_floor_yuan(replace(t.problem, rush_hours=rush))
