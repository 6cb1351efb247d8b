"""Service standards as data: profiles of clauses, response clocks, the audit of a planned day."""

from dispatch.standards.audit import ClauseFinding, audit_day
from dispatch.standards.clause import Clause, Force
from dispatch.standards.clock_summary import ClockShare, responses_in_time, summarize_clocks
from dispatch.standards.clocks import AlarmRule, Clock, ClockSettings, ClockStatus, clocks_of
from dispatch.standards.profile import NAMES, Profile, get_profile
from dispatch.standards.work_calendar import WorkCalendar

__all__ = [
    "NAMES",
    "AlarmRule",
    "Clause",
    "ClauseFinding",
    "Clock",
    "ClockSettings",
    "ClockShare",
    "ClockStatus",
    "Force",
    "Profile",
    "WorkCalendar",
    "audit_day",
    "clocks_of",
    "get_profile",
    "responses_in_time",
    "summarize_clocks",
]
