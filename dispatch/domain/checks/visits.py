"""What must hold for one visit beyond the types of its fields."""

from __future__ import annotations

from dispatch.domain.base import Moment
from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts, Path
from dispatch.domain.checks.technicians import span
from dispatch.domain.visit import Priority, Visit
from dispatch.errors import Severity


def check_visits(parts: DayParts) -> None:
    """Report windows outside the day, emergencies without a clock, optional visits of no value."""
    for index, visit in parts.visits:
        _check_promises(parts, index, visit)
        _check_request(parts, index, visit)
        _check_told(parts, index, visit)
        if not visit.mandatory and visit.value_fen is None:
            parts.faults.add(
                Code.OPTIONAL_WITHOUT_VALUE,
                parts.where("visits", index, ("value_fen",)),
                f'optional visit "{visit.id}" without a value',
                "the value of the visit in fen",
                "It counts as 0, so the visit will be left out.",
                severity=Severity.WARNING,
            )


def _check_promises(parts: DayParts, index: int, visit: Visit) -> None:
    seen: set[str] = set()
    for number, promise in enumerate(visit.promises):
        if promise.id is not None and promise.id in seen:
            parts.faults.add(
                Code.PROMISE_ID_TWICE,
                parts.where("visits", index, ("promises", number, "id")),
                f'promise "{promise.id}" twice',
                "different ids of the promises of one visit",
                "Rename one of them.",
            )
        if promise.id is not None:
            seen.add(promise.id)
        earliest, latest = promise.window()
        field = "latest" if promise.appointment is None else "appointment"
        _check_inside(parts, index, ("promises", number, field), earliest, latest)


def _check_told(parts: DayParts, index: int, visit: Visit) -> None:
    if visit.told is None or parts.horizon_start is None or parts.horizon_end is None:
        return
    if not parts.horizon_start <= visit.told.arrival <= parts.horizon_end:
        parts.faults.add(
            Code.TOLD_OUTSIDE_HORIZON,
            parts.where("visits", index, ("told", "arrival")),
            visit.told.arrival.isoformat(timespec="minutes"),
            f"a time inside the horizon {span(parts.horizon_start, parts.horizon_end)}",
            "Check the date and the zone.",
            severity=Severity.WARNING,
        )


def _check_inside(
    parts: DayParts, index: int, path: Path, earliest: Moment, latest: Moment
) -> None:
    if parts.horizon_start is None or parts.horizon_end is None:
        return
    if latest < parts.horizon_start or earliest > parts.horizon_end:
        parts.faults.add(
            Code.WINDOW_OUTSIDE_HORIZON,
            parts.where("visits", index, path),
            span(earliest, latest),
            f"a time inside the horizon {span(parts.horizon_start, parts.horizon_end)}",
            "Check the date and the zone.",
        )


def _check_request(parts: DayParts, index: int, visit: Visit) -> None:
    emergency = visit.priority is Priority.EMERGENCY
    if emergency and visit.received_at is None and not visit.promises:
        parts.faults.add(
            Code.EMERGENCY_WITHOUT_REQUEST,
            parts.where("visits", index, ("received_at",)),
            f'emergency "{visit.id}" with neither received_at nor a promise',
            "the time the emergency was received",
            "Give received_at; the 15 minutes run from it.",
        )
    if visit.pin is not None and visit.pin.arrival is not None:
        _check_inside(parts, index, ("pin", "arrival"), visit.pin.arrival, visit.pin.arrival)
    if emergency and visit.received_at is not None and parts.horizon_end is not None:
        _check_inside(
            parts,
            index,
            ("received_at",),
            visit.received_at,
            max(visit.received_at, parts.horizon_end),
        )
