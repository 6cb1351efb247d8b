"""Small arithmetic of the emergency bench: times, quantiles, plans after a way, who is late."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from scenarios.bench.report import Row
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution, StepKind
from solver.routing.timetable import build_solution
from solver.routing.ways import Way


class MillisecondWatch:
    """Wall and CPU milliseconds since it was made; CPU adds up all threads of this process."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        """Return (wall, CPU) milliseconds, to the hundredth."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return round(wall * 1000, 2), round(cpu * 1000, 2)


def quantiles(rows: Sequence[Row], column: str) -> dict[str, float]:
    """Return median, 99 % quantile and maximum of a column of numbers."""
    values = np.array([row[column] for row in rows], dtype=np.float64)
    p50, p99, most = np.percentile(values, (50, 99, 100))
    return {"p50": round(float(p50), 2), "p99": round(float(p99), 2), "max": round(float(most), 2)}


def count_words(values: Iterable[object]) -> str:
    """Return how often each value occurs, most frequent first: ``"swap 3, slide 1"``."""
    return ", ".join(f"{value} {count}" for value, count in Counter(values).most_common())


def share(rows: Sequence[Row], again: Sequence[Row], column: str) -> str:
    """Return the share of rows with a count, where all that could have one were looked at again."""
    found = sum(1 for row in again if row[column])
    unknown = sum(1 for row in rows if row["broken"]) - len(again)
    words = f"{found} of {len(rows)}"
    return f"{words}, {unknown} not looked at" if unknown else words


def carry_out(
    problem: RoutingProblem, plan: RoutingSolution, visit: int, way: Way
) -> RoutingSolution:
    """Return the plan after a way to serve ``visit``, with times by the Python timetable."""
    steps = {route.vehicle: [stop.step for stop in route.stops] for route in plan.routes}
    steps |= {vehicle: list(own) for vehicle, own in way.changed}
    pools = [list(members) for members in plan.pools]
    for member, pool in way.pooled if way.pool is None else ((visit, way.pool),):
        pools[pool].append(member)
    return build_solution(
        problem,
        steps,
        pools,
        engine=plan.engine,
        seed=plan.seed,
        iterations=0,
        runtime_s=0.0,
        stopped_by=plan.stopped_by,
    )


def lateness_of(plan: RoutingSolution) -> dict[int, int]:
    """Return the seconds every visit on a route is late."""
    return {
        stop.step.index: stop.lateness_s
        for route in plan.routes
        for stop in route.stops
        if stop.step.kind is StepKind.VISIT
    }
