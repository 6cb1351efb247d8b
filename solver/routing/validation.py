"""All faults of a routing problem, reported together.

Two passes: first the form of every array (type, dtype, memory order, shape), then the values of
those whose form is sound. Nothing is converted: a float that would be cut is a fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.errors import ArrayFault, InvalidProblem
from solver.routing.cost_bound import MAX_TOTAL_COST, bound_total_cost
from solver.routing.problem_form import check_form

if TYPE_CHECKING:
    from solver.routing.problem import RoutingProblem

MAX_MOMENT_S: Final = 2**30
"""Largest absolute moment, seconds; leaves room for additions in 32 bits."""

MAX_LASTING_S: Final = 2**28
"""Largest duration of one leg, service, access or break, seconds."""

MAX_LISTED: Final = 5
"""Entries named one by one for one broken rule; the rest is counted."""

_ROWS_AT_ONCE: Final = 512

_MOMENTS = (
    "window_earliest",
    "window_latest",
    "window_limit",
    "vehicle_earliest",
    "vehicle_latest",
    "break_earliest",
    "break_latest",
)
_LASTINGS = ("visit_service_s", "visit_access_s", "break_duration_s")
_NOT_NEGATIVE = (
    "visit_penalty",
    "visit_demand",
    "late_knee_s",
    "late_rate",
    "vehicle_fixed_cost",
    "cost_per_second",
    "cost_per_overtime_second",
    "cost_per_meter",
    "vehicle_capacity",
    "pool_capacity",
)
_MASKED = ("assignment_cost", "pool_cost")


def check_problem(problem: RoutingProblem) -> None:
    """Check every array of ``problem``.

    Parameters
    ----------
    problem
        The problem; its arrays are read, never changed.

    Raises
    ------
    InvalidProblem
        With all faults: dtypes other than exactly int32 / int64, arrays that are not C-contiguous
        or of the wrong shape, values out of range, unreachable masks that disagree, breaks out of
        order, lateness that gets cheaper, or costs that could sum beyond 2**62.
    """
    faults, sound = check_form(problem)
    checker = _Values(problem, sound)
    faults.extend(checker.check())
    if not faults and (bound := bound_total_cost(problem)) >= MAX_TOTAL_COST:
        faults.append(
            ArrayFault("cost", f"an upper bound of {bound}", f"less than {MAX_TOTAL_COST} (2**62)")
        )
    if faults:
        raise InvalidProblem(tuple(faults))


class _Values:
    """Collects the value faults of the arrays whose form is sound."""

    def __init__(self, problem: RoutingProblem, sound: frozenset[str]) -> None:
        self._problem = problem
        self._sound = sound
        self._faults: list[ArrayFault] = []

    def check(self) -> list[ArrayFault]:
        """Return the faults of all rules."""
        self._check_ranges()
        self._check_travel()
        self._check_places()
        self._check_offsets("window_offset", "window_earliest", least=1)
        self._check_offsets("break_offset", "break_earliest", least=0)
        self._check_windows()
        self._check_breaks()
        self._check_late_rates()
        return self._faults

    def _array(self, name: str) -> NDArray[Any]:
        array: NDArray[Any] = getattr(self._problem, name)
        return array

    def _has(self, *names: str) -> bool:
        return all(name in self._sound for name in names)

    def _report(self, name: str, bad: NDArray[np.bool_], expected: str) -> None:
        """Name the first entries of ``name`` where ``bad`` holds and count the others."""
        if not bad.any():
            return
        values = self._array(name)
        where = np.argwhere(bad)
        for index in where[:MAX_LISTED]:
            at = ", ".join(str(int(i)) for i in index)
            found = str(int(values[tuple(index)]))
            self._faults.append(ArrayFault(f"{name}[{at}]", found, expected))
        if len(where) > MAX_LISTED:
            more = f"{len(where) - MAX_LISTED} more such entries"
            self._faults.append(ArrayFault(name, more, expected))

    def _report_range(self, name: str, low: int, high: int) -> None:
        """Report entries outside [low, high] without building masks for sound arrays."""
        array = self._array(name)
        if array.size and (int(array.min()) < low or int(array.max()) > high):
            self._report(name, (array < low) | (array > high), f"{low} to {high}")

    def _check_ranges(self) -> None:
        for name in filter(self._has, _MOMENTS):
            self._report_range(name, -MAX_MOMENT_S, MAX_MOMENT_S)
        for name in filter(self._has, _LASTINGS):
            self._report_range(name, 0, MAX_LASTING_S)
        if self._has("vehicle_overtime_s"):
            self._report_range("vehicle_overtime_s", 0, MAX_MOMENT_S - 1)
        for names, low in ((_NOT_NEGATIVE, 0), (_MASKED, -1)):
            for name in filter(self._has, names):
                self._report_range(name, low, int(np.iinfo(self._array(name).dtype).max))

    def _check_travel(self) -> None:
        if not self._has("durations_s", "distances_m"):
            return
        pairs = zip(self._problem.durations_s, self._problem.distances_m, strict=True)
        for profile, (durations, distances) in enumerate(pairs):
            for first in range(0, len(durations), _ROWS_AT_ONCE):
                rows = slice(first, first + _ROWS_AT_ONCE)
                self._check_travel_rows(profile, first, durations[rows], distances[rows])
            for name, matrix in (("durations_s", durations), ("distances_m", distances)):
                for i in np.flatnonzero(np.diagonal(matrix))[:MAX_LISTED]:
                    where = f"{name}[{profile}][{i}, {i}]"
                    self._faults.append(ArrayFault(where, str(matrix[i, i]), "0 on the diagonal"))

    def _check_travel_rows(
        self, profile: int, first: int, durations: NDArray[np.int32], distances: NDArray[np.int32]
    ) -> None:
        """Check a block of rows; blocks keep both operands in the cache."""
        for name, block, high in (
            ("durations_s", durations, MAX_LASTING_S),
            ("distances_m", distances, int(np.iinfo(np.int32).max)),
        ):
            if int(block.min()) < -1 or int(block.max()) > high:
                bad = np.argwhere((block < -1) | (block > high))
                for i, j in bad[:MAX_LISTED]:
                    where = f"{name}[{profile}][{first + i}, {j}]"
                    self._faults.append(ArrayFault(where, str(block[i, j]), f"-1 to {high}"))
        # The sign of an exclusive or is set where exactly one of the two is negative.
        disagree = durations ^ distances
        if int(disagree.min()) < 0:
            for i, j in np.argwhere(disagree < 0)[:MAX_LISTED]:
                where = f"distances_m[{profile}][{first + i}, {j}]"
                found = f"{distances[i, j]} where durations_s has {durations[i, j]}"
                self._faults.append(ArrayFault(where, found, "-1 in both or in neither"))

    def _check_places(self) -> None:
        if self._has("durations_s"):
            last = len(self._problem.durations_s[0]) - 1
            for name in filter(self._has, ("visit_location", "vehicle_start", "vehicle_end")):
                self._report_range(name, 0, last)
            if self._has("vehicle_profile"):
                self._report_range("vehicle_profile", 0, len(self._problem.durations_s) - 1)

    def _check_offsets(self, name: str, entries: str, *, least: int) -> None:
        if not self._has(name, entries):
            return
        offset, size = self._array(name), len(self._array(entries))
        if int(offset[0]) != 0:
            self._faults.append(ArrayFault(f"{name}[0]", str(offset[0]), "0"))
        if int(offset[-1]) != size:
            where = f"{name}[{len(offset) - 1}]"
            expected = f"{size}, the length of {entries}"
            self._faults.append(ArrayFault(where, str(offset[-1]), expected))
        steps = np.diff(offset.astype(np.int64))
        bad = np.concatenate(([False], steps < least))
        self._report(name, bad, f"at least {least} more than the entry before")

    def _check_windows(self) -> None:
        if not self._has("window_earliest", "window_latest", "window_limit"):
            return
        limit = self._array("window_limit")
        # latest < earliest is legal: a pinned arrival after the promise it is late for.
        for name in ("window_earliest", "window_latest"):
            self._report(name, self._array(name) > limit, "at most window_limit")

    def _check_breaks(self) -> None:
        if not self._has("break_offset", "break_earliest", "break_latest"):
            return
        earliest, latest = self._array("break_earliest"), self._array("break_latest")
        self._report("break_earliest", earliest > latest, "at most break_latest")
        offset = self._array("break_offset")
        if len(earliest) < 2:
            return
        early = np.concatenate(([False], earliest[1:] < latest[:-1]))
        first_of_vehicle = offset[(offset >= 0) & (offset < len(earliest))]
        early[first_of_vehicle] = False
        self._report("break_earliest", early, "at least break_latest of the break before")

    def _check_late_rates(self) -> None:
        if self._has("late_rate", "late_rate_after"):
            bad = self._array("late_rate_after") < self._array("late_rate")
            self._report("late_rate_after", bad, "at least late_rate")
