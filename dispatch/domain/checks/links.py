"""Links between visits: no circles, gaps that run forward, one technician where one is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts, show
from dispatch.domain.visit import Visit
from dispatch.errors import Severity

_SHOWN = 6
"""Visits of a circle that a message names."""


def check_links(parts: DayParts) -> None:
    """Report links to the visit itself, twice to one visit, in circles, and contradictions."""
    linked = [(index, visit) for index, visit in parts.visits if visit.links]
    if not linked:
        return  # most days; 100 000 visits count
    for index, visit in linked:
        _check_own(parts, index, visit)
    _check_circles(parts)
    _check_technicians(parts)


def check_set_aside(parts: DayParts) -> None:
    """Set visits aside that come after a visit that is set aside; runs last."""
    aside = {
        fault.visit: fault
        for fault in parts.faults.of(Severity.QUARANTINE)
        if fault.visit is not None
    }
    after: dict[str, list[tuple[int, int, Visit]]] = defaultdict(list)
    for index, visit in parts.visits:
        for number, link in enumerate(visit.links):
            after[link.after].append((index, number, visit))
    waiting = list(aside)
    while waiting:
        name = waiting.pop()
        for index, number, visit in after[name]:
            if visit.id in aside:
                continue
            parts.faults.add(
                Code.LINK_SET_ASIDE,
                parts.where("visits", index, ("links", number, "after")),
                f"{show(name)}, which is set aside",
                "a visit that can be planned",
                f"Repair {show(name)} first.",
                severity=Severity.QUARANTINE,
                visit=visit.id,
            )
            aside[visit.id] = parts.faults.faults[-1]
            waiting.append(visit.id)


def _check_own(parts: DayParts, index: int, visit: Visit) -> None:
    seen: set[str] = set()
    for number, link in enumerate(visit.links):
        after = parts.where("visits", index, ("links", number, "after"))
        if link.after == visit.id:
            found = f"{show(visit.id)} after itself"
            parts.faults.add(Code.LINK_TO_ITSELF, after, found, "another visit")
        elif link.after in seen:
            found = f"{show(link.after)} again"
            hint = "Put both rules into one link."
            parts.faults.add(Code.LINK_TWICE, after, found, "one link to each visit", hint)
        seen.add(link.after)
        if link.max_gap_s is not None and link.max_gap_s < link.min_gap_s:
            parts.faults.add(
                Code.GAP_REVERSED,
                parts.where("visits", index, ("links", number, "max_gap_s")),
                f"at least {link.min_gap_s} s and at most {link.max_gap_s} s",
                "a largest gap not below the smallest",
                "Swap the two.",
            )


def _check_circles(parts: DayParts) -> None:
    """Report every circle once, at its visit that comes first in the file."""
    before = {visit.id: [link.after for link in visit.links] for _, visit in parts.visits}
    places = {visit.id: index for index, visit in parts.visits}
    for circle in _circles(before):
        first = min(circle, key=lambda name: places[name])
        at = circle.index(first)
        ordered = circle[at:] + circle[:at]
        number = before[first].index(ordered[1])
        names = [*ordered[:_SHOWN], *(["…"] if len(ordered) > _SHOWN else []), first]
        parts.faults.add(
            Code.LINK_CIRCLE,
            parts.where("visits", places[first], ("links", number, "after")),
            " after ".join(names),
            "links that never lead back to the same visit",
            "Remove one of the links.",
        )


def _circles(before: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Yield circles of two and more by depth-first search; each edge back closes one."""
    done: set[str] = set()
    for root in before:
        if root in done:
            continue
        path, at = [root], {root: 0}
        steps = [iter(before[root])]
        while path:
            name = next(steps[-1], None)
            if name is None:
                steps.pop()
                done.add(path[-1])
                del at[path.pop()]
            elif name in at:
                if name != path[-1]:
                    yield path[at[name] :]
            elif name in before and name not in done:
                at[name] = len(path)
                path.append(name)
                steps.append(iter(before[name]))


def _check_technicians(parts: DayParts) -> None:
    """Report "different" among visits of one technician, and visits that nobody may do all."""
    visits = {visit.id: visit for _, visit in parts.visits}
    group = {name: name for name in visits}

    def root(name: str) -> str:
        while group[name] != name:
            group[name] = group[group[name]]
            name = group[name]
        return name

    for _, visit in parts.visits:
        for link in visit.links:
            if link.same_technician and link.after in visits:
                group[root(visit.id)] = root(link.after)
    for index, visit in parts.visits:
        for number, link in enumerate(visit.links):
            other = visits.get(link.after)
            if link.same_technician is not False or other is None or other is visit:
                continue
            one = root(visit.id) == root(other.id)
            pin = _pin(visit)
            if one or (pin is not None and pin == _pin(other)):
                _report_different(parts, index, number, other, pin="" if one else str(pin))
    _check_allowed(parts, {name: root(name) for name in visits})


def _report_different(parts: DayParts, index: int, number: int, other: Visit, *, pin: str) -> None:
    why = f"both are pinned to {show(pin)}" if pin else "other links ask for the same one"
    parts.faults.add(
        Code.SAME_AND_DIFFERENT,
        parts.where("visits", index, ("links", number, "same_technician")),
        f"another technician than at {show(other.id)}, while {why}",
        "rules that do not contradict each other",
        "Remove one of the two.",
    )


def _check_allowed(parts: DayParts, group: Mapping[str, str]) -> None:
    """Report the first visit of a group at which nobody is left who may do all before it."""
    allowed: dict[str, set[str]] = {}
    told: set[str] = set()
    sizes: dict[str, int] = defaultdict(int)
    for name in group:
        sizes[group[name]] += 1
    for index, visit in parts.visits:
        key, pin = group[visit.id], _pin(visit)
        own = {pin} if pin is not None else set(visit.required)
        if sizes[key] == 1 or not own or key in told:
            continue
        left = allowed.get(key, own) & own
        if not left:
            told.add(key)
            field = ("pin", "technician") if pin is not None else ("required",)
            parts.faults.add(
                Code.NOBODY_FOR_ALL,
                parts.where("visits", index, field),
                f"{', '.join(map(show, sorted(own)))}, while visits of the same technician name "
                f"{', '.join(map(show, sorted(allowed[key])))}",
                "one technician who may do all visits that links give to the same one",
                "Correct pins and lists, or leave same_technician empty.",
            )
        allowed[key] = left


def _pin(visit: Visit) -> str | None:
    return visit.pin.technician if visit.pin is not None else None
