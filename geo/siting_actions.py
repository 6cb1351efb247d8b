"""A chosen set of sites read as actions: open, close, move, merge; why each, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.problem import CoverProblem

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]

MOVE_SHARE: Final = 0.3
"""An opened site that covers this share of what a closed one covered is its new address."""
MERGE_SHARE: Final = 0.5
"""A kept site that covers this share of what a closed one covered has taken it over."""
NOBODY: Final = -1


class ActionKind(StrEnum):
    """What is done to the network."""

    OPEN = "open"
    CLOSE = "close"
    MOVE = "move"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class SiteReason:
    """Why a site is in, or out: figures; every text is made from them.

    Parameters
    ----------
    newly_covered
        Demand it covers that nobody covers today.
    only_it
        Demand that nothing else of the proposal covers (of a closed site: demand left without).
    covers
        All demand it covers.
    replacement
        The site that would take its place best, ``NOBODY`` where there is none.
    loss_with_replacement
        Demand lost with the replacement in its place.
    """

    newly_covered: int
    only_it: int
    covers: int
    replacement: int
    loss_with_replacement: int


@dataclass(frozen=True, slots=True)
class SiteAction:
    """One step of a proposal.

    Parameters
    ----------
    kind
        What is done.
    opens
        Site that opens, ``NOBODY`` for closures.
    closes
        Site that closes, ``NOBODY`` for openings.
    into
        Of a merger the open site that takes the demand over, else ``NOBODY``.
    cost
        Money over the period compared with leaving things as they are; negative saves.
    reason
        Why.
    """

    kind: ActionKind
    opens: int
    closes: int
    into: int
    cost: int
    reason: SiteReason


@dataclass(frozen=True, slots=True)
class BuildStep:
    """State after one action in the order of building.

    Parameters
    ----------
    action
        Index in the list of actions.
    gain
        Demand covered more than before the step; may be negative for a closure.
    covered
        Demand covered after it.
    spent
        Money over the period, all steps so far together.
    """

    action: int
    gain: int
    covered: int
    spent: int


def list_actions(problem: CoverProblem, sites: tuple[int, ...]) -> tuple[SiteAction, ...]:
    """Return what has to be done to turn today's network into ``sites``.

    Closed and opened sites are paired as moves by the demand both cover, largest first; a closed
    site without a partner is merged into the open site that covers most of its demand, if that is
    half of it, and closed otherwise.

    Parameters
    ----------
    problem
        Demand rows, cover sets and money.
    sites
        Open sites of the proposal, ascending.
    """
    final = _mask(problem, sites)
    opened = np.flatnonzero(final & ~problem.existing)
    closed = np.flatnonzero(~final & problem.existing)
    partner = _pair_moves(problem, opened, closed)
    taken = set(partner.values())
    moves = [(ActionKind.OPEN, site, NOBODY, NOBODY) for site in opened.tolist()]
    moves = [move for move in moves if move[1] not in taken]
    for site in closed.tolist():
        if site in partner:
            moves.append((ActionKind.MOVE, partner[site], site, NOBODY))
            continue
        heir = _find_heir(problem, sites, site)
        kind = ActionKind.CLOSE if heir == NOBODY else ActionKind.MERGE
        moves.append((kind, NOBODY, site, heir))
    return tuple(_action(problem, sites, *move) for move in moves)


def settle(problem: CoverProblem, sites: tuple[int, ...], limit: int) -> tuple[int, ...]:
    """Return as good a set of sites with as few changes as can be had by taking changes back.

    A change is taken back alone, or an opening together with a closure, if no demand is lost, the
    money holds and no conflict arises; what saves most money first.

    Parameters
    ----------
    problem
        Demand rows, cover sets and money.
    sites
        A proposal.
    limit
        Limit on all money; a proposal beyond it is returned as it is.
    """
    mask = _mask(problem, sites)
    if problem.get_cost(sites) > limit:
        return sites
    while True:
        found = _find_return(problem, mask, limit)
        if not found:
            return tuple(np.flatnonzero(mask).tolist())
        mask[list(found)] ^= True


def _find_return(
    problem: CoverProblem, mask: NDArray[np.bool_], limit: int
) -> tuple[int, ...] | None:
    """Return the changed sites, one or two, whose return loses nothing; None if there are none."""
    opened = np.flatnonzero(mask & ~problem.existing & (problem.fixed == 0)).tolist()
    closed = np.flatnonzero(~mask & problem.existing & (problem.fixed == 0)).tolist()
    count = problem.count_cover(np.flatnonzero(mask))
    spent = problem.get_cost(np.flatnonzero(mask))
    price = problem.cost - problem.closing_cost
    tries: list[tuple[tuple[int, ...], int]] = [((o,), -int(price[o])) for o in opened]
    tries += [((c,), int(price[c])) for c in closed]
    tries += [((o, c), int(price[c] - price[o])) for o in opened for c in closed]
    for flipped, extra in sorted(tries, key=lambda item: (item[1], item[0])):
        if spent + extra > limit or not _is_free_of_conflict(problem, mask, flipped):
            continue
        leaves = _rows_of(problem, flipped[0]) if mask[flipped[0]] else np.zeros(0, np.int64)
        alone = leaves[count[leaves] == 1]
        if not mask[flipped[-1]]:
            alone = np.setdiff1d(alone, _rows_of(problem, flipped[-1]), assume_unique=True)
        if not problem.weight[alone].any():
            return flipped
    return None


def _is_free_of_conflict(
    problem: CoverProblem, mask: NDArray[np.bool_], flipped: tuple[int, ...]
) -> bool:
    new = mask.copy()
    new[list(flipped)] ^= True
    return not bool((new[problem.conflict[:, 0]] & new[problem.conflict[:, 1]]).any())


def order_steps(problem: CoverProblem, actions: tuple[SiteAction, ...]) -> tuple[BuildStep, ...]:
    """Return the order of building: greedily the most demand gained per money.

    Steps that lose nothing and save money come first, since they pay for others; steps that lose
    coverage come last, when others may have taken it over.
    """
    state = problem.existing.copy()
    count = problem.count_cover(np.flatnonzero(state))
    left = set(range(len(actions)))
    spent, covered = 0, _covered(problem, count)
    steps = []
    while left:
        gains = {
            at: _covered(problem, _after(problem, count, actions[at])) - covered for at in left
        }
        best = max(left, key=lambda at: (*_merit(gains[at], actions[at].cost), -at))
        count = _after(problem, count, actions[best])
        covered += gains[best]
        spent += actions[best].cost
        steps.append(BuildStep(best, gains[best], covered, spent))
        left.remove(best)
    return tuple(steps)


def explain_site(problem: CoverProblem, sites: tuple[int, ...], site: int) -> SiteReason:
    """Return why one site is part of a proposal, or what its absence leaves.

    Parameters
    ----------
    problem
        Demand rows and cover sets.
    sites
        Open sites of the proposal.
    site
        One of them, or a closed one; its replacement is the best site outside the proposal that
        costs no more, stands in no conflict and may be open.
    """
    today = problem.count_cover(np.flatnonzero(problem.existing))
    others = np.array([other for other in sites if other != site], dtype=np.int64)
    without = problem.count_cover(others)
    rows = _rows_of(problem, site)
    weight = problem.weight
    free = rows[without[rows] == 0]
    only = int(weight[free].sum())
    replacement, saved = _find_replacement(problem, others, without, site)
    return SiteReason(
        newly_covered=int(weight[rows[today[rows] == 0]].sum()),
        only_it=only,
        covers=int(weight[rows].sum()),
        replacement=replacement,
        loss_with_replacement=max(only - saved, 0),
    )


def _action(  # noqa: PLR0917  a row of list_actions, in its order
    problem: CoverProblem,
    sites: tuple[int, ...],
    kind: ActionKind,
    opens: int,
    closes: int,
    into: int,
) -> SiteAction:
    cost = 0
    if opens != NOBODY:
        cost += int(problem.cost[opens])
    if closes != NOBODY:
        cost += int(problem.closing_cost[closes] - problem.cost[closes])
    reason = explain_site(problem, sites, opens if opens != NOBODY else closes)
    return SiteAction(kind, opens, closes, into, cost, reason)


def _find_replacement(
    problem: CoverProblem, others: Int64, without: Int64, site: int
) -> tuple[int, int]:
    """Return the best other site and the demand it covers that nothing else does."""
    allowed = (problem.fixed >= 0) & (problem.cost <= problem.cost[site])
    allowed[others] = False
    allowed[site] = False
    inside = np.isin(problem.conflict, others)
    allowed[problem.conflict[inside[:, 0], 1]] = False
    allowed[problem.conflict[inside[:, 1], 0]] = False
    if not allowed.any():
        return NOBODY, 0
    mass = np.where(without == 0, problem.weight, 0).astype(np.float64)
    pickup = np.where(allowed, np.asarray(problem.by_site @ mass), -1.0)
    best = int(np.argmax(pickup))
    return (best, int(pickup[best])) if pickup[best] > 0 else (NOBODY, 0)


def _pair_moves(problem: CoverProblem, opened: Int64, closed: Int64) -> dict[int, int]:
    """Return the new address of closed sites, by the demand both cover, largest first."""
    if opened.size == 0 or closed.size == 0:
        return {}
    shared = _overlap(problem, closed, opened)
    mass = np.maximum(np.asarray(problem.by_site[closed] @ problem.weight.astype(np.float64)), 1.0)
    share = shared / mass[:, None]
    partner: dict[int, int] = {}
    for at in np.argsort(-shared, axis=None, kind="stable").tolist():
        row, column = divmod(at, len(opened))
        leaves, enters = int(closed[row]), int(opened[column])
        free = leaves not in partner and enters not in partner.values()
        if free and share[row, column] >= MOVE_SHARE:
            partner[leaves] = enters
    return partner


def _find_heir(problem: CoverProblem, sites: tuple[int, ...], site: int) -> int:
    """Return the open site that covers most of a closed one's demand, if it is half of it."""
    chosen = np.array(sites, dtype=np.int64)
    if chosen.size == 0:
        return NOBODY
    shared = _overlap(problem, np.array([site]), chosen)[0]
    mass = float(problem.weight[_rows_of(problem, site)].sum())
    best = int(np.argmax(shared))
    return int(chosen[best]) if mass > 0 and shared[best] >= MERGE_SHARE * mass else NOBODY


