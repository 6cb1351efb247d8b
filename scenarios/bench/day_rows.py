"""One day, planned by us and by peers on the same travel table, judged by the same referee.

Common rules first: every engine gets exactly the same arrays with hard windows (``rules`` =
``hard``). Full rules second: ours with priced lateness and overtime (``rules`` = ``full``). Every
plan is judged as a hand-made order of visits (``dispatch.referee.judge_order``), ours under full
rules as published. VROOM's plans are repaired by a greedy step
(``scenarios.bench.peers.vroom_peer.repair``). VROOM prices travel only, not waiting, so the price
column says more about its objective than about its skill.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.domain import Day, Priority
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.daily import plan_day
from dispatch.planning.translate import Translation, translate
from dispatch.planning.travel import travel_table
from dispatch.referee import Verdict, judge, judge_order
from geo.travel_matrix import TravelProvider
from scenarios.bench.peers.vroom_peer import Order, repair, solve_with_vroom
from scenarios.bench.report import BenchReport, Row, Stopwatch
from scenarios.errors import UnknownInstance
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution, StepKind
from solver.routing.solve import Engine, solve
from solver.stop import Stop

PEERS = ("vroom", "ortools")


@dataclass(frozen=True, slots=True)
class Budget:
    """What every engine gets for one plan."""

    seconds: float
    threads: int
    seed: int


@dataclass(frozen=True, slots=True)
class Label:
    """Who planned, and under which rules: ``hard`` or ``full``."""

    engine: str
    rules: str


@dataclass(frozen=True, eq=False)
class Case:
    """A day with its travel table; quarantined visits are already left out."""

    day: Day
    table: TravelTable


def prepare_case(day: Day, travel: TravelProvider) -> Case:
    """Ask for the travel of a day once, for all engines."""
    setup = travel_table(day, travel)
    aside = {quarantined.visit for quarantined in setup.quarantined}
    kept = tuple(visit for visit in day.visits if visit.id not in aside)
    return Case(day.model_copy(update={"visits": kept}), setup.table)


def check_peers(words: str) -> tuple[str, ...]:
    """Return the peers named in a comma-separated list.

    Raises
    ------
    UnknownInstance
        If one is not known.
    """
    names = tuple(word for word in words.split(",") if word)
    for name in names:
        if name not in PEERS:
            raise UnknownInstance(f"engine {name!r}; expected one of {', '.join(PEERS)}.")
    return names


def compare(case: Case, budget: Budget, peers: Sequence[str]) -> list[Row]:
    """Return one row per engine and rules."""
    t = translate(case.day, case.table)
    hard = harden(t.problem)
    rows = [_full(case, budget, "auto"), _hard(case, t, hard, budget, "auto")]
    if "ortools" in peers:
        rows.append(_hard(case, t, hard, budget, "ortools"))
    if "vroom" in peers:
        rows.append(_vroom(case, t, hard, budget))
    return rows


def harden(problem: RoutingProblem) -> RoutingProblem:
    """Return the same problem without lateness: nobody may arrive after the window."""
    return replace(problem, window_limit=problem.window_latest.copy())


def _full(case: Case, budget: Budget, engine: Engine) -> Row:
    watch = Stopwatch()
    plan = plan_day(
        case.day,
        case.table,
        stop=Stop(max_runtime_s=budget.seconds),
        seed=budget.seed,
        threads=budget.threads,
        engine=engine,
        explain=False,
    )
    seconds = watch.read()
    verdict = judge(case.day, plan, case.table)
    return _row(case, Label("servicenet", "full"), budget, verdict, seconds)


def _hard(case: Case, t: Translation, hard: RoutingProblem, budget: Budget, engine: Engine) -> Row:
    watch = Stopwatch()
    solution = solve(
        hard,
        stop=Stop(max_runtime_s=budget.seconds),
        seed=budget.seed,
        threads=budget.threads,
        engine=engine,
    )
    seconds = watch.read()
    verdict = _judge(case, t, _orders(solution), solution.pools)
    name = "ortools" if engine == "ortools" else "servicenet"
    return _row(case, Label(name, "hard"), budget, verdict, seconds)


def _vroom(case: Case, t: Translation, hard: RoutingProblem, budget: Budget) -> Row:
    watch = Stopwatch()
    plan = solve_with_vroom(hard, time_limit_s=budget.seconds, threads=budget.threads)
    seconds = watch.read()
    routes, pools = repair(hard, plan)
    verdict = _judge(case, t, routes, pools)
    return _row(case, Label("vroom", "hard"), budget, verdict, seconds)


def _orders(solution: RoutingSolution) -> dict[int, Order]:
    return {
        route.vehicle: tuple(
            (stop.step.index, stop.step.choice)
            for stop in route.stops
            if stop.step.kind is StepKind.VISIT
        )
        for route in solution.routes
    }


def _judge(
    case: Case, t: Translation, routes: Mapping[int, Order], pools: Sequence[Sequence[int]]
) -> Verdict:
    order: dict[str | tuple[str, int], list[str]] = {}
    for vehicle, visits in routes.items():
        line = t.lines[vehicle]
        order[line.technician.id, line.shift] = [t.visits[i].id for i, _ in visits]
    contracted = {
        outlet.id: [t.visits[i].id for i in members]
        for outlet, members in zip(t.contracted, pools, strict=True)
        if members
    }
    verdict, _ = judge_order(case.day, order, case.table, contracted=contracted)
    return verdict


def _row(
    case: Case,
    label: Label,
    budget: Budget,
    verdict: Verdict,
    seconds: tuple[float, float],
) -> Row:
    """Return the figures of one plan; an unserved visit is a broken promise."""
    figures = verdict.figures
    promised = sum(1 for v in case.day.visits if v.promises or v.priority is Priority.EMERGENCY)
    return {
        "day": case.day.id,
        "engine": label.engine,
        "rules": label.rules,
        "seed": budget.seed,
        "visits": len(case.day.visits),
        "served": figures.served + figures.contracted,
        "promised": promised,
        "kept": figures.inside_promise + figures.contracted,
        "late_min": round(figures.lateness_s / 60, 1),
        "km": round(figures.distance_m / 1000, 1),
        "price_yuan": round(verdict.cost.total / 100, 2),
        "violations": len(verdict.violations),
        "wall_s": seconds[0],
        "cpu_s": seconds[1],
    }


def report(rows: Sequence[Row]) -> BenchReport:
    """Return rows with sums per engine and rules, and on how many days ours serves no fewer."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[f"{row['engine']} {row['rules']}"].append(row)
    columns = ("visits", "served", "promised", "kept", "late_min", "km", "price_yuan", "violations")
    summary: dict[str, object] = {
        name: {
            "plans": len(members),
            **{c: round(sum(float(row[c] or 0) for row in members), 2) for c in columns},
        }
        for name, members in sorted(groups.items())
    }
    peers = groups.get("vroom hard", [])
    for rules in ("full", "hard"):
        ours = {(row["day"], row["seed"]): row for row in groups[f"servicenet {rules}"]}
        no_fewer = sum(
            1
            for row in peers
            if float(ours[row["day"], row["seed"]]["served"] or 0) >= float(row["served"] or 0)
        )
        if peers:
            summary[f"days with no fewer served than VROOM ({rules} rules)"] = (
                f"{no_fewer} of {len(peers)}"
            )
    return BenchReport(list(rows), summary)
