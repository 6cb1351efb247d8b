"""The compiled engine behind plain Python values."""

from __future__ import annotations

import importlib
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np

from solver.errors import SolverUnavailable
from solver.routing.plan_build import build_empty, build_solution
from solver.routing.problem import RoutingProblem
from solver.routing.progress import OnProgress, Progress
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.start import keep_better, read_start
from solver.status import StoppedBy
from solver.stop import Stop

SLICE_S = 0.2
"""How long the engine works before it looks up: progress, interruption by the caller."""

ANSWER_S = 20e-6
"""Seconds kept back for each visit: the plan's times are worked out after the search."""

_ENDED = (None, StoppedBy.ITERATIONS, StoppedBy.NO_IMPROVEMENT, StoppedBy.RUNTIME)

PlainStep = tuple[int, int, int]
PlainDecision = tuple[list[list[PlainStep]], list[int]]


def load_engine() -> ModuleType:
    """Return the compiled module.

    Raises
    ------
    SolverUnavailable
        If it was not built for this platform.
    """
    try:
        return importlib.import_module("solver._engine")
    except ImportError as exc:
        raise SolverUnavailable(
            "The compiled routing core is missing on this platform; engine 'ortools' works "
            f"without it. ({exc})"
        ) from exc


def is_available() -> bool:
    """Say whether the compiled core can be loaded."""
    try:
        load_engine()
    except SolverUnavailable:
        return False
    return True


def copy_problem(problem: RoutingProblem) -> Any:  # noqa: ANN401 - type of the optional module
    """Hand the arrays to the compiled core, which copies them."""
    return _copy_within(problem, math.inf)


def _copy_within(problem: RoutingProblem, seconds: float) -> Any:  # noqa: ANN401 - as above
    """Return the core's copy, or None if it would take longer: tables of large days are 0.8 GB."""
    p = problem
    until = time.perf_counter() + seconds
    core = load_engine().Problem()
    for durations, distances in zip(p.durations_s, p.distances_m, strict=True):
        if not core.add_profile(durations, distances, until - time.perf_counter()):
            return None
    core.set_visits(
        p.visit_location, p.visit_service_s, p.visit_access_s, p.visit_penalty, p.late_knee_s,
        p.late_rate, p.late_rate_after, p.window_offset, p.visit_demand,
    )  # fmt: skip
    core.set_windows(p.window_earliest, p.window_latest, p.window_limit)
    core.set_vehicles(
        p.vehicle_start, p.vehicle_end, p.vehicle_profile, p.vehicle_earliest, p.vehicle_latest,
        p.vehicle_overtime_s, p.break_offset, p.vehicle_capacity,
    )  # fmt: skip
    core.set_prices(
        p.vehicle_fixed_cost, p.cost_per_second, p.cost_per_overtime_second, p.cost_per_meter
    )
    core.set_breaks(p.break_earliest, p.break_latest, p.break_duration_s)
    core.set_pools(p.assignment_cost, p.pool_capacity, p.pool_cost)
    for copy in (_copy_traffic, _copy_people, _copy_parts, _copy_links, _copy_agreed):
        copy(core, problem)
    core.finish()
    return core


def _copy_traffic(core: Any, problem: RoutingProblem) -> None:  # noqa: ANN401 - compiled class
    rush = problem.rush_hours
    if rush is None:
        return
    core.set_traffic(rush.bucket_start, rush.bucket_regime)
    for profile, regimes in enumerate(rush.durations_s):
        for durations in regimes:
            core.add_regime(profile, durations)


def _copy_people(core: Any, problem: RoutingProblem) -> None:  # noqa: ANN401 - compiled class
    """Hand over who does what how fast, how much of it at most, and what is fair."""
    rules = problem.rules
    core.set_rules(rules.leaves_for_end, rules.late_at_start, rules.worst_late_rate)
    if problem.service_times is not None:
        times = problem.service_times
        core.set_service_times(times.vehicle_group, times.service_s)
    if problem.limits is not None:
        most = problem.limits
        core.set_limits(most.visits, most.distance_m, most.driving_s, most.duration_s)
    shares = problem.fair_shares
    if shares is not None:
        core.set_persons(shares.vehicle_person)
        core.set_shares(
            shares.work_s, shares.distance_m, shares.cost_per_second, shares.cost_per_meter
        )


def _copy_parts(core: Any, problem: RoutingProblem) -> None:  # noqa: ANN401 - compiled class
    p = problem.parts
    if p is None:
        return
    core.set_needs(p.need_offset, p.need_part, p.need_quantity, p.is_used_up)
    core.set_stocks(p.vehicle_van, p.van_stock, p.stock, p.pool_stock)
    core.set_points(
        p.point_location, p.point_earliest, p.point_latest, p.point_service_s, p.point_stock
    )


def _copy_links(core: Any, problem: RoutingProblem) -> None:  # noqa: ANN401 - compiled class
    links = problem.links
    if links is None:
        return
    core.set_persons(links.vehicle_person)
    columns = (links.least_s, links.most_s, links.from_end, links.person, links.demands)
    core.set_links(links.first, links.second, np.ascontiguousarray(np.stack(columns, axis=1)))


def _copy_agreed(core: Any, problem: RoutingProblem) -> None:  # noqa: ANN401 - compiled class
    a = problem.agreed
    if a is None:
        return
    core.set_agreed(
        a.told_latest, a.told_rate, a.told_person, a.told_order, a.order_cost,
        a.vehicle_person, a.vehicle_out,
    )  # fmt: skip


