"""Technicians with skills, tools and parts as a routing problem: arrays, least plans, files."""

from __future__ import annotations

import gzip
import itertools
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dispatch.cli.exit_codes import Exit
from scenarios.errors import InstanceFormatError
from scenarios.instances import (
    Trsp,
    TrspRoute,
    build_trsp_problem,
    evaluate_trsp,
    read_trsp,
    read_trsp_plan,
    time_trsp,
)
from scenarios.instances.problem_trsp import list_requests
from scenarios.instances.trsp import DEPOT
from scenarios.instances.trsp_reader import parse_trsp
from scenarios.solve_people import solve_trsp
from solver.routing.features import UNLIMITED
from solver.stop import Stop
from tests.data_root import data_or_skip
from tests.solve_command import run_solve
from tests.trsp_texts import REAL, TRSP


def test_tools_stay_and_parts_are_used_up():
    problem = build_trsp_problem(parse_trsp(TRSP))
    parts = problem.parts
    assert parts is not None
    # tool 0, part 0, part 1; request 3 needs part 0, request 4 tool 0 and part 0
    assert parts.is_used_up.tolist() == [0, 1, 1]
    assert parts.need_offset.tolist() == [0, 1, 3]
    assert (parts.need_part.tolist(), parts.need_quantity.tolist()) == ([1, 0, 1], [1, 1, 1])
    assert parts.van_stock.tolist() == [[0, 1, 0], [1, 0, 0]]
    assert parts.point_location.tolist() == [DEPOT]
    assert parts.point_latest.tolist() == [1_000_000]
    assert parts.stock.tolist() == [[UNLIMITED] * 3]
    assert problem.rules.leaves_for_end


def test_times_are_rounded_so_that_whole_numbers_keep_the_windows():
    text = TRSP.replace(
        "3    3     0     20     30     5", "3    3     0     20.00006 30.00006 5.00001"
    )
    problem = build_trsp_problem(parse_trsp(text))
    assert problem.window_earliest.tolist() == [200_001, 0]
    assert problem.window_latest.tolist() == [300_000, 500_000]
    assert problem.visit_service_s.tolist() == [50_001, 100_000]
    # (3, 4) to (0, 8): 5; (0, 8) to (3, 0): sqrt(73) = 8.54400374... up
    assert int(problem.durations_s[0][1, 2]) == 50_000
    assert int(problem.durations_s[0][2, 3]) == 85_441
    # two technicians of 100 hours, and one unit more
    assert problem.visit_penalty.tolist() == [2_000_001] * 2


def test_skills_forbid_and_a_day_without_tools_and_parts_has_none():
    strict = TRSP.replace("30     5      [0]", "30     5      [1]")
    assert build_trsp_problem(parse_trsp(strict)).assignment_cost.tolist() == [[-1, 0], [0, 0]]
    problem = build_trsp_problem(parse_trsp(REAL))
    assert problem.parts is None
    assert (problem.vehicle_start.tolist(), problem.vehicle_end.tolist()) == ([1], [3])


def test_times_beyond_the_solver_are_refused():
    with pytest.raises(InstanceFormatError, match="times below"):
        build_trsp_problem(parse_trsp(TRSP.replace("100    0      [0] ", "99999 0      [0] ")))


