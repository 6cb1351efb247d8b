"""Small covering problems by seed, and their answers by trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np

from solver.location.problem import CoverProblem, make_cover_problem


def random_cover(
    seed: int,
    *,
    rows: int = 14,
    sites: int = 7,
    backup: bool = False,
    conflicts: bool = False,
    groups: int = 0,
    existing: bool = False,
    fixed: bool = False,
    density: float = 0.3,
) -> CoverProblem:
    rng = np.random.default_rng(seed)
    covers = rng.random((rows, sites)) < density
    covers[rng.integers(rows, size=rows // 3)] = covers[rng.integers(rows)]  # equal cover sets
    offset = np.concatenate([[0], np.cumsum(covers.sum(axis=1))]).astype(np.int64)
    index = np.nonzero(covers)[1].astype(np.int32)
    weight = rng.integers(0, 20, size=rows).astype(np.int64)
    open_today = (rng.random(sites) < 0.4) if existing else np.zeros(sites, dtype=np.bool_)
    pairs = [(a, b) for a in range(sites) for b in range(a) if rng.random() < 0.15]
    weights = np.zeros(groups, dtype=np.int64)
    group = rng.integers(-1, groups, size=rows).astype(np.int32) if groups else None
    if group is not None:
        total = np.bincount(group[group >= 0], weights=weight[group >= 0], minlength=groups)
        weights = (total * rng.random(groups) * 0.9).astype(np.int64)
    return make_cover_problem(
        weight,
        offset,
        index,
        sites=sites,
        cost=rng.integers(0 if existing else 1, 10, size=sites).astype(np.int64),
        closing_cost=np.where(open_today, rng.integers(0, 8, size=sites), 0).astype(np.int64),
        existing=open_today,
        fixed=rng.choice([0, 0, 0, 0, 1, -1], size=sites).astype(np.int8) if fixed else None,
        conflict=np.asarray(pairs, dtype=np.int32).reshape(-1, 2) if conflicts else None,
        backup_weight=(weight * rng.random(rows)).astype(np.int64) if backup else None,
        group=group,
        group_target=weights,
    )


def every_choice(problem: CoverProblem) -> list[tuple[int, ...]]:
    """Return every choice of sites that keeps fixed sites and conflicts."""
    options = [{0: (0, 1), 1: (1,), -1: (0,)}[int(f)] for f in problem.fixed]
    return [
        tuple(j for j, value in enumerate(opened) if value)
        for opened in product(*options)
        if all(not (opened[a] and opened[b]) for a, b in problem.conflict.tolist())
    ]


def covered_by_hand(problem: CoverProblem, sites: tuple[int, ...]) -> list[int]:
    """Return how often each row is covered, row by row, site by site."""
    opened = set(sites)
    return [
        sum(
            int(j) in opened
            for j in problem.site_index[problem.site_offset[i] : problem.site_offset[i + 1]]
        )
        for i in range(problem.rows)
    ]


def worth_by_hand(problem: CoverProblem, sites: tuple[int, ...]) -> int:
    worth = 0
    for i, count in enumerate(covered_by_hand(problem, sites)):
        worth += int(problem.weight[i]) if count >= 1 else 0
        worth += int(problem.backup_weight[i]) if count >= 2 else 0
    return worth


def cost_by_hand(problem: CoverProblem, sites: tuple[int, ...]) -> int:
    return sum(
        int(problem.cost[j]) if j in sites else int(problem.closing_cost[j])
        for j in range(problem.sites)
    )


def changes_by_hand(problem: CoverProblem, sites: tuple[int, ...]) -> int:
    return sum((j in sites) != bool(problem.existing[j]) for j in range(problem.sites))


def group_cover_by_hand(problem: CoverProblem, sites: tuple[int, ...]) -> list[int]:
    cover = [0] * problem.groups
    for i, count in enumerate(covered_by_hand(problem, sites)):
        if count and problem.group[i] >= 0:
            cover[int(problem.group[i])] += int(problem.weight[i])
    return cover


def choices_within(
    problem: CoverProblem,
    p: int | None = None,
    budget: int | None = None,
    max_changes: int | None = None,
) -> list[tuple[int, ...]]:
    return [
        sites
        for sites in every_choice(problem)
        if (p is None or len(sites) <= p)
        and (budget is None or cost_by_hand(problem, sites) <= budget)
        and (max_changes is None or changes_by_hand(problem, sites) <= max_changes)
    ]
