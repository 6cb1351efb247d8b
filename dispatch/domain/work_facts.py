"""Work orders as facts of the day's log, and the fold that makes work orders of a log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from dispatch.domain.base import Id
from dispatch.domain.event import Event, EventKinds, Fact, UtcMoment
from dispatch.domain.work_codes import WorkCode
from dispatch.domain.work_order import Request, StepDetails, StepKind, WorkOrder, WorkStep
from dispatch.domain.work_record import open_order, record_step
from dispatch.errors import Fault, InvalidRequest


class WorkOrderOpened(Fact):
    """A customer asked for something.

    Attributes
    ----------
    happened_at
        When the customer asked; response clocks start here.
    """

    kind: Literal["work_order_opened"] = "work_order_opened"
    request: Request
    happened_at: UtcMoment


class WorkStepTaken(Fact):
    """Somebody took a step of a work order.

    Attributes
    ----------
    happened_at
        When; the event's ``at`` is when it was recorded.
    offline
        Sent late by a technician's phone.
    """

    kind: Literal["work_step_taken"] = "work_step_taken"
    order: Id
    step: StepKind
    happened_at: UtcMoment
    offline: bool = False
    details: StepDetails = StepDetails()


WORK_KINDS: Final = EventKinds.of(WorkOrderOpened, WorkStepTaken)
"""What a log says about work orders."""


def step_of(event: Event, fact: WorkOrderOpened | WorkStepTaken) -> WorkStep:
    """Return the step a fact of the log is; recorded when the event was made."""
    if isinstance(fact, WorkOrderOpened):
        kind, offline, details = StepKind.RECEIVE, False, StepDetails()
    else:
        kind, offline, details = fact.step, fact.offline, fact.details
    return WorkStep(
        step=kind,
        at=fact.happened_at,
        recorded_at=event.at,
        by=event.by,
        request_id=event.request_id,
        offline=offline,
        details=details,
    )


def apply_work_event(orders: Mapping[str, WorkOrder], event: Event) -> Mapping[str, WorkOrder]:
    """Return all work orders after one event; events about other things change nothing.

    Parameters
    ----------
    orders
        By id.

    Raises
    ------
    InvalidRequest
        With every fault; the same an order raises when the step is recorded.
    """
    fact = event.what
    if isinstance(fact, WorkOrderOpened):
        return _opened(orders, fact, step_of(event, fact))
    if not isinstance(fact, WorkStepTaken):
        return orders
    step = step_of(event, fact)
    if fact.order not in orders:
        where = f"work order {fact.order} step {fact.step}"
        fault = Fault(
            WorkCode.ORDER_UNKNOWN.value, where, "no such work order", "one that was received"
        )
        raise InvalidRequest([fault])
    return {**orders, fact.order: record_step(orders[fact.order], step).order}


def _opened(
    orders: Mapping[str, WorkOrder], fact: WorkOrderOpened, received: WorkStep
) -> Mapping[str, WorkOrder]:
    known = orders.get(fact.request.order)
    if known is not None:
        old = known.steps[0]
        again = received.model_copy(update={"recorded_at": old.recorded_at}) == old
        if again and known.request == fact.request:
            return orders
        where = f"work order {fact.request.order}"
        hint = "A new request needs an id of its own."
        expected = "an id that is not used yet"
        fault = Fault(WorkCode.ORDER_EXISTS.value, where, "received already", expected, hint)
        raise InvalidRequest([fault])
    first = orders.get(fact.request.repeat_of) if fact.request.repeat_of else None
    return {**orders, fact.request.order: open_order(fact.request, received, first)}
