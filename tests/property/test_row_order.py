"""The same day gives the same plan, whatever the order of its rows."""

from __future__ import annotations

import csv
import itertools
import json
import random
from pathlib import Path
from typing import Any

import pytest

from dispatch.adapters.files import write_day, write_plan
from dispatch.domain import Day, DayPlan
from dispatch.planning.daily import plan_day
from dispatch.service import plan_file
from geo.estimated import EstimatedTravel
from scenarios.generate import generate_day
from solver.stop import MaxIterations
from tests.days import GridTown, tiny_day, visit, window
from tests.random_days import medium_day
from tests.towns import town

pytestmark = pytest.mark.core

STOP = MaxIterations(400)
RUNS = 20
FEW = 3
IN_ORDER = {"day.csv", "shifts.csv", "breaks.csv"}
"""Rows whose order counts: breaks name a technician's shifts by their order."""

ITEMS: dict[str, tuple[str, ...]] = {
    "outlets": ("opening_hours", "territory", "stock"),
    "technicians": ("skills", "territory", "van_stock"),
    "visits": ("promises", "skills", "preferred", "required", "excluded"),
}


def town_day(seed: int) -> Day:
    return generate_day(
        town(), seed=seed, visits=60, technicians=10, outlets=4, emergencies=2, name=f"town-{seed}"
    )


def shuffled_day(day: Day, seed: int) -> Day:
    """Return the day with every list whose order means nothing in another order."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, no secret
    data: dict[str, Any] = json.loads(day.model_dump_json())
    for kind, fields in ITEMS.items():
        rng.shuffle(data[kind])
        for item in data[kind]:
            for field in fields:
                rng.shuffle(item[field])
        capacity = [item["capacity"] for item in data[kind] if item.get("capacity")]
        for one in capacity:
            rng.shuffle(one["skills"])
    return Day.model_validate(data)


def shuffle_files(folder: Path, seed: int) -> None:
    """Put the rows of every table of a CSV day in another order."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, no secret
    for path in sorted(folder.glob("*.csv")):
        if path.name in IN_ORDER:
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = csv.reader(file)
        rng.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *rows])


def without_runtime(plan: DayPlan) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(plan.model_dump_json())
    del content["runtime_s"]
    return content


def count_different(seeds: range, run: Any, expected: dict[str, Any]) -> int:
    return sum(run(seed) != expected for seed in seeds)


def check_python(day: Day, travel: Any, runs: int) -> None:
    def run(seed: int) -> dict[str, Any]:
        return without_runtime(plan_day(shuffled_day(day, seed), travel, stop=STOP, seed=7))

    expected = without_runtime(plan_day(day, travel, stop=STOP, seed=7))
    assert expected["routes"]
    assert count_different(range(runs), run, expected) == 0


def check_files(day: Day, travel: Any, runs: int, folder: Path) -> None:
    def run(seed: int | None) -> dict[str, Any]:
        place, written = folder / f"day-{seed}", folder / f"plan-{seed}.json"
        write_day(day, place)
        if seed is not None:
            shuffle_files(place, seed)
        write_plan(plan_file(place, travel, stop=STOP, seed=7).plan, written)
        content: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
        del content["runtime_s"]
        return content

    expected = run(None)
    assert expected["routes"]
    assert count_different(range(runs), run, expected) == 0


@pytest.mark.parametrize("seed", range(2))
def test_shuffled_lists_of_a_town_give_the_same_plan(seed):
    check_python(town_day(seed), EstimatedTravel(), FEW)


@pytest.mark.parametrize("seed", range(2))
def test_shuffled_lists_of_a_day_with_every_rule_give_the_same_plan(seed):
    check_python(*medium_day(seed), FEW)


def test_shuffled_csv_rows_give_the_same_plan_file(tmp_path):
    check_files(town_day(1), EstimatedTravel(), FEW, tmp_path)


def test_shuffled_csv_rows_of_a_day_with_every_rule_give_the_same_plan_file(tmp_path):
    check_files(*medium_day(1), FEW, tmp_path)


def test_shuffling_changes_the_rows():
    day = town_day(1)
    mixed = shuffled_day(day, 1)
    assert mixed != day
    assert {visit.id for visit in mixed.visits} == {visit.id for visit in day.visits}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_twenty_shuffles_of_lists_and_of_csv_rows_give_the_same_plan(seed, tmp_path):
    check_python(town_day(seed), EstimatedTravel(), RUNS)
    check_python(*medium_day(seed), RUNS)
    check_files(town_day(seed), EstimatedTravel(), RUNS, tmp_path / "town")
    check_files(*medium_day(seed), RUNS, tmp_path / "rules")


def test_promises_of_one_window_are_told_apart_by_their_ids():
    span = window("10:00", "11:00"), window("10:00", "11:00", "b"), window("10:00", "11:00", "a")
    plans = [
        plan_day(tiny_day([visit(promises=promises)]), GridTown(), stop=STOP)
        for promises in itertools.permutations(span)
    ]
    # the one without an id comes first and is called 1
    assert {plan.routes[0].stops[1].promise for plan in plans} == {"1"}
