"""Who is covered: nearest outlets, radii, verdicts, and the cover sets that siting works on.

A demand point is covered by an outlet at a distance of at most the service radius (T259-7.2-a:
5 km in town, 20 km in the suburbs). The point's zone sets the radius (``radius_by`` demand) or the
outlet's does; an outlet may have a radius of its own. Both measures are always computed: straight
line, which decides unless the settings say otherwise, and shortest road.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.demand import UNKNOWN, URBAN, Demand, Int8
from geo.reach import Placed, RoadReach
from geo.straight import NOBODY, Float64, Int32, Int64, find_nearest_straight, iterate_within

Measure = Literal["straight", "road"]


@dataclass(frozen=True)
class RadiusRule:
    """Which radius holds where.

    Parameters
    ----------
    urban_m, suburban_m
        Radii, meters (T259-7.2-a).
    rural_m
        Radius of rural points; None counts them as suburban. They are never left out.
    by
        Whose zone decides: the demand point's or the outlet's.
    """

    urban_m: int = 5000
    suburban_m: int = 20_000
    rural_m: int | None = None
    by: Literal["demand", "outlet"] = "demand"

    def of_zone(self, zone: Int8) -> Int64:
        """Return the radius of each zone, same shape, meters.

        Raises
        ------
        ValueError
            If a zone is unknown.
        """
        if zone.size and zone.min() == UNKNOWN:
            raise ValueError("a point has no zone; put a DefaultZone at the end of the chain.")
        rural = self.suburban_m if self.rural_m is None else self.rural_m
        return np.array([self.urban_m, self.suburban_m, rural], dtype=np.int64)[zone]


@dataclass(frozen=True, eq=False)
class Sites:
    """Outlets, or candidates for them.

    Parameters
    ----------
    lonlat
        Shape (m, 2), degrees.
    zone
        Shape (m,), int8; matters where ``RadiusRule.by`` is ``outlet``.
    radius_m
        Shape (m,), int64, radius of its own; -1 without one.
    """

    lonlat: Float64
    zone: Int8
    radius_m: Int64

    def __len__(self) -> int:
        return len(self.lonlat)

    @classmethod
    def at(cls, lonlat: Float64) -> Sites:
        """Return urban sites without radii of their own at places of shape (m, 2)."""
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        m = len(points)
        return cls(points, np.full(m, URBAN, np.int8), np.full(m, -1, np.int64))

    def subset(self, rows: NDArray[np.int64]) -> Sites:
        """Return some of the sites, in the given order."""
        return Sites(self.lonlat[rows], self.zone[rows], self.radius_m[rows])

    def fixed_radius_m(self, rule: RadiusRule) -> Int64:
        """Return shape (m,): the radius a site has for everybody, -1 where the point decides."""
        if rule.by == "outlet":
            return np.where(self.radius_m >= 0, self.radius_m, rule.of_zone(self.zone))
        return self.radius_m


@dataclass(frozen=True, eq=False)
class MeasureAudit:
    """The audit of every demand point by one measure; all arrays of shape (n,).

    Parameters
    ----------
    nearest, second
        int32, site index, ``NOBODY`` without one.
    distance_m, second_m
        int32, meters, ``NOBODY`` without a way.
    serving
        int32, the site with the most slack: it covers the point if any site does.
    radius_m
        int32, radius of that site for the point; the point's own without any site.
    slack_m
        int32, radius minus distance of ``serving``; meaningless where ``serving`` is ``NOBODY``.
    """

    nearest: Int32
    second: Int32
    distance_m: Int32
    second_m: Int32
    serving: Int32
    radius_m: Int32
    slack_m: Int32

    @property
    def covered(self) -> NDArray[np.bool_]:
        """Whether any site reaches the point within its radius."""
        return np.asarray((self.serving != NOBODY) & (self.slack_m >= 0))


@dataclass(frozen=True, eq=False)
class CoverageAudit:
    """Both measures of a network.

    Parameters
    ----------
    straight
        By straight line.
    road
        By road; None without roads.
    drive_s
        Shape (n,), int32, seconds of the fastest way from any site; None without roads.
    decides
        Measure whose verdict counts.
    """

    straight: MeasureAudit
    road: MeasureAudit | None
    drive_s: Int32 | None
    decides: Measure = "straight"

    @property
    def covered(self) -> NDArray[np.bool_]:
        """The verdict by the measure that decides."""
        chosen = self.road if self.decides == "road" else self.straight
        if chosen is None:
            raise ValueError("road distance decides, but there are no roads.")
        return chosen.covered


def audit_coverage(
    demand: Demand,
    sites: Sites,
    rule: RadiusRule,
    roads: RoadReach | None = None,
    *,
    decides: Measure = "straight",
) -> CoverageAudit:
    """Judge every demand point against the open sites.

    Parameters
    ----------
    demand
        Points with zones.
    sites
        Open outlets.
    rule
        Radii.
    roads
        Searches by road; without them only the straight line is judged.
    decides
        Measure whose verdict counts.

    Raises
    ------
    ValueError
        If road distance is to decide without roads, or a zone is unknown.
    """
    if decides == "road" and roads is None:
        raise ValueError("road distance decides, but there are no roads.")
    straight = _audit_straight(demand, sites, rule)
    if roads is None:
        return CoverageAudit(straight, None, None, decides)
    points, places = roads.place(demand.lonlat), roads.place(sites.lonlat)
    road = _audit_road(demand, (sites, places), points, rule, roads)
    return CoverageAudit(straight, road, roads.compute_drive_times_s(places, points), decides)


def _audit_straight(demand: Demand, sites: Sites, rule: RadiusRule) -> MeasureAudit:
    near = find_nearest_straight(demand.lonlat, sites.lonlat)
    own, fixed = rule.of_zone(demand.zone), sites.fixed_radius_m(rule)
    best = _Best(own)
    for radius in np.unique(fixed).tolist():
        group = np.flatnonzero(fixed == radius)
        part = near
        if group.size < len(sites):
            part = find_nearest_straight(demand.lonlat, sites.lonlat[group])
        first = part.site[:, 0]
        site = np.where(first == NOBODY, NOBODY, group[first])
        best.offer(site, part.distance_m[:, 0], own if radius < 0 else np.full(len(own), radius))
    return best.audit(near.site, near.distance_m)


def _audit_road(
    demand: Demand,
    sites: tuple[Sites, Placed],
    points: Placed,
    rule: RadiusRule,
    roads: RoadReach,
) -> MeasureAudit:
    outlets, places = sites
    near = roads.find_nearest(places, points)
    own, fixed = rule.of_zone(demand.zone), outlets.fixed_radius_m(rule)
    best = _Best(own)
    free = np.flatnonzero(fixed < 0)
    if free.size == len(outlets):
        best.offer(near.site[:, 0], near.distance_m[:, 0], own)
    elif free.size:
        part = roads.find_nearest(_subset(places, free), points)
        first = part.site[:, 0]
        site = np.where(first == NOBODY, NOBODY, free[first])
        best.offer(site, part.distance_m[:, 0], own)
    bound = np.flatnonzero(fixed >= 0)
    if bound.size:
        label, slack = roads.find_best_slack(_subset(places, bound), points, fixed[bound])
        site = np.where(label == NOBODY, NOBODY, bound[label])
        radius = np.where(label == NOBODY, 0, fixed[bound][label])
        best.offer(site, radius - slack, radius)
    return best.audit(near.site, near.distance_m)


def _subset(places: Placed, rows: NDArray[np.intp]) -> Placed:
    return Placed(
        places.lonlat[rows], places.node[rows], places.access_mm[rows], places.refused[rows]
    )


class _Best:
    """The site with the most slack so far, per point."""

    def __init__(self, own_radius: Int64) -> None:
        n = len(own_radius)
        self._site = np.full(n, NOBODY, dtype=np.int32)
        self._slack = np.zeros(n, dtype=np.int64)
        self._radius = own_radius.copy()

    def offer(self, site: Int32 | Int64, distance_m: Int32 | Int64, radius_m: Int64) -> None:
        slack = radius_m - distance_m
        better = (site != NOBODY) & ((self._site == NOBODY) | (slack > self._slack))
        self._site[better] = site[better]
        self._slack[better] = slack[better]
        self._radius[better] = radius_m[better]

    def audit(self, near: Int32, meters: Int32) -> MeasureAudit:
        return MeasureAudit(
            nearest=near[:, 0], second=near[:, 1],
            distance_m=meters[:, 0], second_m=meters[:, 1],
            serving=self._site,
            radius_m=self._radius.astype(np.int32),
            slack_m=self._slack.astype(np.int32),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class CoverSets:
    """Which sites cover which demand points: CSR by row.

    Parameters
    ----------
    offset
        Shape (n + 1,), int64.
    site_index
        Shape (pairs,), int32, ascending inside a row.
    distance_m
        Shape (pairs,), int32, meters.
    n_sites
        Number of sites, m.
    """

    offset: Int64
    site_index: Int32
    distance_m: Int32
    n_sites: int


def cover_sets(
    demand: Demand,
    sites: Sites,
    rule: RadiusRule,
    roads: RoadReach | None = None,
    *,
    measure: Measure = "straight",
) -> CoverSets:
    """Return every (demand point, site) with the point inside the site's radius; sparse.

    Parameters
    ----------
    demand
        n points with zones.
    sites
        m outlets and candidates.
    rule
        Radii; rural counts as suburban unless set.
    roads
        Needed for ``measure`` road.
    measure
        Distance that decides.

    Raises
    ------
    ValueError
        If road is asked for without roads, or a zone is unknown.
    """
    own, fixed = rule.of_zone(demand.zone), sites.fixed_radius_m(rule)
    widest = np.maximum(own, fixed.max(initial=-1)) if (fixed >= 0).any() else own
    columns: list[Int64] = []
    numbers: list[int] = []
    meters: list[Int32] = []
    for site, rows, distance_m in _pairs(demand, sites, widest.astype(np.float64), roads, measure):
        limit = own[rows] if fixed[site] < 0 else np.full(rows.size, fixed[site])
        inside = distance_m <= limit
        columns.append(rows[inside])
        meters.append(distance_m[inside])
        numbers.append(site)
    return _to_rows(len(demand), len(sites), numbers, columns, meters)


def _pairs(
    demand: Demand,
    sites: Sites,
    limit_m: Float64,
    roads: RoadReach | None,
    measure: Measure,
) -> Iterator[tuple[int, Int64, Int32]]:
    if measure == "straight":
        return iterate_within(demand.lonlat, sites.lonlat, limit_m)
    if roads is None:
        raise ValueError("cover sets by road need roads.")
    return roads.iterate_within(roads.place(demand.lonlat), roads.place(sites.lonlat), limit_m)


def _to_rows(
    n: int, m: int, numbers: list[int], columns: list[Int64], meters: list[Int32]
) -> CoverSets:
    """Turn lists by site into lists by row."""
    count = np.zeros(m, dtype=np.int64)
    count[numbers] = [len(rows) for rows in columns]
    in_order = np.argsort(np.array(numbers, dtype=np.int64), kind="stable").tolist()
    index = np.concatenate([columns[i] for i in in_order]) if numbers else np.zeros(0, np.int64)
    data = np.concatenate([meters[i] for i in in_order]) if numbers else np.zeros(0, np.int32)
    # Meters plus one: a distance of zero must not look like an empty place of a sparse array.
    by_site = csr_array((data + 1, index, np.r_[0, np.cumsum(count)]), shape=(m, n))
    by_row = by_site.T.tocsr()
    by_row.sort_indices()
    return CoverSets(
        offset=by_row.indptr.astype(np.int64),
        site_index=by_row.indices.astype(np.int32),
        distance_m=(by_row.data - 1).astype(np.int32),
        n_sites=m,
    )
