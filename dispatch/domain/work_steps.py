"""What may follow what in a work order: the transition table, as data.

The chain is that of the house (docs/work-orders.md); the clauses behind it are T259-8.2-e (the
technician contacts the customer before accepting), T259-8.3-b (report), T259-8.4 (parts; who lacks
a part is not sent) and ASQ25-1.2 (closed loop).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dispatch.domain.work_order import StepKind, WorkOrder, WorkState


class Condition(StrEnum):
    """What must hold beside the state."""

    EMERGENCY = "emergency"
    VISIT = "visit"
    CONSULTATION = "consultation"
    APPOINTMENT = "appointment"
    NO_APPOINTMENT = "no_appointment"
    PARTS_ISSUED = "parts_issued"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from any of ``sources`` the step leads to ``target``; None = the state stays."""

    step: StepKind
    sources: frozenset[WorkState]
    target: WorkState | None
    conditions: tuple[Condition, ...] = ()


_S, _K, _C = WorkState, StepKind, Condition
_ALL = frozenset(_S)
_OPEN = _ALL - {_S.CLOSED, _S.CANCELED}
_ON_THE_JOB = frozenset({_S.DISPATCHED, _S.CUSTOMER_CONTACTED, _S.ACCEPTED, _S.EN_ROUTE})
_BEFORE_WORK = _ON_THE_JOB | {_S.RECEIVED, _S.CONFIRMED, _S.APPOINTED, _S.ARRIVED}
_UNDER_WAY = _BEFORE_WORK | {_S.WORKING}
_OVER = frozenset({_S.DONE, _S.NOT_DONE, _S.FOLLOWED_UP, _S.CLOSED, _S.CANCELED})


def _row(
    step: StepKind,
    sources: frozenset[WorkState] | WorkState,
    target: WorkState | None,
    *when: Condition,
) -> Transition:
    every = frozenset({sources}) if isinstance(sources, WorkState) else sources
    return Transition(step, every, target, when)


TABLE: Final[tuple[Transition, ...]] = (
    _row(_K.CONNECT, _S.RECEIVED, None),
    _row(_K.ANSWER, _UNDER_WAY, None),
    _row(_K.CONFIRM, _S.RECEIVED, _S.CONFIRMED),
    _row(_K.APPOINT, frozenset({_S.CONFIRMED, _S.APPOINTED}), _S.APPOINTED, _C.VISIT),
    # A moved appointment: the technician stays and has to agree it with the customer again.
    _row(_K.APPOINT, _ON_THE_JOB, _S.DISPATCHED, _C.VISIT),
    _row(_K.DISPATCH, _S.RECEIVED, _S.DISPATCHED, _C.VISIT, _C.EMERGENCY),
    _row(_K.DISPATCH, frozenset({_S.CONFIRMED, _S.APPOINTED}), _S.DISPATCHED, _C.VISIT),
    _row(_K.DISPATCH, _ON_THE_JOB, _S.DISPATCHED, _C.VISIT),
    _row(_K.RECALL, _ON_THE_JOB, _S.APPOINTED, _C.APPOINTMENT),
    _row(_K.RECALL, _ON_THE_JOB, _S.CONFIRMED, _C.NO_APPOINTMENT),
    _row(_K.CONTACT, _S.DISPATCHED, _S.CUSTOMER_CONTACTED),
    _row(_K.ACCEPT, _S.CUSTOMER_CONTACTED, _S.ACCEPTED),
    _row(_K.DEPART, _S.ACCEPTED, _S.EN_ROUTE, _C.PARTS_ISSUED),
    _row(_K.ARRIVE, _S.EN_ROUTE, _S.ARRIVED),
    _row(_K.START, _S.ARRIVED, _S.WORKING),
    _row(_K.FINISH, _S.WORKING, _S.DONE, _C.VISIT),
    _row(_K.FINISH, frozenset({_S.RECEIVED, _S.CONFIRMED}), _S.DONE, _C.CONSULTATION),
    _row(_K.FAIL, frozenset({_S.EN_ROUTE, _S.ARRIVED, _S.WORKING}), _S.NOT_DONE),
    _row(_K.FOLLOW_UP, frozenset({_S.DONE, _S.NOT_DONE}), _S.FOLLOWED_UP),
    # T259-8.6-a asks to follow up a share, not every order.
    _row(_K.CLOSE, frozenset({_S.DONE, _S.FOLLOWED_UP}), _S.CLOSED),
    _row(_K.CANCEL, _BEFORE_WORK, _S.CANCELED),
    _row(_K.REOPEN, _OVER, _S.CONFIRMED),
    _row(_K.REQUEST_PART, (_UNDER_WAY - {_S.RECEIVED}) | {_S.NOT_DONE}, None, _C.VISIT),
    _row(_K.REVIEW_PART, _OPEN, None),
    _row(_K.ISSUE_PART, _OPEN, None),
    _row(_K.INSTALL_PART, _S.WORKING, None),
    _row(_K.RETURN_PART, _ALL, None),
    _row(_K.COMPLAIN, _ALL, None),
    _row(_K.ANSWER_COMPLAINT, _ALL, None),
    _row(_K.SOLVE_COMPLAINT, _ALL, None),
    _row(_K.CALL_BACK, _ALL, None),
)
"""Every legal step; the first row whose state and conditions hold is taken."""

