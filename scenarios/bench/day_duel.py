"""One generated day under common rules, then under full rules, one row per engine.

Common rules: every engine gets the same arrays and the same cost (``day_common``). Full rules:
ours plans the day as it is; a peer plans what it can state of it, a documented greedy step
(``day_engines.repair_greedily``) makes that whole, and one referee judges all plans by the same
price table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dispatch.planning.explain import explain
from dispatch.planning.publish_plan import publish_plan
from dispatch.planning.translate import Translation, translate
from dispatch.referee import Verdict, judge
from scenarios.bench.day_common import CommonPlan, judge_common, make_common
from scenarios.bench.day_engines import (
    OURS,
    Routes,
    repair_greedily,
    run_on_arrays,
    state_for_peers,
)
from scenarios.bench.day_floor import find_floor_yuan
from scenarios.bench.day_rows import Budget, Case
from scenarios.bench.report import Row, Stopwatch, Value
from scenarios.errors import UnsupportedRule
from solver.routing.ortools_support import find_unsupported
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution
from solver.routing.solve import solve
from solver.stop import Stop

REFERENCE: Final = "servicenet, long"
"""Ours with the budget of ``--reference``, under common rules."""

COMPONENTS: Final = (
    "unassigned", "lateness", "emergency_arrival", "work", "overtime", "travel", "beyond_radius",
    "over_qualified", "not_preferred", "not_last_technician", "contracted",
)  # fmt: skip
"""Of the price table, in yuan; the others are 0 on generated days and part of the total."""

POLISHED: Final = "polished_yuan"
"""Price of a peer's repaired plan with single visits moved to better places, as our engine does."""

FLOOR: Final = "floor_yuan"
"""What no plan that serves all visits avoids under full rules (``day_floor``)."""