def plain_decision(
    problem: RoutingProblem,
    routes: Mapping[int, Sequence[Step]],
    pools: Sequence[Sequence[int]],
) -> PlainDecision:
    """Return (steps per vehicle, pool per visit or -1), the form the core speaks."""
    steps = [
        [(int(s.kind), s.index, s.choice) for s in routes.get(vehicle, ())]
        for vehicle in range(problem.n_vehicles)
    ]
    pool_of = [-1] * problem.n_visits
    for pool, members in enumerate(pools):
        for visit in members:
            pool_of[visit] = pool
    return steps, pool_of


def solve_with_core(
    problem: RoutingProblem,
    *,
    stop: Stop,
    seed: int,
    threads: int,
    start: RoutingSolution | None,
    on_progress: OnProgress | None,
) -> RoutingSolution:
    """Solve with the compiled engine; see ``solver.routing.solve.solve``."""
    began = time.perf_counter()
    limit_s = stop.max_runtime_s - ANSWER_S * problem.n_visits
    begin = None if start is None else read_start(problem, start)
    core = _copy_within(problem, limit_s)
    if core is None:
        found = build_empty(problem, engine="core", seed=seed, stopped_by=StoppedBy.RUNTIME)
    else:
        limit_s = max(0.001, limit_s - (time.perf_counter() - began))
        engine = _start_engine(core, replace(stop, max_runtime_s=limit_s), seed, threads)
        if begin is not None:
            engine.warm_start(*plain_decision(problem, begin.routes, begin.pools))
        run = _Run(engine, problem, None if math.isinf(limit_s) else limit_s, on_progress)
        stopped_by = run.work()
        engine.finish()
        found = read_best(engine, problem, seed=seed, stopped_by=stopped_by)
        found = replace(found, recombined=run.recombined)
    if begin is not None and start is not None:
        found = keep_better(problem, begin, start.cost, found)
    return replace(found, runtime_s=time.perf_counter() - began)


def _start_engine(core: Any, stop: Stop, seed: int, threads: int) -> Any:  # noqa: ANN401 - compiled
    is_limited = not math.isinf(stop.max_runtime_s)
    return load_engine().Engine(
        core,
        seed=seed,
        threads=threads,
        max_iterations=_or_none(stop.max_iterations),
        max_idle=_or_none(stop.max_idle_iterations),
        max_runtime_s=stop.max_runtime_s if is_limited else -1.0,
    )


def read_best(
    engine: Any,  # noqa: ANN401 - compiled class
    problem: RoutingProblem,
    *,
    seed: int,
    stopped_by: StoppedBy,
) -> RoutingSolution:
    """Time the engine's best plan."""
    steps, pool_of = engine.best()
    return build_solution(
        problem,
        {
            vehicle: [Step(StepKind(kind), index, choice) for kind, index, choice in route]
            for vehicle, route in enumerate(steps)
        },
        [
            [v for v, pool in enumerate(pool_of) if pool == wanted]
            for wanted in range(problem.n_pools)
        ],
        engine="core",
        seed=seed,
        iterations=engine.iterations,
        runtime_s=engine.runtime_s,
        stopped_by=stopped_by,
        trace=tuple(engine.trace),
    )


def _or_none(limit: int | None) -> int:
    return -1 if limit is None else limit


class _Run:
    """The engine's work in slices, with what happens between them."""

    def __init__(
        self,
        engine: Any,  # noqa: ANN401 - compiled class
        problem: RoutingProblem,
        limit_s: float | None,
        on_progress: OnProgress | None,
    ) -> None:
        self._engine = engine
        self._problem = problem
        self._on_progress = on_progress
        self._limit_s = limit_s
        self._is_canceled = False
        engine.collect_routes()
        self._recombined = 0

    @property
    def recombined(self) -> int | None:
        """How often routes seen made a better plan; None where the engine keeps none."""
        return self._recombined if self._engine.collects else None

    def work(self) -> StoppedBy:
        """Run to a limit, or until the caller wants no more."""
        while True:
            ended = _ENDED[self._engine.run(SLICE_S)]
            if ended is None and self._engine.is_due:
                self._recombine()
            if not self._is_wanted():
                return StoppedBy.CALLER
            if ended is not None:
                return ended

    def _is_wanted(self) -> bool:
        if not self._is_canceled and self._on_progress is not None:
            self._is_canceled = self._on_progress(_progress(self._engine)) is False
        return not self._is_canceled

    def _recombine(self) -> None:
        from solver.routing.recombine import SHARE, recombine

        limit_s = self._limit_s
        if limit_s is not None:
            limit_s = min(SHARE * limit_s, limit_s - self._engine.runtime_s)
        self._recombined += recombine(
            self._engine, self._problem, may_go_on=self._may_go_on, max_runtime_s=limit_s
        )

    def _may_go_on(self) -> bool:
        is_late = self._limit_s is not None and self._engine.runtime_s >= self._limit_s
        return not is_late and self._is_wanted()


def _progress(engine: Any) -> Progress:  # noqa: ANN401 - compiled class
    steps, pool_of = engine.best()
    routed = sum(kind == StepKind.VISIT for route in steps for kind, _, _ in route)
    pooled = sum(pool >= 0 for pool in pool_of)
    return Progress(
        engine.iterations, engine.runtime_s, engine.cost, len(pool_of) - routed - pooled
    )
