"""Adding a step to a work order: at its place in time, once, or not at all with every fault.

A step of the office is legal where it happened or it is refused. A step of a technician's phone may
come late and out of order: one that does not fit yet **waits** and takes effect as soon as what is
missing before it arrives. So the same steps give the same order whatever way they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from dispatch.domain.work_check import check_details, check_moments, check_place, place_of
from dispatch.domain.work_codes import WorkCode
from dispatch.domain.work_fold import is_legal, new_order, replay, state_before
from dispatch.domain.work_order import Request, StepKind, WorkOrder, WorkStep
from dispatch.errors import Fault, InvalidRequest


class Outcome(StrEnum):
    """What became of a step."""

    APPLIED = "applied"
    WAITING = "waiting"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The order after a step was recorded, and what became of the step."""

    order: WorkOrder
    outcome: Outcome


def open_order(request: Request, received: WorkStep, first: WorkOrder | None = None) -> WorkOrder:
    """Return a new work order.

    Parameters
    ----------
    received
        Its ``receive`` step; ``at`` is when the customer asked.
    first
        The order named by ``request.repeat_of``.

    Raises
    ------
    InvalidRequest
        With every fault of the step and of the link to the first order.
    """
    where = place_of(request, received)
    faults = check_details(request, received) + check_moments(request, received, received)
    if received.step is not StepKind.RECEIVE:
        faults.append(Fault(WorkCode.ILLEGAL_STEP.value, where, received.step, StepKind.RECEIVE))
    faults += _check_repeat(request, received, first)
    if faults:
        raise InvalidRequest(faults)
    return new_order(request, received)


def _check_repeat(request: Request, received: WorkStep, first: WorkOrder | None) -> list[Fault]:
    if request.repeat_of is None:
        return []
    where = f"work order {request.order} repeat_of"
    if request.repeat_of == request.order:
        return [Fault(WorkCode.REPEAT_OF_ITSELF.value, where, request.order, "another work order")]
    if first is None or first.id != request.repeat_of:
        found = "no such work order" if first is None else first.id
        return [
            Fault(WorkCode.ORDER_UNKNOWN.value, where, found, f"work order {request.repeat_of}")
        ]
    done = first.find_step(StepKind.FINISH)
    if done is None or done.at > received.at:
        hint = "Reopen the first order instead, or appoint it again."
        found = f"work order {first.id} was not done before"
        expected = "a visit that was done before this request"
        return [Fault(WorkCode.REPEAT_OF_UNFINISHED.value, where, found, expected, hint)]
    return []


def record_step(order: WorkOrder, step: WorkStep) -> Recorded:
    """Return the order with one more step.

    Sending a step again under its request id changes nothing (``DUPLICATE``), also while the first
    copy waits; ``recorded_at`` may differ.

    Raises
    ------
    InvalidRequest
        With every fault: details, moments, a request id used for something else, a step that is
        not legal where it happened, or one that makes a later one illegal.
    """
    received, *steps = order.steps
    known = next((one for one in (*order.steps, *order.waiting) if one.key == step.key), None)
    if known is not None:
        return _known(order, known, step)
    faults = check_details(order.request, step) + check_moments(order.request, step, received)
    everything, left = replay(order.request, received, [*steps, *order.waiting, step])
    if not left and not faults:
        return Recorded(everything, Outcome.APPLIED)
    if not faults:
        found = _settle(order, [*steps, step], order.waiting)
        if found is not None:
            return Recorded(found, Outcome.APPLIED)
    if step.offline and not faults:
        waits = order.model_copy(update={"waiting": (*order.waiting, step)})
        return Recorded(waits, Outcome.WAITING)
    raise InvalidRequest(faults + check_in_history(order, step))


def _known(order: WorkOrder, known: WorkStep, step: WorkStep) -> Recorded:
    if known == step.model_copy(update={"recorded_at": known.recorded_at}):
        return Recorded(order, Outcome.DUPLICATE)
    where = f"{place_of(order.request, step)} request_id"
    hint = "A new step needs a request id of its own."
    expected = f"the step recorded at {known.recorded_at.isoformat()}, unchanged"
    fault = Fault(WorkCode.REQUEST_ID_REUSED.value, where, step.request_id, expected, hint)
    raise InvalidRequest([fault])


def _settle(
    order: WorkOrder, steps: Sequence[WorkStep], waiting: Sequence[WorkStep]
) -> WorkOrder | None:
    """Apply all of ``steps`` and, one by one, what fits of ``waiting``; None if they do not fit."""
    received = order.steps[0]
    settled, left = replay(order.request, received, steps)
    if left:
        return None
    rest = sorted(waiting, key=lambda one: one.at)
    moved = True
    while moved:
        moved = False
        for step in rest:
            more, left = replay(order.request, received, [*settled.steps[1:], step])
            if not left:
                settled, moved = more, True
                rest.remove(step)
                break
    still = {one.key for one in rest}
    kept = tuple(one for one in waiting if one.key in still)
    return settled.model_copy(update={"waiting": kept})


def check_in_history(order: WorkOrder, step: WorkStep) -> list[Fault]:
    """Return why a step does not fit where it happened: what came before it, what came after."""
    before = state_before(order, step)
    faults = check_place(before, step)
    if not is_legal(before, step):
        return faults
    received, *steps = order.steps
    _, left = replay(order.request, received, [*steps, step])
    if not left:
        return faults
    # What follows from the first step that no longer fits is no fault of its own.
    other, where = left[0], place_of(order.request, step)
    found = f"{other.step} of {other.at.isoformat()} recorded before"
    expected = f"nothing that cannot follow {step.step}"
    return [Fault(WorkCode.CONTRADICTS_LATER.value, where, found, expected)]


def explain_waiting(order: WorkOrder) -> tuple[Fault, ...]:
    """Return why each waiting step has not taken effect."""
    return tuple(fault for step in order.waiting for fault in check_in_history(order, step))


def fixed_first_time(
    order: WorkOrder, repeats: Sequence[WorkOrder], warranty: timedelta
) -> bool | None:
    """Return whether the first visit settled the matter (T259-4.6); None while it is open.

    Parameters
    ----------
    repeats
        Other orders; those linked to this one and received within ``warranty`` of the first
        ``finish`` count against it (返修), and so do a visit not done and a reopening.
    """
    ended = order.find_step(StepKind.FINISH, StepKind.FAIL)
    if ended is None:
        return None
    if ended.step is StepKind.FAIL or any(s.step is StepKind.REOPEN for s in order.steps):
        return False
    return not any(
        other.request.repeat_of == order.id and other.steps[0].at <= ended.at + warranty
        for other in repeats
    )