def orders(nodes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield every order of some nodes, with the depot at every place or nowhere."""
    for order in itertools.permutations(nodes):
        yield order
        for place in range(len(order)):
            yield (*order[:place], DEPOT, *order[place:])


def best_route(instance: Trsp, technician: int, nodes: Sequence[int]) -> float | None:
    """Return the shortest duration of a technician with these requests; None if there is none."""
    found = []
    for order in orders(nodes) if nodes else []:
        route = time_trsp(instance, technician, order)
        if route is not None:
            judged = evaluate_trsp(instance, [route])
            found += [] if judged.faults else [judged.duration]
    return min(found, default=None) if nodes else 0.0


def brute_force(instance: Trsp) -> tuple[int, float]:
    """Return the least (unserved, duration) of two technicians."""
    best = (len(instance.requests), 0.0)
    for who in itertools.product((0, 1, 2), repeat=len(instance.requests)):
        share = [
            [n for n, k in zip(sorted(instance.requests), who, strict=True) if k == t]
            for t in (1, 2)
        ]
        lasts = [best_route(instance, t, nodes) for t, nodes in enumerate(share, start=1)]
        if None not in lasts:
            best = min(best, (who.count(0), sum(x for x in lasts if x is not None)))
    return best


def random_trsp(seed: int) -> Trsp:
    chance = random.Random(seed)  # noqa: S311 - repeatable cases
    lines = TRSP.splitlines()[:8]
    for node in range(6):
        x, y = chance.randint(0, 20), chance.randint(0, 20)
        if node < 3:
            lists = (
                "[] [] []" if node == 0 else f"[0{',1' * (node - 1)}] [] [{chance.randint(0, 1)},0]"
            )
            lines.append(f"{node} {x} {y} 0 100 0 {lists}")
        else:
            ready = chance.randint(0, 60)
            skills, tools = chance.choice(("[0]", "[]", "[1]")), chance.choice(("[0]", "[]", "[]"))
            needs = f"[{chance.randint(0, 1)},{chance.randint(0, 1)}]"
            due = ready + chance.randint(0, 40)
            lines.append(
                f"{node} {x} {y} {ready} {due} {chance.randint(0, 9)} {skills} {tools} {needs}"
            )
    return parse_trsp("\n".join(lines))


@pytest.mark.core
@pytest.mark.parametrize("seed", range(8))
def test_the_engine_finds_the_least_of_all_orders(seed):
    instance = random_trsp(seed)
    unserved, duration = brute_force(instance)
    solved = solve_trsp(instance, stop=Stop(max_iterations=1500))
    assert solved.judged.faults == ()
    assert len(solved.judged.unserved) == unserved
    # times are rounded up to ten-thousandths, a few per route
    assert solved.judged.duration == pytest.approx(duration, abs=0.002)


@pytest.mark.core
def test_published_days_are_planned_without_a_fault():
    for file in ("trsp_pillac/R102.100_25-5-5-5.txt", "trsp_real/R1.txt.gz"):
        instance = read_trsp(data_or_skip(*file.split("/")))
        solved = solve_trsp(instance, stop=Stop(max_iterations=1500))
        assert solved.judged.faults == (), file
        assert solved.judged.unserved == (), file
        assert all(route.nodes.count(DEPOT) <= 1 for route in solved.routes)
        # the engine counts in whole ten-thousandths, rounded up per leg
        counted = solved.solution.cost / 10_000
        assert solved.judged.duration <= counted + 1e-6
        assert counted - solved.judged.duration < 0.03


@pytest.mark.core
def test_solve_reads_a_packed_day_and_writes_a_list_of_routes(tmp_path: Path, capsys):
    path, out = tmp_path / "day.txt.gz", tmp_path / "plan.json"
    path.write_bytes(gzip.compress(TRSP.encode()))
    assert run_solve(path, "--out", out, "--iterations", 300) == Exit.OK
    line = json.loads(capsys.readouterr().out)
    instance = read_trsp(path)
    routes = read_trsp_plan(out)
    judged = evaluate_trsp(instance, routes)
    assert (line["instance"], line["cost"]) == ("day", round(judged.duration, 4))
    assert (line["routes"], line["unassigned"]) == (len(routes), 0)
    assert judged.faults == ()
    assert brute_force(instance) == (0, pytest.approx(judged.duration, abs=0.002))
    assert set(json.loads(out.read_text())[0]) == {"technician", "nodes", "start_times"}


@pytest.mark.core
def test_a_request_out_of_reach_is_counted_and_is_no_fault(tmp_path: Path, capsys):
    (tmp_path / "far.txt").write_text(REAL.replace("465.0  480.0", "420.0  425.0"))
    out = tmp_path / "plan.json"
    # 420 + 10.5 of way is after 425
    assert run_solve(tmp_path / "far.txt", "--out", out, "--iterations", 20) == Exit.OK
    assert json.loads(capsys.readouterr().out)["unassigned"] == 1
    assert read_trsp_plan(out) == ()


def test_requests_are_visits_by_node():
    assert [request.node for request in list_requests(parse_trsp(TRSP))] == [3, 4]
    assert isinstance(time_trsp(parse_trsp(TRSP), 1, [3]), TrspRoute)
