"""Use cases: over files (`files`), and of a live day over a store (`desk`)."""

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
