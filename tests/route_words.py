"""What the search for the routes of one vehicle speaks of: ways under way, acts, routes."""

from __future__ import annotations

from dataclasses import dataclass

from solver.routing.referee_drive import RouteDrive
from solver.routing.solution import Step

Units = tuple[int, ...]


@dataclass
class Found:
    """A route as it is without links; ``taken`` are ((stock row, part), units) sorted."""

    vehicle: int
    steps: tuple[Step, ...]
    visits: frozenset[int]
    cost: int
    departure: int
    work: int
    meters: int
    worst: int
    used: Units
    taken: tuple[tuple[tuple[int, int], int], ...]
    drive: RouteDrive | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on the way, for going back over it: a leg, or a stay at a place.

    ``leg`` is (from, to) or None; a stay starts at ``limit`` at the latest, ``access`` after the
    vehicle is there, and not before ``opens``.
    """

    leg: tuple[int, int] | None = None
    opens: int = 0
    limit: int = 0
    lasts: int = 0
    access: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """A route up to some moment; ``heading`` is set between the travel and the stop it leads to."""

    moment: int
    place: int
    load: Units
    steps: tuple[Step, ...] = ()
    acts: tuple[Act, ...] = ()
    served: frozenset[int] = frozenset()
    breaks: int = 0
    heading: Step | None = None
    points: tuple[int, ...] = ()
    taken: tuple[tuple[int, int, int], ...] = ()
    loaded: Units = (0,) * 8
    departure: int | None = None
    rested: int = 0
    meters: int = 0
    late_cost: int = 0
    worst: int = 0
