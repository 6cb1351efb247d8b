"""The siting question of a network: which outlets to open, close and keep for a budget.

Money is compared over one period: an open site costs what it takes to open it (nothing for one
that stands) plus its running cost; a closed outlet costs its closing. A budget is what may be
spent *more* than leaving the network as it is, so a closure pays for an opening, and a budget of
nothing still allows every exchange that pays for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.coverage import CoverSets
from geo.sphere import EARTH_RADIUS_M
from geo.straight import Float64, Int32, Int64, to_unit_sphere
from solver.location.problem import CoverProblem, make_cover_problem


@dataclass(frozen=True, eq=False)
class SitingSites:
    """Outlets of today and candidates, with their money over the period.

    Parameters
    ----------
    lonlat
        Shape (m, 2), float64, WGS 84, longitude first.
    existing
        Shape (m,), bool, open today.
    opening, running, closing
        Shape (m,), int64, money over the period; opening counts for new sites only, closing for
        existing ones only.
    fixed
        Shape (m,), int8: 1 must be open, -1 must be closed, 0 free.
    """

    lonlat: Float64
    existing: NDArray[np.bool_]
    opening: Int64
    running: Int64
    closing: Int64
    fixed: NDArray[np.int8]


def build_siting_problem(
    weight: Int64,
    cover: CoverSets,
    sites: SitingSites,
    *,
    min_distance_m: float = 0.0,
    group: Int32 | None = None,
    group_target: Int64 | None = None,
) -> CoverProblem:
    """Return the covering problem of a network.

    Parameters
    ----------
    weight
        Shape (n,), demand.
    cover
        Cover sets of all sites, by row.
    sites
        Places and money.
    min_distance_m
        A new site may not be nearer than this to another open site; outlets that stand today may
        be as near to each other as they are.
    group, group_target
        Zone or district of each row and the weight to be covered in each, see ``CoverProblem``.

    Raises
    ------
    InvalidProblem
        With every fault of the arrays at once.
    """
    return make_cover_problem(
        weight,
        cover.offset,
        cover.site_index,
        sites=len(sites.lonlat),
        cost=np.where(sites.existing, 0, sites.opening) + sites.running,
        closing_cost=np.where(sites.existing, sites.closing, 0),
        existing=sites.existing,
        fixed=sites.fixed,
        conflict=_find_conflicts(sites, min_distance_m),
        group=group,
        group_target=group_target,
    )


def get_running_total(problem: CoverProblem) -> int:
    """Return the money over the period if nothing changes."""
    return problem.get_cost(np.flatnonzero(problem.existing))


def to_limits(problem: CoverProblem, budgets: Sequence[int]) -> tuple[int, ...]:
    """Return budgets beyond today's running as limits on all money, ascending, each once."""
    base = get_running_total(problem)
    return tuple(base + budget for budget in sorted(set(budgets)))


def _find_conflicts(sites: SitingSites, min_distance_m: float) -> Int32:
    if min_distance_m <= 0.0 or len(sites.lonlat) < 2:
        return np.zeros((0, 2), dtype=np.int32)
    chord = 2.0 * np.sin(min_distance_m / (2.0 * EARTH_RADIUS_M))
    pairs = cKDTree(to_unit_sphere(sites.lonlat)).query_pairs(chord, output_type="ndarray")
    new = ~(sites.existing[pairs[:, 0]] & sites.existing[pairs[:, 1]])
    pairs = pairs[new]
    return np.asarray(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))], dtype=np.int32)
