"""The clock a test asks for."""

from __future__ import annotations

from datetime import datetime

from dispatch.domain.work_order import WorkOrder
from dispatch.standards.clocks import (
    Clock,
    ClockSettings,
    clocks_of,
)
from dispatch.standards.profile import get_profile
from tests.work_orders import moment


def clock(
    order: WorkOrder,
    key: str,
    now: str | datetime,
    profile: str = "t259",
    settings: ClockSettings | None = None,
) -> Clock:
    """The last run of the clock of a clause key."""
    found = clocks_of(order, get_profile(profile), moment(now), settings)
    return [one for one in found if one.key == key][-1]