def _overlap(problem: CoverProblem, first: Int64, second: Int64) -> Float64:
    """Return the demand that each pair of sites covers together, shape (a, b)."""
    a = problem.by_site[first]
    b = problem.by_site[second]
    return np.asarray((a.multiply(problem.weight.astype(np.float64)) @ b.T).todense())


def _merit(gain: int, cost: int) -> tuple[int, float]:
    """Rank a step: 3 free gains, 2 paid gains by gain per money, 1 no change, 0 losses."""
    if gain >= 0 and cost <= 0:
        return 3, float(-cost)
    if gain > 0:
        return 2, gain / cost
    if gain == 0:
        return 1, float(-cost)
    return 0, float(gain)


def _after(problem: CoverProblem, count: Int64, action: SiteAction) -> Int64:
    new = count.copy()
    if action.opens != NOBODY:
        new[_rows_of(problem, action.opens)] += 1
    if action.closes != NOBODY:
        new[_rows_of(problem, action.closes)] -= 1
    return new


def _covered(problem: CoverProblem, count: Int64) -> int:
    return int(problem.weight[count > 0].sum())


def _rows_of(problem: CoverProblem, site: int) -> Int64:
    matrix = problem.by_site
    return np.asarray(matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]], np.int64)


def _mask(problem: CoverProblem, sites: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(problem.sites, dtype=np.bool_)
    mask[np.array(sites, dtype=np.int64)] = True
    return mask
