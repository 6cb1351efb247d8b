"""Which clocks run on a work order: what starts and stops each, by clause, as data.

The figures are the profile's (`dispatch.standards.profile`); here stand only the steps. A clock
whose clause a profile does not have does not exist there. Readings of the clauses are explained in
docs/work-orders.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispatch.domain.visit import CustomerClass, Priority
from dispatch.domain.work_order import Channel, OrderKind, Request, StepKind, WorkStep
from dispatch.standards.profile import Profile

_K, _P = StepKind, Priority


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One row.

    Parameters
    ----------
    name
        Word of the clock.
    keys
        Clause keys; the first one the profile has gives the figure.
    opens, stops, withdraws
        Steps that start it, that meet it, and after which nobody waits for it any more.
    kinds, priorities, customer_class, channel
        Requests it runs for; None = all.
    detail
        A field of the opening step's details and the value it must have.
    by_ref
        One clock for each part order or complaint.
    working_hours
        It runs in working hours only (T259-8.2-c); all others never pause.
    to_promise
        It ends with the window of the appointment; the clause gives the tolerance.
    """

    name: str
    keys: tuple[str, ...]
    opens: frozenset[StepKind]
    stops: frozenset[StepKind]
    withdraws: frozenset[StepKind] = frozenset({_K.CANCEL})
    kinds: frozenset[OrderKind] = frozenset({"visit"})
    priorities: frozenset[Priority] = frozenset(_P)
    customer_class: CustomerClass | None = None
    channel: Channel | None = None
    detail: tuple[str, bool] | None = None
    by_ref: bool = False
    working_hours: bool = False
    to_promise: bool = False

    def runs_for(self, request: Request) -> bool:
        """Return whether the clock runs for a request of this kind and class."""
        return (
            request.kind in self.kinds
            and request.priority in self.priorities
            and self.customer_class in {None, request.customer_class}
            and self.channel in {None, request.channel}
        )

    def is_opened_by(self, step: WorkStep) -> bool:
        """Return whether a step starts the clock."""
        if step.step not in self.opens:
            return False
        return self.detail is None or getattr(step.details, self.detail[0]) is self.detail[1]

    def find_key(self, profile: Profile) -> str | None:
        """Return the clause key a profile has for the clock; None without one."""
        return next((key for key in self.keys if key in profile.clauses), None)


def _steps(*kinds: StepKind) -> frozenset[StepKind]:
    return frozenset(kinds)


_ASKED = _steps(_K.RECEIVE, _K.REOPEN)
_TAKEN_UP = _steps(_K.ANSWER, _K.CONFIRM, _K.APPOINT, _K.DISPATCH)
_NOT_EMERGENCY = frozenset({_P.URGENT, _P.IMPORTANT, _P.GENERAL})
_BOTH: frozenset[OrderKind] = frozenset({"visit", "consultation"})
_NEVER: frozenset[StepKind] = frozenset()
_CONNECTED = _TAKEN_UP | {_K.CONNECT, _K.FINISH}
_RECEIPT = _steps(_K.RECEIVE)


def _only(*priorities: Priority) -> frozenset[Priority]:
    return frozenset(priorities)


