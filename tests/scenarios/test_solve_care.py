"""Home care as a routing problem: exact arrays, least plans, files."""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from dispatch.cli.exit_codes import Exit
from scenarios.errors import InstanceFormatError
from scenarios.instances import (
    Hhcrsp,
    build_care_problem,
    evaluate_care,
    read_care_best,
    read_care_plan,
    read_hhcrsp,
    time_care,
)
from scenarios.instances.evaluate_hhcrsp import Orders
from scenarios.instances.hhcrsp_reader import parse_hhcrsp
from scenarios.instances.problem_care import care_scale, list_services
from scenarios.solve_people import solve_care
from solver.routing.problem import FORBIDDEN
from solver.routing.solution import Step, StepKind
from solver.routing.timetable import build_solution
from solver.status import StoppedBy
from solver.stop import Stop
from tests.care_texts import care_instance, care_text
from tests.data_root import data_or_skip
from tests.solve_command import run_solve


def test_every_service_is_a_visit_and_two_of_a_patient_are_linked():
    problem = build_care_problem(parse_hhcrsp(care_text()))
    # p1 s1, p1 s2, p2 s1; caregiver a has no s2
    assert problem.visit_location.tolist() == [1, 1, 2]
    assert problem.visit_service_s.tolist() == [6, 8, 3]
    assert problem.assignment_cost.tolist() == [[0, 0], [FORBIDDEN, 0], [0, 0]]
    assert problem.window_earliest.tolist() == [10, 10, 0]
    assert problem.window_latest.tolist() == [30, 30, 12]
    links = problem.links
    assert links is not None
    assert (links.first.tolist(), links.second.tolist()) == ([0], [1])
    assert (links.least_s.tolist(), links.most_s.tolist()) == ([10], [20])
    assert (links.person.tolist(), links.demands.tolist()) == ([2], [2])
    assert problem.rules.late_at_start
    assert problem.rules.worst_late_rate == 1


def test_the_horizon_outlasts_every_plan_and_a_service_left_out_costs_more_than_all():
    problem = build_care_problem(parse_hhcrsp(care_text()))
    # last window 30; services 6 + 8 + 3, gaps of 20 at two of them; four legs of 7; 1
    assert problem.vehicle_latest.tolist() == [30 + 17 + 40 + 28 + 1] * 2
    # five legs of 7, three late by the horizon and once more for the worst
    assert problem.visit_penalty.tolist() == [35 + 4 * 116] * 3


def test_decimals_become_whole_by_their_common_denominator():
    changed = care_instance()
    changed["distances"][0][1] = 5.125
    changed["patients"][0]["required_caregivers"][0]["duration"] = 6.1
    toy = parse_hhcrsp(care_text(**changed))
    assert care_scale(toy) == 40  # eighths and tenths
    problem = build_care_problem(toy)
    assert int(problem.distances_m[0][0, 1]) == 205
    assert problem.visit_service_s.tolist() == [244, 320, 120]


def test_numbers_with_too_many_decimals_are_refused(tmp_path: Path, capsys):
    changed = copy.deepcopy(care_instance())
    changed["distances"][0][1] = 5.000000001
    with pytest.raises(InstanceFormatError, match="fewer decimals"):
        build_care_problem(parse_hhcrsp(care_text(**changed)))
    (tmp_path / "fine.json").write_text(care_text(**changed))
    assert run_solve(tmp_path / "fine.json", "--out", tmp_path / "o.json") == Exit.INPUT
    assert "units of 1/1000000000" in capsys.readouterr().err


def test_published_plans_cost_the_same_in_the_arrays():
    folder = data_or_skip("hhcrsp_mankowska")
    italian = data_or_skip("hhcrsp_italian")
    for root, table in ((folder, "mankowska_best.md"), (italian, "italian_best.md")):
        given = sorted(read_care_best(root / table).items())
        found = [
            (name, best) for name, best in given if (root / "solutions" / best.solution).exists()
        ]
        for name, best in found[::6]:
            instance = read_hhcrsp(root / f"{name}.json.gz")
            plan = read_care_plan(root / "solutions" / best.solution)
            cost = evaluate_care(instance, plan).cost
            assert cost_in_arrays(instance, plan_orders(plan)) == cost, name


def plan_orders(plan) -> Orders:
    return [(who, [(stop.patient, stop.service) for stop in stops]) for who, stops in plan.routes]


def cost_in_arrays(instance: Hhcrsp, orders: Orders) -> Fraction:
    """Return what the arrays say these orders cost."""
    visit = {(p.name, need.service): v for v, (_, p, need) in enumerate(list_services(instance))}
    vehicle = {who.name: k for k, who in enumerate(instance.caregivers)}
    problem = build_care_problem(instance)
    steps = {
        vehicle[who]: [Step(StepKind.VISIT, visit[key], visit[key]) for key in order]
        for who, order in orders
        if order
    }
    solution = build_solution(
        problem,
        steps,
        [],
        engine="test",
        seed=0,
        iterations=0,
        runtime_s=0.0,
        stopped_by=StoppedBy.EXHAUSTED,
    )
    return Fraction(solution.cost, 3 * care_scale(instance))


