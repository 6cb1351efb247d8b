"""The cost and the faults of a list of routes, from the raw instance alone.

Shares nothing with the problem arrays: distances are recomputed in exact integer arithmetic
(``trunc1``, ``exact1000``) or in double precision (``none``), one leg at a time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scenarios.instances.rounding import Rounding
from scenarios.instances.vrptw import Vrptw

TOLERANCE = 1e-6
"""Time that double precision may lose along a route, in units of the file."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a list of routes is worth.

    Attributes
    ----------
    cost
        Total distance in the unit of the published values: file units with one decimal
        (``trunc1``), thousandths as a whole number (``exact1000``), double (``none``).
    vehicles
        Routes with at least one customer.
    unserved
        Customers on no route, sorted.
    faults
        Every rule that is broken, in words; empty = feasible.
    """

    cost: float
    vehicles: int
    unserved: tuple[int, ...]
    faults: tuple[str, ...]


def evaluate(instance: Vrptw, routes: Sequence[Sequence[int]], rounding: Rounding) -> Evaluation:
    """Judge routes given as customer numbers 1 … n, depot left out.

    Empty routes are allowed and cost nothing.
    """
    leg = _legs(instance, rounding)
    faults = _count_faults(instance, routes)
    known = range(1, instance.customers + 1)
    total: Fraction | float = 0
    for number, route in enumerate(routes, start=1):
        if not route or not all(customer in known for customer in route):
            continue
        distance, found = _drive(instance, route, leg)
        total += distance
        faults += [f"route {number}: {fault}" for fault in found]
    used = sum(1 for route in routes if route)
    if used > instance.vehicles:
        faults.append(f"{used} vehicles; the instance has {instance.vehicles}")
    served = {customer for route in routes for customer in route}
    unserved = tuple(customer for customer in known if customer not in served)
    cost = float(total * 1000) if rounding is Rounding.EXACT1000 else float(total)
    return Evaluation(cost, used, unserved, tuple(faults))


def _count_faults(instance: Vrptw, routes: Sequence[Sequence[int]]) -> list[str]:
    """Return what is wrong with how often each customer appears."""
    counts = Counter(customer for route in routes for customer in route)
    known = range(1, instance.customers + 1)
    faults = [f"customer {c}: unknown" for c in sorted(counts) if c not in known]
    faults += [f"customer {c}: served {counts[c]} times" for c in known if counts[c] > 1]
    faults += [f"customer {c}: not served" for c in known if counts[c] == 0]
    return faults


Leg = Callable[[int, int], Fraction | float]


def _legs(instance: Vrptw, rounding: Rounding) -> Leg:
    """Return the function that measures one leg."""
    if rounding is Rounding.NONE:
        return lambda a, b: math.sqrt(
            (instance.x[a] - instance.x[b]) ** 2 + (instance.y[a] - instance.y[b]) ** 2
        )

    def exact(a: int, b: int) -> Fraction:
        square = (Fraction(instance.x[a]) - Fraction(instance.x[b])) ** 2
        square += (Fraction(instance.y[a]) - Fraction(instance.y[b])) ** 2
        if rounding is Rounding.TRUNC1:
            # floor(10 sqrt(s)) = isqrt(floor(100 s))
            return Fraction(math.isqrt(math.floor(100 * square)), 10)
        # floor(1000 sqrt(s) + 1/2) = (floor(2000 sqrt(s)) + 1) // 2
        return Fraction((math.isqrt(math.floor(4_000_000 * square)) + 1) // 2, 1000)

    return exact


def _drive(instance: Vrptw, route: Sequence[int], leg: Leg) -> tuple[Fraction | float, list[str]]:
    """Return the distance of one route and the rules it breaks."""
    faults: list[str] = []
    load = sum(instance.demand[customer] for customer in route)
    if load > instance.capacity:
        faults.append(f"load {load} exceeds {instance.capacity}")
    clock: Fraction | float = instance.ready[0]
    distance: Fraction | float = 0
    here = 0
    for customer in (*route, 0):
        step = leg(here, customer)
        distance += step
        clock += step
        if clock > instance.due[customer] + TOLERANCE:
            who = f"customer {customer}" if customer else "the depot"
            faults.append(f"{who} reached at {float(clock):.4f} after {instance.due[customer]}")
        clock = max(clock, instance.ready[customer]) + instance.service[customer]
        here = customer
    return distance, faults
