"""Reasons that parts, links, crews and limits give, one technician at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dispatch.domain import Link, Visit
from dispatch.planning.codes import ReasonCode
from dispatch.planning.standing import Standing
from dispatch.planning.translate import Translation
from dispatch.planning.words import Block
from solver.routing.solution import Stop

Found = tuple[ReasonCode, str, str]
"""Code, found, expected."""


class FeatureReasons:
    """What keeps a visit off technicians whom no rule keeps off.

    Parameters
    ----------
    t
        The day.
    standing
        The plan as it stands.
    first
        Index of the visit's first seat.
    """

    def __init__(self, t: Translation, standing: Standing, first: int) -> None:
        self._t, self._standing, self._first = t, standing, first
        self._visit: Visit = t.visits[first]

    def find(self, number: int, vehicles: Sequence[int]) -> Block | None:
        """Return what keeps a technician off, as far as it follows from the plan at once.

        Parameters
        ----------
        number
            Of the technician.
        vehicles
            Those of the technician's shifts that no rule keeps off.
        """
        checks: tuple[Callable[[], Found | None], ...] = (
            lambda: self._parts(number),
            self._linked,
            lambda: self._person(number),
            self._crew,
            lambda: self._limit(vehicles),
            lambda: self._gap(vehicles),
        )
        found = next((hit for check in checks if (hit := check()) is not None), None)
        if found is None:
            return None
        who = self._t.lines[vehicles[0]].technician.id
        return Block(who, *found)

    def _parts(self, number: int) -> Found | None:
        # Of a crew somebody else may be the first and bring the parts.
        if not self._visit.parts:
            return None
        needs = self._visit.parts
        crew = self._visit.crew_size > 1
        lacks = (
            self._standing.lacks_anywhere(needs) if crew else self._standing.lacks(number, needs)
        )
        if not lacks:
            return None
        need = lacks[0]
        expected = f"{need.quantity} of part {need.part} on the van or at one outlet"
        return ReasonCode.PART_MISSING, "fewer units left", expected

    def _linked(self) -> Found | None:
        for link in self._visit.links:
            if link.after not in self._standing.stops:
                found = f"visit {link.after} is not served"
                return ReasonCode.LINKED, found, f"visit {link.after} served before"
        return None

    def _person(self, number: int) -> Found | None:
        if self._visit.crew_size > 1:
            return None
        for link in self._visit.links:
            who = [before for before, _ in self._standing.stops[link.after]]
            if link.same_technician is True and who[0] != number:
                return ReasonCode.SAME_TECHNICIAN, self._name(who[0]), "the same technician"
            if link.same_technician is False and number in who:
                return ReasonCode.SAME_TECHNICIAN, self._name(number), "another technician"
        return None

    def _name(self, number: int) -> str:
        return next(x.technician.id for x in self._t.lines if x.number == number)

    def _crew(self) -> Found | None:
        size = self._visit.crew_size
        if size == 1:
            return None
        lead, others = self._allowed(self._first), self._allowed(self._first + 1)
        most = max((1 + len(others - {one}) for one in lead), default=0)
        if most < size:
            found = f"a crew of {most}" if most else "nobody to be the first of the crew"
            return ReasonCode.CREW, found, f"a crew of {size}"
        found = f"no moment found at which {size} technicians start together"
        return ReasonCode.CREW, found, f"a crew of {size}"

    def _allowed(self, seat: int) -> set[int]:
        pairs = zip(self._t.lines, self._t.rules[seat].tolist(), strict=True)
        return {line.number for line, rule in pairs if rule == 0}

    def _limit(self, vehicles: Sequence[int]) -> Found | None:
        full = []
        for vehicle in vehicles:
            most = self._t.lines[vehicle].technician.max_visits
            if most is None or self._standing.visits_on.get(vehicle, 0) < most:
                return None
            full.append(most)
        return ReasonCode.LIMIT, f"visits on the shift: {full[0]}", f"at most {full[0]}"

    def _gap(self, vehicles: Sequence[int]) -> Found | None:
        """Return the link that no shift of a technician can keep, legs aside."""
        for link in self._visit.links:
            befores = [stop for _, stop in self._standing.stops[link.after]]
            if all(self._misses(vehicle, link, befores) for vehicle in vehicles):
                ended = self._t.clock.text(max(stop.end for stop in befores))
                found = f"visit {link.after} ends at {ended}"
                return ReasonCode.LINK_GAP, found, _gap_words(link)
        return None

    def _misses(self, vehicle: int, link: Link, befores: Sequence[Stop]) -> bool:
        line = self._t.lines[vehicle]
        times = self._t.problem.service_times
        lasts = self._visit.service_s
        if times is not None:
            lasts = int(times.service_s[self._first, times.vehicle_group[vehicle]])
        soonest = max(stop.end for stop in befores) + link.min_gap_s
        if soonest + lasts > line.latest + line.overtime_s:
            return True
        if link.max_gap_s is None:
            return False
        return min(stop.end for stop in befores) + link.max_gap_s < line.earliest


def _gap_words(link: Link) -> str:
    most = "" if link.max_gap_s is None else f", at most {link.max_gap_s // 60} min"
    return f"a start at least {link.min_gap_s // 60} min after it{most}"
