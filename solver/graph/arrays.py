"""Checks of the arrays that describe a graph; every fault at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.errors import ArrayFault, InvalidProblem


class ArrayChecker:
    """Collects faults; ``finish`` raises them together."""

    def __init__(self) -> None:
        self.faults: list[ArrayFault] = []

    def finish(self) -> None:
        """Raise ``InvalidProblem`` with everything found so far, if anything was."""
        if self.faults:
            raise InvalidProblem(tuple(self.faults))

    def check_integers(
        self, name: str, values: NDArray[Any], size: int | None, low: int, high: int
    ) -> None:
        """Want a 1-d integer array of ``size`` entries in ``[low, high)``; never a float."""
        if not self._has_form(name, values, "iu", "integers", size):
            return
        outside = np.flatnonzero((values < low) | (values >= high))
        if outside.size:
            first = int(outside[0])
            self._add(
                f"{name}[{first}]",
                f"{values[first]} ({outside.size} such entries)",
                f"{low} to {high}, exclusive",
            )

    def check_degrees(self, name: str, values: NDArray[Any], size: int) -> None:
        """Want a 1-d float array of ``size`` finite entries."""
        if not self._has_form(name, values, "f", "floats", size):
            return
        broken = np.flatnonzero(~np.isfinite(values))
        if broken.size:
            first = int(broken[0])
            self._add(f"{name}[{first}]", str(values[first]), "a finite number")

    def check_permutation(self, name: str, values: NDArray[Any]) -> None:
        """Want every index exactly once; the range has been checked before."""
        counts = np.bincount(values, minlength=values.size)
        for index in np.flatnonzero(counts != 1)[:1].tolist():
            self._add(name, f"{index} {counts[index]} times", "every node exactly once")

    def _has_form(
        self, name: str, values: NDArray[Any], kinds: str, words: str, size: int | None
    ) -> bool:
        if values.ndim != 1 or values.dtype.kind not in kinds:
            found = f"{values.dtype} of shape {values.shape}"
            self._add(name, found, f"{words} of shape ({'any' if size is None else size},)")
            return False
        if size is not None and values.shape[0] != size:
            self._add(name, f"{values.shape[0]} entries", f"{size} entries")
            return False
        return True

    def _add(self, where: str, found: str, expected: str) -> None:
        self.faults.append(ArrayFault(where=where, found=found, expected=expected))


def to_int32(values: NDArray[Any]) -> NDArray[np.int32]:
    """Return checked integers as the contiguous int32 array the cores take."""
    return np.ascontiguousarray(values, dtype=np.int32)


def to_int64(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return checked integers as the contiguous int64 array the cores take."""
    return np.ascontiguousarray(values, dtype=np.int64)
