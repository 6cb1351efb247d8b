"""Shift, outlet hours and overtime of one route."""

from __future__ import annotations

from dispatch.referee.facts import Facts
from dispatch.referee.reading import ReadRoute
from dispatch.referee.verdict import Violation


def overtime_s(facts: Facts, read: ReadRoute) -> int:
    """Return seconds between the end of the shift (or the outlet's closing) and the return."""
    if read.time is None:
        return 0
    return max(0, facts.floor_second(read.route.end) - read.time.ends_by)


def check_shift(facts: Facts, read: ReadRoute) -> list[Violation]:
    """Return every bound of the shift that a route breaks."""
    if read.time is None or read.technician is None:
        return []
    found: list[Violation] = []
    leaves = facts.floor_second(read.route.start)
    if not read.time.works:
        found.append(read.broken("off_shift", "a route", "no route on a day without hours"))
    if leaves < read.time.shift_start:
        begins = facts.clock(read.time.shift_start)
        found.append(read.broken("before_shift", facts.clock(leaves), begins))
    elif leaves < read.time.leaves_from:
        opens = facts.clock(read.time.leaves_from)
        found.append(read.broken("outlet_hours", facts.clock(leaves), opens))
    over = overtime_s(facts, read)
    if over > read.technician.max_overtime_s:
        found.append(
            read.broken("overtime_limit", f"{over} s", f"{read.technician.max_overtime_s} s")
        )
    return found
