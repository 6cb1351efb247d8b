"""What ``servicenet bench location`` asks: classes of public and generated siting questions."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from scenarios.errors import DataUnavailable
from scenarios.instances.orlib import read_siting
from scenarios.instances.siting import SetCoverInstance, SitingInstance
from scenarios.instances.text import read_text
from scenarios.location_models import Located, Model, Question, solve_model
from solver.stop import Stop

if TYPE_CHECKING:
    from solver.location.answer import LocationAnswer

SIZES: Final = {
    "small": (50_000, 1_000, (10.0, 60.0)),
    "large": (200_000, 2_000, (30.0, 120.0)),
    "huge": (5_000_000, 100, (60.0,)),
}
"""Rows, sites and time limits of the generated classes."""

GENERATED_P: Final = 20
HUGE_P: Final = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine answers, in the unit of the file; None where it has nothing."""

    objective: float | None
    bound: float | None
    status: str


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """One question with its limit and the published value.

    Attributes
    ----------
    kind
        Class it is judged in.
    name
        Instance.
    question
        Model and parameters.
    budget_s
        Time limit of every engine.
    best_known
        None without.
    instance
        Raw data, for peers; None for generated arrays.
    solve
        Runs our engine: limits and seed in, outcome out.
    """

    kind: str
    name: str
    question: Question
    budget_s: float
    best_known: float | None
    instance: SitingInstance | SetCoverInstance | None
    solve: Callable[[Stop, int], Outcome]


def list_cases(data: Path | None, kinds: list[str], seeds: int) -> Iterator[Case]:
    """Yield the cases of the named classes, one instance in memory at a time.

    Raises
    ------
    DataUnavailable
        If a class needs the data folder and it, or the class in it, is missing.
    """
    for kind in kinds:
        if kind in SIZES:
            yield from _generate(kind, seeds)
            continue
        folder = None if data is None else data / FOLDERS[kind]
        if folder is None or not folder.is_dir():
            raise DataUnavailable(f"class {kind}: {folder} is no folder; name it by --data.")
        yield from READERS[kind](folder)


def _read_pmed(folder: Path) -> Iterator[Case]:
    known = dict(
        line.split()[:2] for line in read_text(folder / "pmedopt.txt").splitlines()[1:] if line
    )
    for path in sorted(folder.glob("pmed*.txt"), key=lambda path: (len(path.name), path.name)):
        if path.name == "pmedopt.txt":
            continue
        best = float(known[path.stem]) if path.stem in known else None
        yield _make_case("pmed", read_siting(path), Question(Model.PMEDIAN), 60.0, best)


def _read_sf(folder: Path) -> Iterator[Case]:
    instance = read_siting(folder)
    models = {"p-median": Model.PMEDIAN, "p-center": Model.PCENTER}
    for row in csv.DictReader(read_text(folder / "optima_by_enumeration.csv").splitlines()):
        words = row["model"].split()
        model = models.get(words[0]) or Model(words[0].lower())
        radius = float(words[2]) if len(words) > 2 else None
        p = int(row["param"].removeprefix("p=")) if row["param"].startswith("p=") else None
        question = Question(model, p, radius)
        yield _make_case("spopt_sf", instance, question, 30.0, float(row["optimum"]))


def _read_sjc(folder: Path) -> Iterator[Case]:
    table = read_text(folder / "sjc_optima_computed_highs.csv").splitlines()
    instance = None
    for row in csv.DictReader(table):
        path = folder / f"{row['instance']}.txt"
        if not path.is_file():
            continue
        if instance is None or instance.name != row["instance"]:
            instance = read_siting(path)
        question = Question(Model.MCLP, int(row["p"]), float(row["radius"]))
        yield _make_case("sjc", instance, question, 30.0, float(row["optimum_or_best"]))


def _read_scp(folder: Path) -> Iterator[Case]:
    rows = csv.DictReader(read_text(folder / "bks.csv").splitlines())
    known = {row["file"]: float(row["best_known"]) for row in rows}
    for path in sorted(folder.glob("scp*.txt.gz")):
        instance = read_siting(path)
        best = known.get(instance.name)
        yield _make_case("scp", instance, Question(Model.SCP), 60.0, best)


def _read_cpmp(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("pmedcap*.txt")):
        instance = read_siting(path)
        best = instance.best_known if isinstance(instance, SitingInstance) else None
        yield _make_case("cpmp", instance, Question(Model.CPMP), 60.0, best)


READERS: Final = {
    "pmed": _read_pmed,
    "spopt_sf": _read_sf,
    "sjc": _read_sjc,
    "scp": _read_scp,
    "cpmp": _read_cpmp,
}
FOLDERS: Final = {
    "pmed": "pmed",
    "spopt_sf": "spopt_sf",
    "sjc": "mclp",
    "scp": "scp",
    "cpmp": "cpmp",
}
KINDS: Final = (*READERS, *SIZES)


def _make_case(
    kind: str,
    instance: SitingInstance | SetCoverInstance,
    question: Question,
    budget_s: float,
    best_known: float | None,
) -> Case:
    def solve(stop: Stop, seed: int) -> Outcome:
        return _to_outcome(solve_model(instance, question, stop, seed))

    name = "SF" if kind == "spopt_sf" else instance.name
    return Case(kind, name, question, budget_s, best_known, instance, solve)


def _to_outcome(located: Located) -> Outcome:
    return Outcome(located.objective, located.bound, located.status.value)


def _generate(kind: str, seeds: int) -> Iterator[Case]:
    from scenarios.generate_cover import DemandPattern, generate_cover
    from solver.location.cover import solve_mclp

    rows, sites, budgets = SIZES[kind]
    p = HUGE_P if kind == "huge" else GENERATED_P
    for pattern in DemandPattern:
        for seed in range(1, seeds + 1):
            problem = generate_cover(rows, sites, pattern=pattern, seed=seed)
            for budget_s in budgets:

                def solve(stop: Stop, own_seed: int) -> Outcome:
                    answer: LocationAnswer = solve_mclp(problem, p=p, stop=stop, seed=own_seed)  # noqa: B023 - consumed before the next
                    return Outcome(answer.objective, float(answer.bound), answer.status.value)

                name = f"{rows}x{sites} {pattern.value} seed {seed}"
                question = Question(Model.MCLP, p)
                yield Case(f"{kind} {budget_s:g} s", name, question, budget_s, None, None, solve)


def get_reach(case: Case) -> int:
    """Return the number of row-site pairs of a case, 0 for generated ones."""
    if isinstance(case.instance, SitingInstance):
        return int(np.prod(case.instance.distance.shape))
    return 0
