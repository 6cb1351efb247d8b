"""The service report of a visit: what T259-8.3-b asks the technician to do and to show."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from dispatch.domain.base import Fen, Model, Moment
from dispatch.domain.part import PartNeed

TestResult = Literal["passed", "failed", "not_possible"]


class ServiceReport(Model):
    """What was done at the customer's; the fields are those of T259-8.3-b.

    A field says what is so, not what should be: a report with an item left undone is kept and
    `missing_items` names the item.

    Attributes
    ----------
    id_shown
        The technician showed identification.
    content_explained, price_explained
        Content and price were explained before the work.
    work
        What was done.
    price_fen
        What the customer pays.
    cause
        Cause of the fault, as it was explained to the customer.
    test
        The appliance was tested after the work, and how that went.
    parts
        Parts that were put in.
    signed_by, signed_at
        Who signed the report, and when; None while nobody has.
    site_clean, waste_handled
        The site was left clean; packaging and old parts were taken care of.
    """

    id_shown: bool
    content_explained: bool
    price_explained: bool
    work: str = Field(min_length=1, max_length=2000)
    price_fen: Fen = 0
    cause: str = Field(default="", max_length=2000)
    test: TestResult
    parts: tuple[PartNeed, ...] = ()
    signed_by: str | None = Field(default=None, min_length=1, max_length=100)
    signed_at: Moment | None = None
    site_clean: bool
    waste_handled: bool


ITEMS: Final = (
    "id_shown",
    "content_explained",
    "price_explained",
    "tested",
    "cause_explained",
    "signed",
    "site_clean",
    "waste_handled",
)
"""Items of T259-8.3-b in the order of the clause."""


def missing_items(report: ServiceReport) -> tuple[str, ...]:
    """Return the items of T259-8.3-b a report does not show, in the order of `ITEMS`.

    A test that failed is a test; one that was not possible is none.
    """
    shown = {
        "id_shown": report.id_shown,
        "content_explained": report.content_explained,
        "price_explained": report.price_explained,
        "tested": report.test != "not_possible",
        "cause_explained": bool(report.cause.strip()),
        "signed": report.signed_by is not None and report.signed_at is not None,
        "site_clean": report.site_clean,
        "waste_handled": report.waste_handled,
    }
    return tuple(item for item in ITEMS if not shown[item])
