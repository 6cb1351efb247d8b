"""Local search for capacitated p-median: regret assignment, shifts, swaps, better medians.

Sources: regret assignment (Martello & Toth 1981), shift and swap of rows between clusters and the
median of each cluster in turn (Mulvey & Beck 1984), random exchanges of medians.
"""

from __future__ import annotations

import math
import time
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.location.capacitated_problem import CapacitatedProblem
from solver.location.median_problem import Int64

FAR: Final = 2**60

SLACK: Final = 0.02
"""Largest worsening, as a share of the objective, that a walk may take."""

RESTART: Final = 0.05
"""Chance of going back to the best plan after a plan that was not taken."""

NEAR: Final = 10
NEAR_SHARE: Final = 0.7
"""How many sites count as near, and how often only they come in."""


class Plan(NamedTuple):
    """An assignment of rows to sites (numbers of the sites) and what it costs."""

    assignment: Int64
    objective: int


class Assigner:
    """Finds plans; remembers the best one and which medians were tried."""

    def __init__(self, problem: CapacitatedProblem, deadline: float = math.inf) -> None:
        self.problem = problem
        self.deadline = deadline
        self.best: Plan | None = None
        self._tried: set[tuple[int, ...]] = set()

    @property
    def objective(self) -> int:
        """Objective of the best plan; the worst conceivable plus one without a plan."""
        if self.best is not None:
            return self.best.objective
        return int(self.problem.cost.max(axis=1).sum()) + 1

    def offer(self, medians: Int64, hint: Plan | None = None) -> Plan | None:
        """Assign to these medians and move them while that helps; return the plan or None."""
        plan: Plan | None = None
        while time.perf_counter() < self.deadline:
            key = tuple(int(j) for j in np.sort(medians))
            if key in self._tried:
                break
            self._tried.add(key)
            found = assign(self.problem, np.array(key, dtype=np.int64), plan or hint)
            if found is None or (plan is not None and found.objective >= plan.objective):
                break
            plan = found
            if self.best is None or plan.objective < self.best.objective:
                self.best = plan
            medians = self._move_medians(plan, np.array(key, dtype=np.int64))
        return plan

    def wander(self, rounds: int, rng: np.random.Generator) -> None:
        """Exchange one or two medians, mostly for near ones; go on from what is not much worse."""
        plan = self.best
        for _ in range(rounds if plan is not None else 0):
            if plan is None or time.perf_counter() >= self.deadline:
                return
            here = self.fill(np.unique(plan.assignment))
            medians = self._exchange(here, rng)
            if medians is None:
                return
            found = self.offer(medians, plan)
            if found is None:
                continue
            if found.objective <= plan.objective + self.objective * SLACK * rng.random():
                plan = found
            elif rng.random() < RESTART:
                plan = self.best

    def _exchange(self, here: Int64, rng: np.random.Generator) -> Int64 | None:
        """Return the medians with one or two exchanged; None if nothing can be exchanged."""
        fixed = self.problem.median.fixed
        movable = here[fixed[here] != 1]
        outside = np.setdiff1d(np.flatnonzero(fixed >= 0), here)
        size = min(1 + int(rng.integers(2)), len(movable), len(outside))
        if size == 0:
            return None
        leaving = rng.choice(movable, size, replace=False)
        if rng.random() < NEAR_SHARE:
            # sites whose costs look most like those of the first that leaves
            cost = self.problem.cost
            apart = np.abs(cost[:, outside] - cost[:, leaving[:1]]).sum(axis=0)
            outside = outside[np.argsort(apart, kind="stable")[: max(size, NEAR)]]
        entering = rng.choice(outside, size, replace=False)
        return np.concatenate([np.setdiff1d(here, leaving), entering])

    def fill(self, medians: Int64) -> Int64:
        """Add sites where rows need fewer than ``p``; the fixed ones first."""
        median = self.problem.median
        order = np.argsort(-median.fixed, kind="stable")
        spare = [int(j) for j in order if j not in medians and median.fixed[j] >= 0]
        return np.sort(np.append(medians, spare[: median.p - len(medians)]).astype(np.int64))

    def _move_medians(self, plan: Plan, medians: Int64) -> Int64:
        """Return the best site of each cluster, one cluster after the other."""
        problem = self.problem
        taken = {int(j) for j in medians}
        moved: list[int] = []
        for site in medians:
            members = plan.assignment == site
            if problem.median.fixed[site] == 1 or not members.any():
                moved.append(int(site))
                continue
            total = problem.cost[members].sum(axis=0)
            load = int(problem.load[members].sum())
            total[(problem.capacity < load) | (problem.median.fixed < 0)] = FAR
            total[[j for j in taken if j != site]] = FAR
            new = int(total.argmin())
            taken = (taken - {int(site)}) | {new}
            moved.append(new)
        return np.array(moved, dtype=np.int64)


