"""How long things take, by the referee's own arithmetic: travel by hour and service by person.

Written from ``docs/semantics.md`` ("Travel by hour", "Who takes how long, how much").
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from solver.routing.problem import UNREACHABLE, RoutingProblem

WHOLE_LEG: Final = 2**30
"""Shares a leg is cut into while it consumes buckets of traffic."""


def find_leg(problem: RoutingProblem, vehicle: int, here: int, there: int) -> int | None:
    """Return the meters from ``here`` to ``there`` for ``vehicle``, None where there is no way."""
    profile = int(problem.vehicle_profile[vehicle])
    if int(problem.durations_s[profile][here, there]) == UNREACHABLE:
        return None
    return int(problem.distances_m[profile][here, there])


def get_arrival(
    problem: RoutingProblem, vehicle: int, here: int, there: int, departure: int
) -> int:
    """Return when ``vehicle`` is at ``there`` if it leaves ``here`` at ``departure``.

    Source: Ichoua, Gendreau & Potvin 2003, in whole numbers; nobody overtakes. The pair must be
    connected.
    """
    profile = int(problem.vehicle_profile[vehicle])
    rush = problem.rush_hours
    if rush is None or not rush.durations_s[profile]:
        return departure + int(problem.durations_s[profile][here, there])
    starts = rush.bucket_start.tolist()
    bucket = max(0, bisect_right(starts, departure) - 1)
    rest, clock = WHOLE_LEG, departure
    while True:
        whole_s = int(rush.durations_s[profile][int(rush.bucket_regime[bucket])][here, there])
        if bucket + 1 == len(starts):
            break
        room_s = starts[bucket + 1] - clock
        if rest * whole_s <= room_s * WHOLE_LEG:
            break
        rest -= room_s * WHOLE_LEG // whole_s
        bucket += 1
        clock = starts[bucket]
    return clock + -(-rest * whole_s // WHOLE_LEG)


def get_service_s(problem: RoutingProblem, vehicle: int, visit: int) -> int:
    """Return the seconds ``vehicle`` works at ``visit``."""
    times = problem.service_times
    if times is None:
        return int(problem.visit_service_s[visit])
    return int(times.service_s[visit, int(times.vehicle_group[vehicle])])
