"""Re-time sampled legs on the road graph by plain shortest paths, handed in by the caller."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from dispatch.domain import Place
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.legs import find_way
from dispatch.referee.reading import ReadRoute
from dispatch.referee.verdict import Violation

Retime = Callable[[Place, Place, str], tuple[float, float] | None]
"""(origin, destination, profile) -> (seconds, meters), None where there is no way."""

TOLERANCE_S = 1
TOLERANCE_M = 1


def check_retimed(
    travel: TravelTable,
    routes: tuple[ReadRoute, ...],
    retime: Retime,
    *,
    samples: int,
    seed: int,
) -> list[Violation]:
    """Return every sampled leg on which the road graph and the travel table disagree.

    Parameters
    ----------
    retime
        Answers from the road graph, without the travel matrix.
    samples
        How many legs; all of them where the plan has fewer.
    seed
        Which legs.
    """
    legs = list(_legs(routes))
    if len(legs) > samples:
        legs = random.Random(seed).sample(legs, samples)  # noqa: S311 - a sample, not a secret
    found: list[Violation] = []
    for read, visit, profile, origin, destination in legs:
        way = find_way(travel, profile, origin, destination)
        plain = retime(origin, destination, profile)
        if not _agree(way.leg, plain):
            said = "no way" if way.leg is None else f"{way.leg[0]} s, {way.leg[1]} m"
            true = "no way" if plain is None else f"{plain[0]:.1f} s, {plain[1]:.1f} m"
            found.append(read.broken("leg_retimed", said, true, visit))
    return found


def _legs(
    routes: tuple[ReadRoute, ...],
) -> Iterator[tuple[ReadRoute, str | None, str, Place, Place]]:
    for read in routes:
        for segment in read.segments:
            if read.technician is None or segment.origin is None or segment.destination is None:
                continue
            visit = segment.visit.id if segment.visit else None
            yield read, visit, read.technician.profile, segment.origin, segment.destination


def _agree(table: tuple[int, int] | None, plain: tuple[float, float] | None) -> bool:
    if table is None or plain is None:
        return table is None and plain is None
    return abs(table[0] - plain[0]) <= TOLERANCE_S and abs(table[1] - plain[1]) <= TOLERANCE_M
