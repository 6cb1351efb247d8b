"""What a solve returns: values only, no behavior that could change a plan.

A solution is stated twice: as *steps* (the decision: order of visits, chosen windows, places of
breaks) and as *stops* (the decision with its times). Steps are enough to rebuild everything else
(``solver.routing.timetable``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple

from solver.status import SolveStatus, StoppedBy


class StepKind(IntEnum):
    """What a step is."""

    VISIT = 0
    BREAK = 1
    PICKUP = 2


class Step(NamedTuple):
    """One decision on a route.

    Attributes
    ----------
    kind
        Visit, break, or a stop to pick up parts.
    index
        Visit index, index into the problem's break arrays, or pick-up point.
    choice
        For a visit the index of the chosen window. For a break 0 = taken where the vehicle
        stands, before it travels on; 1 = taken after traveling to the place of the next visit
        (visit, pick-up point or the end place), before the access time there. For a pick-up 0.
    """

    kind: StepKind
    index: int  # type: ignore[assignment]  # the field's word; nobody calls tuple.index on a step
    choice: int


class BlockCode(StrEnum):
    """The first rule that keeps a visit off a vehicle."""

    NONE = "none"
    FORBIDDEN = "forbidden"
    UNREACHABLE = "unreachable"
    CAPACITY = "capacity"
    WINDOW = "window"
    BREAK = "break"
    SHIFT = "shift"
    PART = "part"
    LIMIT = "limit"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Stop:
    """A step with its times, seconds since the horizon start.

    Attributes
    ----------
    step
        The decision.
    leg_s, leg_m
        Travel that ends here; 0 for a break taken where the vehicle stands.
    reached
        Vehicle at the place, access time over. For a break: ready to begin it.
    arrival
        At the door: ``max(reached, earliest)``. For a break or pick-up: its start.
    start, end
        Work (break, pick-up) from, to. A linked visit may start after its arrival.
    lateness_s
        ``max(0, arrival - latest)`` of the chosen window (``start`` under ``late_at_start``); 0
        for a break or pick-up.
    taken
        Of a pick-up: (part, units) taken there, by part.
    """

    step: Step
    leg_s: int
    leg_m: int
    reached: int
    arrival: int
    start: int
    end: int
    lateness_s: int
    taken: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RouteCost:
    """What a route costs, by component, in cost units.

    ``disturbed`` is the price of what customers were told otherwise (``features.Agreed``).
    """

    fixed: int = 0
    work: int = 0
    overtime: int = 0
    travel: int = 0
    lateness: int = 0
    assignment: int = 0
    disturbed: int = 0

    @property
    def total(self) -> int:
        """Sum of all components."""
        price = self.fixed + self.work + self.overtime + self.travel + self.lateness
        return price + self.assignment + self.disturbed


@dataclass(frozen=True, slots=True)
class Route:
    """One used vehicle.

    Attributes
    ----------
    departure
        Latest departure from the start place that keeps every arrival. Leading breaks taken at
        the start place lie before it.
    end
        At the end place. Trailing breaks taken there lie after it.
    last_leg_s, last_leg_m
        Travel to the end place.
    work_s
        ``end - departure`` minus the breaks between them.
    """

    vehicle: int
    stops: tuple[Stop, ...]
    departure: int
    end: int
    last_leg_s: int
    last_leg_m: int
    distance_m: int
    work_s: int
    overtime_s: int
    cost: RouteCost

    @property
    def visits(self) -> tuple[int, ...]:
        """Visit indices in order."""
        return tuple(s.step.index for s in self.stops if s.step.kind is StepKind.VISIT)


@dataclass(frozen=True, slots=True)
class RoutingSolution:
    """A complete answer.

    Attributes
    ----------
    routes
        Used vehicles only, by vehicle index; one that is out already is used without visits, too.
    pools
        Visits given to each pool, shape (q,) of sorted indices.
    unassigned
        Visits nobody serves, sorted.
    shared_cost
        What belongs to no single route: unfair shares and the worst lateness.
    cost
        Routes + pool prices + penalties of the unassigned + ``shared_cost``, in cost units.
    trace
        (seconds, iteration, cost) at each new incumbent, oldest first.
    recombined
        How often routes of several plans made a better one (``solver.routing.recombine``); None
        where that is not tried.
    """

    routes: tuple[Route, ...]
    pools: tuple[tuple[int, ...], ...]
    unassigned: tuple[int, ...]
    cost: int
    status: SolveStatus
    engine: str
    seed: int
    iterations: int
    runtime_s: float
    stopped_by: StoppedBy
    trace: tuple[tuple[float, int, int], ...] = field(default=())
    shared_cost: int = 0
    recombined: int | None = None
