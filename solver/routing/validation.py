"""All faults of a routing problem, reported together.

Two passes: first the form of every array (type, dtype, memory order, shape), then the values of
those whose form is sound. Nothing is converted: a float that would be cut is a fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.errors import ArrayFault, InvalidProblem
from solver.routing.array_faults import MAX_LASTING_S, MAX_MOMENT_S, FaultFinder
from solver.routing.cost_bound import MAX_TOTAL_COST, bound_total_cost
from solver.routing.feature_form import check_feature_form
from solver.routing.feature_values import FeatureValues
from solver.routing.problem_form import check_form, find_sizes

if TYPE_CHECKING:
    from solver.routing.problem import RoutingProblem

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
    """Check every array of ``problem``, features included.

    Parameters
    ----------
    problem
        The problem; its arrays are read, never changed.

    Raises
    ------
    InvalidProblem
        With all faults: dtypes other than exactly int32 / int64, arrays that are not C-contiguous
        or of the wrong shape, values out of range, unreachable masks that disagree, breaks out of
        order, lateness that gets cheaper, features that contradict the rest, or costs that could
        sum beyond 2**62.
    """
    sizes = find_sizes(problem)
    faults, sound = check_form(problem, sizes)
    unformed, sound_features = check_feature_form(problem, sizes)
    faults.extend(unformed)
    faults.extend(_Values(problem, sound).check())
    faults.extend(FeatureValues(problem, sound | sound_features).check())
    if not faults and (bound := bound_total_cost(problem)) >= MAX_TOTAL_COST:
        faults.append(
            ArrayFault("cost", f"an upper bound of {bound}", f"less than {MAX_TOTAL_COST} (2**62)")
        )
    if faults:
        raise InvalidProblem(tuple(faults))


class _Values(FaultFinder):
    """Collects the value faults of the arrays whose form is sound."""

    def check(self) -> list[ArrayFault]:
        """Return the faults of all rules."""
        self._check_ranges()
        self._check_travel()
        self._check_places()
        self.check_offsets("window_offset", "window_earliest", least=1)
        self.check_offsets("break_offset", "break_earliest", least=0)
        self._check_windows()
        self._check_breaks()
        self._check_late_rates()
        return self.faults

    def _check_ranges(self) -> None:
        self.check_range(-MAX_MOMENT_S, MAX_MOMENT_S, *_MOMENTS)
        self.check_range(0, MAX_LASTING_S, *_LASTINGS)
        self.check_range(0, MAX_MOMENT_S - 1, "vehicle_overtime_s")
        for names, low in ((_NOT_NEGATIVE, 0), (_MASKED, -1)):
            for name in filter(self.has, names):
                self.report_range(name, low, int(np.iinfo(self.array(name).dtype).max))

    def _check_travel(self) -> None:
        if not self.has("durations_s", "distances_m"):
            return
        pairs = zip(self.problem.durations_s, self.problem.distances_m, strict=True)
        for profile, (durations, distances) in enumerate(pairs):
            self.check_matrix(f"durations_s[{profile}]", durations, MAX_LASTING_S)
            most = int(np.iinfo(np.int32).max)
            self.check_matrix(f"distances_m[{profile}]", distances, most)
            self.check_masks(f"distances_m[{profile}]", distances, durations)

    def _check_places(self) -> None:
        if self.has("durations_s"):
            last = len(self.problem.durations_s[0]) - 1
            for name in filter(self.has, ("visit_location", "vehicle_start", "vehicle_end")):
                self.report_range(name, 0, last)
            if self.has("vehicle_profile"):
                self.report_range("vehicle_profile", 0, len(self.problem.durations_s) - 1)

    def _check_windows(self) -> None:
        if not self.has("window_earliest", "window_latest", "window_limit"):
            return
        limit = self.array("window_limit")
        # latest < earliest is legal: a pinned arrival after the promise it is late for.
        for name in ("window_earliest", "window_latest"):
            self.report(name, self.array(name) > limit, "at most window_limit")

    def _check_breaks(self) -> None:
        if not self.has("break_offset", "break_earliest", "break_latest"):
            return
        earliest, latest = self.array("break_earliest"), self.array("break_latest")
        self.report("break_earliest", earliest > latest, "at most break_latest")
        offset = self.array("break_offset")
        if len(earliest) < 2:
            return
        early = np.concatenate(([False], earliest[1:] < latest[:-1]))
        first_of_vehicle = offset[(offset >= 0) & (offset < len(earliest))]
        early[first_of_vehicle] = False
        self.report("break_earliest", early, "at least break_latest of the break before")

    def _check_late_rates(self) -> None:
        if self.has("late_rate", "late_rate_after"):
            bad = self.array("late_rate_after") < self.array("late_rate")
            self.report("late_rate_after", bad, "at least late_rate")
