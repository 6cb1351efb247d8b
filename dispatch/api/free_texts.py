"""Free texts people write: reasons, reports. They may name a customer, so they are sealed too."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping

from dispatch.api.context import Service
from dispatch.api.rights import Caller
from dispatch.api.views import OFFICE, without_references
from dispatch.domain.work_order import StepDetails, WorkOrder, WorkStep
from dispatch.domain.work_report import ServiceReport
from dispatch.service.orders import OrderView

USUAL = frozenset({"", "plan", "re-plan", "redo", "published"})
"""Words of this program."""
IN_LINE = "sealed:"
"""Begins a text that is sealed where it stands."""
SEALED = "(sealed)"
"""Shown where a text was forgotten, or is not the caller's to read."""


def seal_words(service: Service, day: str, text: str) -> str:
    """Return a reference to a text somebody wrote; nothing is kept of no text."""
    return text if text in USUAL else service.vault.seal_text(text, day, service.now())


def seal_report(service: Service, day: str, report: ServiceReport) -> ServiceReport:
    """Return a report whose texts are references."""
    fields = {
        "work": seal_words(service, day, report.work),
        "cause": seal_words(service, day, report.cause),
    }
    if report.signed_by is not None:
        fields["signed_by"] = service.vault.seal_text(report.signed_by, day, service.now())
    return report.model_copy(update=fields)


def seal_details(service: Service, day: str, details: StepDetails) -> StepDetails:
    """Return details of a step whose texts are references."""
    report = None if details.report is None else seal_report(service, day, details.report)
    reason = seal_words(service, day, details.reason)
    return details.model_copy(update={"reason": reason, "report": report})


def open_words(service: Service, caller: Caller, texts: Iterable[str]) -> dict[str, str]:
    """Return what each text reads for a caller: the words for the office, else that there are some.

    Texts that were never sealed read as they are.
    """
    wanted = set(texts)
    opened = service.vault.open_texts(wanted) if caller.role in OFFICE else {}
    return {one: opened.get(one) or without_references(one) or (one and SEALED) for one in wanted}


def seal_reason(service: Service, subject: str, reason: str) -> str:
    """Return a reason for the audit, sealed in its own line: it is kept as long as that is."""
    body = service.sealer.seal(reason.encode(), _about(subject))
    return IN_LINE + base64.b64encode(body).decode("ascii")


def open_reason(service: Service, subject: str, reason: str) -> str:
    """Return a reason of the audit as it was given; text of this program as it is.

    Raises
    ------
    StoreError
        A2002: sealed with another key, or for another line.
    """
    if not reason.startswith(IN_LINE):
        return reason
    body = base64.b64decode(reason.removeprefix(IN_LINE))
    return service.sealer.open(body, _about(subject)).decode()


def _about(subject: str) -> str:
    return f"audit {subject}"


def without_words(text: str) -> str:
    """Return what a text of this program reads for everybody; of a person's, that there is one."""
    return text if text in USUAL else SEALED


def show_orders(
    service: Service, caller: Caller, views: Iterable[OrderView]
) -> tuple[OrderView, ...]:
    """Return work orders with their texts as the caller may read them; signers stay sealed."""
    views = tuple(views)
    words = open_words(service, caller, (text for view in views for text in _texts(view.order)))
    return tuple(view.model_copy(update={"order": _shown(view.order, words)}) for view in views)


def _texts(order: WorkOrder) -> Iterator[str]:
    details = [step.details for step in (*order.steps, *order.waiting)]
    yield from (one.reason for one in details)
    for report in (order.report, *(one.report for one in details)):
        if report is not None:
            yield report.work
            yield report.cause


def _shown(order: WorkOrder, words: Mapping[str, str]) -> WorkOrder:
    def step(one: WorkStep) -> WorkStep:
        details, report = one.details, _report(one.details.report, words)
        shown = details.model_copy(update={"reason": words[details.reason], "report": report})
        return one.model_copy(update={"details": shown})

    fields = {
        "steps": tuple(map(step, order.steps)),
        "waiting": tuple(map(step, order.waiting)),
        "report": _report(order.report, words),
    }
    return order.model_copy(update=fields)


def _report(report: ServiceReport | None, words: Mapping[str, str]) -> ServiceReport | None:
    if report is None:
        return None
    fields: dict[str, object] = {"work": words[report.work], "cause": words[report.cause]}
    if report.signed_by is not None:
        fields["signed_by"] = without_references(report.signed_by) or SEALED
    return report.model_copy(update=fields)
