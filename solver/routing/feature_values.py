"""The values of the arrays of features: ranges, references, masks, and what excludes each other."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.errors import ArrayFault
from solver.routing.array_faults import MAX_LASTING_S, MAX_LISTED, MAX_MOMENT_S, FaultFinder
from solver.routing.features import MAX_REGIMES, UNLIMITED

MAX_UNITS: Final = 2**30
"""Largest stock, and largest sum of all needs, in units; sums stay within 32 bits."""

MAX_SHARE: Final = 2**60
"""Largest absolute share of one person, seconds or meters."""

_ANY = int(np.iinfo(np.int32).max)
_FORBIDDEN = -1


class FeatureValues(FaultFinder):
    """Collects the value faults of those arrays of features whose form is sound."""

    def check(self) -> list[ArrayFault]:
        """Return the faults of all rules."""
        self._check_traffic()
        self._check_needs()
        self._check_stocks()
        self._check_points()
        self._check_links()
        self._check_unpooled()
        self._check_persons()
        self._check_agreed()
        return self.faults

    def _size(self, name: str, axis: int = 0) -> int:
        return int(self.array(name).shape[axis])

    def _check_index(self, name: str, of: str, axis: int = 0) -> None:
        """Check that entries of ``name`` count along an axis of ``of``."""
        if self.has(name, of):
            self.report_range(name, 0, self._size(of, axis) - 1)

    def _check_traffic(self) -> None:
        start = "rush_hours.bucket_start"
        if self.has(start):
            moments = self.array(start)
            if not len(moments):
                self.add(start, "no bucket", "at least one bucket")
            elif int(moments[0]) != 0:
                self.add(f"{start}[0]", str(moments[0]), "0")
            self.report_range(start, 0, MAX_MOMENT_S)
            falls = np.concatenate(([False], np.diff(moments.astype(np.int64)) <= 0))
            self.report(start, falls[: len(moments)], "more than the entry before")
        if self.has("rush_hours.durations_s", "durations_s"):
            self._check_regimes()

    def _check_regimes(self) -> None:
        rush = self.problem.rush_hours
        if rush is None:
            return
        counts = {len(matrices) for matrices in rush.durations_s if matrices}
        where = "rush_hours.durations_s"
        if len(counts) > 1 or max(counts, default=0) > MAX_REGIMES:
            found = f"{sorted(counts)} regimes"
            self.add(where, found, f"the same number everywhere, at most {MAX_REGIMES}")
        elif self.has("rush_hours.bucket_regime"):
            self.report_range("rush_hours.bucket_regime", 0, max(counts, default=MAX_REGIMES) - 1)
        for p, matrices in enumerate(rush.durations_s):
            for r, matrix in enumerate(matrices):
                self.check_matrix(f"{where}[{p}][{r}]", matrix, MAX_LASTING_S)
                self.check_masks(f"{where}[{p}][{r}]", matrix, self.problem.durations_s[p])

    def _check_needs(self) -> None:
        self.check_offsets("parts.need_offset", "parts.need_part", least=0)
        self._check_index("parts.need_part", "parts.is_used_up")
        self.check_range(0, 1, "parts.is_used_up")
        if self.has("parts.need_quantity"):
            self.check_range(1, MAX_UNITS, "parts.need_quantity")
            units = int(self.array("parts.need_quantity").sum(dtype=np.int64))
            if units > MAX_UNITS:
                self.add("parts.need_quantity", f"{units} units in all", f"at most {MAX_UNITS}")
        if self.has("parts.need_offset", "parts.need_part"):
            self._check_repeated()

    def _check_repeated(self) -> None:
        """Check that no visit states two needs of one kind."""
        part = self.array("parts.need_part")
        offset = np.clip(self.array("parts.need_offset"), 0, len(part))
        visit = np.searchsorted(np.maximum.accumulate(offset), np.arange(len(part)), side="right")
        order = np.lexsort((part, visit))
        same = (np.diff(visit[order]) == 0) & (np.diff(part[order]) == 0)
        repeated = np.zeros(len(part), dtype=np.bool_)
        repeated[order[1:][same]] = True
        self.report("parts.need_part", repeated, "each kind once per visit")

    def _check_stocks(self) -> None:
        self._check_index("parts.vehicle_van", "parts.van_stock")
        self.check_range(0, MAX_UNITS, "parts.van_stock")
        self.check_range(UNLIMITED, MAX_UNITS, "parts.stock", "parts.pool_stock")

    def _check_points(self) -> None:
        if self.has("parts.point_location", "durations_s"):
            self.report_range("parts.point_location", 0, len(self.problem.durations_s[0]) - 1)
        self._check_index("parts.point_stock", "parts.stock")
        self.check_range(0, MAX_LASTING_S, "parts.point_service_s")
        earliest, latest = "parts.point_earliest", "parts.point_latest"
        self.check_range(-MAX_MOMENT_S, MAX_MOMENT_S, earliest, latest)
        if self.has(earliest, latest):
            bad = self.array(earliest) > self.array(latest)
            self.report(earliest, bad, "at most point_latest")

    def _check_links(self) -> None:
        first, second = "links.first", "links.second"
        self._check_index(first, "visit_location")
        self._check_index(second, "visit_location")
        if self.has(first, second):
            same = self.array(first) == self.array(second)
            self.report(second, same, "another visit than first")
        self.check_range(0, 1, "links.from_end")
        self.check_range(0, 2, "links.person", "links.demands")
        self.check_range(0, _ANY, "links.vehicle_person")
        least, most = "links.least_s", "links.most_s"
        self.check_range(-MAX_MOMENT_S, MAX_MOMENT_S, least)
        self.check_range(UNLIMITED, MAX_MOMENT_S, most)
        if self.has(least, "links.from_end"):
            bad = (self.array(least) < 0) & (self.array("links.from_end") != 0)
            self.report(least, bad, "0 or more where from_end is 1")
        if self.has(least, most):
            narrow = self.array(most) < self.array(least)
            bad = narrow & (self.array(most) != UNLIMITED)
            self.report(most, bad, "at least least_s, or -1 for no bound")

    def _check_unpooled(self) -> None:
        """Check that no pool may take a linked visit."""
        if not self.has("links.first", "links.second", "visit_location", "pool_cost"):
            return
        linked = np.concatenate((self.array("links.first"), self.array("links.second")))
        known = np.unique(linked[(linked >= 0) & (linked < self._size("visit_location"))])
        prices = self.array("pool_cost")[known]
        for row, q in np.argwhere(prices != _FORBIDDEN)[:MAX_LISTED]:
            expected = "-1, as the visit is linked"
            self.add(f"pool_cost[{known[row]}, {q}]", str(prices[row, q]), expected)

    def _check_persons(self) -> None:
        limits = ("visits", "distance_m", "driving_s", "duration_s")
        self.check_range(UNLIMITED, _ANY, *(f"limits.{name}" for name in limits))
        self._check_index("fair_shares.vehicle_person", "fair_shares.work_s")
        self.check_range(-MAX_SHARE, MAX_SHARE, "fair_shares.work_s", "fair_shares.distance_m")
        prices = ("fair_shares.cost_per_second", "fair_shares.cost_per_meter")
        self.check_range(0, int(np.iinfo(np.int64).max), *prices)
        self._check_index("service_times.vehicle_group", "service_times.service_s", axis=1)
        self.check_range(0, MAX_LASTING_S, "service_times.service_s")

    def _check_agreed(self) -> None:
        self.check_range(UNLIMITED, MAX_MOMENT_S, "agreed.told_latest")
        self.check_range(UNLIMITED, _ANY, "agreed.told_person", "agreed.told_order")
        prices = ("agreed.told_rate", "agreed.order_cost")
        self.check_range(0, int(np.iinfo(np.int64).max), *prices)
        self.check_range(0, _ANY, "agreed.vehicle_person")
        out = "agreed.vehicle_out"
        self.check_range(0, 1, out)
        travel = ("durations_s", "vehicle_start", "vehicle_end", "vehicle_profile")
        if self.has(out, *travel):
            self.report(out, (self.array(out) != 0) & ~self._reaches_end(), "0, as there is no way")

    def _reaches_end(self) -> NDArray[np.bool_]:
        """Say which vehicles have a way from their start to their end place, as far as is known."""
        matrices = self.problem.durations_s
        start, end = self.array("vehicle_start"), self.array("vehicle_end")
        places, profile = len(matrices[0]), self.array("vehicle_profile")
        known = (np.minimum(start, end) >= 0) & (np.maximum(start, end) < places)
        known &= (profile >= 0) & (profile < len(matrices))
        reaches = np.ones(len(start), dtype=np.bool_)
        for k in np.flatnonzero(known):
            reaches[k] = matrices[profile[k]][start[k], end[k]] >= 0
        return reaches
