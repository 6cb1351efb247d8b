"""Everything that can be wrong with a step before its place in the order's history is looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from dispatch.domain.checks.report import show
from dispatch.domain.work_codes import WorkCode
from dispatch.domain.work_fold import COMPLAINT_STEPS, PART_STEPS
from dispatch.domain.work_order import (
    Complaint,
    PartOrder,
    Request,
    StepDetails,
    StepKind,
    WorkOrder,
    WorkStep,
)
from dispatch.domain.work_steps import (
    DETAILS,
    PHONE,
    Details,
    find_transition,
    holds,
    next_steps,
    rows,
)
from dispatch.errors import Fault

MAX_AHEAD: Final = timedelta(minutes=1)
"""How far a phone's clock may be ahead of the system's."""


def _fault(code: WorkCode, where: str, found: str, expected: str, hint: str = "") -> Fault:
    return Fault(code.value, where, found, expected, hint)


def place_of(request: Request, step: WorkStep) -> str:
    """Return where a fault is: the order and the step."""
    return f"work order {request.order} step {step.step}"


def check_details(request: Request, step: WorkStep) -> list[Fault]:
    """Return every field a step lacks and every field it should not have."""
    table = DETAILS.get(step.step, Details())
    needs = table.needs
    if step.step is StepKind.FINISH and request.kind == "visit":
        needs = ("report",)  # T259-8.3-b
    empty, where = StepDetails(), place_of(request, step)
    given = {
        name
        for name in StepDetails.model_fields
        if getattr(step.details, name) != getattr(empty, name)
    }
    allowed = ", ".join((*table.needs, *table.may)) or "no details"
    faults = [
        _fault(WorkCode.DETAIL_MISSING, where, f"no {name}", f"a {name}")
        for name in needs
        if name not in given
    ]
    faults += [
        _fault(WorkCode.DETAIL_UNUSED, where, f"a {name}", allowed)
        for name in StepDetails.model_fields
        if name in given and name not in (*table.needs, *table.may)
    ]
    return faults


def check_moments(request: Request, step: WorkStep, received: WorkStep) -> list[Fault]:
    """Return what is wrong with the times of a step, and with a late one that may not be late."""
    where, faults = place_of(request, step), list[Fault]()
    if step.at < received.at:
        expected = f"at or after the request of {received.at.isoformat()}"
        faults.append(_fault(WorkCode.BEFORE_REQUEST, where, step.at.isoformat(), expected))
    if step.at > step.recorded_at + MAX_AHEAD:
        found = f"{step.at.isoformat()}, recorded at {step.recorded_at.isoformat()}"
        hint = "Is the clock of the phone right?"
        expected = "a step that has happened"
        faults.append(_fault(WorkCode.AFTER_RECORDING, where, found, expected, hint))
    if step.offline and step.step not in PHONE:
        expected = "one of " + ", ".join(sorted(PHONE))
        hint = "Only what a technician does on the way can come late from a phone."
        faults.append(_fault(WorkCode.NOT_A_PHONE_STEP, where, step.step, expected, hint))
    return faults


def check_place(order: WorkOrder, step: WorkStep) -> list[Fault]:
    """Return why a step is not legal for an order as it stands: state, conditions, references."""
    where = place_of(order.request, step)
    faults = []
    if find_transition(order, step.step) is None:
        possible = rows(step.step, order.state)
        legal = ", ".join(next_steps(order))
        if possible:
            broken = [c for row in possible for c in row.conditions if not holds(c, order)]
            found, expected = f"not {', '.join(broken)}", f"{', '.join(broken)}"
            hint = f"From {order.state} legal: {legal}."
            faults.append(_fault(WorkCode.CONDITION, where, found, expected, hint))
        else:
            expected = f"one of {legal}"
            faults.append(_fault(WorkCode.ILLEGAL_STEP, where, f"state {order.state}", expected))
    return faults + _check_ref(order, step, where)


def _check_ref(order: WorkOrder, step: WorkStep, where: str) -> list[Fault]:
    ref = step.details.ref
    if ref is None:
        return []
    parts = {one.id: one for one in order.parts}
    complaints = {one.id: one for one in order.complaints}
    if step.step in PART_STEPS:
        return _check_part(parts, step, where)
    if step.step in COMPLAINT_STEPS:
        return _check_complaint(complaints, step, where)
    taken = set(parts) if step.step is StepKind.REQUEST_PART else set(complaints)
    if ref not in taken or DETAILS.get(step.step, Details()).needs[:1] != ("ref",):
        return []
    return [_fault(WorkCode.REF_TWICE, where, show(ref), "an id that is not used yet")]


def _unknown(ref: str, known: Collection[str], where: str) -> Fault:
    expected = f"one of {', '.join(known)}" if known else "nothing: there is none to refer to"
    return _fault(WorkCode.REF_UNKNOWN, where, show(ref), expected)


def _check_part(parts: Mapping[str, PartOrder], step: WorkStep, where: str) -> list[Fault]:
    ref, allowed = step.details.ref or "", PART_STEPS[step.step]
    if ref not in parts:
        return [_unknown(ref, parts, where)]
    again = step.step is StepKind.REVIEW_PART and parts[ref].reviewed
    if parts[ref].state in allowed and not again:
        return []
    found = "reviewed already" if again else parts[ref].state
    return [_fault(WorkCode.PART_STATE, where, found, " or ".join(allowed))]


def _check_complaint(
    complaints: Mapping[str, Complaint], step: WorkStep, where: str
) -> list[Fault]:
    ref, allowed = step.details.ref or "", COMPLAINT_STEPS[step.step]
    if ref not in complaints:
        return [_unknown(ref, complaints, where)]
    if complaints[ref].state in allowed:
        return []
    found, expected = complaints[ref].state, " or ".join(allowed)
    return [_fault(WorkCode.COMPLAINT_STATE, where, found, expected)]