COLUMNS: Final = (
    "day", "visits", "technicians", "rules", "engine", "seed", "served", "kept", "violations",
    "price_yuan", FLOOR, POLISHED, "gap_percent", *COMPONENTS, "km", "late_min", "moved", "wall_s",
    "cpu_s", "repair_cpu_s", "note",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Duel:
    """A day, who plans it, and what everybody gets.

    Parameters
    ----------
    case
        The day with its travel table.
    engines
        Ours is always among them; they run in this order.
    budget
        Of every plan.
    reference_s
        Of ours beside it, under common rules; 0 = none.
    """

    case: Case
    engines: Sequence[str]
    budget: Budget
    reference_s: float = 0.0

    def run(self, rules: Sequence[str]) -> list[Row]:
        """Return the rows of all engines under ``common``, ``full`` or both."""
        t = translate(self.case.day, self.case.table)
        rows: list[Row] = []
        if "common" in rules:
            rows += self._run_common(t)
        if "full" in rules:
            floor = find_floor_yuan(t.problem)
            rows += [{**self._run_full(t, engine), FLOOR: floor} for engine in self.engines]
        return rows

    def _run_common(self, t: Translation) -> list[Row]:
        problem = make_common(t)
        runs = [(engine, self.budget) for engine in self.engines]
        if self.reference_s:
            runs.append((REFERENCE, replace(self.budget, seconds=self.reference_s)))
        rows = [self._plan_common(problem, engine, budget) for engine, budget in runs]
        known = [float(row["price_yuan"] or 0) for row in rows if row["violations"] == 0]
        best = min(known, default=0.0)
        return [{**row, "gap_percent": _gap(row, best)} for row in rows]

    def _plan_common(self, problem: RoutingProblem, engine: str, budget: Budget) -> Row:
        watch = Stopwatch()
        named = OURS if engine == REFERENCE else engine
        try:
            routes = run_on_arrays(named, problem, budget)
        except UnsupportedRule as error:
            return self._row("common", engine, problem.n_visits, note=str(error))
        wall_s, cpu_s = watch.read()
        found = judge_common(problem, routes)
        figures = _common_figures(problem, found)
        return self._row("common", engine, problem.n_visits, **figures, wall_s=wall_s, cpu_s=cpu_s)

    def _run_full(self, t: Translation, engine: str) -> Row:
        watch = Stopwatch()
        if engine == OURS:
            solution = self._solve_ours(t)
            wall_s, cpu_s = watch.read()
            return self._judge(t, engine, solution, wall_s=wall_s, cpu_s=cpu_s)
        try:
            routes = self._ask_peer(t, engine)
        except UnsupportedRule as error:
            return self._row("full", engine, len(self.case.day.visits), note=str(error))
        wall_s, cpu_s = watch.read()
        watch = Stopwatch()
        repaired = repair_greedily(t.problem, routes, self.budget.seed)
        figures = {"wall_s": wall_s, "cpu_s": cpu_s, "repair_cpu_s": watch.read()[1]}
        figures["polished_yuan"] = self._price_polished(t, repaired.solution)
        return self._judge(t, engine, repaired.solution, moved=repaired.moved, **figures)

    def _price_polished(self, t: Translation, repaired: RoutingSolution) -> float:
        """Return what a repaired plan costs once single visits were moved to better places."""
        limit = Stop(max_iterations=0)
        solution = solve(t.problem, stop=limit, seed=self.budget.seed, start=repaired)
        return round(self._ask_referee(t, solution).cost.total / 100, 2)

    def _ask_referee(self, t: Translation, solution: RoutingSolution) -> Verdict:
        plan = publish_plan(t, solution, explain(t, solution, what=False))
        return judge(self.case.day, plan, self.case.table)

    def _solve_ours(self, t: Translation) -> RoutingSolution:
        return solve(
            t.problem,
            stop=Stop(max_runtime_s=self.budget.seconds),
            seed=self.budget.seed,
            threads=self.budget.threads,
        )

    def _ask_peer(self, t: Translation, engine: str) -> Routes:
        """Return a peer's routes; OR-Tools plans the full rules where it knows them all."""
        if engine == "ortools" and not find_unsupported(t.problem):
            return run_on_arrays(engine, t.problem, self.budget)
        return run_on_arrays(engine, state_for_peers(t.problem), self.budget)

    def _judge(self, t: Translation, engine: str, solution: RoutingSolution, **more: Value) -> Row:
        figures = _full_figures(self._ask_referee(t, solution))
        return self._row("full", engine, len(self.case.day.visits), **figures, **more)

    def _row(self, rules: str, engine: str, visits: int, **figures: Value) -> Row:
        fixed: dict[str, Value] = {
            "day": self.case.day.id,
            "visits": visits,
            "technicians": len(self.case.day.technicians),
            "rules": rules,
            "engine": engine,
            "seed": self.budget.seed,
            "note": "",
            **figures,
        }
        return {column: fixed.get(column) for column in COLUMNS}


def _gap(row: Row, best: float) -> float | None:
    if row["violations"] != 0 or not best:
        return None
    return round(100 * (float(row["price_yuan"] or 0) / best - 1), 3)


def _common_figures(problem: RoutingProblem, found: CommonPlan) -> dict[str, Value]:
    served = problem.n_visits - found.missed
    return {
        "served": served,
        "kept": served,
        "violations": len(found.faults),
        "price_yuan": round(found.cost / 100, 2),
        "note": "; ".join(found.faults[:3]),
    }


def _full_figures(verdict: Verdict) -> dict[str, Value]:
    figures, cost = verdict.figures, verdict.cost
    return {
        "served": figures.served + figures.contracted,
        "kept": figures.inside_promise + figures.contracted,
        "violations": len(verdict.violations),
        "price_yuan": round(cost.total / 100, 2),
        **{name: round(getattr(cost, name) / 100, 2) for name in COMPONENTS},
        "km": round(figures.distance_m / 1000, 1),
        "late_min": round(figures.lateness_s / 60, 1),
        "note": "; ".join(str(violation) for violation in verdict.violations[:3]),
    }


def sum_up(rows: Sequence[Row]) -> dict[str, object]:
    """Return sums per size, rules and engine, then the two comparisons the bench is made for."""
    summary: dict[str, object] = {}
    sizes = sorted({_size(row) for row in rows})
    for rules in ("common", "full"):
        for size in sizes:
            members = [row for row in rows if row["rules"] == rules and _size(row) == size]
            summary.update(_sums(f"{rules} {size}", members))
    for size in sizes:
        chosen = [row for row in rows if _size(row) == size]
        summary.update(_compare(chosen, str(size)))
        summary.update(_compare_above_floor(chosen, str(size)))
    summary.update(_compare(rows, "all"))
    return summary


def _size(row: Row) -> int:
    """Return the size of a day: its technicians, which the common rules leave as they are."""
    return int(row["technicians"] or 0)


def _sums(title: str, rows: Sequence[Row]) -> Iterator[tuple[str, object]]:
    for engine in dict.fromkeys(str(row["engine"]) for row in rows):
        own = [row for row in rows if row["engine"] == engine and row["price_yuan"] is not None]
        columns = ("visits", "served", "kept", "violations", "price_yuan", "wall_s", "cpu_s")
        sums = {column: _total(own, column) for column in columns}
        gaps = [float(row["gap_percent"]) for row in own if row["gap_percent"] is not None]
        mean = round(sum(gaps) / len(gaps), 3) if gaps else None
        yield f"{title} {engine}", {"days": len(own), **sums, "mean_gap_percent": mean}


def _total(rows: Sequence[Row], column: str) -> float:
    return round(sum(float(row[column] or 0) for row in rows), 2)


def _compare(rows: Sequence[Row], title: str) -> Iterator[tuple[str, object]]:
    """Yield ours against each peer, over the days both have planned."""
    for rules, column in (("common", "gap_percent"), ("full", "price_yuan"), ("full", POLISHED)):
        chosen = [row for row in rows if row["rules"] == rules and row[column] is not None]
        own = "price_yuan" if column == POLISHED else column
        ours = {(row["day"], row["seed"]): row for row in rows if _is_ours(row, rules, own)}
        for engine in dict.fromkeys(str(row["engine"]) for row in chosen):
            pairs = [
                (float(ours[row["day"], row["seed"]][own] or 0), float(row[column] or 0))
                for row in chosen
                if row["engine"] == engine and (row["day"], row["seed"]) in ours
            ]
            theirs = sum(pair[1] for pair in pairs)
            if engine in (OURS, REFERENCE) or theirs <= 0:
                continue
            named = f"{engine} polished" if column == POLISHED else engine
            yield _ratio(rules, named, title, sum(pair[0] for pair in pairs) / theirs)


def _ratio(rules: str, engine: str, title: str, ratio: float) -> tuple[str, float]:
    """Return the line that compares sums: common rules by gaps, full rules by prices."""
    if rules == "common":
        return f"common, summed gaps, ours / {engine}, {title}", round(ratio, 3)
    return f"full, ours below {engine} by percent, {title}", round(100 - 100 * ratio, 2)


def _compare_above_floor(rows: Sequence[Row], title: str) -> Iterator[tuple[str, float]]:
    """Yield ours against each peer by what a plan costs beyond what none avoids."""
    above: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["rules"] == "full" and row["price_yuan"] is not None:
            days = above.setdefault(str(row["engine"]), {})
            days[str(row["day"])] = float(row["price_yuan"]) - float(row[FLOOR] or 0)
    ours = above.pop(OURS, {})
    for engine, days in above.items():
        both = days.keys() & ours.keys()
        theirs = sum(days[day] for day in both)
        if theirs > 0:
            ratio = sum(ours[day] for day in both) / theirs
            yield f"full, above the floor, ours / {engine}, {title}", round(ratio, 3)


def _is_ours(row: Row, rules: str, column: str) -> bool:
    return row["engine"] == OURS and row["rules"] == rules and row[column] is not None
