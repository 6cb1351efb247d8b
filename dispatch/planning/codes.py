"""Codes of faults that only planning can find; ``docs/reasons.md`` explains each."""

from __future__ import annotations

from enum import StrEnum


class PlanningFault(StrEnum):
    """Stable code of a fault found while a day is prepared for planning."""

    COST_OVERFLOW = "D7001"
    VAN_GROWS = "D7002"
    VISIT_OFF_ROADS = "D7101"
    TECHNICIAN_OFF_ROADS = "D7102"
    OUTLET_OFF_ROADS = "D7103"
    TABLE_WITHOUT_PLACE = "D7201"
    TABLE_WITHOUT_PROFILE = "D7202"
    TABLE_WITHOUT_HOURS = "D7203"
    PLAN_NOT_LEGAL = "D7301"


class ReasonCode(StrEnum):
    """The first rule that keeps a visit off a technician or contracted outlet, in this order.

    The order and the meaning are those of ``docs/semantics.md``.
    """

    EXCLUDED = "excluded"
    NOT_REQUIRED = "not_required"
    PINNED_ELSEWHERE = "pinned_elsewhere"
    TERRITORY = "territory"
    SKILL_MISSING = "skill_missing"
    SKILL_LEVEL = "skill_level"
    CERTIFICATE_EXPIRED = "certificate_expired"
    OFF_SHIFT = "off_shift"
    CONTRACTED_HOURS = "contracted_hours"
    UNREACHABLE = "unreachable"
    CONTRACTED_FULL = "contracted_full"
    PART_MISSING = "part_missing"
    LINKED = "linked"
    SAME_TECHNICIAN = "same_technician"
    CREW = "crew"
    WINDOW = "window"
    BREAK = "break"
    SHIFT = "shift"
    LIMIT = "limit"
    LINK_GAP = "link_gap"
    NOT_WORTH_IT = "not_worth_it"
    SEARCH_STOPPED = "search_stopped"
    NOT_EXAMINED = "not_examined"


RULES: tuple[ReasonCode, ...] = tuple(ReasonCode)
"""Rule ``RULES[i]`` has number ``i + 1`` in eligibility tables; 0 means allowed."""
