"""Technicians with skills, tools and parts: reader, evaluator, shortest routes, best known."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from scenarios.errors import InstanceFormatError
from scenarios.instances.evaluate_trsp import evaluate_trsp, time_trsp
from scenarios.instances.trsp import Trsp, TrspRoute
from scenarios.instances.trsp_reader import (
    parse_trsp,
    parse_trsp_plan,
    read_trsp,
    read_trsp_best,
    read_trsp_plan,
    write_trsp_plan,
)
from tests.data_root import data_or_skip
from tests.trsp_texts import REAL, TRSP


def timed(instance: Trsp, technician: int, *nodes: int) -> TrspRoute:
    route = time_trsp(instance, technician, nodes)
    assert route is not None
    return route


def test_a_text_gives_its_values():
    toy = parse_trsp(TRSP)
    assert (toy.name, len(toy.technicians), sorted(toy.requests)) == ("TOY", 2, [3, 4])
    second = toy.technicians[1]
    assert (second.start, second.end, second.skills, second.tools) == (2, 2, {0, 1}, {0})
    assert (toy.technicians[0].parts, second.parts) == ((1, 0), (0, 0))
    request = toy.requests[3]
    assert (request.ready, request.due, request.service) == (20, 30, 5)
    # |(3,4) - (3,0)| = 4; |(0,0) - (6,8)| = 10
    assert (toy.times[1][3], toy.distances[0][4]) == (4, 10)


def test_matrices_are_directed_and_routes_end_behind_the_requests():
    real = parse_trsp(REAL)
    assert (real.technicians[0].start, real.technicians[0].end) == (1, 3)
    judged = evaluate_trsp(real, [timed(real, 1, 2)])
    # leaves 480 - 10.5 = 469.5, works 480 to 525, is back at 537: 67.5 = 10.5 + 45 + 12
    assert (judged.duration, judged.distance) == (67.5, 16)
    assert (judged.unserved, judged.faults) == ((), ())


def test_a_departure_as_late_as_possible_makes_the_shortest_route():
    toy = parse_trsp(TRSP)
    route = timed(toy, 1, 3, 0, 4)
    # backward: request 4 by 50, depot by 40, request 3 by min(30, 40 - 3 - 5) = 30, home by 26;
    # forward: 30, 30 + 5 + 3 = 38, 38 + 10 = 48, back 48 + 10 + 5 = 63
    assert route.starts == (30, 38, 48)
    judged = evaluate_trsp(toy, [route])
    assert (judged.duration, judged.distance) == (63 - 26, 4 + 3 + 10 + 5)
    assert judged.faults == ()
    early = TrspRoute(1, (3, 0, 4), (20.0, 28.0, 50.0))
    # leaves at 16 and dawdles before request 4: back at 65
    assert evaluate_trsp(toy, [early]).duration == 65 - 16


def test_waiting_counts_where_no_later_departure_avoids_it():
    text = TRSP.replace("3     0     20     30 ", "3     0     40     45 ")
    toy = parse_trsp(text.replace("6     8     0      50 ", "6     8     0      5  "))
    route = timed(toy, 1, 4, 3)
    # at request 4 by 5, so home is left at 0; request 3 opens at 40, back at 40 + 5 + 4
    assert route.starts == (5, 40)
    assert evaluate_trsp(toy, [route]).duration == 49
    # request 3 first: not before 40, but request 4 closes at 5
    assert time_trsp(toy, 1, (3, 4)) is None


def test_a_visit_to_the_depot_brings_tools_and_parts_but_no_skill():
    toy = parse_trsp(TRSP)
    # the van has one part 0, request 3 takes it; request 4 wants another and tool 0
    assert evaluate_trsp(toy, [timed(toy, 1, 3, 4)]).faults == (
        "technician 1: request 4 needs tool 0",
        "technician 1: request 4 needs 1 more of part 0",
    )
    assert evaluate_trsp(toy, [timed(toy, 1, 3, 0, 4)]).faults == ()
    # technician 2 has the tool and no part
    assert evaluate_trsp(toy, [timed(toy, 2, 4)]).faults == (
        "technician 2: request 4 needs 1 more of part 0",
    )
    skilled = parse_trsp(TRSP.replace("50     10     [0]", "50     10     [1]"))
    assert evaluate_trsp(skilled, [timed(skilled, 1, 0, 4)]).faults == (
        "technician 1: request 4 needs skill 1",
    )
    assert evaluate_trsp(toy, [timed(toy, 1, 0, 3, 0)]).faults == (
        "technician 1: 2 visits to the depot",
    )


@pytest.mark.parametrize(
    ("routes", "fault"),
    [
        ([TrspRoute(1, (3,), (19.0,))], "technician 1: request 3 starts at 19.0000 before 20"),
        ([TrspRoute(1, (3,), (31.0,))], "technician 1: request 3 starts at 31.0000 after 30"),
        (
            [TrspRoute(1, (3, 0), (20.0, 27.0))],
            "technician 1: the depot starts at 27.0000, reached at 28.0000",
        ),
        ([TrspRoute(1, (0, 3), (4.0, 20.0))], "technician 1: leaves at -1.0000 before 0"),
        ([TrspRoute(1, (0,), (96.0,))], "technician 1: is back at 101.0000 after 100"),
        ([TrspRoute(1, (0,), (101.0,))], "technician 1: the depot starts at 101.0000 after 100"),
        ([TrspRoute(3, (3,), (20.0,))], "technician 3: unknown"),
        ([TrspRoute(1, (7,), (20.0,))], "request 7: unknown"),
        ([TrspRoute(1, (3,), ())], "technician 1: starts do not match nodes"),
        (
            [TrspRoute(1, (3,), (20.0,)), TrspRoute(2, (3,), (25.0,))],
            "request 3: served 2 times",
        ),
        ([TrspRoute(1, (3,), (20.0,)), TrspRoute(1, (), ())], "technician 1: 2 routes"),
    ],
)
def test_the_evaluator_names_each_broken_rule(routes, fault):
    assert fault in evaluate_trsp(parse_trsp(TRSP), routes).faults


def test_requests_left_out_are_counted_not_faults():
    judged = evaluate_trsp(parse_trsp(TRSP), [])
    assert (judged.unserved, judged.faults, judged.duration) == ((3, 4), (), 0)


@pytest.mark.parametrize(
    ("text", "old", "new", "words"),
    [
        (TRSP, "INFO\n", "FACTS\n", "the heading INFO"),
        (TRSP, "DEPOT TECH", "DEPOTS TECH", "no DEPOT TECHNICIANS AND REQUESTS"),
        (TRSP, "2       2       1       2", "2       2       1", "technicians, skills, tools"),
        (TRSP, "2       2       1       2", "0       2       1       2", "at least one technician"),
        (TRSP, "2       2       1       2", "9       2       1       2", "9 technicians"),
        (TRSP, "4    6     8 ", "5    6     8 ", "node 4, 5 figures and three lists"),
        (TRSP, "20     30     5  ", "40     30     5  ", "a window and a service time"),
        (TRSP, "[0] \t[0] \t[1,0]", "[2] \t[0] \t[1,0]", "skills below 2, tools below 1"),
        (TRSP, "[0] \t[0] \t[1,0]", "[0] \t[0] \t[1]", "a number for each of 2 parts"),
        (REAL, "4;0.0;0.0;7.5;0.0;0.0\nTR", "TR", "6 cells in row 0"),
        (REAL, "2;12.0;12.0", "2;-1.0;12.0", "figures >= 0"),
        (REAL, "4;0.0;0.0;10.5", "4;0.0;0.0;11.5", "node 4 unlike node 3"),
    ],
)
def test_a_malformed_text_is_refused_with_its_expectation(text, old, new, words):
    assert old in text
    with pytest.raises(InstanceFormatError, match=r"^toy\.txt") as caught:
        parse_trsp(text.replace(old, new), "toy.txt")
    assert words in str(caught.value)


def test_a_plan_is_read_back_as_written(tmp_path: Path):
    plan = (TrspRoute(1, (3, 0, 4), (30.0, 38.0, 48.25)), TrspRoute(2, (), ()))
    write_trsp_plan(tmp_path / "out" / "toy.json", plan)
    assert read_trsp_plan(tmp_path / "out" / "toy.json") == plan
    assert parse_trsp_plan('[{"technician": 1, "nodes": [3], "start_times": [20]}]') == (
        TrspRoute(1, (3,), (20.0,)),
    )
    for text, words in (
        ('[{"technician": 1, "nodes": [3], "start_times": []}]', "a start for each of 1 nodes"),
        ('[{"technician": 1, "nodes": [3.5], "start_times": [1]}]', "a whole number"),
        ('{"technician": 1}', "a list"),
    ):
        with pytest.raises(InstanceFormatError, match=words):
            parse_trsp_plan(text)


def test_best_known_values_need_their_columns(tmp_path: Path):
    (tmp_path / "bks.csv").write_text("instance,vehicles\nTOY,2\n")
    with pytest.raises(InstanceFormatError, match="columns 'instance' and a duration"):
        read_trsp_best(tmp_path / "bks.csv")


def test_published_durations_are_service_plus_travel_plus_waiting():
    folder = data_or_skip("trsp_pillac")
    best = read_trsp_best(folder / "bks.csv")
    with (folder / "bks.csv").open(encoding="utf-8") as table:
        rows = {row["instance"]: row for row in csv.DictReader(table)}
    files = sorted(folder.glob("*.txt"))
    assert len(files) == 28
    without_waiting = 0
    for file in files:
        instance, row = read_trsp(file), rows[file.stem]
        assert (len(instance.technicians), len(instance.requests)) == (25, 100)
        published = float(row["bks_duration_dissertation"])
        assert best[file.stem].duration == min(published, float(row["duration_minwt_sol_2012"]))
        service = sum(request.service for request in instance.requests.values())
        waiting = published - service - float(row["bks_distance_of_that_solution"])
        assert waiting >= -0.0015, file.name  # three figures of three decimals
        without_waiting += waiting < 0.0015
    assert without_waiting == 17


def test_real_days_are_read_and_have_the_requests_of_the_reference():
    folder = data_or_skip("trsp_real")
    best = read_trsp_best(folder / "reference_2012.csv")
    with (folder / "reference_2012.csv").open(encoding="utf-8") as table:
        rows = {row["instance"]: row for row in csv.DictReader(table)}
    for name in ("R1", "R3", "R5"):
        real = read_trsp(folder / f"{name}.txt.gz")
        assert len(real.requests) == int(rows[name]["requests"])
        assert len(real.technicians) == int(rows[name]["technicians"])
        longest = sorted(request.service for request in real.requests.values())
        served = longest[: len(longest) - best[name].unserved]
        assert sum(served) < best[name].duration
        alone = [time_trsp(real, 1, (node,)) for node in real.requests]
        # R5: one request lies 81 min away and closes 60 min after the day begins
        assert sum(route is None for route in alone) == best[name].unserved
        assert not any(evaluate_trsp(real, [route]).faults for route in alone if route)
    city = read_trsp(folder / "U1.txt.gz")
    assert (len(city.technicians), len(city.requests)) == (41, 251)


def brute_shortest(instance: Trsp, nodes: tuple[int, ...]) -> float | None:
    """Try every whole departure; figures are whole, so the best one is among them."""
    who, best = instance.technicians[0], None
    for departure in range(int(who.ready), int(who.due) + 1):
        clock, here = float(departure), who.start
        for node in nodes:
            request = instance.requests[node]
            start = max(clock + instance.times[here][node], request.ready)
            if start > request.due:
                break
            clock, here = start + request.service, node
        else:
            back = clock + instance.times[here][who.end]
            if back <= who.due and (best is None or back - departure < best):
                best = back - departure
    return best


def test_the_shortest_route_is_that_of_trying_every_departure():
    chance = random.Random(7)  # noqa: S311 - repeatable cases
    lines = [*TRSP.splitlines()[:9], "1 0 0 0 60 0 [] [] [0,0]"]
    served = 0
    for _ in range(300):
        rows = []
        for node in (2, 3, 4):
            ready = chance.randint(0, 40)
            due = ready + chance.randint(0, 15)
            rows.append(f"{node} {chance.randint(0, 9)} 0 {ready} {due} {chance.randint(0, 5)}")
        text = "\n".join([*lines, *(f"{row} [] [] [0,0]" for row in rows)])
        toy = parse_trsp(text.replace("2       2       1       2", "1 2 1 2"))
        route = time_trsp(toy, 1, (2, 3, 4))
        found = evaluate_trsp(toy, [route]) if route else None
        assert (found.duration if found else None) == brute_shortest(toy, (2, 3, 4)), text
        assert found is None or found.faults == ()
        served += found is not None
    assert 30 < served < 270  # both outcomes are tried