RULES: Final[tuple[ClockRule, ...]] = (
    ClockRule("connected", ("phone_answer",), _RECEIPT, _CONNECTED, kinds=_BOTH,
              channel="phone", customer_class="standard"),
    ClockRule("connected", ("phone_answer_vip", "phone_answer"), _RECEIPT, _CONNECTED,
              kinds=_BOTH, channel="phone", customer_class="vip"),
    ClockRule("connected", ("online_answer",), _RECEIPT, _CONNECTED, kinds=_BOTH,
              channel="online"),
    ClockRule("arranged", ("emergency_response",), _ASKED, _steps(_K.DISPATCH),
              priorities=_only(_P.EMERGENCY)),
    ClockRule("emergency_arrival", ("emergency_arrival",), _ASKED, _steps(_K.ARRIVE),
              priorities=_only(_P.EMERGENCY)),
    ClockRule("answered", ("urgent_response", "general_response"), _ASKED, _TAKEN_UP,
              priorities=_only(_P.URGENT)),
    ClockRule("answered", ("general_response",), _ASKED, _TAKEN_UP,
              priorities=_only(_P.IMPORTANT, _P.GENERAL)),
    ClockRule("answered", ("consultation_response",), _ASKED, _TAKEN_UP | {_K.FINISH},
              kinds=frozenset({"consultation"}), working_hours=True),
    ClockRule("confirmed", ("registration",), _RECEIPT, _steps(_K.CONFIRM, _K.DISPATCH, _K.FINISH),
              kinds=_BOTH),
    ClockRule("confirmed", ("work_order_confirmed",), _RECEIPT, _steps(_K.CONFIRM, _K.DISPATCH)),
    ClockRule("appointed", ("appointment_agreed",), _ASKED, _steps(_K.APPOINT, _K.CONTACT),
              priorities=_NOT_EMERGENCY),
    ClockRule("arrival", ("arrival_tolerance",), _steps(_K.APPOINT), _steps(_K.ARRIVE),
              _steps(_K.CANCEL, _K.REOPEN, _K.APPOINT), to_promise=True),
    ClockRule("taken_up", ("urgent_handling",), _ASKED, _TAKEN_UP, priorities=_only(_P.URGENT)),
    ClockRule("handled", ("important_handling",), _ASKED, _steps(_K.FINISH),
              priorities=_only(_P.IMPORTANT)),
    ClockRule("handled", ("general_handling",), _ASKED, _steps(_K.FINISH),
              priorities=_only(_P.GENERAL)),
    ClockRule("handled", ("key_business",), _ASKED, _steps(_K.FINISH),
              priorities=_only(_P.IMPORTANT)),
    ClockRule("settled", ("consultation_follow_up",), _ASKED, _steps(_K.FINISH),
              kinds=frozenset({"consultation"})),
    ClockRule("followed_up", ("follow_up",), _steps(_K.FINISH), _steps(_K.FOLLOW_UP),
              _steps(_K.REOPEN), kinds=_BOTH),
    ClockRule("closed", ("closure",), _steps(_K.FINISH), _steps(_K.CLOSE), _steps(_K.REOPEN),
              kinds=_BOTH),
    ClockRule("part_answered", ("urgent_parts",), _steps(_K.REQUEST_PART),
              _steps(_K.REVIEW_PART, _K.ISSUE_PART), detail=("urgent", True), by_ref=True),
    ClockRule("part_issued", ("routine_parts",), _steps(_K.REQUEST_PART), _steps(_K.ISSUE_PART),
              detail=("urgent", False), by_ref=True),
    ClockRule("complaint_answered", ("complaint_response",), _steps(_K.COMPLAIN),
              _steps(_K.ANSWER_COMPLAINT, _K.SOLVE_COMPLAINT), _NEVER, kinds=_BOTH, by_ref=True),
    ClockRule("complaint_answered", ("major_complaint",), _steps(_K.COMPLAIN),
              _steps(_K.ANSWER_COMPLAINT, _K.SOLVE_COMPLAINT), _NEVER, kinds=_BOTH,
              detail=("major", True), by_ref=True),
    ClockRule("complaint_solved", ("complaint_solution",), _steps(_K.COMPLAIN),
              _steps(_K.SOLVE_COMPLAINT), _NEVER, kinds=_BOTH, detail=("complicated", True),
              by_ref=True),
    ClockRule("complaint_called_back", ("complaint_call_back",), _steps(_K.SOLVE_COMPLAINT),
              _steps(_K.CALL_BACK), _NEVER, kinds=_BOTH, by_ref=True),
)  # fmt: skip
"""All clocks, in the order they are shown."""
