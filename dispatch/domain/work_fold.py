"""What steps make of a work order: applying one, and replaying many in the order they happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dispatch.domain.work_order import (
    Complaint,
    PartOrder,
    Request,
    StepKind,
    WorkOrder,
    WorkStep,
)
from dispatch.domain.work_steps import find_transition

PART_STEPS = {
    StepKind.REVIEW_PART: ("part_requested",),
    StepKind.ISSUE_PART: ("part_requested",),
    StepKind.INSTALL_PART: ("part_issued",),
    StepKind.RETURN_PART: ("part_issued",),
}
"""States a part order may be in for each step about it."""

COMPLAINT_STEPS = {
    StepKind.ANSWER_COMPLAINT: ("open",),
    StepKind.SOLVE_COMPLAINT: ("open", "answered"),
    StepKind.CALL_BACK: ("solved",),
}
"""States a complaint may be in for each step about it."""

_PART_STATE = {
    StepKind.ISSUE_PART: "part_issued",
    StepKind.INSTALL_PART: "part_installed",
    StepKind.RETURN_PART: "part_returned",
}
_COMPLAINT_STATE = {
    StepKind.ANSWER_COMPLAINT: "answered",
    StepKind.SOLVE_COMPLAINT: "solved",
    StepKind.CALL_BACK: "called_back",
}


def new_order(request: Request, received: WorkStep) -> WorkOrder:
    """Return an order of which only the receipt is known."""
    return WorkOrder(request=request, steps=(received,))


def is_legal(order: WorkOrder, step: WorkStep) -> bool:
    """Return whether a step may be taken from here: state, conditions, what it refers to."""
    return find_transition(order, step.step) is not None and _ref_fits(order, step)


def _ref_fits(order: WorkOrder, step: WorkStep) -> bool:
    ref = step.details.ref
    if step.step in PART_STEPS:
        return any(one.id == ref and _part_fits(one, step) for one in order.parts)
    if step.step in COMPLAINT_STEPS:
        allowed = COMPLAINT_STEPS[step.step]
        return any(one.id == ref and one.state in allowed for one in order.complaints)
    if step.step is StepKind.REQUEST_PART:
        return all(one.id != ref for one in order.parts)
    if step.step is StepKind.COMPLAIN:
        return all(one.id != ref for one in order.complaints)
    return True


def _part_fits(part: PartOrder, step: WorkStep) -> bool:
    if step.step is StepKind.REVIEW_PART and part.reviewed:
        return False
    return part.state in PART_STEPS[step.step]


def apply_step(order: WorkOrder, step: WorkStep) -> WorkOrder:
    """Return the order after a legal step.

    Raises
    ------
    ValueError
        If the step is not legal; callers ask `is_legal` first.
    """
    row = find_transition(order, step.step)
    if row is None or not _ref_fits(order, step):
        raise ValueError(f"step {step.step} is not legal in state {order.state}")
    changes: dict[str, Any] = {"steps": (*order.steps, step)}
    if row.target is not None:
        changes["state"] = row.target
    return order.model_copy(update={**changes, **_changes(order, step)})


def _changes(order: WorkOrder, step: WorkStep) -> dict[str, Any]:
    if step.step in PART_STEPS:
        return {"parts": tuple(_part_after(one, step) for one in order.parts)}
    if step.step in COMPLAINT_STEPS:
        return {"complaints": tuple(_complaint_after(one, step) for one in order.complaints)}
    if step.step in {StepKind.REQUEST_PART, StepKind.COMPLAIN}:
        return _added(order, step)
    details = step.details
    fixed: dict[StepKind, dict[str, Any]] = {
        StepKind.APPOINT: {"appointment": details.promise},
        StepKind.DISPATCH: {"technicians": details.technicians},
        StepKind.RECALL: {"technicians": ()},
        StepKind.FINISH: {"report": details.report, "not_done": None},
        StepKind.FAIL: {"report": details.report, "not_done": details.not_done},
        StepKind.REOPEN: {
            "appointment": None,
            "technicians": (),
            "report": None,
            "not_done": None,
            "round": order.round + 1,
        },
    }
    return fixed.get(step.step, {})


def _added(order: WorkOrder, step: WorkStep) -> dict[str, Any]:
    details, ref = step.details, step.details.ref or ""
    if step.step is StepKind.COMPLAIN:
        new = Complaint(id=ref, major=details.major, complicated=details.complicated, state="open")
        return {"complaints": (*order.complaints, new)}
    if details.part is None:
        raise ValueError("a part order without a part; check_details comes first")
    part = PartOrder(id=ref, part=details.part, urgent=details.urgent, state="part_requested")
    return {"parts": (*order.parts, part)}


def _part_after(part: PartOrder, step: WorkStep) -> PartOrder:
    if part.id != step.details.ref:
        return part
    if step.step is StepKind.REVIEW_PART:
        return part.model_copy(update={"reviewed": True})
    # T259-8.4: what is issued has been reviewed.
    return part.model_copy(update={"state": _PART_STATE[step.step], "reviewed": True})


def _complaint_after(complaint: Complaint, step: WorkStep) -> Complaint:
    if complaint.id != step.details.ref:
        return complaint
    return complaint.model_copy(update={"state": _COMPLAINT_STATE[step.step]})


def replay(
    request: Request, received: WorkStep, steps: Sequence[WorkStep]
) -> tuple[WorkOrder, tuple[WorkStep, ...]]:
    """Apply steps in the order they happened; return the order and the steps that did not fit.

    Steps of one moment are taken in the order given, each as soon as it is legal.
    """
    order, left = new_order(request, received), list[WorkStep]()
    ordered = sorted(steps, key=lambda one: one.at)
    begin = 0
    while begin < len(ordered):
        end = begin
        while end < len(ordered) and ordered[end].at == ordered[begin].at:
            end += 1
        order, unfit = _apply_any(order, ordered[begin:end])
        left += unfit
        begin = end
    return order, tuple(left)


def _apply_any(order: WorkOrder, steps: Sequence[WorkStep]) -> tuple[WorkOrder, list[WorkStep]]:
    rest = list(steps)
    while True:
        step = next((one for one in rest if is_legal(order, one)), None)
        if step is None:
            return order, rest
        order = apply_step(order, step)
        rest.remove(step)


def state_before(order: WorkOrder, step: WorkStep) -> WorkOrder:
    """Return the order as it stood when a step happened, after the other steps of that moment."""
    received, *others = order.steps
    earlier = [one for one in others if one.at <= step.at]
    return replay(order.request, received, earlier)[0]
