"""The form of the arrays of features: classes, dtypes, memory order and shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from solver.errors import ArrayFault
from solver.routing.features import (
    Agreed,
    FairShares,
    Links,
    Parts,
    RouteLimits,
    RushHours,
    ScheduleRules,
    ServiceTimes,
)
from solver.routing.problem_form import Sizes, check_array

if TYPE_CHECKING:
    from solver.routing.problem import RoutingProblem

_CLASSES: Final[Mapping[str, type]] = {
    "rush_hours": RushHours,
    "parts": Parts,
    "links": Links,
    "limits": RouteLimits,
    "fair_shares": FairShares,
    "service_times": ServiceTimes,
    "agreed": Agreed,
}

_SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "rush_hours.bucket_start": ("c",),
    "rush_hours.bucket_regime": ("c",),
    "parts.need_offset": ("n+1",),
    "parts.need_part": ("e",),
    "parts.need_quantity": ("e",),
    "parts.is_used_up": ("t",),
    "parts.vehicle_van": ("k",),
    "parts.van_stock": ("y", "t"),
    "parts.point_location": ("s",),
    "parts.point_earliest": ("s",),
    "parts.point_latest": ("s",),
    "parts.point_service_s": ("s",),
    "parts.point_stock": ("s",),
    "parts.stock": ("o", "t"),
    "parts.pool_stock": ("q", "t"),
    "links.first": ("l",),
    "links.second": ("l",),
    "links.least_s": ("l",),
    "links.most_s": ("l",),
    "links.from_end": ("l",),
    "links.person": ("l",),
    "links.demands": ("l",),
    "links.vehicle_person": ("k",),
    "limits.visits": ("k",),
    "limits.distance_m": ("k",),
    "limits.driving_s": ("k",),
    "limits.duration_s": ("k",),
    "fair_shares.vehicle_person": ("k",),
    "fair_shares.work_s": ("g",),
    "fair_shares.distance_m": ("g",),
    "fair_shares.cost_per_second": ("g",),
    "fair_shares.cost_per_meter": ("g",),
    "service_times.vehicle_group": ("k",),
    "service_times.service_s": ("n", "u"),
    "agreed.told_latest": ("n",),
    "agreed.told_rate": ("n",),
    "agreed.told_person": ("n",),
    "agreed.told_order": ("n",),
    "agreed.order_cost": ("n",),
    "agreed.vehicle_person": ("k",),
    "agreed.vehicle_out": ("k",),
}

_INT64: Final = frozenset(
    {
        "fair_shares.work_s",
        "fair_shares.distance_m",
        "fair_shares.cost_per_second",
        "fair_shares.cost_per_meter",
        "agreed.told_rate",
        "agreed.order_cost",
    }
)

_SIZES: Final[Mapping[str, tuple[str, int]]] = {
    "c": ("rush_hours.bucket_start", 0),
    "e": ("parts.need_part", 0),
    "t": ("parts.is_used_up", 0),
    "y": ("parts.van_stock", 0),
    "s": ("parts.point_location", 0),
    "o": ("parts.stock", 0),
    "l": ("links.first", 0),
    "g": ("fair_shares.work_s", 0),
    "u": ("service_times.service_s", 1),
}
"""Array and axis that define each size; every other array of the feature has to follow."""


def check_feature_form(
    problem: RoutingProblem, sizes: Sizes
) -> tuple[list[ArrayFault], frozenset[str]]:
    """Return the faults in form of all features, and the names of the arrays without any.

    Parameters
    ----------
    problem
        The problem; values are not looked at, but for those of ``rules``.
    sizes
        Sizes of the problem itself by letter.

    Returns
    -------
    tuple
        Faults, and the names (``"parts.stock"``) whose values may safely be read.
    """
    faults: list[ArrayFault] = []
    sound: set[str] = set()
    present = {name for name, cls in _CLASSES.items() if isinstance(getattr(problem, name), cls)}
    for name, cls in _CLASSES.items():
        feature = getattr(problem, name)
        if feature is not None and name not in present:
            faults.append(ArrayFault(name, type(feature).__name__, f"{cls.__name__} or None"))
    sizes = {**sizes, **_find_sizes(problem, present)}
    for name, letters in _SHAPES.items():
        feature_name, array_name = name.split(".")
        if feature_name not in present:
            continue
        array = getattr(getattr(problem, feature_name), array_name)
        dtype = np.dtype(np.int64 if name in _INT64 else np.int32)
        found = check_array(name, array, dtype, letters, sizes)
        faults.extend(found)
        if not found:
            sound.add(name)
    if problem.rush_hours is not None and "rush_hours" in present:
        travel = _check_regimes(problem.rush_hours, sizes)
        faults.extend(travel)
        if not travel:
            sound.add("rush_hours.durations_s")
    faults.extend(_check_rules(problem.rules))
    return faults, frozenset(sound)


def _find_sizes(problem: RoutingProblem, present: set[str]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for letter, (name, axis) in _SIZES.items():
        feature_name, array_name = name.split(".")
        if feature_name in present:
            array = getattr(getattr(problem, feature_name), array_name)
            if isinstance(array, np.ndarray) and array.ndim > axis:
                sizes[letter] = array.shape[axis]
    return sizes


def _check_regimes(rush: RushHours, sizes: Sizes) -> list[ArrayFault]:
    where = "rush_hours.durations_s"
    profiles = rush.durations_s
    if not isinstance(profiles, tuple) or not all(isinstance(x, tuple) for x in profiles):
        return [ArrayFault(where, "no such tuple", "per profile a tuple of one matrix per regime")]
    faults: list[ArrayFault] = []
    if len(profiles) != sizes.get("p", len(profiles)):
        faults.append(
            ArrayFault(where, f"{len(profiles)} profiles", f"{sizes['p']}, as durations_s")
        )
    for p, matrices in enumerate(profiles):
        for r, matrix in enumerate(matrices):
            name = f"{where}[{p}][{r}]"
            faults.extend(check_array(name, matrix, np.dtype(np.int32), ("m", "m"), sizes))
    return faults


def _check_rules(rules: object) -> list[ArrayFault]:
    if not isinstance(rules, ScheduleRules):
        return [ArrayFault("rules", type(rules).__name__, "ScheduleRules")]
    faults = [
        ArrayFault(f"rules.{name}", repr(value), "True or False")
        for name, value in (
            ("leaves_for_end", rules.leaves_for_end),
            ("late_at_start", rules.late_at_start),
        )
        if not isinstance(value, bool)
    ]
    rate = rules.worst_late_rate
    if not isinstance(rate, int) or isinstance(rate, bool) or rate < 0:
        faults.append(ArrayFault("rules.worst_late_rate", repr(rate), "a whole number from 0"))
    return faults
