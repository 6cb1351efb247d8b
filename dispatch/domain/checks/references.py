"""Ids: each once, each known, none at odds with another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts, Path, show
from dispatch.domain.visit import Visit
from dispatch.errors import Severity

_Name = tuple[Path, str, str]
"""Where an id is named, the id, and what it should be one of."""

_UNKNOWN = {
    "outlets": (Code.UNKNOWN_OUTLET, "the id of an outlet of the day"),
    "technicians": (Code.UNKNOWN_TECHNICIAN, "the id of a technician of the day"),
    "servers": (
        Code.UNKNOWN_TECHNICIAN,
        "the id of a technician (or contracted outlet) of the day",
    ),
    "visits": (Code.UNKNOWN_VISIT, "the id of a visit of the day"),
}


def check_references(parts: DayParts) -> None:
    """Report unknown outlets, technicians and visits, and rules that contradict each other."""
    contracted = {outlet.id for _, outlet in parts.outlets if outlet.kind == "contracted"}
    known = {**parts.ids, "servers": parts.ids["technicians"] | contracted}
    for index, technician in parts.technicians:
        if technician.outlet is not None:
            home = (("outlet",), technician.outlet, "outlets")
            _check_known(parts, known, "technicians", index, [home])
    for index, visit in parts.visits:
        _check_known(parts, known, "visits", index, _names_in(visit))
        _check_told(parts, index, visit, known["servers"])
        _check_choice(parts, index, visit)


def _names_in(visit: Visit) -> Iterator[_Name]:
    if visit.outlet is not None:
        yield ("outlet",), visit.outlet, "outlets"
    for field in ("preferred", "required", "excluded"):
        for number, name in enumerate(getattr(visit, field)):
            yield (field, number), name, "servers"
    if visit.last_technician is not None:
        yield ("last_technician",), visit.last_technician, "servers"
    if visit.pin is not None and visit.pin.technician is not None:
        yield ("pin", "technician"), visit.pin.technician, "technicians"
    for number, link in enumerate(visit.links):
        yield ("links", number, "after"), link.after, "visits"


def _check_known(
    parts: DayParts,
    known: Mapping[str, frozenset[str]],
    kind: str,
    index: int,
    names: Iterable[_Name],
) -> None:
    for path, name, target in names:
        if name not in known[target]:
            code, expected = _UNKNOWN[target]
            where = parts.where(kind, index, path)
            hint = parts.faults.suggest(name, known[target]) or "Check the spelling."
            parts.faults.add(code, where, show(name), expected, hint)


def _check_told(parts: DayParts, index: int, visit: Visit, servers: frozenset[str]) -> None:
    if visit.told is None or visit.told.technician in servers:
        return
    name = visit.told.technician
    parts.faults.add(
        Code.TOLD_UNKNOWN,
        parts.where("visits", index, ("told", "technician")),
        show(name),
        "a technician (or contracted outlet) of the day",
        parts.faults.suggest(name, servers) or "Whoever comes counts as another technician.",
        severity=Severity.WARNING,
    )


def _check_choice(parts: DayParts, index: int, visit: Visit) -> None:
    both = sorted(set(visit.required) & set(visit.excluded))
    if both:
        parts.faults.add(
            Code.REQUIRED_AND_EXCLUDED,
            parts.where("visits", index, ("excluded",)),
            f"{', '.join(map(show, both))} in required and in excluded",
            "a technician in one of the two",
            "Remove the name from one list.",
        )
    pinned = visit.pin.technician if visit.pin is not None else None
    if pinned is None:
        return
    odd = "excluded" if pinned in visit.excluded else ""
    if not odd and visit.required and pinned not in visit.required:
        odd = "not among the required"
    if odd:
        parts.faults.add(
            Code.PIN_CONTRADICTION,
            parts.where("visits", index, ("pin", "technician")),
            f"pinned to {show(pinned)}, who is {odd}",
            "a pinned technician who may go",
            "Remove the pin or change the list.",
        )


def check_duplicates(parts: DayParts, kind: str, ids: Iterable[tuple[int, str]]) -> None:
    """Report ids that occur more than once within one kind.

    Parameters
    ----------
    kind
        ``outlets``, ``technicians`` or ``visits``.
    ids
        (position, id) of every item, broken ones included.
    """
    first: dict[str, int] = {}
    for index, name in ids:
        if name not in first:
            first[name] = index
            continue
        parts.faults.add(
            Code.DUPLICATE_ID,
            parts.where(kind, index, ("id",)),
            f"{show(name)} again",
            "every id once",
            f"It is already at {parts.where(kind, first[name], ('id',))}. Rename or remove one.",
        )
