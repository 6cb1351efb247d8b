"""Candidate sites: where an outlet could stand; generated, not only given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.candidate_gaps import Plane, find_gap_centers, gather_demand, intersect_circles
from geo.demand import Demand
from geo.network import RoadNetwork
from geo.snapping import Snapper

Float64 = NDArray[np.float64]
Int32 = NDArray[np.int32]

ROAD, GAP, CIRCLE, GIVEN = "road", "gap", "circle", "given"
"""Where a candidate comes from: a junction, uncovered demand, crossing circles, the planner."""


@dataclass(frozen=True, slots=True)
class CandidateOptions:
    """How many candidates of each kind are made.

    Parameters
    ----------
    road_spacing
        Distance between junctions that become candidates, as a share of the service radius there.
    gaps, circles, roads
        At most this many of each kind.
    road_limit_m
        A generated place farther from any road is left out (water, fields, mountains).
    """

    road_spacing: float = 0.25
    gaps: int = 60
    circles: int = 120
    roads: int = 800
    road_limit_m: float = 600.0


DEFAULT_OPTIONS: Final = CandidateOptions()


@dataclass(frozen=True, eq=False)
class CandidateSites:
    """Places where an outlet could stand.

    Parameters
    ----------
    lonlat
        Shape (c, 2), float64, WGS 84, longitude first.
    source
        Shape (c,), ``given``, ``gap``, ``circle`` or ``road``.
    given
        Shape (c,), int32, index among the given candidates, -1 for generated ones.
    """

    lonlat: Float64
    source: NDArray[np.str_]
    given: Int32

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> CandidateSites:
        """Return some of the places, in the order of ``rows``."""
        return CandidateSites(self.lonlat[rows], self.source[rows], self.given[rows])


def generate_candidates(
    demand: Demand,
    radius_m: Float64,
    covered: NDArray[np.bool_],
    *,
    network: RoadNetwork | None = None,
    given: Float64 | None = None,
    exclusion: shapely.Geometry | None = None,
    options: CandidateOptions = DEFAULT_OPTIONS,
) -> CandidateSites:
    """Propose places for outlets.

    Parameters
    ----------
    demand
        Where demand is.
    radius_m
        Shape (n,), service radius that counts at each point, > 0.
    covered
        Shape (n,), what the open outlets cover already.
    network
        Roads; gives junctions, and drops generated places far from any road.
    given
        Shape (g, 2), places the planner names; kept whatever the roads say, unless excluded.
    exclusion
        Area in WGS 84 where nothing may be built.
    options
        How many of each kind.

    Returns
    -------
    CandidateSites
        Given places first, then gaps, circle crossings and junctions; no place twice within 1 m.
    """
    plane = Plane(demand.lonlat)
    xy = plane.to_xy(demand.lonlat)
    open_weight = np.where(covered, 0, demand.weight)
    gathered = gather_demand(xy, open_weight, radius_m)
    people = [
        (GAP, plane.to_lonlat(find_gap_centers(*gathered, options.gaps))),
        (CIRCLE, plane.to_lonlat(intersect_circles(*gathered, options.circles))),
    ]
    if network is not None:
        snapper = Snapper(network, options.road_limit_m)
        people = [(kind, place[~snapper.snap(place).refused]) for kind, place in people]
        people.append((ROAD, _thin_junctions(network, plane, demand, radius_m, options)))
    places = np.zeros((0, 2)) if given is None else np.asarray(given, dtype=np.float64)
    every = [(GIVEN, places.reshape(-1, 2)), *people]
    sites = CandidateSites(
        lonlat=np.vstack([place for _, place in every]),
        source=np.repeat([kind for kind, _ in every], [len(place) for _, place in every]),
        given=np.concatenate(
            [np.arange(len(places)), np.full(sum(len(p) for _, p in people), -1)]
        ).astype(np.int32),
    )
    sites = sites.take(~_inside(sites.lonlat, exclusion))
    return sites.take(_distinct(plane.to_xy(sites.lonlat)))


def thin_by_signature(offset: NDArray[np.int64], index: Int32, n_sites: int) -> NDArray[np.int64]:
    """Return one site of each group that covers exactly the same demand; none that covers nothing.

    Parameters
    ----------
    offset, index
        Cover sets by demand row: the sites of row i are ``index[offset[i]:offset[i + 1]]``.
    n_sites
        Number of sites, m.

    Returns
    -------
    ndarray
        Ascending site indices; of equal sites the first stays, so order sites by preference.
    """
    rows = np.repeat(np.arange(len(offset) - 1), np.diff(offset))
    order = np.argsort(index, kind="stable")
    start = np.r_[0, np.cumsum(np.bincount(index, minlength=n_sites))]
    by_site = rows[order].astype(np.int64)
    seen: set[bytes] = set()
    kept = []
    for site in range(n_sites):
        signature = by_site[start[site] : start[site + 1]].tobytes()
        if signature and signature not in seen:
            seen.add(signature)
            kept.append(site)
    return np.array(kept, dtype=np.int64)


def _thin_junctions(
    network: RoadNetwork, plane: Plane, demand: Demand, radius_m: Float64, options: CandidateOptions
) -> Float64:
    """Return one junction per square; squares are as large as the radius around them allows.

    Of a square the junction nearest to its middle stays. Where there are more than the limit,
    those with the most demand within reach do.
    """
    nodes = np.unique(Snapper(network, np.inf).snap(demand.lonlat).node)
    lonlat = np.column_stack([network.node_lon[nodes], network.node_lat[nodes]])
    place = plane.to_xy(lonlat)
    tree = cKDTree(plane.to_xy(demand.lonlat))
    _, nearest = tree.query(place)
    radius = radius_m[nearest]
    side = (radius * options.road_spacing)[:, None]
    cell = np.floor(place / side)
    off = np.hypot(*(place - (cell + 0.5) * side).T)
    order = np.lexsort((nodes, off))
    keys = np.column_stack([radius, cell])[order]
    _, first = np.unique(keys, axis=0, return_index=True)
    kept = np.sort(order[first])
    if len(kept) > options.roads:
        reach = tree.query_ball_point(place[kept], radius[kept] / 2)
        mass = np.array([demand.weight[rows].sum() for rows in reach])
        kept = np.sort(kept[np.argsort(-mass, kind="stable")[: options.roads]])
    return lonlat[kept]


def _inside(lonlat: Float64, exclusion: shapely.Geometry | None) -> NDArray[np.bool_]:
    if exclusion is None or len(lonlat) == 0:
        return np.zeros(len(lonlat), dtype=np.bool_)
    return np.asarray(shapely.intersects_xy(exclusion, lonlat[:, 0], lonlat[:, 1]))


def _distinct(xy: Float64) -> NDArray[np.int64]:
    """Return the first of the places that share a square meter."""
    _, first = np.unique(np.round(xy).astype(np.int64), axis=0, return_index=True)
    return np.sort(first)
