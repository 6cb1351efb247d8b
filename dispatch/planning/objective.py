"""The one table of prices as exact integers.

The solver adds integer cost units; ``COST_SCALE`` of them are one fen. The scale is the least one
that makes every price per hour, minute and kilometer a whole number per second or meter *and*
leaves half a fen a whole number: lcm(3600, 60, 1000) = 18 000.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain import Prices, Priority, Visit

COST_SCALE = 18_000
"""Cost units in one fen."""

PER_HOUR = COST_SCALE // 3600
"""Units per second of a price of one fen per hour."""

PER_MINUTE = COST_SCALE // 60
"""Units per second of a price of one fen per minute."""

PER_KM = COST_SCALE // 1000
"""Units per meter of a price of one fen per kilometer."""

MANDATORY_WEIGHT = 10_000
"""How many times its price a visit that must not be left out weighs in the search, at most.

A day whose costs would leave 64 bits with it gets a smaller weight, the same for all such visits,
so that the order of the classes stays that of their prices.
"""


@dataclass(frozen=True, slots=True)
class LateRate:
    """What a second of lateness costs.

    Attributes
    ----------
    knee_s
        Seconds from which on the second rate holds.
    before, after
        Cost units per second before and after the knee.
    """

    knee_s: int
    before: int
    after: int

    def cost(self, lateness_s: int) -> int:
        """Return the cost units of a lateness in seconds."""
        early = min(lateness_s, self.knee_s)
        return self.before * early + self.after * max(0, lateness_s - self.knee_s)


def round_fen(units: int) -> int:
    """Return whole fen, half a fen rounded up; ``units >= 0``."""
    return (2 * units + COST_SCALE) // (2 * COST_SCALE)


def owes_arrival(visit: Visit) -> bool:
    """Return whether CARD-E15 decides: an emergency that was promised nothing else."""
    return visit.priority is Priority.EMERGENCY and not visit.promises


def late_rate(prices: Prices, visit: Visit) -> LateRate:
    """Return the rate of a visit's lateness, of its *emergency arrival* where that is owed.

    A visit without promises that is no emergency is never late; its rate is 0.
    """
    if owes_arrival(visit):
        per_minute = prices.emergency_arrival_per_min
    elif not visit.promises:
        per_minute = 0
    else:
        per_minute = {
            Priority.EMERGENCY: prices.late_emergency_per_min,
            Priority.URGENT: prices.late_urgent_per_min,
            Priority.IMPORTANT: prices.late_important_per_min,
            Priority.GENERAL: prices.late_general_per_min,
        }[visit.priority]
        if visit.customer_class == "vip":
            per_minute *= prices.late_factor_vip
    rate = per_minute * PER_MINUTE
    return LateRate(prices.late_knee_s, rate, rate * prices.late_factor_after_knee)


def unassigned_fen(prices: Prices, visit: Visit) -> int:
    """Return the price of leaving a visit out: by its class, or its value where it is optional."""
    if visit.priority is Priority.EMERGENCY:
        return prices.unassigned_emergency
    if not visit.mandatory:
        return visit.value_fen or 0
    return {
        Priority.URGENT: prices.unassigned_urgent,
        Priority.IMPORTANT: prices.unassigned_important,
        Priority.GENERAL: prices.unassigned_general,
    }[visit.priority]


def is_weighed(visit: Visit, mandatory: str) -> bool:
    """Return whether leaving a visit out weighs more than its price in the search.

    Parameters
    ----------
    mandatory
        With ``first`` every mandatory visit does, with ``by_price`` only emergencies.
    """
    return visit.priority is Priority.EMERGENCY or (visit.mandatory and mandatory == "first")


def search_penalty(
    prices: Prices, visit: Visit, mandatory: str, weight: int = MANDATORY_WEIGHT
) -> int:
    """Return the cost units that the *search* sees for leaving a visit out.

    Parameters
    ----------
    mandatory
        Of the day's settings, see :func:`is_weighed`.
    weight
        How many times its price a weighed visit counts.
    """
    units = unassigned_fen(prices, visit) * COST_SCALE
    return units * weight if is_weighed(visit, mandatory) else units


def beyond_radius_units(prices: Prices, beyond_m: int) -> int:
    """Return the cost units of a visit served ``beyond_m`` meters outside the radius."""
    if beyond_m <= 0:
        return 0
    return prices.beyond_radius * COST_SCALE + prices.beyond_radius_per_km * PER_KM * beyond_m
