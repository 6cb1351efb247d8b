"""Collecting faults in the values of arrays; the rules themselves stand with their arrays."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.errors import ArrayFault

if TYPE_CHECKING:
    from solver.routing.problem import RoutingProblem

MAX_MOMENT_S: Final = 2**30
"""Largest absolute moment, seconds; leaves room for additions in 32 bits."""

MAX_LASTING_S: Final = 2**28
"""Largest duration of one leg, service, access or break, seconds."""

MAX_LISTED: Final = 5
"""Entries named one by one for one broken rule; the rest is counted."""

_ROWS_AT_ONCE: Final = 512


class FaultFinder:
    """Base of the checks of values; arrays are named as in messages, ``"parts.need_part"``.

    Parameters
    ----------
    problem
        The problem; its arrays are read, never changed.
    sound
        Names of the arrays whose form is sound; no others are read.

    Attributes
    ----------
    faults
        Faults found so far.
    """

    def __init__(self, problem: RoutingProblem, sound: frozenset[str]) -> None:
        self.problem = problem
        self.faults: list[ArrayFault] = []
        self._sound = sound

    def array(self, name: str) -> NDArray[Any]:
        """Return an array by its name."""
        array: NDArray[Any] = attrgetter(name)(self.problem)
        return array

    def has(self, *names: str) -> bool:
        """Say whether all these arrays may be read."""
        return all(name in self._sound for name in names)

    def add(self, where: str, found: str, expected: str) -> None:
        """Note one fault."""
        self.faults.append(ArrayFault(where, found, expected))

    def report(self, name: str, bad: NDArray[np.bool_], expected: str) -> None:
        """Name the first entries of ``name`` where ``bad`` holds and count the others."""
        if not bad.any():
            return
        values = self.array(name)
        where = np.argwhere(bad)
        for index in where[:MAX_LISTED]:
            at = ", ".join(str(int(i)) for i in index)
            self.add(f"{name}[{at}]", str(int(values[tuple(index)])), expected)
        if len(where) > MAX_LISTED:
            self.add(name, f"{len(where) - MAX_LISTED} more such entries", expected)

    def report_range(self, name: str, low: int, high: int) -> None:
        """Report entries outside [low, high] without building masks for sound arrays."""
        array = self.array(name)
        if array.size and (int(array.min()) < low or int(array.max()) > high):
            self.report(name, (array < low) | (array > high), f"{low} to {high}")

    def check_range(self, low: int, high: int, *names: str) -> None:
        """Report entries outside [low, high] of those arrays that may be read."""
        for name in filter(self.has, names):
            self.report_range(name, low, high)

    def check_offsets(self, name: str, entries: str, *, least: int) -> None:
        """Check that ``name`` cuts ``entries`` into pieces of at least ``least`` each."""
        if not self.has(name, entries):
            return
        offset, size = self.array(name), len(self.array(entries))
        if int(offset[0]) != 0:
            self.add(f"{name}[0]", str(offset[0]), "0")
        if int(offset[-1]) != size:
            expected = f"{size}, the length of {entries}"
            self.add(f"{name}[{len(offset) - 1}]", str(offset[-1]), expected)
        steps = np.diff(offset.astype(np.int64))
        bad = np.concatenate(([False], steps < least))
        self.report(name, bad, f"at least {least} more than the entry before")

    def check_matrix(self, where: str, matrix: NDArray[np.int32], high: int) -> None:
        """Check a travel matrix: entries from -1 to ``high``, 0 on the diagonal."""
        for first in range(0, len(matrix), _ROWS_AT_ONCE):
            block = matrix[first : first + _ROWS_AT_ONCE]
            if int(block.min()) < -1 or int(block.max()) > high:
                for i, j in np.argwhere((block < -1) | (block > high))[:MAX_LISTED]:
                    self.add(f"{where}[{first + i}, {j}]", str(block[i, j]), f"-1 to {high}")
        for i in np.flatnonzero(np.diagonal(matrix))[:MAX_LISTED]:
            self.add(f"{where}[{i}, {i}]", str(matrix[i, i]), "0 on the diagonal")

    def check_masks(
        self, where: str, matrix: NDArray[np.int32], durations: NDArray[np.int32]
    ) -> None:
        """Check that ``matrix`` has no way exactly where ``durations`` have none."""
        for first in range(0, len(matrix), _ROWS_AT_ONCE):
            rows = slice(first, first + _ROWS_AT_ONCE)
            # The sign of an exclusive or is set where exactly one of the two is negative.
            disagree = durations[rows] ^ matrix[rows]
            if int(disagree.min()) >= 0:
                continue
            for i, j in np.argwhere(disagree < 0)[:MAX_LISTED]:
                found = f"{matrix[first + i, j]} where durations_s has {durations[first + i, j]}"
                self.add(f"{where}[{first + i}, {j}]", found, "-1 in both or in neither")
