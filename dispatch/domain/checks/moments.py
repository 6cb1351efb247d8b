"""Moments are whole seconds; a part of a second would be cut in silence later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from dispatch.domain.base import Moment
from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts, Path
from dispatch.domain.technician import Technician
from dispatch.domain.visit import Visit


def check_moments(parts: DayParts) -> None:
    """Report every moment with parts of a second."""
    for index, technician in parts.technicians:
        _check(parts, "technicians", index, _of_technician(technician))
    for index, visit in parts.visits:
        _check(parts, "visits", index, _of_visit(visit))


def _check(
    parts: DayParts, kind: str, index: int, moments: Iterator[tuple[Path, Moment | None]]
) -> None:
    for path, moment in moments:
        if moment is not None and moment.microsecond:
            parts.faults.add(
                Code.MOMENT_SUBSECOND,
                parts.where(kind, index, path),
                moment.isoformat(),
                "whole seconds",
                "Plans count in seconds; round the time.",
            )


def _of_technician(technician: Technician) -> Iterator[tuple[Path, Moment | None]]:
    for number, shift in enumerate(technician.shifts):
        yield ("shifts", number, "start"), shift.start
        yield ("shifts", number, "end"), shift.end
        for position, pause in enumerate(shift.breaks):
            yield ("shifts", number, "breaks", position, "earliest"), pause.earliest
            yield ("shifts", number, "breaks", position, "latest"), pause.latest


def _of_visit(visit: Visit) -> Iterator[tuple[Path, Moment | None]]:
    own: list[tuple[Path, Moment | None]] = [
        (("received_at",), visit.received_at),
        (("released_at",), visit.released_at),
        (("pin", "arrival"), visit.pin.arrival if visit.pin is not None else None),
        (("told", "arrival"), visit.told.arrival if visit.told is not None else None),
    ]
    promised: Iterator[tuple[Path, Moment | None]] = (
        (("promises", number, field), getattr(promise, field))
        for number, promise in enumerate(visit.promises)
        for field in ("appointment", "earliest", "latest")
    )
    return chain(own, promised)
