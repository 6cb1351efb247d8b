"""Readers, problems and the evaluator of VRPTW instances."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios.errors import DataUnavailable, InstanceFormatError
from scenarios.instances import (
    Objective,
    Rounding,
    build_problem,
    evaluate,
    parse_sol,
    parse_solomon,
    parse_vrplib,
    read_best_known,
    read_instance,
    read_sol,
    write_sol,
)
from scenarios.instances.best_known import find_best_known
from scenarios.instances.rounding import scale_distances
from tests.data_root import data_or_skip
from tests.vrptw_texts import SOLOMON, VRPLIB


def test_both_formats_say_the_same_about_the_same_instance():
    assert parse_solomon(SOLOMON) == parse_vrplib(VRPLIB)


def test_a_solomon_text_gives_its_values():
    toy = parse_solomon(SOLOMON)
    assert (toy.name, toy.vehicles, toy.capacity, toy.customers) == ("TOY", 3, 20, 2)
    assert toy.ready == (0, 20, 0)
    assert toy.due == (100, 30, 200)
    assert toy.service == (0, 10, 10)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("VEHICLE\n", "VEHICLES\n", 12, "a line 'VEHICLE'"),
        ("  3         20", "  3", 5, "number of vehicles and capacity"),
        ("  3         20", "  0         20", 5, "at least one vehicle"),
        ("    1      3 ", "    7      3 ", 11, "number 1"),
        ("         30         10", "         30", 11, "7 values"),
        ("         30         10", "         30         ten", 11, "service time"),
        ("         30         10", "         30         nan", 11, "between"),
        ("         30         10", "         30         -4", 11, "a whole number >= 0"),
        ("         20         30", "         20         10", 11, "at least the ready time 20"),
    ],
)
def test_a_malformed_solomon_text_is_refused_with_line_and_expectation(old, new, line, words):
    assert old in SOLOMON
    with pytest.raises(InstanceFormatError) as caught:
        parse_solomon(SOLOMON.replace(old, new), "toy.txt")
    assert (caught.value.file, caught.value.line) == ("toy.txt", line)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("TYPE : VRPTW", "TYPE : MDVRPTW", "expected TYPE VRPTW"),
        ("EUC_2D", "EXPLICIT", "expected EDGE_WEIGHT_TYPE EUC_2D"),
        ("CAPACITY : 20\n", "", "no CAPACITY"),
        ("3 15\n", "", "2 rows in DEMAND_SECTION"),
        ("2 20 30", "4 20 30", "2 and 2 values in TIME_WINDOW_SECTION"),
        ("2 20 30", "2 20 10", "at least the ready time 20"),
        ("-1\nEOF", "2\n-1\nEOF", "the depot 1, then -1"),
        ("EOF\n", "", "a last line EOF"),
        ("DIMENSION : 3", "DIMENSION : many", "DIMENSION: a number"),
        ("NAME : TOY", "NAME TOY", "'KEY : value' or the name of a section"),
    ],
)
def test_a_malformed_vrplib_text_is_refused_with_its_expectation(old, new, words):
    assert old in VRPLIB
    with pytest.raises(InstanceFormatError) as caught:
        parse_vrplib(VRPLIB.replace(old, new), "toy.vrp")
    assert words in str(caught.value)
    assert str(caught.value).startswith("toy.vrp")


def test_a_missing_file_and_a_binary_file_are_named(tmp_path: Path):
    with pytest.raises(DataUnavailable, match=r"none\.txt"):
        read_instance(tmp_path / "none.txt")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InstanceFormatError, match=r"bad\.txt: found byte 0"):
        read_instance(tmp_path / "bad.txt")


def test_distance_counts_tenths_cut_off():
    toy = parse_solomon(SOLOMON)
    times, distances = scale_distances(toy, Rounding.TRUNC1)
    # |(3,4)| = 5 -> 50; |(1,1)| = 1.41421 -> 14; |(2,3)| = 3.60555 -> 36
    assert distances.tolist() == [[0, 50, 14], [50, 0, 36], [14, 36, 0]]
    assert np.array_equal(times, distances)


def test_thousandths_are_rounded_to_the_nearest():
    _, distances = scale_distances(parse_solomon(SOLOMON), Rounding.EXACT1000)
    assert distances.tolist() == [[0, 5000, 1414], [5000, 0, 3606], [1414, 3606, 0]]


def test_without_rounding_times_never_promise_what_double_precision_breaks():
    times, distances = scale_distances(parse_solomon(SOLOMON), Rounding.NONE)
    # 10 000 * sqrt(2) = 14142.13..., 10 000 * sqrt(13) = 36055.51...
    assert distances.tolist() == [[0, 50000, 14142], [50000, 0, 36056], [14142, 36056, 0]]
    assert times.tolist() == [[0, 50000, 14143], [50000, 0, 36056], [14143, 36056, 0]]


def test_the_problem_holds_windows_loads_and_horizon_in_tenths():
    problem = build_problem(parse_solomon(SOLOMON), Objective.DISTANCE)
    assert problem.window_earliest.tolist() == [200, 0]
    # the second customer's due date 200 lies after the depot's 100
    assert problem.window_latest.tolist() == [300, 1000]
    assert problem.window_limit.tolist() == [300, 1000]
    assert problem.visit_service_s.tolist() == [100, 100]
    assert problem.vehicle_latest.tolist() == [1000] * 3
    assert problem.vehicle_capacity.tolist() == [[20]] * 3
    assert problem.vehicle_fixed_cost.tolist() == [0, 0, 0]


def test_a_vehicle_costs_more_than_all_distance_under_the_hierarchical_objective():
    problem = build_problem(parse_solomon(SOLOMON), Objective.HIERARCHICAL)
    # one route per customer: 2 * 50000 + 2 * 14142 = 128284
    assert problem.vehicle_fixed_cost.tolist() == [128285] * 3
    assert int(problem.visit_penalty.min()) > 128285 * 2


def test_the_evaluator_adds_legs_by_hand():
    toy = parse_solomon(SOLOMON)
    judged = evaluate(toy, [[1], [], [2]], Rounding.TRUNC1)
    # 2 * 5.0 + 2 * 1.4
    assert (judged.cost, judged.vehicles, judged.faults) == (12.8, 2, ())
    assert evaluate(toy, [[1], [2]], Rounding.EXACT1000).cost == 12828
    assert evaluate(toy, [[1], [2]], Rounding.NONE).cost == pytest.approx(10 + 2 * 2**0.5)


@pytest.mark.parametrize(
    ("routes", "fault"),
    [
        ([[1, 2]], "route 1: load 25 exceeds 20"),
        ([[1]], "customer 2: not served"),
        ([[1], [1], [2]], "customer 1: served 2 times"),
        ([[1], [2, 9]], "customer 9: unknown"),
    ],
)
def test_the_evaluator_names_each_broken_rule(routes, fault):
    assert fault in evaluate(parse_solomon(SOLOMON), routes, Rounding.TRUNC1).faults


def test_the_evaluator_sees_a_due_date_missed_and_a_late_return():
    late = parse_solomon(SOLOMON.replace("        100          0", "         34          0"))
    faults = evaluate(late, [[1], [2]], Rounding.TRUNC1).faults
    # waits until 20, serves until 30, home at 35
    assert faults == ("route 1: the depot reached at 35.0000 after 34",)
    tight = parse_solomon(SOLOMON.replace("20         30         10", " 0          4         10"))
    assert evaluate(tight, [[1], [2]], Rounding.TRUNC1).faults == (
        "route 1: customer 1 reached at 5.0000 after 4",
    )


def test_more_vehicles_than_the_instance_has_are_a_fault():
    one = parse_solomon(SOLOMON.replace("  3         20", "  1         20"))
    assert "2 vehicles; the instance has 1" in evaluate(one, [[1], [2]], Rounding.TRUNC1).faults


def test_a_solution_file_is_read_back_as_written(tmp_path: Path):
    write_sol(tmp_path / "out" / "toy.sol", [[1, 2], []], 12.8)
    text = (tmp_path / "out" / "toy.sol").read_text()
    assert text == "Route #1: 1 2\nRoute #2: \nCost 12.8\n"
    assert read_sol(tmp_path / "out" / "toy.sol").routes == ((1, 2), ())
    with pytest.raises(InstanceFormatError, match=r"text line 2: found 'Tour 2'"):
        parse_sol("Route #1: 1\nTour 2")


def test_best_known_values_need_their_columns(tmp_path: Path):
    (tmp_path / "bks.csv").write_text("name,dist_trunc1\nTOY,12.8\n")
    with pytest.raises(InstanceFormatError, match="a column 'instance'"):
        read_best_known(tmp_path / "bks.csv")


def test_every_instance_at_hand_is_read_and_has_a_best_known_distance():
    files = [
        file
        for folder in ("vrptw_solomon", "vrptw_200", "vrptw_400", "vrptw_1000")
        for file in sorted(data_or_skip(folder).iterdir())
        if file.suffix in {".txt", ".vrp"}
    ]
    assert len(files) == 56 + 24 + 24 + 24
    for file in files:
        size = {"vrptw_solomon": 100}.get(file.parent.name) or int(file.parent.name[6:])
        assert read_instance(file).customers == size
        assert find_best_known(file).distance is not None


def test_the_evaluator_reproduces_every_published_cost():
    solutions = sorted(data_or_skip("vrptw_1000").glob("*.sol"))
    assert len(solutions) == 24
    for file in solutions:
        published = read_sol(file)
        judged = evaluate(
            read_instance(file.with_suffix(".vrp")), published.routes, Rounding.TRUNC1
        )
        assert judged.faults == ()
        assert judged.cost == published.cost


def test_problem_arrays_agree_with_the_evaluator_on_published_routes():
    file = data_or_skip("vrptw_1000") / "R1_10_4.vrp"
    instance, routes = read_instance(file), read_sol(file.with_suffix(".sol")).routes
    for rounding in Rounding:
        distances = scale_distances(instance, rounding)[1]
        legs = [pair for r in routes for pair in zip((0, *r), (*r, 0), strict=True)]
        total = sum(int(distances[a, b]) for a, b in legs)
        judged = evaluate(instance, routes, rounding).cost
        if rounding is Rounding.EXACT1000:
            judged /= 1000
        # under "none" each of ~1091 legs is rounded by at most half of 1/10 000
        tolerance = len(legs) * 5e-5 if rounding is Rounding.NONE else 1e-9
        assert abs(total / rounding.scale - judged) <= tolerance
