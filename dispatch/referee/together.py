"""Crews and links: who works together, what comes after what, and the earliest start of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dispatch.domain import DayPlan, Link, Visit
from dispatch.referee.eligibility import service_s
from dispatch.referee.facts import Facts
from dispatch.referee.reading import ReadRoute
from dispatch.referee.verdict import Violation

Start = tuple[str, str]
"""(visit, technician): one member's start of one visit."""


@dataclass(frozen=True, slots=True)
class Member:
    """One technician at one visit.

    Attributes
    ----------
    number
        As the plan writes it: 0 alone, 1 = the first of a crew.
    start, end
        Seconds.
    lasts
        What the technician takes for the visit.
    """

    visit: Visit
    technician: str
    number: int
    start: int
    end: int
    lasts: int

    @property
    def key(self) -> Start:
        """Return what names the start."""
        return self.visit.id, self.technician


@dataclass(frozen=True)
class Together:
    """Everybody at every visit served by technicians."""

    facts: Facts
    members: Mapping[str, tuple[Member, ...]]

    @cached_property
    def bound(self) -> bool:
        """Whether any visit served has a crew or a link."""
        visits = [members[0].visit for members in self.members.values()]
        return any(visit.crew_size > 1 or visit.links for visit in visits)

    def links(self) -> Iterator[tuple[Visit, Link]]:
        """Yield the links of which both visits are served."""
        for members in self.members.values():
            visit = members[0].visit
            yield from ((visit, link) for link in visit.links if link.after in self.members)

    def least(self, starts: Mapping[Start, int]) -> dict[Start, int]:
        """Return for every start of a crew or link the least the others' starts allow."""
        least: dict[Start, int] = {}

        def push(member: Member, moment: int) -> None:
            least[member.key] = max(moment, least.get(member.key, moment))

        tolerance = self.facts.day.settings.crew_tolerance_s
        for crew in self.members.values():
            for one in crew:
                for other in crew:
                    if one.technician != other.technician:
                        push(one, starts[other.key] - tolerance)
        for visit, link in self.links():
            for before in self.members[link.after]:
                for after in self.members[visit.id]:
                    push(after, starts[before.key] + before.lasts + link.min_gap_s)
                    if link.max_gap_s is not None:
                        push(before, starts[after.key] - link.max_gap_s - before.lasts)
        return least

    @cached_property
    def starts(self) -> dict[Start, int]:
        """All starts as the plan states them."""
        every = [member for crew in self.members.values() for member in crew]
        return {member.key: member.start for member in every}

    @cached_property
    def needed(self) -> dict[Start, int]:
        """The least each start may be, by the starts the plan states for the others."""
        return self.least(self.starts)


def read_together(facts: Facts, routes: tuple[ReadRoute, ...]) -> Together:
    """Return who is at which visit, by what the plan states."""
    members: dict[str, list[Member]] = {}
    for read in routes:
        for segment in read.served:
            stop, visit = segment.stop, segment.visit
            if stop is None or visit is None or read.technician is None:
                continue
            start, end = facts.floor_second(stop.start), facts.floor_second(stop.end)
            lasts = service_s(read.technician, visit)
            member = Member(visit, read.technician.id, stop.crew, start, end, lasts)
            members.setdefault(visit.id, []).append(member)
    return Together(facts, {name: tuple(crew) for name, crew in members.items()})


def check_together(plan: DayPlan, together: Together) -> list[Violation]:
    """Return everything wrong with crews and links."""
    found: list[Violation] = []
    for crew in together.members.values():
        found += _check_crew(together, crew)
    contracted = {visit for service in plan.contracted for visit in service.visits}
    for crew in together.members.values():
        visit = crew[0].visit
        for link in visit.links:
            others = together.members.get(link.after)
            if others is not None:
                found += _check_link(visit, link, others, crew)
            elif link.after not in contracted:
                found.append(Violation("link_unserved", link.after, "served, too", None, visit.id))
    return found


def _check_crew(together: Together, crew: tuple[Member, ...]) -> list[Violation]:
    visit, found = crew[0].visit, list[Violation]()
    people = {member.technician for member in crew}
    if visit.crew_size > 1 and len(crew) != visit.crew_size:
        who = ", ".join(member.technician for member in crew)
        expected = f"{visit.crew_size} technicians"
        found.append(Violation("crew_incomplete", who, expected, None, visit.id))
    if visit.crew_size > 1 and len(people) < len(crew):
        expected = "different technicians"
        found.append(Violation("crew_same_person", ", ".join(people), expected, None, visit.id))
    numbers = sorted(member.number for member in crew)
    expected_numbers = list(range(1, len(crew) + 1)) if visit.crew_size > 1 else [0] * len(crew)
    if numbers != expected_numbers:
        said, should = str(numbers), str(expected_numbers)
        found.append(Violation("crew_number", said, should, None, visit.id))
    apart = max(member.start for member in crew) - min(member.start for member in crew)
    tolerance = together.facts.day.settings.crew_tolerance_s
    if visit.crew_size > 1 and apart > tolerance:
        found.append(
            Violation("crew_apart", f"{apart} s", f"at most {tolerance} s", None, visit.id)
        )
    return found


def _check_link(
    visit: Visit, link: Link, others: tuple[Member, ...], crew: tuple[Member, ...]
) -> list[Violation]:
    found: list[Violation] = []
    gaps = [after.start - before.end for before in others for after in crew]
    if min(gaps) < link.min_gap_s:
        expected = f"at least {link.min_gap_s} s after {link.after}"
        found.append(Violation("link_gap", f"{min(gaps)} s", expected, None, visit.id))
    if link.max_gap_s is not None and max(gaps) > link.max_gap_s:
        expected = f"at most {link.max_gap_s} s after {link.after}"
        found.append(Violation("link_gap", f"{max(gaps)} s", expected, None, visit.id))
    first, second = (min(ones, key=lambda one: one.number) for ones in (others, crew))
    if link.same_technician is True and first.technician != second.technician:
        said = f"{second.technician} after {first.technician}"
        found.append(Violation("link_person", said, "the same technician", None, visit.id))
    shared = {one.technician for one in others} & {one.technician for one in crew}
    if link.same_technician is False and shared:
        said = ", ".join(sorted(shared))
        found.append(Violation("link_person", said, "other technicians", None, visit.id))
    return found
