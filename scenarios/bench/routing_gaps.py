"""Gaps of ``servicenet bench routing``: to the better of the published value and any run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from scenarios.bench.report import Row, Value
from scenarios.bench.routing_cases import Case
from scenarios.bench.routing_engines import OURS, Answer
from scenarios.instances import Objective, Trsp

CHECKPOINTS: Final = (1, 3, 10, 30, 100)
"""Seconds at which convergence is stated."""

SAME: Final = 1e-5
"""Tables print six digits: within this share a cost is the published one."""


@dataclass(frozen=True, slots=True)
class Run:
    """One engine on one instance with one seed."""

    case: Case
    engine: str
    seed: int
    answer: Answer
    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Reference:
    """What the runs of one instance are compared with.

    Attributes
    ----------
    first
        What counts before the cost (vehicles, unserved requests); None where nothing does.
    cost
        The least cost with that; None without any.
    """

    first: int | None
    cost: float | None


def count_first(run: Run, objective: Objective) -> int | None:
    """Return what counts before the cost of a run, or None."""
    if isinstance(run.case.instance, Trsp):
        return run.answer.unserved
    return run.answer.vehicles if objective is Objective.HIERARCHICAL else None


def find_reference(runs: Sequence[Run], objective: Objective) -> Reference:
    """Return the better of the published figures and any whole run of one instance."""
    published = runs[0].case.published
    plans = [
        (count_first(run, objective), run.answer.cost) for run in runs if not run.answer.faults
    ]
    if published.cost is not None:
        plans.append((published.first, published.cost))
    if not plans:
        return Reference(None, None)
    first, cost = min(plans, key=lambda plan: (plan[0] or 0, plan[1]))
    return Reference(first, cost)


def find_gap(run: Run, reference: Reference, objective: Objective) -> float | None:
    """Return the gap of a run in percent; None if it is not whole or loses before the cost."""
    if run.answer.faults or count_first(run, objective) != reference.first:
        return None
    return None if not reference.cost else 100 * (run.answer.cost / reference.cost - 1)


def find_gap_at(run: Run, reference: Reference, seconds: float) -> float | None:
    """Return the gap of the best plan a run had by then; None before its first one."""
    costs = [cost for at, cost in run.answer.curve if at <= seconds]
    if run.answer.faults or not costs or not reference.cost:
        return None
    return 100 * (costs[-1] / reference.cost - 1)


def list_rows(runs: Sequence[Run], objective: Objective, budget_s: float) -> list[Row]:
    """Return a row per run, with its gap and the gaps at the checkpoints inside the budget."""
    references = reference_runs(runs, objective)
    rows: list[Row] = []
    for run in runs:
        answer, reference = run.answer, references[run.case.name]
        row: dict[str, Value] = {
            "instance": run.case.name,
            "class": run.case.kind,
            "engine": run.engine,
            "seed": run.seed,
            "cost": round(answer.cost, 4),
            "vehicles": answer.vehicles,
            "unserved": answer.unserved,
            "faults": answer.faults,
            "iterations": answer.iterations,
            "wall_s": run.wall_s,
            "cpu_s": run.cpu_s,
            "published": run.case.published.cost,
            "reference": reference.cost,
            "gap_percent": _rounded(find_gap(run, reference, objective)),
        }
        for mark in CHECKPOINTS:
            if mark <= budget_s:
                row[f"gap_at_{mark}_s"] = _rounded(find_gap_at(run, reference, mark))
        rows.append(row)
    return rows


def reference_runs(runs: Sequence[Run], objective: Objective) -> dict[str, Reference]:
    """Return the reference of each instance by name."""
    groups: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        groups[run.case.name].append(run)
    return {name: find_reference(members, objective) for name, members in groups.items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def summarize(rows: Sequence[Row]) -> dict[str, object]:
    """Return figures per engine and class, then ratios of summed gaps, ours to each peer's."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        for kind in (str(row["class"]), "all"):
            groups[str(row["engine"]), kind].append(row)
    summary: dict[str, object] = {
        f"{engine} {kind}": _sum_up(members) for (engine, kind), members in sorted(groups.items())
    }
    for engine, kind in sorted(groups):
        if engine != OURS and (OURS, kind) in groups:
            ratio = compare_gaps(groups[OURS, kind], groups[engine, kind])
            summary[f"summed gaps, {OURS} / {engine}, {kind}"] = _rounded(ratio)
    return summary


def compare_gaps(ours: Iterable[Row], theirs: Iterable[Row]) -> float | None:
    """Return the ratio of summed gaps over the runs in which both have one; None if undefined."""
    other = {(row["instance"], row["seed"]): row["gap_percent"] for row in theirs}
    pairs = [
        (float(row["gap_percent"] or 0), float(other[row["instance"], row["seed"]] or 0))
        for row in ours
        if row["gap_percent"] is not None and other.get((row["instance"], row["seed"])) is not None
    ]
    total = sum(gap for _, gap in pairs)
    return sum(gap for gap, _ in pairs) / total if total > 0 else None


def _sum_up(members: Sequence[Row]) -> dict[str, Value]:
    whole = [row for row in members if row["gap_percent"] is not None]
    gaps = [float(row["gap_percent"] or 0) for row in whole]
    reference = sum(float(row["reference"] or 0) for row in whole)
    known = [row for row in whole if row["published"] is not None]
    ratios = [float(row["cost"] or 0) / float(row["published"] or 1) for row in known]
    summed: dict[str, Value] = {
        "runs": len(members),
        "comparable": len(whole),
        "mean_gap_percent": round(sum(gaps) / len(gaps), 3) if gaps else None,
        "worst_gap_percent": max(gaps, default=None),
        "cost_over_reference": (
            round(sum(float(row["cost"] or 0) for row in whole) / reference, 5)
            if reference
            else None
        ),
        "published": len(known),
        "mean_over_published_percent": (
            round(100 * (sum(ratios) / len(ratios) - 1), 3) if ratios else None
        ),
        "as_good_as_published": sum(ratio <= 1 + SAME for ratio in ratios),
        "better_than_published": sum(ratio < 1 - SAME for ratio in ratios),
    }
    for name in members[0]:
        if name.startswith("gap_at_"):
            known_by_then = [float(row[name] or 0) for row in members if row[name] is not None]
            summed[f"mean_{name}"] = (
                round(sum(known_by_then) / len(known_by_then), 3) if known_by_then else None
            )
    summed["wall_s"] = round(sum(float(row["wall_s"] or 0) for row in members), 1)
    summed["cpu_s"] = round(sum(float(row["cpu_s"] or 0) for row in members), 1)
    return summed
