"""Readers, problems, evaluator and ``solve`` for depots, site rules and prizes."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import pytest

from dispatch.cli.exit_codes import Exit
from scenarios.errors import InstanceFormatError
from scenarios.instances import (
    FleetKind,
    FleetVrptw,
    Rounding,
    build_fleet_problem,
    evaluate_fleet,
    parse_fleet,
    parse_sol,
    read_any,
    read_fleet,
    read_sol,
)
from scenarios.solve import solve_fleet
from solver.errors import InvalidParameter
from solver.routing.problem import FORBIDDEN
from solver.routing.referee import referee
from solver.routing.solution import Step, StepKind
from solver.routing.timetable import build_solution
from solver.status import StoppedBy
from solver.stop import Stop
from tests.data_root import data_or_skip
from tests.fleet_texts import MD, PC, SD
from tests.solve_command import run_solve

FILES = {FleetKind.MDVRPTW: 14, FleetKind.SDVRPTW: 28, FleetKind.PCVRPTW: 24}
SOLUTIONS = {FleetKind.MDVRPTW: 14, FleetKind.SDVRPTW: 26, FleetKind.PCVRPTW: 24}


def test_a_text_with_two_depots_gives_its_values():
    toy = parse_fleet(MD)
    assert (toy.kind, toy.name, toy.depots, toy.vehicles) == (FleetKind.MDVRPTW, "MD", 2, 3)
    assert list(toy.clients) == [2, 3]
    assert toy.vehicle_depot == (0, 0, 1)
    assert toy.vehicle_capacity == (20, 20, 20)
    assert toy.max_duration == 30
    assert (toy.service, toy.prizes, toy.allowed) == ((0, 0, 6, 7), None, None)


def test_site_rules_and_capacities_are_those_of_each_vehicle():
    toy = parse_fleet(SD)
    assert toy.vehicle_capacity == (20, 30)
    # node 3 of the file is client 2
    assert toy.allowed == (frozenset({2}), frozenset({1, 2}))
    assert (toy.may_serve(0, 1), toy.may_serve(1, 1)) == (False, True)
    assert toy.max_duration is None


@pytest.mark.parametrize(
    ("text", "old", "new", "words"),
    [
        (MD, "TYPE: MDVRPTW", "TYPE: CVRP", "expected TYPE VRPTW, MDVRPTW, SDVRPTW, PCVRPTW"),
        (MD, "EUC_2D", "GEO", "expected EDGE_WEIGHT_TYPE EUC_2D"),
        (MD, "CAPACITY: 20", "MAX_TRIPS: 2", "found key MAX_TRIPS"),
        (MD, "VEHICLES_DEPOT_SECTION\n1 1\n", "VEHICLES_DEPOT_SECTION\n1 3\n", "a depot 1 … 2"),
        (MD, "DEPOT_SECTION\n1\n2\n", "DEPOT_SECTION\n1\n3\n", "the depots 1, 2, …"),
        (MD, "1 0 100\n2 0 100", "1 0 100\n2 9 1", "at least the ready time 9"),
        (MD, "DIMENSION: 4", "DIMENSION: 2", "2 depots and a client"),
        (MD, "1 0\n2 0\n3 6", "1 0\n2 8\n3 6", "0 for both at every depot"),
        (SD, "1 3\n2 2 3", "1 3\n2 2 4", "2, then clients 2 … 3"),
        (SD, "1 3\n2 2 3\n", "1 3\n", "1 rows in VEHICLES_ALLOWED_CLIENTS_SECTION"),
        (SD, "VEHICLES : 2", "VEHICLES : 0", "at least one vehicle"),
        (SD, "CAPACITY_SECTION", "PRIZE_SECTION", "found PRIZE_SECTION"),
        (PC, "2 3\n3 9", "2 0\n3 9", "a prize of at least 1"),
        (PC, "DEPOT_SECTION\n1\n", "DEPOT_SECTION\n1\n2\n", "one depot in a PCVRPTW"),
    ],
)
def test_a_malformed_text_is_refused_with_its_expectation(text, old, new, words):
    assert old in text
    with pytest.raises(InstanceFormatError, match=r"^toy\.vrp") as caught:
        parse_fleet(text.replace(old, new), "toy.vrp")
    assert words in str(caught.value)


def test_the_evaluator_adds_legs_from_the_depot_of_each_vehicle():
    toy = parse_fleet(MD)
    judged = evaluate_fleet(toy, [[2], [], [3]])
    # 2 * 5 from depot 1 and 2 * 2 from depot 2, in thousandths
    assert (judged.cost, judged.vehicles, judged.faults) == (14000, 2, ())
    # client 3 from depot 1: 2 * sqrt(104) = 2 * 10.198039 -> 2 * 10198; leaves at 0, in time at 12
    assert evaluate_fleet(toy, [[2], [3], []]).cost == 10000 + 20396


def test_a_route_lasts_from_its_latest_departure_to_its_return():
    # Client 2 opens at 40 and lies 5 away: leaving at 45 (its due date 50 less 5) the route takes
    # 5 + 6 + 5 = 16, though a departure at 0 would take 51.
    assert evaluate_fleet(parse_fleet(MD.replace(": 30", ": 16")), [[2], [], [3]]).faults == ()
    assert evaluate_fleet(parse_fleet(MD.replace(": 30", ": 15")), [[2], [], [3]]).faults == (
        "route 1: lasts 16, longer than 15",
    )
    # Vehicle 3 serves client 3 by 12, so it leaves by 10 at the latest, ends there at 19, needs
    # sqrt(49 + 4) = 7.280 to client 2 (26.280), waits until 40, ends at 46, returns over
    # sqrt(49 + 16) = 8.062: 54.062 - 10 = 44.062 > 30. Load 25 > 20 besides.
    assert evaluate_fleet(parse_fleet(MD), [[], [], [3, 2]]).faults == (
        "route 3: load 25 exceeds 20",
        "route 3: lasts 44.062, longer than 30",
    )


@pytest.mark.parametrize(
    ("text", "routes", "fault"),
    [
        (MD, [[2], [], []], "client 3: not served"),
        (MD, [[2], [2], [3]], "client 2: served 2 times"),
        (MD, [[2, 1], [], [3]], "client 1: unknown"),
        (MD, [[], [], [], [2]], "4 routes; the instance has 3 vehicles"),
        (MD, [[3], [2], []], None),
        (MD.replace("4 10 12", "4 0 1"), [[2], [], [3]], "route 3: client 3 reached at 2 after 1"),
        (SD, [[1], [2]], "route 1: client 1: not allowed on vehicle 1"),
        (SD, [[2], [1]], None),
        (PC, [[2]], None),
        (PC.replace("1 0 100", "1 0 11"), [[1], []], "route 1: the depot reached at 15 after 11"),
    ],
)
def test_the_evaluator_names_each_broken_rule(text, routes, fault):
    faults = evaluate_fleet(parse_fleet(text), routes).faults
    assert fault in faults if fault else faults == ()


def test_prizes_left_behind_are_paid_in_tenths():
    toy = parse_fleet(PC)
    # 2 * 2.0 for client 2; client 1 left behind: 3
    assert evaluate_fleet(toy, [[2]]).cost == 10 * (4 + 3)
    assert evaluate_fleet(toy, [[2]]).unserved == (1,)
    # 2.0 + sqrt(9 + 4) = 3.6 + 5.0
    assert evaluate_fleet(toy, [[2, 1]]).cost == 106


def test_the_problem_forbids_what_the_site_forbids():
    problem = build_fleet_problem(parse_fleet(SD))
    assert problem.assignment_cost.tolist() == [[FORBIDDEN, 0], [0, 0]]
    assert problem.vehicle_capacity.tolist() == [[20], [30]]
    assert problem.visit_service_s.tolist() == [5000, 5000]
    # 20 times the longest leg, 5000, plus 10
    assert problem.visit_penalty.tolist() == [100010, 100010]


def test_a_client_left_out_costs_its_prize_in_the_problem():
    problem = build_fleet_problem(parse_fleet(PC))
    assert problem.visit_penalty.tolist() == [30, 90]
    assert problem.distances_m[0].tolist() == [[0, 50, 20], [50, 0, 36], [20, 36, 0]]


def test_vehicles_start_and_end_at_their_own_depot():
    problem = build_fleet_problem(parse_fleet(MD.replace("MAX_DURATION: 30", "MAX_DURATION: 100")))
    assert problem.vehicle_start.tolist() == problem.vehicle_end.tolist() == [0, 0, 1]
    assert problem.visit_location.tolist() == [2, 3]


def test_a_route_limit_is_in_the_arrays_where_it_is_shorter_than_the_depots_hours():
    problem = build_fleet_problem(parse_fleet(MD))
    assert problem.limits is not None
    assert problem.limits.duration_s.tolist() == [30_000] * 3
    assert problem.rules.leaves_for_end
    as_long = build_fleet_problem(parse_fleet(MD.replace("MAX_DURATION: 30", "MAX_DURATION: 100")))
    assert as_long.limits is None
    assert not as_long.rules.leaves_for_end


def test_double_precision_is_refused_for_types_published_in_whole_numbers():
    with pytest.raises(InvalidParameter, match="trunc1 or exact1000"):
        build_fleet_problem(parse_fleet(SD), Rounding.NONE)
    with pytest.raises(InvalidParameter, match="trunc1 or exact1000"):
        evaluate_fleet(parse_fleet(SD), [[2], [1]], Rounding.NONE)


def test_route_numbers_of_a_solution_are_vehicles():
    text = parse_sol("Route #3: 3\nRoute #1: 2\nCost: 14000")
    assert text.by_vehicle(3) == ((2,), (), (3,))
    with pytest.raises(InstanceFormatError, match="Route #3"):
        text.by_vehicle(2)
    with pytest.raises(InstanceFormatError, match="at most once"):
        parse_sol("Route #1: 3\nRoute #1: 2").by_vehicle(2)


@pytest.mark.core
def test_solve_writes_a_route_per_vehicle_even_if_empty(tmp_path: Path, capsys):
    (tmp_path / "sd.vrp").write_text(SD)
    out = tmp_path / "sd.sol"
    assert run_solve(tmp_path / "sd.vrp", "--out", out, "--iterations", 200) == Exit.OK
    # Vehicle 2 alone may serve client 1 and its load of 30 takes both: 2 + 3.606 + 5 = 10.606,
    # but two loads are 25 <= 30, so one route is best.
    assert out.read_text().splitlines()[0].split() == ["Route", "#1:"]
    line = json.loads(capsys.readouterr().out)
    assert (line["cost"], line["routes"], line["unassigned"]) == (10606, 1, 0)
    assert read_sol(out).numbers == (1, 2)


@pytest.mark.core
def test_solve_leaves_clients_whose_prize_is_too_small(tmp_path: Path, capsys):
    (tmp_path / "pc.vrp").write_text(PC)
    out = tmp_path / "pc.sol"
    assert run_solve(tmp_path / "pc.vrp", "--out", out, "--iterations", 200) == Exit.OK
    # Both left: 120. Client 2 alone: 40 + 30 = 70. Both served: 106.
    line = json.loads(capsys.readouterr().out)
    assert (line["cost"], line["routes"], line["unassigned"]) == (70, 1, 1)


@pytest.mark.core
@pytest.mark.parametrize(("limit", "unserved"), [(16, 0), (15, 1)])
def test_a_route_may_last_as_long_as_the_limit_and_no_longer(tmp_path, capsys, limit, unserved):
    (tmp_path / "md.vrp").write_text(MD.replace("MAX_DURATION: 30", f"MAX_DURATION: {limit}"))
    ended = run_solve(tmp_path / "md.vrp", "--out", tmp_path / "md.sol", "--iterations", 100)
    line = json.loads(capsys.readouterr().out)
    # client 2 from depot 0: 5 there, 6 of service, 5 back; waiting for 40 at the depot is free.
    # Client 3 from depot 1: 2 + 7 + 2 = 11.
    assert line["unassigned"] == unserved
    assert line["cost"] == (14_000 if not unserved else 4_000)
    assert ended == (Exit.VIOLATIONS if unserved else Exit.OK)


@pytest.mark.core
def test_a_limit_breaks_a_cheaper_route_in_two(tmp_path: Path, capsys):
    # both clients on one route: 2 + 3.606 + 5 and two services of 5 last 20.606, cost 10606
    for limit, cost in ((21, 10_606), (20, 14_000)):
        stated = f"VEHICLES : 2\nVEHICLES_MAX_DURATION : {limit}\n"
        (tmp_path / "sd.vrp").write_text(SD.replace("VEHICLES : 2\n", stated))
        words = ("--out", tmp_path / "sd.sol", "--iterations", 200)
        assert run_solve(tmp_path / "sd.vrp", *words) == Exit.OK
        assert json.loads(capsys.readouterr().out)["cost"] == cost


@pytest.mark.core
def test_plans_of_published_instances_keep_their_limits():
    for file in ("mdvrptw/PR11A.vrp", "sdvrptw/PR01.vrp"):
        instance = read_fleet(data_or_skip(*file.split("/")))
        solved = solve_fleet(instance, stop=Stop(max_iterations=1500))
        assert solved.judged.faults == (), file
        assert solved.judged.cost == solved.solution.cost


def test_published_plans_keep_the_limits_of_the_arrays():
    for file in ("mdvrptw/PR11A.vrp", "sdvrptw/PR12A.vrp"):
        path = data_or_skip(*file.split("/"))
        instance, published = read_fleet(path), read_sol(path.with_suffix(".sol"))
        problem = build_fleet_problem(instance)
        routes = published.by_vehicle(instance.vehicles)
        visits = {k: [node - instance.depots for node in r] for k, r in enumerate(routes) if r}
        steps = {k: [Step(StepKind.VISIT, v, v) for v in vs] for k, vs in visits.items()}
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
        assert referee(problem, solution) == ()
        assert solution.cost == published.cost


def test_depots_sites_and_prizes_have_distance_only(tmp_path: Path, capsys):
    (tmp_path / "pc.vrp").write_text(PC)
    words = ["--out", tmp_path / "pc.sol", "--objective", "hierarchical"]
    assert run_solve(tmp_path / "pc.vrp", *words) == Exit.INPUT
    assert "distance only" in capsys.readouterr().err


@pytest.mark.parametrize("kind", list(FleetKind))
def test_the_evaluator_reproduces_every_published_cost(kind):
    folder = data_or_skip(kind.value.lower())
    assert len(list(folder.glob("*.vrp"))) == FILES[kind]
    solutions = sorted(folder.glob("*.sol"))
    assert len(solutions) == SOLUTIONS[kind]
    for file in solutions:
        instance, published = read_fleet(file.with_suffix(".vrp")), read_sol(file)
        judged = evaluate_fleet(instance, published.by_vehicle(instance.vehicles))
        assert judged.faults == (), file.name
        assert judged.cost == published.cost, file.name


@pytest.mark.parametrize("kind", list(FleetKind))
def test_every_instance_at_hand_is_read_by_its_content(kind):
    for file in sorted(data_or_skip(kind.value.lower()).glob("*.vrp")):
        instance = read_any(file)
        assert isinstance(instance, FleetVrptw)
        assert instance.kind is kind
        assert instance.max_duration is None or kind is not FleetKind.PCVRPTW


def test_problem_arrays_agree_with_the_evaluator_on_a_published_solution():
    file = data_or_skip("pcvrptw", "R1_10_1.vrp")
    instance, published = read_fleet(file), read_sol(file.with_suffix(".sol"))
    problem = build_fleet_problem(instance)
    total = 0
    for route in published.routes:
        path = (0, *route, 0)
        total += sum(int(problem.distances_m[0][a, b]) for a, b in itertools.pairwise(path))
    left = set(instance.clients) - {node for route in published.routes for node in route}
    total += sum(int(problem.visit_penalty[node - 1]) for node in left)
    assert total == published.cost


def test_a_route_limit_is_judged_as_if_every_departure_were_tried():
    chance = random.Random(11)  # noqa: S311 - repeatable cases
    broken = 0
    for _ in range(200):
        windows = [(ready := chance.randint(0, 60), ready + chance.randint(0, 30)) for _ in "ab"]
        limit = chance.randint(15, 60)
        rows = "".join(f"{n} {a} {b}\n" for n, (a, b) in zip((2, 3), windows, strict=True))
        text = SD.replace("2 0 90\n3 0 90\n", rows)
        text = text.replace("3 0 2\n", "3 8 4\n", 1)
        limited = f"VEHICLES : 2\nVEHICLES_MAX_DURATION : {limit}\n"
        toy = parse_fleet(text.replace("VEHICLES : 2\n", limited))
        faults = evaluate_fleet(toy, [[], [1, 2]]).faults
        # (0,0) to (3,4): 5; to (8,4): 5; back: sqrt(80) = 8.944; services of 5
        lasts = [b for d in range(101) if (b := _brute(d, windows)) is not None]
        if not lasts:
            assert any("reached at" in fault for fault in faults)
            continue
        too_long = min(lasts) > limit
        assert (faults != ()) == too_long, (windows, limit, faults)
        broken += too_long
    assert broken > 10


def _brute(departure: int, windows: list[tuple[int, int]]) -> float | None:
    clock = departure
    for ready, due in windows:
        clock = max(clock + 5, ready)
        if clock > due:
            return None
        clock += 5
    return clock + 8.944 - departure if clock + 8.944 <= 100 else None
