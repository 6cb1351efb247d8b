"""Who is out already: what cannot be helped, whatever the limits of the shift."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain import Shift, Technician
from dispatch.referee.breaks import in_time, required_breaks
from dispatch.referee.facts import Facts
from dispatch.referee.legs import find_way


@dataclass(frozen=True, slots=True)
class WayBack:
    """The way to the end place without a visit: second of the return, seconds and meters driven."""

    back: int
    seconds: int
    meters: int


NO_WAY_BACK = WayBack(0, 0, 0)
"""Of somebody who is not out, and where no way is known: lifts no limit."""


def way_back(facts: Facts, person: Technician, shift: Shift | None) -> WayBack:
    """Return what cannot be helped on a shift.

    As few breaks as let all others begin in time at the end place are taken before setting out.
    """
    end, travel = facts.end_place(person), facts.travel
    if shift is None or shift.out_at is None or end is None or travel is None:
        return NO_WAY_BACK
    road = find_way(travel, person.profile, shift.out_at, end).road
    if road is None:
        return NO_WAY_BACK
    rules = required_breaks(facts, shift)
    leaves = max(0, facts.ceil_second(shift.start))
    for count, rule in enumerate(rules):
        if in_time(rules[count:], road.arrive(leaves)) == rules[count:]:
            break
        leaves = max(leaves, rule.earliest) + rule.duration_s
    return WayBack(road.arrive(leaves), road.lasts(leaves), road.meters)
