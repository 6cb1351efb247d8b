"""What a routing problem may have beyond visits, vehicles and windows, one class per feature.

Every feature is optional (``None`` on :class:`~solver.routing.problem.RoutingProblem`). Letters of
shapes are those of ``solver.routing.problem``; ``docs/semantics.md`` has the meanings.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass

import numpy as np
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

MAX_REGIMES = 6
"""Different states of traffic in one problem."""

UNLIMITED = -1
"""A stock, a gap or a limit that does not bind."""


def freeze(value: object) -> None:
    """Make every array inside a dataclass, or inside tuples of it, read-only."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, tuple):
        for item in value:
            freeze(item)
    elif is_dataclass(value):
        for field in fields(value):
            freeze(getattr(value, field.name))


@dataclass(frozen=True, eq=False)
class RushHours:
    """Travel times that depend on the moment of departure, without overtaking.

    The horizon is cut into buckets; each bucket has a regime; each regime has its own matrices. A
    leg consumes buckets as it drives (Ichoua, Gendreau & Potvin 2003): see
    ``solver.routing.travel_clock``. Reachability and meters are those of the problem's own
    matrices, whose seconds (free flow) are not driven on by a profile that is subject to traffic.

    Parameters
    ----------
    bucket_start
        Shape (c,), ascending seconds, the first is 0; the last bucket never ends.
    bucket_regime
        Shape (c,), regime of each bucket.
    durations_s
        Per profile, a tuple of one matrix of shape (m, m) per regime, or an empty tuple for a
        profile that traffic does not concern. ``UNREACHABLE`` exactly where the problem's own
        durations are.
    """

    bucket_start: Int32
    bucket_regime: Int32
    durations_s: tuple[tuple[Int32, ...], ...]


