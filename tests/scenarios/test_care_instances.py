"""Home care: reader, evaluator and earliest times."""

from __future__ import annotations

import copy
from fractions import Fraction
from pathlib import Path

import pytest

from scenarios.errors import InstanceFormatError
from scenarios.instances.evaluate_hhcrsp import Orders, evaluate_care, time_care
from scenarios.instances.hhcrsp import CarePlan, CareStop, Hhcrsp
from scenarios.instances.hhcrsp_reader import (
    CareBest,
    parse_care_plan,
    parse_hhcrsp,
    read_care_best,
    read_care_plan,
    read_hhcrsp,
    write_care_plan,
)
from tests.care_texts import care_instance, care_text
from tests.data_root import data_or_skip

SETS = {"hhcrsp_italian": "italian_best.md", "hhcrsp_mankowska": "mankowska_best.md"}

LATE: Orders = (("a", (("p1", "s1"), ("p2", "s1"))), ("b", (("p1", "s2"),)))
EARLY: Orders = (("a", (("p1", "s1"),)), ("b", (("p2", "s1"), ("p1", "s2"))))


def plan_of(instance: Hhcrsp, orders: Orders) -> CarePlan:
    plan = time_care(instance, orders)
    assert plan is not None
    return plan


def starts(plan: CarePlan) -> dict[tuple[str, str], Fraction]:
    return {(stop.patient, stop.service): stop.start for _, stops in plan.routes for stop in stops}


def orders_of(plan: CarePlan) -> Orders:
    return [(who, [(stop.patient, stop.service) for stop in stops]) for who, stops in plan.routes]


def test_an_instance_gives_its_values():
    toy = parse_hhcrsp(care_text(), "toy.json")
    first = toy.patients[0]
    assert (toy.name, len(toy.patients), len(toy.caregivers)) == ("toy", 2, 2)
    assert [need.service for need in first.needs] == ["s1", "s2"]
    assert (first.ready, first.due, first.min_gap, first.max_gap) == (10, 30, 10, 20)
    assert toy.caregivers[1].abilities == {"s1", "s2"}


def test_a_third_of_distance_total_and_greatest_tardiness_is_the_cost():
    toy = parse_hhcrsp(care_text())
    plan = plan_of(toy, LATE)
    # a: at p1 by 5, waits until 10, ends 16, at p2 by 20 (due 12: 8 late). b: at p1 by 5, but
    # 10 after a's start: 20.
    assert starts(plan) == {("p1", "s1"): 10, ("p2", "s1"): 20, ("p1", "s2"): 20}
    judged = evaluate_care(toy, plan)
    # 5 + 4 + 7 and 5 + 5
    assert (judged.distance, judged.total_tardiness, judged.max_tardiness) == (26, 8, 8)
    assert (judged.cost, judged.faults) == (14, ())
    # b takes p2 (at 7, in time): 10 + 16 of distance, nobody late
    assert evaluate_care(toy, plan_of(toy, EARLY)).cost == Fraction(26, 3)


def test_the_greatest_gap_holds_the_first_caregiver_back():
    changed = care_instance()
    changed["patients"][1]["required_caregivers"][0]["duration"] = 40
    toy = parse_hhcrsp(care_text(**changed))
    # b ends p2 at 47, is at p1 by 51; a may start no earlier than 51 - 20 = 31
    plan = plan_of(toy, EARLY)
    assert starts(plan)["p1", "s1"] == 31
    judged = evaluate_care(toy, plan)
    # 1 late and 21 late; (26 + 22 + 21) / 3
    assert (judged.cost, judged.faults) == (23, ())


def test_caregivers_who_wait_for_each_other_have_no_times():
    changed = care_instance()
    together = {"type": "simultaneous"}
    changed["patients"][0]["synchronization"] = together
    changed["patients"][1]["synchronization"] = together
    changed["patients"][1]["required_caregivers"].append({"service": "s2", "duration": 1})
    toy = parse_hhcrsp(care_text(**changed))
    crossed: Orders = (
        ("a", (("p1", "s1"), ("p2", "s1"))),
        ("b", (("p2", "s2"), ("p1", "s2"))),
    )
    assert time_care(toy, crossed) is None
    same = (crossed[0], ("b", (("p1", "s2"), ("p2", "s2"))))
    # both at p1 from 10; a ends 16, b ends 18, b is at p2 by 22
    assert starts(plan_of(toy, same))["p2", "s1"] == 22