def assign(problem: CapacitatedProblem, medians: Int64, hint: Plan | None = None) -> Plan | None:
    """Give every row to one of the medians within the capacities; None if none was found.

    Parameters
    ----------
    medians
        Sites, ascending.
    hint
        A plan whose rows stay where they are if their site is among the medians.
    """
    place = np.full(len(problem.load), -1, dtype=np.int64)
    if hint is not None:
        at = np.minimum(np.searchsorted(medians, hint.assignment), len(medians) - 1)
        place = np.where(medians[at] == hint.assignment, at, -1)
    cost, room = problem.cost[:, medians], problem.capacity[medians].copy()
    kept = place >= 0
    np.subtract.at(room, place[kept], problem.load[kept])
    if not _insert(cost, problem.load, room, place):
        return None if hint is None else assign(problem, medians)
    _improve(cost, problem.load, room, place)
    assignment = medians[place]
    return Plan(assignment, problem.get_objective(assignment))


def _insert(cost: Int64, load: Int64, room: Int64, place: Int64) -> bool:
    """Place the waiting rows, the one that loses most by waiting first; works in place."""
    waiting = np.flatnonzero(place < 0)
    while waiting.size:
        options = np.where(load[waiting, None] <= room[None, :], cost[waiting], FAR)
        nearest = options.argmin(axis=1)
        first = options[np.arange(len(waiting)), nearest]
        if first.max() >= FAR:
            return False
        second = np.partition(options, 1, axis=1)[:, 1] if len(room) > 1 else first
        # heavy rows before light ones where the regret is equal
        k = int(((second - first) * 1000.0 + load[waiting]).argmax())
        row = int(waiting[k])
        place[row] = nearest[k]
        room[nearest[k]] -= load[row]
        waiting = np.delete(waiting, k)
    return True


def _improve(cost: Int64, load: Int64, room: Int64, place: Int64) -> None:
    """Shift one row or swap two as long as that pays; works in place."""
    rows = np.arange(len(cost))
    while True:
        paid = cost[rows, place]
        shift = np.where(load[:, None] <= room[None, :], cost - paid[:, None], FAR)
        swap = _price_swaps(cost, load, room, place, paid)
        best_shift, best_swap = int(shift.min()), int(swap.min())
        if min(best_shift, best_swap) >= 0:
            return
        if best_shift <= best_swap:
            row, target = divmod(int(shift.argmin()), shift.shape[1])
            room[place[row]] += load[row]
            room[target] -= load[row]
            place[row] = target
        else:
            one, other = divmod(int(swap.argmin()), len(cost))
            change = load[one] - load[other]
            room[place[one]] += change
            room[place[other]] -= change
            place[one], place[other] = place[other], place[one]


def _price_swaps(
    cost: Int64, load: Int64, room: Int64, place: Int64, paid: Int64
) -> NDArray[np.int64]:
    """Return the change of every swap of two rows, shape (n, n)."""
    there = cost[:, place]
    change = there + there.T - paid[:, None] - paid[None, :]
    # row i leaves room[place_i] + load_i for row k
    fits = load[None, :] <= (room[place] + load)[:, None]
    return np.where(fits & fits.T, change, FAR)
