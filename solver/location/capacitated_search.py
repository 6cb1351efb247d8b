"""Local search for capacitated p-median: regret assignment, shifts, swaps, better medians.

Sources: regret assignment (Martello & Toth 1981), shift and swap of rows between clusters and the
median of each cluster in turn (Mulvey & Beck 1984), random exchanges of medians.
"""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.location.capacitated_problem import CapacitatedProblem
from solver.location.median_problem import Int64

FAR = 2**60


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

    def offer(self, medians: Int64) -> Plan | None:
        """Assign to these medians and move them while that helps; return the plan or None."""
        plan: Plan | None = None
        while time.perf_counter() < self.deadline:
            key = tuple(int(j) for j in np.sort(medians))
            if key in self._tried:
                break
            self._tried.add(key)
            found = assign(self.problem, np.array(key, dtype=np.int64))
            if found is None or (plan is not None and found.objective >= plan.objective):
                break
            plan = found
            if self.best is None or plan.objective < self.best.objective:
                self.best = plan
            medians = self._move_medians(plan, np.array(key, dtype=np.int64))
        return plan

    def wander(self, start: Int64, rounds: int, rng: np.random.Generator) -> None:
        """Exchange random medians for near ones and keep what is better or equal."""
        here, value = start, self.objective
        fixed = self.problem.median.fixed
        for _ in range(rounds):
            if time.perf_counter() >= self.deadline:
                return
            movable = here[fixed[here] != 1]
            outside = np.setdiff1d(np.flatnonzero(fixed >= 0), here)
            if not movable.size or not outside.size:
                return
            size = min(1 + int(rng.integers(2)), len(movable), len(outside))
            leaving = rng.choice(movable, size, replace=False)
            entering = rng.choice(outside, size, replace=False)
            plan = self.offer(np.concatenate([np.setdiff1d(here, leaving), entering]))
            if plan is not None and plan.objective <= value:
                here, value = np.unique(plan.assignment), plan.objective
                here = self.fill(here)

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


def assign(problem: CapacitatedProblem, medians: Int64) -> Plan | None:
    """Give every row to one of the medians within the capacities; None if none was found."""
    cost, room = problem.cost[:, medians], problem.capacity[medians].copy()
    place = np.full(len(cost), -1, dtype=np.int64)
    waiting = np.ones(len(cost), dtype=np.bool_)
    while waiting.any():
        fits = (problem.load[:, None] <= room[None, :]) & waiting[:, None]
        options = np.where(fits, cost, FAR)
        nearest = options.argmin(axis=1)
        first = options[np.arange(len(cost)), nearest]
        if (first[waiting] >= FAR).any():
            return None
        second = np.partition(options, 1, axis=1)[:, 1] if len(medians) > 1 else first
        # the row that loses most by waiting goes first; heavy rows before light ones
        regret = np.where(waiting, (second - first) * 1000.0 + problem.load, -1.0)
        row = int(regret.argmax())
        place[row], waiting[row] = nearest[row], False
        room[nearest[row]] -= problem.load[row]
    _improve(cost, problem.load, room, place)
    assignment = medians[place]
    return Plan(assignment, problem.get_objective(assignment))


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