def stop(patient: str, service: str, start: int, end: int) -> CareStop:
    return CareStop(patient, service, Fraction(start), Fraction(end))


GOOD = {
    "a": (stop("p1", "s1", 10, 16),),
    "b": (stop("p2", "s1", 7, 10), stop("p1", "s2", 20, 28)),
}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"a": ()}, "patient p1: service s1 not given"),
        ({"a": (stop("p1", "s1", 9, 15),)}, "caregiver a at p1: starts at 9 before 10"),
        ({"a": (stop("p1", "s1", 10, 15),)}, "caregiver a at p1: takes 5, not 6"),
        ({"a": (stop("p1", "s1", 12, 18),)}, "patient p1: second service 8 after the first"),
        (
            {"b": (stop("p2", "s1", 7, 10), stop("p1", "s2", 31, 39))},
            "patient p1: second service 21 after the first, not 10 to 20",
        ),
        (
            {"b": (stop("p2", "s1", 6, 9), stop("p1", "s2", 20, 28))},
            "caregiver b at p2: starts at 6, there at 7",
        ),
        (
            {"a": (stop("p1", "s2", 20, 28),), "b": (stop("p1", "s1", 10, 16),)},
            "caregiver a: cannot give s2 to p1",
        ),
        (
            {"a": (), "b": (stop("p1", "s1", 10, 16), stop("p1", "s2", 20, 28))},
            "caregiver b: 2 visits to p1",
        ),
        ({"c": ()}, "caregiver c: unknown"),
        ({"a": (stop("p3", "s1", 10, 16),)}, "patient p3: service s1 is not needed"),
        (
            {"a": (stop("p1", "s1", 10, 16), stop("p2", "s1", 20, 23))},
            "patient p2: service s1 2 times",
        ),
    ],
)
def test_the_evaluator_names_each_broken_rule(changes, fault):
    toy = parse_hhcrsp(care_text())
    assert evaluate_care(toy, CarePlan(tuple(GOOD.items()))).faults == ()
    faults = evaluate_care(toy, CarePlan(tuple((GOOD | changes).items()))).faults
    assert any(found.startswith(fault) for found in faults), faults


def test_windows_are_whole_where_distances_are():
    changed = care_instance()
    changed["patients"][1]["time_window"] = [1.99999999999999, 12.9]
    patient = parse_hhcrsp(care_text(**changed)).patients[1]
    assert (patient.ready, patient.due) == (1, 12)
    changed["distances"][0][1] = 5.5
    patient = parse_hhcrsp(care_text(**changed)).patients[1]
    assert (float(patient.ready), float(patient.due)) == (1.99999999999999, 12.9)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("patients", 0, "time_window"), [30, 10], "two times, the earlier first"),
        (("patients", 0, "time_window", 0), "ten", "a number"),
        (("patients", 0, "time_window", 1), 1e300, "a number between 0"),
        (("patients", 0, "synchronization", "type"), "parallel", "one of simultaneous, sequential"),
        (("patients", 0, "synchronization", "distance"), [20], "the least and the greatest gap"),
        (("patients", 1, "synchronization"), {}, "exactly where two caregivers are needed"),
        (("patients", 1, "id"), "p1", "every id once"),
        (("patients", 0, "required_caregivers", 1, "service"), "s1", "two different ones"),
        (("patients", 0, "required_caregivers", 1, "service"), "s9", "one of s1, s2"),
        (("caregivers", 0, "abilities"), "s1", "a list"),
        (("caregivers",), [], "at least one element"),
        (("central_offices",), [{}, {}], "exactly one office"),
        (("distances", 1), [5, 0], "3 × 3"),
        (("distances", 1, 0), -5, "a number between 0"),
        (("services", 0), {}, "a field id"),
    ],
)
def test_a_malformed_instance_is_refused_with_its_place(path, value, words):
    changed = copy.deepcopy(care_instance())
    target = changed
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(InstanceFormatError, match=r"^toy\.json") as caught:
        parse_hhcrsp(care_text(**changed), "toy.json")
    assert words in str(caught.value)


