"""Waivers: a soft rule somebody chose to break, and answers for by name."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.domain import DayPlan, Waiver
from dispatch.referee.codes import WAIVABLE
from dispatch.referee.verdict import Violation


def split_waived(
    plan: DayPlan, found: list[Violation]
) -> tuple[list[Violation], list[Violation], list[str]]:
    """Return what still counts, what is waived, and notes on waivers that cover nothing.

    A waiver stands on a stop and covers that visit's breach of ``rule`` (a code of
    ``docs/violations.md``); on a stop without a visit it covers the route's.
    """
    counted, waived, notes = list(found), list[Violation](), list[str]()
    for technician, visit, waiver in _waivers(plan):
        hits = [
            violation
            for violation in counted
            if violation.code == waiver.rule
            and violation.technician == technician
            and violation.visit == visit
        ]
        if not waiver.who.strip() or not waiver.why.strip():
            said = f"who={waiver.who!r} why={waiver.why!r}"
            counted.append(Violation("waiver_incomplete", said, "both", technician, visit))
        elif waiver.rule not in WAIVABLE:
            soft = ", ".join(sorted(WAIVABLE))
            counted.append(Violation("waiver_not_allowed", waiver.rule, soft, technician, visit))
        elif hits:
            waived += hits
            counted = [violation for violation in counted if violation not in hits]
        else:
            where = visit or technician
            notes.append(f"the waiver of {waiver.rule} for {where} covers nothing")
    return counted, waived, notes


def _waivers(plan: DayPlan) -> Iterator[tuple[str, str | None, Waiver]]:
    for route in plan.routes:
        for stop in route.stops:
            for waiver in stop.waivers:
                yield route.technician, stop.visit, waiver
