"""What the referee of arrays can find fault with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ViolationCode(StrEnum):
    """The rule that is broken."""

    VISIT = "visit"
    """A visit is unknown, missing, or stands in more than one place."""
    VEHICLE = "vehicle"
    """A vehicle is unknown, has two routes, a route without visits, or is out of order."""
    POOL = "pool"
    """Pools of the wrong number, unsorted, over capacity, or with a visit not allowed there."""
    STEPS = "steps"
    """A window of another visit; a break missing, repeated, out of order or oddly placed; an
    unknown pick-up point."""
    FORBIDDEN = "forbidden"
    UNREACHABLE = "unreachable"
    CAPACITY = "capacity"
    WINDOW = "window"
    """An arrival (a start under ``late_at_start``) after the limit of the chosen window."""
    BREAK = "break"
    """A break that begins after its window."""
    SHIFT = "shift"
    """Back at the end place after the latest moment plus the overtime allowed."""
    PICKUP = "pickup"
    """A pick-up that begins after its point has closed."""
    PART = "part"
    """A visit without its parts; units taken that nobody misses, or at no pick-up stop."""
    STOCK = "stock"
    """A pick-up stock or a pool gives more units than it has."""
    LINK = "link"
    """Linked visits by the wrong persons, one without the other, in a pool, or with gaps that no
    starts can keep."""
    LIMIT = "limit"
    """More visits, meters, seconds of driving or seconds on the way than the vehicle may do."""
    TIMES = "times"
    """A stated moment, leg or sum that is not what the steps give."""
    DEPARTURE = "departure"
    """Not the latest departure that keeps every arrival (the end under ``leaves_for_end``)."""
    COST = "cost"
    """A stated cost that is not what the steps give."""
    STATUS = "status"
    """Feasible with unassigned visits, or the other way around."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule.

    Parameters
    ----------
    code
        The rule.
    where
        Route, stop or figure: ``"vehicle 3 stop 2 arrival"``.
    found
        What the solution states.
    expected
        What the referee computes, or what is allowed.
    """

    code: ViolationCode
    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.code} {self.where}: found {self.found}; expected {self.expected}"
