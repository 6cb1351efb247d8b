"""``.sol`` files: one line ``Route #k: …`` per route, then ``Cost …``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scenarios.errors import InstanceFormatError
from scenarios.instances.text import read_text, split_lines, to_number, to_whole

_ROUTE = re.compile(r"Route\s*#?\s*(\d{1,9})\s*:(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SolutionText:
    """A solution as published.

    Attributes
    ----------
    routes
        Customer numbers, depot left out; routes may be empty.
    cost
        Published cost, None if the file states none.
    numbers
        The number k of each ``Route #k``.
    """

    routes: tuple[tuple[int, ...], ...]
    cost: float | None
    numbers: tuple[int, ...] = ()

    def by_vehicle(self, vehicles: int) -> tuple[tuple[int, ...], ...]:
        """Return one route per vehicle, route k at place k - 1; empty where none is stated.

        Raises
        ------
        InstanceFormatError
            If a number is stated twice or is none of 1 … ``vehicles``.
        """
        routes: list[tuple[int, ...] | None] = [None] * vehicles
        for number, route in zip(self.numbers, self.routes, strict=True):
            if not 1 <= number <= vehicles or routes[number - 1] is not None:
                raise InstanceFormatError(
                    "solution", 0, f"Route #{number}", f"each of 1 … {vehicles} at most once"
                )
            routes[number - 1] = route
        return tuple(route or () for route in routes)


def read_sol(path: Path) -> SolutionText:
    """Read a ``.sol`` file; errors are those of `parse_sol` and of opening it."""
    return parse_sol(read_text(path), path.name)


def parse_sol(text: str, where: str = "text") -> SolutionText:
    """Parse the text of a ``.sol`` file.

    Raises
    ------
    InstanceFormatError
        At the first line that is neither a route nor the cost.
    """
    routes: list[tuple[int, ...]] = []
    numbers: list[int] = []
    cost: float | None = None
    for number, line in split_lines(text):
        match = _ROUTE.fullmatch(line)
        if match:
            words = match.group(2).split()
            numbers.append(int(match.group(1)))
            routes.append(tuple(to_whole(w, where, number, "customer") for w in words))
        elif line.upper().startswith("COST"):
            cost = to_number(line[4:].strip(" :"), where, number, "cost")
        else:
            raise InstanceFormatError(where, number, repr(line), "'Route #k: …' or 'Cost …'")
    return SolutionText(tuple(routes), cost, tuple(numbers))


def format_sol(routes: Sequence[Sequence[int]], cost: float) -> str:
    """Return the text of a ``.sol`` file."""
    lines = [f"Route #{k}: {' '.join(map(str, route))}" for k, route in enumerate(routes, start=1)]
    return "\n".join([*lines, f"Cost {format_cost(cost)}", ""])


def format_cost(cost: float) -> str:
    """Return a cost without a tail of rounding noise: at most four decimals, no trailing zeros."""
    return f"{cost:.4f}".rstrip("0").rstrip(".")


def write_sol(path: Path, routes: Sequence[Sequence[int]], cost: float) -> None:
    """Write a ``.sol`` file; the folder is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_sol(routes, cost), encoding="utf-8")
