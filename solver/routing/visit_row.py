"""One visit more than a prepared problem has: checked alone, added without touching the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.errors import ArrayFault, InvalidProblem
from solver.routing.array_faults import MAX_LASTING_S, MAX_MOMENT_S
from solver.routing.features import (
    UNLIMITED,
    Agreed,
    Parts,
    RushHours,
    ServiceTimes,
    freeze,
)
from solver.routing.problem import RoutingProblem

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

MAX_ROW_COST: Final = 2**60
"""What one added visit may cost at the most; with any legal problem it stays within 63 bits."""

_MOST: Final = {
    "service_s": MAX_LASTING_S,
    "access_s": MAX_LASTING_S,
    "penalty": MAX_ROW_COST,
    "late_knee_s": MAX_MOMENT_S,
    "late_rate": MAX_ROW_COST,
    "late_rate_after": MAX_ROW_COST,
}


@dataclass(frozen=True, eq=False)
class VisitRow:
    """A visit at a place of its own, as a row of a problem's arrays; nobody was told anything.

    Letters of shapes and all meanings are those of ``solver.routing.problem``.

    Parameters
    ----------
    to_s, to_m, from_s, from_m
        Per profile an array of shape (m,): seconds and meters from every location to the visit,
        and from the visit to every location; ``UNREACHABLE`` in both where there is no way.
    windows
        (earliest, latest, limit) of each window, at least one.
    assignment_cost, pool_cost
        Shapes (k,) and (q,).
    service_s, access_s, penalty, late_knee_s, late_rate, late_rate_after
        Entries of the arrays ``visit_*`` and ``late_*``.
    demand
        d loads.
    to_by_regime_s, from_by_regime_s
        With rush hours: per profile one array of shape (m,) per regime, or an empty tuple where
        traffic does not concern the profile.
    needs
        (part, units) of each need.
    group_service_s
        With service times by group: u seconds.
    """

    to_s: tuple[Int32, ...]
    to_m: tuple[Int32, ...]
    from_s: tuple[Int32, ...]
    from_m: tuple[Int32, ...]
    windows: tuple[tuple[int, int, int], ...]
    assignment_cost: Int64
    pool_cost: Int64
    service_s: int = 0
    access_s: int = 0
    penalty: int = 0
    late_knee_s: int = 0
    late_rate: int = 0
    late_rate_after: int = 0
    demand: tuple[int, ...] = ()
    to_by_regime_s: tuple[tuple[Int32, ...], ...] = ()
    from_by_regime_s: tuple[tuple[Int32, ...], ...] = ()
    needs: tuple[tuple[int, int], ...] = ()
    group_service_s: tuple[int, ...] = ()


def extend_problem(problem: RoutingProblem, row: VisitRow) -> RoutingProblem:
    """Return the problem with one visit and one location more, both the last.

    Only the row is checked; arrays that do not change are shared with ``problem``.

    Raises
    ------
    InvalidProblem
        With every fault of the row.
    """
    check_row(problem, row)
    offset = int(problem.window_offset[-1]) + len(row.windows)
    earliest, latest, limit = zip(*row.windows, strict=True)
    changes: dict[str, Any] = {
        "durations_s": _widen_all(problem.durations_s, row.to_s, row.from_s),
        "distances_m": _widen_all(problem.distances_m, row.to_m, row.from_m),
        "visit_location": _add(problem.visit_location, [problem.n_locations]),
        "visit_service_s": _add(problem.visit_service_s, [row.service_s]),
        "visit_access_s": _add(problem.visit_access_s, [row.access_s]),
        "visit_penalty": _add(problem.visit_penalty, [row.penalty]),
        "visit_demand": _add(problem.visit_demand, [row.demand]),
        "late_knee_s": _add(problem.late_knee_s, [row.late_knee_s]),
        "late_rate": _add(problem.late_rate, [row.late_rate]),
        "late_rate_after": _add(problem.late_rate_after, [row.late_rate_after]),
        "window_offset": _add(problem.window_offset, [offset]),
        "window_earliest": _add(problem.window_earliest, earliest),
        "window_latest": _add(problem.window_latest, latest),
        "window_limit": _add(problem.window_limit, limit),
        "assignment_cost": _add(problem.assignment_cost, [row.assignment_cost]),
        "pool_cost": _add(problem.pool_cost, [row.pool_cost]),
        **_extend_features(problem, row),
    }
    wider: RoutingProblem = object.__new__(RoutingProblem)  # the checks of __init__ were made
    for name in (field.name for field in fields(problem)):
        object.__setattr__(wider, name, changes.get(name, getattr(problem, name)))
    freeze(wider)
    return wider


def _extend_features(problem: RoutingProblem, row: VisitRow) -> dict[str, Any]:
    changes: dict[str, Agreed | Parts | RushHours | ServiceTimes] = {}
    rush, parts, times = problem.rush_hours, problem.parts, problem.service_times
    if rush is not None:
        matrices = tuple(
            _widen_all(own, to, away)
            for own, to, away in zip(
                rush.durations_s, row.to_by_regime_s, row.from_by_regime_s, strict=True
            )
        )
        changes["rush_hours"] = replace(rush, durations_s=matrices)
    if parts is not None:
        changes["parts"] = replace(
            parts,
            need_offset=_add(parts.need_offset, [int(parts.need_offset[-1]) + len(row.needs)]),
            need_part=_add(parts.need_part, [part for part, _ in row.needs]),
            need_quantity=_add(parts.need_quantity, [units for _, units in row.needs]),
        )
    if times is not None:
        service_s = _add(times.service_s, [row.group_service_s])
        changes["service_times"] = replace(times, service_s=service_s)
    if problem.agreed is not None:
        agreed = problem.agreed
        changes["agreed"] = replace(
            agreed,
            told_latest=_add(agreed.told_latest, [UNLIMITED]),
            told_rate=_add(agreed.told_rate, [0]),
            told_person=_add(agreed.told_person, [UNLIMITED]),
            told_order=_add(agreed.told_order, [0]),
            order_cost=_add(agreed.order_cost, [0]),
        )
    return changes


def _add(array: NDArray[Any], values: Sequence[Any]) -> NDArray[Any]:
    rows = np.asarray(values, dtype=array.dtype).reshape(len(values), *array.shape[1:])
    return np.concatenate((array, rows))


def _widen_all(
    matrices: Sequence[Int32], to: Sequence[Int32], away: Sequence[Int32]
) -> tuple[Int32, ...]:
    return tuple(_widen(*each) for each in zip(matrices, to, away, strict=True))


def _widen(matrix: Int32, to: Int32, away: Int32) -> Int32:
    size = len(matrix)
    wider = np.empty((size + 1, size + 1), dtype=np.int32)
    wider[:size, :size] = matrix
    wider[:size, size] = to
    wider[size, :size] = away
    wider[size, size] = 0
    return wider


def check_row(problem: RoutingProblem, row: VisitRow) -> None:
    """Check a row against the problem it is to be added to.

    Raises
    ------
    InvalidProblem
        With every fault: wrong shapes or dtypes, values out of range, masks that disagree.
    """
    checks = _RowChecks(problem, row)
    checks.check_travel()
    checks.check_numbers()
    checks.check_windows()
    checks.check_features()
    if not checks.faults:
        checks.check_cost()
    if checks.faults:
        raise InvalidProblem(tuple(checks.faults))


class _RowChecks:
    """Collects the faults of one row."""

    def __init__(self, problem: RoutingProblem, row: VisitRow) -> None:
        self._problem = problem
        self._row = row
        self.faults: list[ArrayFault] = []

    def _fault(self, where: str, found: object, expected: str) -> None:
        self.faults.append(ArrayFault(where, str(found), expected))

    def _check_length(self, name: str, found: int, expected: int) -> bool:
        if found != expected:
            self._fault(name, f"{found} entries", f"{expected}")
        return found == expected

    def _check_array(self, name: str, array: NDArray[Any], like: tuple[type, int]) -> bool:
        dtype, size = like
        sound = array.dtype == dtype and array.shape == (size,) and array.flags.c_contiguous
        if not sound:
            found = f"{array.dtype} of shape {array.shape}"
            self._fault(name, found, f"{dtype.__name__} of shape ({size},)")
        elif size and int(array.min()) < -1:
            self._fault(name, int(array.min()), "at least -1")
            return False
        return bool(sound)

    def _check_ways(self, name: str, ways: Sequence[Int32]) -> bool:
        p = self._problem
        if not self._check_length(name, len(ways), len(p.durations_s)):
            return False
        like = (np.int32, p.n_locations)
        sound = [self._check_array(f"{name}[{i}]", way, like) for i, way in enumerate(ways)]
        return all(sound)

    def check_travel(self) -> None:
        """Check seconds and meters, and that both know the same ways."""
        row = self._row
        for seconds, meters in (("to_s", "to_m"), ("from_s", "from_m")):
            sound = [self._check_ways(name, getattr(row, name)) for name in (seconds, meters)]
            if not all(sound):
                continue
            pairs = zip(getattr(row, seconds), getattr(row, meters), strict=True)
            for profile, (duration, distance) in enumerate(pairs):
                if duration.size and int(duration.max()) > MAX_LASTING_S:
                    self._fault(f"{seconds}[{profile}]", duration.max(), f"to {MAX_LASTING_S}")
                if ((duration < 0) != (distance < 0)).any():
                    where = f"{meters}[{profile}]"
                    self._fault(where, "ways that seconds do not have", "-1 in both or in neither")

    def check_numbers(self) -> None:
        """Check single values, loads and prices."""
        p, row = self._problem, self._row
        self._check_array("assignment_cost", row.assignment_cost, (np.int64, p.n_vehicles))
        self._check_array("pool_cost", row.pool_cost, (np.int64, p.n_pools))
        for name, most in _MOST.items():
            value = getattr(row, name)
            if not 0 <= value <= most:
                self._fault(name, value, f"0 to {most}")
        if row.late_rate_after < row.late_rate:
            self._fault("late_rate_after", row.late_rate_after, "at least late_rate")
        if any(not 0 <= load <= MAX_MOMENT_S for load in row.demand):
            self._fault("demand", row.demand, f"0 to {MAX_MOMENT_S}")
        self._check_length("demand", len(row.demand), p.visit_demand.shape[1])

    def check_windows(self) -> None:
        """Check that there is a window and that no moment is out of range."""
        if not self._row.windows:
            self._fault("windows", "none", "at least one")
        for number, window in enumerate(self._row.windows):
            earliest, latest, limit = window
            if max(earliest, latest) > limit or max(abs(m) for m in window) > MAX_MOMENT_S:
                self._fault(f"windows[{number}]", window, "earliest and latest at most the limit")

    def check_features(self) -> None:
        """Check what only problems with traffic, parts or groups of service times have."""
        p, row = self._problem, self._row
        profiles = () if p.rush_hours is None else p.rush_hours.durations_s
        for name, away in (("to_by_regime_s", row.to_s), ("from_by_regime_s", row.from_s)):
            tables = getattr(row, name)
            if not self._check_length(name, len(tables), len(profiles)):
                continue
            for i, (table, own) in enumerate(zip(tables, profiles, strict=True)):
                self._check_regimes(f"{name}[{i}]", table, (len(own), away[i]))
        kinds = 0 if p.parts is None else len(p.parts.is_used_up)
        parts = [part for part, _ in row.needs]
        legal = all(0 <= part < kinds and 0 < units <= MAX_MOMENT_S for part, units in row.needs)
        if not legal or len(set(parts)) < len(parts):
            self._fault("needs", row.needs, f"each of {kinds} parts at most once, units above 0")
        groups = 0 if p.service_times is None else p.service_times.service_s.shape[1]
        self._check_length("group_service_s", len(row.group_service_s), groups)
        if any(not 0 <= seconds <= MAX_LASTING_S for seconds in row.group_service_s):
            self._fault("group_service_s", row.group_service_s, f"0 to {MAX_LASTING_S}")

    def _check_regimes(
        self, name: str, table: Sequence[Int32], expected: tuple[int, Int32]
    ) -> None:
        regimes, free = expected
        if not self._check_length(name, len(table), regimes):
            return
        for r, seconds in enumerate(table):
            like = (np.int32, self._problem.n_locations)
            sound = self._check_array(f"{name}[{r}]", seconds, like)
            if sound and seconds.shape == free.shape and ((seconds < 0) != (free < 0)).any():
                self._fault(f"{name}[{r}]", "other ways", "-1 exactly where free flow has it")

    def check_cost(self) -> None:
        """Check that the visit cannot cost more than the arithmetic can count."""
        row = self._row
        late_s = max(max(0, limit - latest) for _, latest, limit in row.windows)
        extras = [int(a.max()) for a in (row.assignment_cost, row.pool_cost) if a.size]
        most = row.penalty + row.late_rate_after * late_s + max([0, *extras])
        if most > MAX_ROW_COST:
            self._fault("cost", most, f"at most {MAX_ROW_COST}")