@pytest.mark.core
def test_the_engine_finds_the_given_optimum():
    folder = data_or_skip("hhcrsp_italian")
    toy = read_hhcrsp(folder / "toy.json")
    best = evaluate_care(toy, read_care_plan(folder / "sol_toy_optimal.json"))
    solved = solve_care(toy, stop=Stop(max_iterations=3000))
    # 334 of distance, nobody late
    assert solved.judged.cost == best.cost == Fraction(334, 3)
    assert solved.judged.faults == ()
    assert solved.solution.cost == 334


def random_care(seed: int) -> Hhcrsp:
    """Return four services of three patients, two caregivers, distances up to 9.5."""
    chance = random.Random(seed)  # noqa: S311 - repeatable cases
    values = care_instance()
    values["caregivers"][0]["abilities"] = ["s1", "s2"] if seed % 2 else ["s1"]
    values["distances"] = [
        [0 if a == b else chance.randint(2, 19) / 2 for b in range(4)] for a in range(4)
    ]
    third = {"id": "p3", "required_caregivers": [{"service": "s1", "duration": 4}]}
    values["patients"].append(third)
    for patient in values["patients"]:
        ready = chance.randint(0, 30)
        patient["time_window"] = [ready, ready + chance.randint(0, 12)]
    least = chance.randint(0, 8)
    together = {"type": "simultaneous"}
    apart = {"type": "sequential", "distance": [least, least + chance.randint(0, 6)]}
    values["patients"][0]["synchronization"] = together if seed % 3 else apart
    return parse_hhcrsp(care_text(**values))


def all_orders(instance: Hhcrsp) -> Iterator[Orders]:
    """Yield every way to give the services to two caregivers in some order."""
    names = [who.name for who in instance.caregivers]
    keys = [(patient.name, need.service) for _, patient, need in list_services(instance)]
    for order in itertools.permutations(keys):
        for cut in range(len(order) + 1):
            yield [(names[0], order[:cut]), (names[1], order[cut:])]


@pytest.mark.core
@pytest.mark.parametrize("seed", range(8))
def test_the_engine_finds_the_least_of_all_orders(seed):
    instance = random_care(seed)
    plans = [plan for orders in all_orders(instance) if (plan := time_care(instance, orders))]
    judged = [evaluate_care(instance, plan) for plan in plans]
    least = min(found.cost for found in judged if not found.faults)
    solved = solve_care(instance, stop=Stop(max_iterations=1500))
    assert solved.judged.faults == ()
    assert solved.judged.cost == least
    assert Fraction(solved.solution.cost, 3 * care_scale(instance)) == least


@pytest.mark.core
def test_solve_writes_a_home_care_plan_in_the_published_form(tmp_path: Path, capsys):
    path, out = tmp_path / "toy.json", tmp_path / "out" / "plan.json"
    path.write_text(care_text())
    assert run_solve(path, "--out", out, "--iterations", 300) == Exit.OK
    line = json.loads(capsys.readouterr().out)
    # b: office, p2, p1, office: 7 + 4 + 5; a: 5 + 5; nobody late: 26 / 3
    assert (line["instance"], line["cost"], line["routes"]) == ("toy", 8.6667, 2)
    assert line["unassigned"] == 0
    judged = evaluate_care(read_hhcrsp(path), read_care_plan(out))
    assert (judged.cost, judged.faults) == (Fraction(26, 3), ())


@pytest.mark.core
def test_a_service_nobody_can_give_is_told(tmp_path: Path, capsys):
    changed = care_instance()
    changed["caregivers"][1]["abilities"] = ["s1"]
    (tmp_path / "toy.json").write_text(care_text(**changed))
    words = ("--out", tmp_path / "plan.json", "--iterations", 50)
    assert run_solve(tmp_path / "toy.json", *words) == Exit.VIOLATIONS
    out, err = capsys.readouterr()
    # both services of p1 stay out: it is both or none
    assert json.loads(out)["unassigned"] == 2
    assert "patient p1: service s2 not given" in err


def test_home_care_has_one_objective_and_no_rounding(tmp_path: Path, capsys):
    (tmp_path / "toy.json").write_text(care_text())
    words = ("--out", tmp_path / "plan.json", "--rounding", "trunc1")
    assert run_solve(tmp_path / "toy.json", *words) == Exit.INPUT
    assert "one objective and no rounding" in capsys.readouterr().err
