"""What customers were told, as plain numbers, and what it costs to do otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from solver.routing.features import UNLIMITED, Agreed
from solver.routing.solution import Stop

ANY_TIME: Final = 2**31
"""Later than any arrival."""


class AgreedData:
    """The arrays of ``Agreed`` as Python integers.

    Parameters
    ----------
    agreed
        The feature.
    """

    def __init__(self, agreed: Agreed) -> None:
        self._latest: list[int] = agreed.told_latest.tolist()
        self._rate: list[int] = agreed.told_rate.tolist()
        self._person: list[int] = agreed.told_person.tolist()
        self._order: list[int] = agreed.told_order.tolist()
        self._order_cost: list[int] = agreed.order_cost.tolist()
        self._driver: list[int] = agreed.vehicle_person.tolist()

    def arrival_by(self, visit: int) -> int:
        """Return the latest arrival at ``visit`` that costs nothing."""
        latest = self._latest[visit]
        return ANY_TIME if latest == UNLIMITED else latest

    def price(self, vehicle: int, visits: Sequence[Stop]) -> int:
        """Return what the visits of one route cost, in order: arrivals and order as told."""
        late = sum(
            self._rate[stop.step.index] * max(0, stop.arrival - self.arrival_by(stop.step.index))
            for stop in visits
        )
        person = self._driver[vehicle]
        turned = sum(
            self._order_cost[after.step.index]
            for before, after in pairwise(visits)
            if self._person[before.step.index] == person == self._person[after.step.index]
            and self._order[before.step.index] > self._order[after.step.index]
        )
        return late + turned