PHONE: Final = frozenset(
    {
        _K.CONTACT,
        _K.ACCEPT,
        _K.DEPART,
        _K.ARRIVE,
        _K.START,
        _K.FINISH,
        _K.FAIL,
        _K.REQUEST_PART,
        _K.INSTALL_PART,
    }
)
"""Steps a technician's phone may keep and send later."""


@dataclass(frozen=True, slots=True)
class Details:
    """Fields of `StepDetails` a step must give and may give."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


DETAILS: Final[Mapping[StepKind, Details]] = MappingProxyType(
    {
        _K.APPOINT: Details(("promise",), ("asked_by", "reason")),
        _K.DISPATCH: Details(("technicians",), ("reason",)),
        _K.RECALL: Details(("reason",)),
        _K.FINISH: Details((), ("report",)),
        _K.FAIL: Details(("not_done",), ("reason", "report")),
        _K.FOLLOW_UP: Details((), ("satisfaction", "solved", "reason")),
        _K.CLOSE: Details((), ("reason",)),
        _K.CANCEL: Details(("reason",)),
        _K.REOPEN: Details(("reason",)),
        _K.REQUEST_PART: Details(("ref", "part"), ("urgent",)),
        _K.REVIEW_PART: Details(("ref",), ("reason",)),
        _K.ISSUE_PART: Details(("ref",)),
        _K.INSTALL_PART: Details(("ref",)),
        _K.RETURN_PART: Details(("ref",), ("reason",)),
        _K.COMPLAIN: Details(("ref", "reason"), ("major", "complicated")),
        _K.ANSWER_COMPLAINT: Details(("ref",), ("reason",)),
        _K.SOLVE_COMPLAINT: Details(("ref",), ("reason",)),
        _K.CALL_BACK: Details(("ref",), ("satisfaction",)),
    }
)
"""By step; a step that is not listed says nothing beside its kind."""


def holds(condition: Condition, order: WorkOrder) -> bool:
    """Return whether a condition holds for an order as it stands."""
    request = order.request
    match condition:
        case Condition.EMERGENCY:
            return request.priority == "emergency"
        case Condition.VISIT:
            return request.kind == "visit"
        case Condition.CONSULTATION:
            return request.kind == "consultation"
        case Condition.APPOINTMENT:
            return order.appointment is not None
        case Condition.NO_APPOINTMENT:
            return order.appointment is None
        case Condition.PARTS_ISSUED:
            return all(part.state != "part_requested" for part in order.parts)


def rows(step: StepKind, state: WorkState) -> tuple[Transition, ...]:
    """Return the rows of a step in a state, whatever their conditions."""
    return tuple(row for row in TABLE if row.step is step and state in row.sources)


def find_transition(order: WorkOrder, step: StepKind) -> Transition | None:
    """Return the row a step takes from here; None if it is not legal."""
    for row in rows(step, order.state):
        if all(holds(one, order) for one in row.conditions):
            return row
    return None


def next_steps(order: WorkOrder) -> tuple[StepKind, ...]:
    """Return the steps that are legal from here, in the order of `StepKind`."""
    return tuple(step for step in StepKind if find_transition(order, step) is not None)
