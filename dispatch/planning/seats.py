"""Seats: the places a visit has for technicians, one for most visits, n for a crew of n."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from dispatch.domain import SkillNeed, Visit


class Seat(NamedTuple):
    """One technician's place at a visit; a visit of the routing problem.

    Attributes
    ----------
    visit
        Whose.
    member
        0 = the first of the crew, who brings parts, is pinned and priced; 1.. = the others.
    """

    visit: Visit
    member: int

    @property
    def needs(self) -> tuple[SkillNeed, ...]:
        """What the technician has to be able to do."""
        return self.visit.skills if self.member == 0 else self.visit.crew_skills


def seats_of(visits: Sequence[Visit]) -> tuple[Seat, ...]:
    """Return the seats of visits in their order, the first of each crew first."""
    return tuple(Seat(visit, member) for visit in visits for member in range(visit.crew_size))


def linked_ids(visits: Sequence[Visit]) -> frozenset[str]:
    """Return the ids of visits at either side of a link."""
    after = {visit.id for visit in visits if visit.links}
    return frozenset(after | {link.after for visit in visits for link in visit.links})


def stranded_ids(visits: Sequence[Visit], aside: Collection[str]) -> frozenset[str]:
    """Return the ids of visits that come after one that was set aside, over any number of links."""
    lost = set(aside)
    while True:
        more = {v.id for v in visits if v.id not in lost and any(k.after in lost for k in v.links)}
        if not more:
            return frozenset(lost - set(aside))
        lost |= more
