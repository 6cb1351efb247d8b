"""A work order: one request of a customer, from the call to the closed file, as a frozen value.

The order is what its steps make of it: `steps` are in effect, in the order in which they happened,
and every other field follows from them. `dispatch.domain.work_record` adds steps; the table of
what may follow what is `dispatch.domain.work_steps.TABLE`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from dispatch.domain.base import Id, Model
from dispatch.domain.event import Actor, RequestId, UtcMoment
from dispatch.domain.part import PartNeed
from dispatch.domain.promise import Promise
from dispatch.domain.visit import CustomerClass, Priority
from dispatch.domain.work_report import ServiceReport

OrderKind = Literal["visit", "consultation"]
Channel = Literal["phone", "online", "other"]


class WorkState(StrEnum):
    """Where a work order is, in the order of a smooth one."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    APPOINTED = "appointed"
    DISPATCHED = "dispatched"
    CUSTOMER_CONTACTED = "customer_contacted"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    WORKING = "working"
    DONE = "done"
    NOT_DONE = "not_done"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"
    CANCELED = "canceled"


class StepKind(StrEnum):
    """What somebody did."""

    RECEIVE = "receive"
    CONNECT = "connect"
    ANSWER = "answer"
    CONFIRM = "confirm"
    APPOINT = "appoint"
    DISPATCH = "dispatch"
    RECALL = "recall"
    CONTACT = "contact"
    ACCEPT = "accept"
    DEPART = "depart"
    ARRIVE = "arrive"
    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"
    REQUEST_PART = "request_part"
    REVIEW_PART = "review_part"
    ISSUE_PART = "issue_part"
    INSTALL_PART = "install_part"
    RETURN_PART = "return_part"
    COMPLAIN = "complain"
    ANSWER_COMPLAINT = "answer_complaint"
    SOLVE_COMPLAINT = "solve_complaint"
    CALL_BACK = "call_back"


class NotDoneReason(StrEnum):
    """Why a visit was not done."""

    CUSTOMER_ABSENT = "customer_absent"
    CUSTOMER_REFUSED = "customer_refused"
    ADDRESS_WRONG = "address_wrong"
    PART_MISSING = "part_missing"
    SKILL_MISSING = "skill_missing"
    UNSAFE = "unsafe"
    OUT_OF_TIME = "out_of_time"
    OTHER = "other"


class StepDetails(Model):
    """What a step says beside its kind; `work_steps.DETAILS` lists which step says what.

    Attributes
    ----------
    promise
        The appointment.
    asked_by
        Who asked for the new appointment.
    technicians
        Who is sent; the first answers for the visit.
    reason
        Why, in words.
    not_done
        Why the visit was not done.
    ref
        Id of the part order or of the complaint the step is about.
    part, urgent
        What is ordered, and whether the order is urgent (T259-7.3-b).
    major, complicated
        A major complaint (CSQ-2.1); a complex one (T259-8.5-a).
    report
        The service report.
    satisfaction, solved
        Of a follow-up: points of 100; whether the matter is settled for the customer.
    """

    promise: Promise | None = None
    asked_by: Literal["customer", "company"] | None = None
    technicians: tuple[Id, ...] = ()
    reason: str = Field(default="", max_length=1000)
    not_done: NotDoneReason | None = None
    ref: Id | None = None
    part: PartNeed | None = None
    urgent: bool = False
    major: bool = False
    complicated: bool = False
    report: ServiceReport | None = None
    satisfaction: int | None = Field(default=None, ge=0, le=100)
    solved: bool | None = None


class WorkStep(Model):
    """One step of one work order.

    Attributes
    ----------
    at
        When it happened.
    recorded_at
        When the system learned of it; later than ``at`` where a phone had no connection.
    by
        Who did it.
    request_id
        Sending a step again under the same id changes nothing.
    offline
        Kept on a technician's phone and sent when it could be; may come late and out of order.
    """

    step: StepKind
    at: UtcMoment
    recorded_at: UtcMoment
    by: Actor
    request_id: RequestId
    offline: bool = False
    details: StepDetails = StepDetails()

    @property
    def key(self) -> tuple[str, StepKind, str | None]:
        """What makes it the same step when it is sent again."""
        return self.request_id, self.step, self.details.ref


class PartOrder(Model):
    """A part ordered for the work order (T259-8.4), traced until it is in or back."""

    id: Id
    part: PartNeed
    urgent: bool
    state: Literal["part_requested", "part_issued", "part_installed", "part_returned"]
    reviewed: bool = False


class Complaint(Model):
    """A complaint about the work order (T259-8.5-a)."""

    id: Id
    major: bool
    complicated: bool
    state: Literal["open", "answered", "solved", "called_back"]


class Request(Model):
    """What a customer asks for.

    Attributes
    ----------
    order
        Id of the work order.
    visit
        Id of the visit in the day's plan; None for a consultation, or while none is planned.
    kind
        A consultation makes no visit.
    channel
        How it came in; the clocks on answering calls and chats hold for phone and online.
    repeat_of
        Id of the work order this visit has to be repeated for (返修).
    """

    order: Id
    visit: Id | None = None
    kind: OrderKind = "visit"
    priority: Priority = Priority.GENERAL
    customer_class: CustomerClass = "standard"
    channel: Channel = "other"
    repeat_of: Id | None = None


class WorkOrder(Model):
    """A work order as it stands.

    Attributes
    ----------
    steps
        In effect, in the order they happened.
    waiting
        Sent by a phone and not fitting (yet): a step before them is missing, or they contradict
        what the office recorded. They take effect as soon as they fit.
    appointment
        The one that holds.
    round
        1, and one more each time the order is reopened.
    report, not_done
        Of the last visit of the round.
    """

    request: Request
    steps: tuple[WorkStep, ...]
    waiting: tuple[WorkStep, ...] = ()
    state: WorkState = WorkState.RECEIVED
    appointment: Promise | None = None
    technicians: tuple[Id, ...] = ()
    parts: tuple[PartOrder, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    report: ServiceReport | None = None
    not_done: NotDoneReason | None = None
    round: int = 1

    @property
    def id(self) -> str:
        """Id of the work order."""
        return self.request.order

    def find_step(self, *kinds: StepKind) -> WorkStep | None:
        """Return the first step of one of the kinds; None if there is none."""
        return next((one for one in self.steps if one.step in kinds), None)
