"""The form of the arrays of a routing problem: type, dtype, memory order and shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solver.errors import ArrayFault

if TYPE_CHECKING:
    from solver.routing.problem import RoutingProblem

_SHAPES: Final = {
    "visit_location": ("n",),
    "visit_service_s": ("n",),
    "visit_access_s": ("n",),
    "visit_penalty": ("n",),
    "visit_demand": ("n", "d"),
    "late_knee_s": ("n",),
    "late_rate": ("n",),
    "late_rate_after": ("n",),
    "window_offset": ("n+1",),
    "window_earliest": ("w",),
    "window_latest": ("w",),
    "window_limit": ("w",),
    "vehicle_start": ("k",),
    "vehicle_end": ("k",),
    "vehicle_profile": ("k",),
    "vehicle_earliest": ("k",),
    "vehicle_latest": ("k",),
    "vehicle_overtime_s": ("k",),
    "vehicle_fixed_cost": ("k",),
    "cost_per_second": ("k",),
    "cost_per_overtime_second": ("k",),
    "cost_per_meter": ("k",),
    "vehicle_capacity": ("k", "d"),
    "break_offset": ("k+1",),
    "break_earliest": ("b",),
    "break_latest": ("b",),
    "break_duration_s": ("b",),
    "assignment_cost": ("n", "k"),
    "pool_capacity": ("q",),
    "pool_cost": ("n", "q"),
}

_INT64: Final = frozenset(
    {
        "visit_penalty",
        "late_rate",
        "late_rate_after",
        "vehicle_fixed_cost",
        "cost_per_second",
        "cost_per_overtime_second",
        "cost_per_meter",
        "assignment_cost",
        "pool_cost",
    }
)

_SIZES: Final = {
    "n": ("visit_location", 0),
    "k": ("vehicle_start", 0),
    "d": ("visit_demand", 1),
    "w": ("window_earliest", 0),
    "b": ("break_earliest", 0),
    "q": ("pool_capacity", 0),
}
"""Array and axis that define each size; every other array has to follow."""


Sizes = Mapping[str, int]


def check_form(problem: RoutingProblem, sizes: Sizes) -> tuple[list[ArrayFault], frozenset[str]]:
    """Return the faults in form, and the names of the arrays without any.

    Parameters
    ----------
    problem
        The problem; values are not looked at.
    sizes
        Sizes by letter (``find_sizes``).

    Returns
    -------
    tuple
        Faults, and the field names whose values may safely be read.
    """
    faults: list[ArrayFault] = []
    sound: set[str] = set()
    for name, letters in _SHAPES.items():
        dtype = np.dtype(np.int64 if name in _INT64 else np.int32)
        found = check_array(name, getattr(problem, name), dtype, letters, sizes)
        faults.extend(found)
        if not found:
            sound.add(name)
    travel = _check_travel(problem)
    faults.extend(travel)
    if not travel:
        sound.update(("durations_s", "distances_m"))
    return faults, frozenset(sound)


def find_sizes(problem: RoutingProblem) -> dict[str, int]:
    """Return the sizes, by the letters of ``solver.routing.problem``, as far as arrays tell."""
    sizes: dict[str, int] = {}
    for letter, (name, axis) in _SIZES.items():
        array = getattr(problem, name)
        if isinstance(array, np.ndarray) and array.ndim > axis:
            sizes[letter] = array.shape[axis]
    if isinstance(problem.durations_s, tuple) and problem.durations_s:
        sizes["p"] = len(problem.durations_s)
        first = problem.durations_s[0]
        if isinstance(first, np.ndarray) and first.ndim:
            sizes["m"] = first.shape[0]
    return sizes


def check_array(
    where: str,
    array: Any,  # noqa: ANN401 - anything may be handed in
    dtype: np.dtype[Any],
    letters: tuple[str, ...],
    sizes: Sizes,
) -> list[ArrayFault]:
    """Return the faults in form of one array.

    Parameters
    ----------
    where
        Its name in messages.
    array
        What was handed in.
    dtype
        The only one that will do.
    letters
        One per axis, ``"n"`` or ``"n+1"``; a letter without a known size admits any.
    sizes
        Sizes by letter.
    """
    found = _check_array(where, array, dtype, len(letters))
    return found or _check_shape(where, array.shape, letters, sizes)


def _check_array(where: str, array: Any, dtype: np.dtype[Any], ndim: int) -> list[ArrayFault]:  # noqa: ANN401 - anything may be handed in
    if not isinstance(array, np.ndarray):
        return [ArrayFault(where, type(array).__name__, f"a numpy array of {dtype}")]
    faults = []
    if array.dtype != dtype:
        faults.append(ArrayFault(where, f"dtype {array.dtype}", f"dtype {dtype}; never cut"))
    if array.ndim != ndim:
        faults.append(ArrayFault(where, f"{array.ndim} dimensions", f"{ndim} dimensions"))
    elif not array.flags.c_contiguous:
        faults.append(ArrayFault(where, "a strided view", "a C-contiguous array"))
    return faults


def _check_shape(
    where: str, shape: tuple[int, ...], letters: tuple[str, ...], sizes: Sizes
) -> list[ArrayFault]:
    expected: list[int | None] = []
    for letter, actual in zip(letters, shape, strict=True):
        size = sizes.get(letter[0])
        expected.append(actual if size is None else size + letter.endswith("+1"))
    if tuple(expected) == shape:
        return []
    named = ", ".join(letters)
    return [ArrayFault(where, f"shape {shape}", f"shape ({named}) = {tuple(expected)}")]


def _check_travel(problem: RoutingProblem) -> list[ArrayFault]:
    faults: list[ArrayFault] = []
    for name in ("durations_s", "distances_m"):
        matrices = getattr(problem, name)
        if not isinstance(matrices, tuple) or not matrices:
            kind = "an empty tuple" if matrices == () else type(matrices).__name__
            faults.append(ArrayFault(name, kind, "a tuple of one matrix per profile"))
            continue
        for i, matrix in enumerate(matrices):
            faults.extend(_check_array(f"{name}[{i}]", matrix, np.dtype(np.int32), 2))
    return faults or _check_travel_shapes(problem)


def _check_travel_shapes(problem: RoutingProblem) -> list[ArrayFault]:
    durations, distances = problem.durations_s, problem.distances_m
    if len(durations) != len(distances):
        expected = f"{len(durations)}, as durations_s"
        return [ArrayFault("distances_m", f"{len(distances)} matrices", expected)]
    size = durations[0].shape[0]
    if size == 0:
        return [ArrayFault("durations_s[0]", "shape (0, 0)", "at least one location")]
    return [
        ArrayFault(f"{name}[{i}]", f"shape {matrix.shape}", f"shape (m, m) = ({size}, {size})")
        for name, matrices in (("durations_s", durations), ("distances_m", distances))
        for i, matrix in enumerate(matrices)
        if matrix.shape != (size, size)
    ]
