"""Ways along the streets for the map: each leg is searched once and kept for a while."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Final

from dispatch.web.board_model import BoardRow, BoardView, Spot
from geo.errors import NoWay
from geo.travel_matrix import TravelProvider

MOST_KEPT: Final = 5000
"""Legs in memory; one has some hundred points."""
SIMPLE_DEG: Final = 2e-5
"""How far a drawn way may run beside the real one: about two meters."""

Leg = tuple[str, Spot, Spot]
"""The stop where it ends, from where to where."""
Goal = tuple[str, Spot | None]
"""Its name and where it is; None = nobody here is told."""


class StreetWays:
    """Ways of a provider's roads; safe between threads.

    Parameters
    ----------
    provider
        Of the service.
    """

    def __init__(self, provider: TravelProvider) -> None:
        self._provider = provider
        self._kept: OrderedDict[tuple[Spot, Spot, str], tuple[Spot, ...] | None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def has_roads(self) -> bool:
        """Say whether there are streets to follow."""
        return not self._provider.estimated

    def find_way(self, origin: Spot, destination: Spot, profile: str) -> tuple[Spot, ...] | None:
        """Find the way from a place to another, both included; None where no road leads.

        Raises
        ------
        UnknownProfile
            If nobody travels by this profile here.
        """
        key = origin, destination, profile
        # One after the other: who asks for the same leg meanwhile finds it, and others get on.
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._search(origin, destination, profile)
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            return self._kept[key]

    def _search(self, origin: Spot, destination: Spot, profile: str) -> tuple[Spot, ...] | None:
        import shapely

        try:
            points = self._provider.leg_geometry(origin, destination, profile)
        except NoWay:
            return None
        line = shapely.simplify(shapely.linestrings(points), SIMPLE_DEG, preserve_topology=False)
        inner = ((round(lon, 5), round(lat, 5)) for lon, lat in shapely.get_coordinates(line))
        # Streets are reached from the door, and left to it.
        return (origin, *(spot for spot in inner if spot not in {origin, destination}), destination)


def legs_to(row: BoardRow, stops: Iterable[Goal]) -> Iterator[Leg]:
    """Give the legs from where the technician of a row is now over some places in order."""
    been = (
        one.job.at
        for one in reversed(row.stops)
        if one.job is not None and (one.phase == "past" or one.at_door or one.at_work)
    )
    here = row.here or next(been, row.start)
    for name, there in stops:
        if here is not None and there is not None and here != there:
            yield name, here, there
        here = there


def legs_of(row: BoardRow, view: BoardView) -> Iterator[Leg]:
    """Give the legs of a row in order: from where it starts to each place somebody goes to."""
    outlets = {outlet.id: outlet.at for outlet in view.outlets}
    here = row.start
    for stop in row.stops:
        there = None
        if stop.kind == "other":
            here = None  # somewhere in another region
            continue
        if stop.job is not None:
            there = stop.job.at
        elif stop.kind == "end":
            there = row.end or row.start
        elif stop.outlet is not None:
            there = outlets.get(stop.outlet)
        if there is None:
            continue
        if here is not None and here != there:
            yield stop.id, here, there
        here = there
