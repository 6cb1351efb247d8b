"""Use cases: over files (`files`), and of a live day over a store (`desk`).

The names of `files` are imported when they are asked for: they bring readers of maps along, which a
service that starts need not wait for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.service.files import (
        CALENDARS,
        GEOJSON_FILE,
        GEOPACKAGE_FILE,
        PLAN_FILE,
        REPORT_FILE,
        TRAVEL_FILE,
        WORKBOOK_FILE,
        CheckedPlan,
        PlannedDay,
        check_plan_file,
        plan_file,
        plan_files,
        plan_read_day,
        write_planned_day,
    )

__all__ = [
    "CALENDARS",
    "GEOJSON_FILE",
    "GEOPACKAGE_FILE",
    "PLAN_FILE",
    "REPORT_FILE",
    "TRAVEL_FILE",
    "WORKBOOK_FILE",
    "CheckedPlan",
    "PlannedDay",
    "check_plan_file",
    "plan_file",
    "plan_files",
    "plan_read_day",
    "write_planned_day",
]


def __getattr__(name: str) -> object:
    """Return a name of `files`."""
    if name in __all__:
        return getattr(import_module("dispatch.service.files"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