def test_text_that_is_not_json_is_refused_with_its_line():
    with pytest.raises(InstanceFormatError, match=r"^cut\.json line 2: "):
        parse_hhcrsp('{"patients":\n [', "cut.json")


def test_a_plan_is_read_back_as_written(tmp_path: Path):
    plan = CarePlan(tuple(GOOD.items()))
    write_care_plan(tmp_path / "out" / "toy.json", plan)
    assert read_care_plan(tmp_path / "out" / "toy.json") == plan
    text = (tmp_path / "out" / "toy.json").read_text()
    assert parse_care_plan(text.replace("patient_id", "patient")) == plan
    assert '"global_ordering": [\n    "p2",\n    "p1"\n  ]' in text


def test_the_example_of_the_format_is_optimal_without_lateness():
    folder = data_or_skip("hhcrsp_italian")
    toy = read_hhcrsp(folder / "toy.json")
    plan = read_care_plan(folder / "sol_toy_optimal.json")
    judged = evaluate_care(toy, plan)
    # c1 d-p4-p5-p6-d: 7 + 19 + 35 + 27 = 88; c2 d-p4-p2-p6-d: 7 + 28 + 43 + 27 = 105;
    # c3 d-p3-p1-p5-d: 56 + 22 + 50 + 13 = 141 (rows are where from, and not symmetric)
    assert judged.distance == 88 + 105 + 141
    assert (judged.total_tardiness, judged.faults) == (0, ())
    assert starts(plan_of(toy, orders_of(plan))) == starts(plan)


def given_solutions() -> list[tuple[Path, Path, CareBest]]:
    """Return instance, solution and published figures of everything that is there."""
    found = []
    for folder, table in SETS.items():
        root = data_or_skip(folder)
        for name, best in read_care_best(root / table).items():
            if (root / "solutions" / best.solution).is_file():
                found.append((root / f"{name}.json.gz", root / "solutions" / best.solution, best))
    return found


def as_printed(value: Fraction, printed: float) -> bool:
    """Return whether ``printed`` is ``value`` with six significant digits (ties either way)."""
    digits = 6 - len(str(int(value)))
    return abs(value - Fraction(str(printed))) <= Fraction(1, 2 * 10**digits)


def test_every_given_solution_is_scored_as_published():
    given = given_solutions()
    assert len(given) == 15 + 35
    for instance, solution, best in given:
        judged = evaluate_care(read_hhcrsp(instance), read_care_plan(solution))
        assert judged.faults == (), solution.name
        assert as_printed(judged.distance, best.distance), solution.name
        assert as_printed(judged.total_tardiness, best.total_tardiness), solution.name
        assert as_printed(judged.max_tardiness, best.max_tardiness), solution.name
        assert as_printed(judged.cost, best.cost), solution.name


def test_published_times_are_the_earliest_of_their_orders():
    # whole numbers: to the minute, at every one of several thousand stops
    for instance, solution, _ in given_solutions():
        if instance.parent.name == "hhcrsp_italian":
            plan = read_care_plan(solution)
            timed = plan_of(read_hhcrsp(instance), orders_of(plan))
            assert timed == plan, solution.name


def test_every_instance_at_hand_is_read():
    counts = {"hhcrsp_italian": 57, "hhcrsp_mankowska": 35}
    for folder, count in counts.items():
        files = sorted(data_or_skip(folder).glob("*.json.gz"))
        assert len(files) == count
        for file in files[::4]:
            instance = read_hhcrsp(file)
            assert any(len(patient.needs) == 2 for patient in instance.patients), file.name
