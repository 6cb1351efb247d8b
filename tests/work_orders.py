"""Work orders for tests: steps with defaults, on Monday 2026-03-02, Shanghai time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dispatch.domain import PartNeed, Priority
from dispatch.domain.work_order import Request, StepDetails, StepKind, WorkOrder, WorkStep
from dispatch.domain.work_record import open_order, record_step
from dispatch.domain.work_report import ServiceReport
from tests.days import appointment, at

SMOOTH = (
    ("confirm", "08:10"),
    ("appoint", "08:20"),
    ("dispatch", "08:30"),
    ("contact", "08:40"),
    ("accept", "08:45"),
    ("depart", "09:30"),
    ("arrive", "10:00"),
    ("start", "10:05"),
    ("finish", "11:00"),
    ("follow_up", "15:00"),
    ("close", "16:00"),
)
"""A request of 08:00 that goes the way it should."""


def report(**fields: Any) -> ServiceReport:
    """A report with every item of T259-8.3-b, unless said otherwise."""
    return ServiceReport(
        **{
            "id_shown": True,
            "content_explained": True,
            "price_explained": True,
            "work": "compressor replaced",
            "cause": "worn bearing",
            "test": "passed",
            "signed_by": "Wang",
            "signed_at": at("11:00"),
            "site_clean": True,
            "waste_handled": True,
            **fields,
        }
    )


def defaults(step: StepKind) -> dict[str, Any]:
    """What a step must say."""
    said: dict[StepKind, dict[str, Any]] = {
        StepKind.APPOINT: {"promise": appointment("10:00")},
        StepKind.DISPATCH: {"technicians": ("T1",)},
        StepKind.RECALL: {"reason": "sick"},
        StepKind.FINISH: {"report": report()},
        StepKind.FAIL: {"not_done": "customer_absent"},
        StepKind.CANCEL: {"reason": "bought a new one"},
        StepKind.REOPEN: {"reason": "the fault is back"},
        StepKind.REQUEST_PART: {"ref": "P1", "part": PartNeed(part="fan")},
        StepKind.REVIEW_PART: {"ref": "P1"},
        StepKind.ISSUE_PART: {"ref": "P1"},
        StepKind.INSTALL_PART: {"ref": "P1"},
        StepKind.RETURN_PART: {"ref": "P1"},
        StepKind.COMPLAIN: {"ref": "C1", "reason": "nobody came"},
        StepKind.ANSWER_COMPLAINT: {"ref": "C1"},
        StepKind.SOLVE_COMPLAINT: {"ref": "C1"},
        StepKind.CALL_BACK: {"ref": "C1"},
    }
    return said.get(step, {})


def moment(clock: str | datetime) -> datetime:
    """``"10:30"`` on the Monday, ``"1 10:30"`` a day later."""
    if isinstance(clock, datetime):
        return clock
    days, _, time = clock.rpartition(" ")
    return at(time) + timedelta(days=int(days or 0))


def step(
    kind: str, clock: str | datetime, *, recorded: str | datetime | None = None, **more: Any
) -> WorkStep:
    """A step with what it must say; every further field of the details by name."""
    fields = {name: more.pop(name) for name in ("by", "request_id", "offline") if name in more}
    word = StepKind(kind)
    happened = moment(clock)
    ref = more.get("ref", "")
    return WorkStep(
        step=word,
        at=happened,
        recorded_at=happened if recorded is None else moment(recorded),
        details=StepDetails(**{**defaults(word), **more}),
        **{
            "by": "dispatcher:li",
            "request_id": f"{kind}@{happened.isoformat()}{ref}",
            **fields,
        },
    )


def request(order: str = "W1", **fields: Any) -> Request:
    """A general repair by a standard customer."""
    return Request(**{"order": order, "visit": order, **fields})


def opened(clock: str = "08:00", order: str = "W1", **fields: Any) -> WorkOrder:
    """An order received at a time."""
    return open_order(request(order, **fields), step("receive", clock))


def emergency(clock: str = "08:00", **fields: Any) -> WorkOrder:
    """An emergency received at a time."""
    return opened(clock, priority=Priority.EMERGENCY, **fields)


def taken(order: WorkOrder, *steps: tuple[str, str] | WorkStep) -> WorkOrder:
    """Record steps given as such or as (kind, clock)."""
    for one in steps:
        made = one if isinstance(one, WorkStep) else step(*one)
        order = record_step(order, made).order
    return order


def until(last: str, order: WorkOrder | None = None) -> WorkOrder:
    """The smooth order up to and with a step."""
    words = [kind for kind, _ in SMOOTH]
    return taken(order or opened(), *SMOOTH[: words.index(last) + 1])
