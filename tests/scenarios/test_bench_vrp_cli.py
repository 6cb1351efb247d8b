"""vrp-cli as a peer: what it is told, what is read back, and that it keeps the rules."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from scenarios.bench.peers.vrp_cli_peer import (
    MAX_ROWS,
    read_run,
    solve_with_vrp_cli,
    write_matrices,
    write_problem,
)
from scenarios.bench.routing_engines import Task, run_engine
from scenarios.errors import UnsupportedRule
from scenarios.instances import Objective, build_fleet_problem, parse_fleet, parse_solomon
from tests.fleet_texts import MD, SD
from tests.problems import K, V, line, make_problem
from tests.vrptw_texts import SOLOMON

needs_vrp_cli = pytest.mark.skipif(
    importlib.util.find_spec("vrp_cli") is None, reason="vrp-cli is not installed"
)


def two_visits():
    """Base at 0 m, visits at 600 m and 1200 m; vehicle 0 may not serve visit 1."""
    visits = [
        V(at=1, windows=((0, 500, 500), (3000, 3600, 3600))),
        V(at=2, windows=((0, 1800, 1800),), access=600),
    ]
    late = K(shift=(0, 30_000), overtime=600, breaks=((3600, 7200, 1800),))
    return make_problem(visits, [K(), late], [line((0, 600, 1200))], assignment={(1, 0): -1})


def test_it_is_told_windows_skills_shifts_with_overtime_and_breaks():
    told = write_problem(two_visits())
    first, second = told["plan"]["jobs"]
    times = first["deliveries"][0]["places"][0]["times"]
    assert times == [
        ["1970-01-01T00:00:00Z", "1970-01-01T00:08:20Z"],
        ["1970-01-01T00:50:00Z", "1970-01-01T01:00:00Z"],
    ]
    types = {kind["vehicleIds"][0]: kind for kind in told["fleet"]["vehicles"]}
    # visit 1 wants a skill that vehicle 1 alone has
    wanted = second["skills"]["allOf"][0]
    assert (wanted in types["0"]["skills"], wanted in types["1"]["skills"]) == (False, True)
    assert set(first["skills"]["allOf"]) <= set(types["0"]["skills"]) & set(types["1"]["skills"])
    shift = types["1"]["shifts"][0]
    # 30 000 + 600 s = 8 h 30 min; the base is row 2, after the two visits
    assert shift["end"] == {"latest": "1970-01-01T08:30:00Z", "location": {"index": 2}}
    assert shift["breaks"][0]["time"] == ["1970-01-01T01:00:00Z", "1970-01-01T02:00:00Z"]
    assert told["objectives"][1] == [{"type": "minimize-cost"}]


def test_access_is_part_of_the_way_and_pairs_without_a_way_are_errors():
    durations, distances = (table.copy() for table in line((0, 600, 1200)))
    durations[1, 2] = distances[1, 2] = -1
    problem = make_problem([V(at=1), V(at=2, access=60)], [K()], [(durations, distances)])
    (matrix,) = write_matrices(problem)
    # rows: visit 0, visit 1, base; 60 s on every leg to visit 1
    assert matrix["travelTimes"] == [0, 0, 600, 600, 0, 1200, 600, 1260, 0]
    assert matrix["distances"] == [0, 0, 600, 600, 0, 1200, 600, 1200, 0]
    assert matrix["errorCodes"] == [0, 1, 0, 0, 0, 0, 0, 0, 0]


def test_same_vehicles_are_one_type():
    problem = make_problem([V(at=1)], [K(), K(), K(end=1)], [line((0, 600))])
    ids = [kind["vehicleIds"] for kind in write_problem(problem)["fleet"]["vehicles"]]
    assert ids == [["0", "1"], ["2"]]


def test_limits_of_routes_are_told():
    # 16 in thousandths; both vehicles of depot 0 are one type
    problem = build_fleet_problem(parse_fleet(MD.replace("DURATION: 30", "DURATION: 16")))
    kinds = write_problem(problem)["fleet"]["vehicles"]
    assert [kind["limits"] for kind in kinds] == [{"maxDuration": 16_000.0}] * 2


def test_its_answer_is_read_with_windows_and_what_it_noted():
    def stop(job, stamp, **more):
        return {"time": {"arrival": stamp}, "activities": [{"jobId": job, **more}]}

    stops = [stop("departure", "1970-01-01T00:00:00Z"), stop("0", "1970-01-01T00:10:00Z")]
    stops[1]["activities"].append({"jobId": "break", "type": "break"})
    notes = [
        {"timestamp": at, "population": {"individuals": [{"fitness": fitness}]}}
        for at, fitness in (
            (0.1, [1.0, 5.0]),
            (0.2, [0.0, 9.0]),
            (0.3, [0.0, 9.0]),
            (1, [0.0, 7.0]),
        )
    ]
    metrics = {"generations": 40, "evolution": notes}
    answer = {"tours": [{"vehicleId": "1", "stops": stops}], "extras": {"metrics": metrics}}
    run = read_run(two_visits(), answer)
    # 600 s is after the first window (500 s), before the second
    assert run.plan.routes == {1: ((0, 1),)}
    # the first note leaves a visit out, the third is no better
    assert (run.generations, run.trace) == (40, ((0.2, 9.0), (1.0, 7.0)))


def test_a_matrix_too_large_for_text_is_refused():
    n = MAX_ROWS
    none = np.zeros((1, 1), dtype=np.int32)
    problem = make_problem([V(at=0)] * n, [K()], [(none, none)])
    with pytest.raises(UnsupportedRule, match="too many"):
        solve_with_vrp_cli(problem, time_limit_s=1)


@needs_vrp_cli
@pytest.mark.parametrize(
    ("instance", "cost"),
    [
        # 2 * 5.0 + 2 * 1.4
        (parse_solomon(SOLOMON), 12.8),
        # no limit: client 2 from depot 0, client 3 from depot 1: 10 + 4
        (parse_fleet(MD.replace("MAX_DURATION: 30", "MAX_DURATION: 100")), 14_000),
        # vehicle 2 alone may serve client 1, and takes both: 10.606
        (parse_fleet(SD), 10_606),
    ],
)
def test_it_gets_windows_depots_and_sites(instance, cost):
    answer = run_engine("vrp-cli", Task(instance, Objective.DISTANCE, 1.0, 1, 1))
    assert (answer.faults, answer.unserved) == (0, 0)
    assert answer.cost == pytest.approx(cost)
    assert answer.curve[-1][1] == pytest.approx(cost)
    assert answer.iterations > 0


@needs_vrp_cli
def test_it_keeps_windows_eligibility_and_access():
    run = solve_with_vrp_cli(two_visits(), time_limit_s=1)
    served = {visit: (vehicle, w) for vehicle, o in run.plan.routes.items() for visit, w in o}
    # as VROOM: 1200 s of way + 600 s of access = 1800, just in time; visit 0 in its second window
    assert served[1] == (1, 2)
    assert served[0][1] == 1
