"""All faults of a covering problem, reported together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.errors import ArrayFault, InvalidProblem

if TYPE_CHECKING:
    from solver.location.problem import CoverProblem

MAX_TOTAL: Final = 2**48
"""Largest sum of weights and largest sum of money; leaves room for exact double arithmetic."""

_FORMS: Final = {
    "weight": ("int64", "n"),
    "site_offset": ("int64", "n+1"),
    "site_index": ("int32", "e"),
    "cost": ("int64", "m"),
    "closing_cost": ("int64", "m"),
    "existing": ("bool", "m"),
    "fixed": ("int8", "m"),
    "conflict": ("int32", "c,2"),
    "backup_weight": ("int64", "n"),
    "group": ("int32", "n"),
    "group_target": ("int64", "g"),
}


def check_cover(problem: CoverProblem) -> None:
    """Raise ``InvalidProblem`` with every fault of the arrays, if there is any."""
    faults = _check_form(problem)
    if not faults:
        faults = [*_check_rows(problem), *_check_values(problem), *_check_money(problem)]
    if faults:
        raise InvalidProblem(tuple(faults))


def _check_form(problem: CoverProblem) -> list[ArrayFault]:
    faults: list[ArrayFault] = []
    sizes: dict[str, int | None] = {"e": None, "g": None, "c": None}
    array: Any
    for name, key in (("weight", "n"), ("cost", "m")):
        array = getattr(problem, name)
        sizes[key] = int(array.shape[0]) if getattr(array, "ndim", 0) == 1 else None
    if sizes["n"] is not None:
        sizes["n+1"] = sizes["n"] + 1
    for name, (kind, shape) in _FORMS.items():
        array = getattr(problem, name)
        found = f"{getattr(array, 'dtype', type(array).__name__)}{getattr(array, 'shape', '')}"
        if not isinstance(array, np.ndarray) or array.dtype != kind:
            faults.append(ArrayFault(name, found, f"array of {kind}"))
        elif shape == "c,2":
            if array.ndim != 2 or array.shape[1] != 2:
                faults.append(ArrayFault(name, found, "shape (c, 2)"))
        elif array.ndim != 1 or sizes.get(shape) not in {None, array.shape[0]}:
            faults.append(ArrayFault(name, found, f"shape ({shape},)"))
    return faults


def _check_rows(problem: CoverProblem) -> list[ArrayFault]:
    offset, index = problem.site_offset, problem.site_index
    sites = problem.cost.shape[0]
    steps = np.diff(offset)
    if offset[0] != 0 or (steps < 0).any() or offset[-1] != index.shape[0]:
        found = f"{offset[0]} to {offset[-1]}, smallest step {steps.min(initial=0)}"
        expected = f"ascending from 0 to {index.shape[0]}"
        return [ArrayFault("site_offset", found, expected)]
    faults = _outside("site_index", index, 0, sites - 1)
    if not faults and index.shape[0] > 1:
        descends = index[1:] <= index[:-1]
        starts = offset[1:-1]
        descends[starts[(starts > 0) & (starts < index.shape[0])] - 1] = False
        if descends.any():
            at = int(np.flatnonzero(descends)[0]) + 1
            row = int(np.searchsorted(offset, at, side="right")) - 1
            found = f"{index[at - 1]} then {index[at]} in row {row}"
            faults.append(ArrayFault(f"site_index[{at}]", found, "ascending inside a row"))
    return faults


def _check_values(problem: CoverProblem) -> list[ArrayFault]:
    faults = [
        *_outside("weight", problem.weight, 0, MAX_TOTAL),
        *_outside("backup_weight", problem.backup_weight, 0, MAX_TOTAL),
        *_outside("group_target", problem.group_target, 0, MAX_TOTAL),
        *_outside("group", problem.group, -1, problem.group_target.shape[0] - 1),
        *_outside("fixed", problem.fixed, -1, 1),
        *_outside("conflict", problem.conflict, 0, problem.cost.shape[0] - 1),
    ]
    more = np.flatnonzero(problem.backup_weight > problem.weight)
    if more.size:
        at = int(more[0])
        found = f"{problem.backup_weight[at]} ({more.size} such rows)"
        faults.append(ArrayFault(f"backup_weight[{at}]", found, f"at most {problem.weight[at]}"))
    same = np.flatnonzero(problem.conflict[:, 0] == problem.conflict[:, 1])
    if same.size:
        at = int(same[0])
        faults.append(
            ArrayFault(f"conflict[{at}]", f"site {problem.conflict[at, 0]} twice", "two sites")
        )
    total = float(problem.weight.sum(dtype=np.float64))
    total += float(problem.backup_weight.sum(dtype=np.float64))
    if total > MAX_TOTAL:
        faults.append(ArrayFault("weight", f"sum {total:.0f}", f"sum at most {MAX_TOTAL}"))
    return faults


def _check_money(problem: CoverProblem) -> list[ArrayFault]:
    faults = [
        *_outside("cost", problem.cost, 0, MAX_TOTAL),
        *_outside("closing_cost", problem.closing_cost, 0, MAX_TOTAL),
    ]
    strange = np.flatnonzero((problem.closing_cost > 0) & ~problem.existing)
    if strange.size:
        at = int(strange[0])
        found = f"{problem.closing_cost[at]} ({strange.size} such sites)"
        faults.append(ArrayFault(f"closing_cost[{at}]", found, "0 where nothing exists"))
    total = float(problem.cost.sum(dtype=np.float64))
    total += float(problem.closing_cost.sum(dtype=np.float64))
    if total > MAX_TOTAL:
        faults.append(ArrayFault("cost", f"sum {total:.0f}", f"sum at most {MAX_TOTAL}"))
    return faults


def _outside(name: str, values: NDArray[Any], low: int, high: int) -> list[ArrayFault]:
    """One fault for the first entry outside ``[low, high]``, with the number of such entries."""
    wrong = np.flatnonzero((values < low) | (values > high))
    if not wrong.size:
        return []
    at = int(wrong[0])
    found = f"{values.ravel()[at]} ({wrong.size} such entries)"
    return [ArrayFault(f"{name}[{at}]", found, f"{low} to {high}")]