@dataclass(frozen=True, eq=False)
class Parts:
    """Spare parts and tools: what visits need, what vehicles carry, where more can be picked up.

    ``e`` needs, ``t`` kinds of part, ``s`` pick-up points, ``o`` stocks.

    Parameters
    ----------
    need_offset
        Shape (n + 1,): needs of visit v are ``need_offset[v]`` up to, not including,
        ``need_offset[v + 1]``; a kind at most once per visit.
    need_part, need_quantity
        Shape (e,), kind and units (>= 1).
    is_used_up
        Shape (t,): 1 for a part that stays at the customer, 0 for a tool that comes along: what
        of a tool is picked up for one visit serves all later visits of that route.
    vehicle_van, van_stock
        Shape (k,) and (y, t): which van a vehicle uses, and the units on each van at first.
        Vehicles that share a van use it one after the other, by index: what one has used up is
        gone for the next; what one picks up is for its own visits.
    point_location, point_earliest, point_latest, point_service_s, point_stock
        Shape (s,): where a pick-up stop can be made, between which moments it may *begin*, how
        long it takes, and whose stock it draws on. A place with two openings is two points. What
        the van lacks for a visit is taken, each part whole, at the last pick-up before the visit
        whose ``stock`` of that part is not 0; a pick-up at which nothing is taken is no fault.
    stock
        Shape (o, t), units there for all vehicles together, ``UNLIMITED`` = always enough.
    pool_stock
        Shape (q, t), units for the visits of each pool together (tools are added up like parts),
        or ``UNLIMITED``.
    """

    need_offset: Int32
    need_part: Int32
    need_quantity: Int32
    is_used_up: Int32
    vehicle_van: Int32
    van_stock: Int32
    point_location: Int32
    point_earliest: Int32
    point_latest: Int32
    point_service_s: Int32
    point_stock: Int32
    stock: Int32
    pool_stock: Int32


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of visits that depend on each other; ``l`` links.

    Where both are on routes: ``start[second] >= base + least`` and, unless ``UNLIMITED``,
    ``start[second] <= base + most``, with ``base`` the start of ``first`` (or its end where
    ``from_end``). All starts of a plan are the least ones that keep every link and are no earlier
    than the arrivals; a start bounds nothing else but what follows it on its route (the window
    bounds the arrival, unless ``late_at_start``). Linked visits may not be given to pools.

    Parameters
    ----------
    first, second
        Shape (l,), different visits.
    least_s, most_s
        Shape (l,), bounds on the gap; ``least_s`` may be negative where ``from_end`` is 0.
    from_end
        Shape (l,), 1 if the gap counts from the end of the first visit.
    person
        Shape (l,): 0 = anybody, 1 = both by the same person, 2 = by two persons.
    demands
        Shape (l,): 0 = either may be served alone, 1 = the second only if the first is served,
        2 = both or none.
    vehicle_person
        Shape (k,), who drives: shifts of one person share a number.
    """

    first: Int32
    second: Int32
    least_s: Int32
    most_s: Int32
    from_end: Int32
    person: Int32
    demands: Int32
    vehicle_person: Int32


@dataclass(frozen=True, eq=False)
class RouteLimits:
    """Most of each that one vehicle may do, all shape (k,), ``UNLIMITED`` = no limit.

    They hold for the route as stated, that is, as driven from its departure.

    Parameters
    ----------
    visits
        Visits served.
    distance_m
        Meters of the whole route.
    driving_s
        Seconds on the way, whole route.
    duration_s
        Seconds from departure to the end place, breaks included.
    """

    visits: Int32
    distance_m: Int32
    driving_s: Int32
    duration_s: Int32


@dataclass(frozen=True, eq=False)
class FairShares:
    """A price on doing more than one's share; ``g`` persons.

    A person, also an idle one, whose vehicles work ``W`` seconds and drive ``M`` meters together
    costs ``cost_per_second * max(0, W - work_s) + cost_per_meter * max(0, M - distance_m)`` on
    top. Earlier days are carried over by subtracting them from the share, which may be negative.

    Parameters
    ----------
    vehicle_person
        Shape (k,), who drives.
    work_s, distance_m
        Shape (g,), the share of each person.
    cost_per_second, cost_per_meter
        Shape (g,), price beyond it.
    """

    vehicle_person: Int32
    work_s: Int64
    distance_m: Int64
    cost_per_second: Int64
    cost_per_meter: Int64


@dataclass(frozen=True, eq=False)
class ServiceTimes:
    """Service times that depend on who comes; ``u`` groups of vehicles.

    Parameters
    ----------
    vehicle_group
        Shape (k,), group of each vehicle.
    service_s
        Shape (n, u), takes the place of ``visit_service_s``.
    """

    vehicle_group: Int32
    service_s: Int32


@dataclass(frozen=True, eq=False)
class Agreed:
    """What customers were told before the plan changes, and which vehicles are out already.

    A visit whose arrival is later than ``told_latest`` costs ``told_rate`` for each second of it,
    on top of any lateness. A visit that directly follows (breaks and pick-ups aside) one of a
    higher ``told_order`` costs its ``order_cost``, where both were told to one person, who drives.

    A vehicle that is out leaves its start place exactly at ``vehicle_earliest``: waiting before the
    first visit is paid, and breaks it takes at the start place come after the departure. It always
    has a route, priced like any other. One without visits is no decision: the vehicle takes
    the fewest breaks where it stands (the first ones) that let it keep the windows of all breaks,
    the end of its shift with overtime and its limits; it then goes to its end place, where it takes
    the others. Where no number of breaks does that, it goes at once, and what it overruns is no
    fault: somebody who is out has to come home. Overtime is paid for in full. As soon as such a
    vehicle has a visit, every rule holds for it.

    Parameters
    ----------
    told_latest
        Shape (n,), arrival up to which nothing is paid; ``UNLIMITED`` = nothing told.
    told_rate
        Shape (n,), price per second after it.
    told_person
        Shape (n,), who was announced; ``UNLIMITED`` = nobody.
    told_order
        Shape (n,), rank among what that person was told; read only where somebody was announced.
    order_cost
        Shape (n,), paid for following one of a higher rank.
    vehicle_person
        Shape (k,), who drives, by the numbers of ``told_person``.
    vehicle_out
        Shape (k,): 1 = out already, which takes a way from its start to its end place.
    """

    told_latest: Int32
    told_rate: Int64
    told_person: Int32
    told_order: Int32
    order_cost: Int64
    vehicle_person: Int32
    vehicle_out: Int32


@dataclass(frozen=True, slots=True)
class ScheduleRules:
    """Rules of time that public problems state differently; the defaults are a service day's.

    Parameters
    ----------
    leaves_for_end
        False: the departure is the latest that keeps every arrival. True: the latest that keeps
        the end of the route, adds no lateness (no second of it, priced or not, nor of an arrival
        later than told), and keeps the windows of breaks and pick-up points and the starts of
        linked visits; arrivals then move to the right (the shortest route of that order).
    late_at_start
        False: the window bounds the arrival and lateness is the arrival's. True: both are the
        start's (they differ only where a visit waits for a linked one).
    worst_late_rate
        Price per second of the greatest lateness of any visit on a route.
    """

    leaves_for_end: bool = False
    late_at_start: bool = False
    worst_late_rate: int = 0


DAY_RULES = ScheduleRules()
"""The rules of a service day."""
