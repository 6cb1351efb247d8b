"""Everything that must hold between the values of a day; all faults at once."""

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.day import check_day, check_parts, parts_of
from dispatch.domain.checks.report import DayParts, FaultList, plain_where, show, suggest

__all__ = [
    "Code",
    "DayParts",
    "FaultList",
    "check_day",
    "check_parts",
    "parts_of",
    "plain_where",
    "show",
    "suggest",
]
