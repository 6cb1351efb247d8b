"""Figures of the standards, each by its clause (standards/clauses: the source documents)."""

from __future__ import annotations

import pytest

from dispatch.domain.promise import DEFAULT_TOLERANCE_MIN
from dispatch.referee.promises import EMERGENCY_ARRIVAL_S
from dispatch.referee.radius import SUBURBAN_M, URBAN_M
from dispatch.standards import NAMES, get_profile


@pytest.mark.parametrize("name", NAMES)
def test_no_profile_departs_from_the_figures_the_referee_knows_by_itself(name):
    # The referee sees the domain only; a profile with other figures needs them in the day first.
    profile = get_profile(name)
    assert profile.tolerance_min == DEFAULT_TOLERANCE_MIN
    assert profile.emergency_arrival_s == EMERGENCY_ARRIVAL_S
    assert (profile.urban_radius_m, profile.suburban_radius_m) == (URBAN_M, SUBURBAN_M)


T259 = [
    ("T259-8.2-a", "emergency_response", "at_most 15 min", "shall"),
    ("CARD-E15", "emergency_arrival", "at_most 15 min", "card"),
    ("T259-8.2-b", "general_response", "at_most 30 min", "shall"),
    ("T259-8.2-b", "appointment_agreed", "at_most 2 h", "shall"),
    ("T259-8.3-a", "arrival_tolerance", "within 30 min", "should"),
    ("T259-7.2-a", "urban_radius", "at_most 5000 m", "example"),
    ("T259-7.2-a", "suburban_radius", "at_most 20000 m", "example"),
    ("T259-7.2-b", "outlet_days", "at_least 6 day", "should"),
    ("T259-7.2-b", "outlet_hours", "at_least 8 h", "should"),
    ("T259-7.3-a", "parts_fill", "at_least 95 percent", "shall"),
    ("T259-7.3-b", "urgent_parts", "at_most 24 h", "shall"),
    ("T259-7.3-b", "routine_parts", "at_most 7 workday", "shall"),
    ("T259-9-a", "response_rate", "at_least 95 percent", "example"),
    ("T259-9-b", "first_time_fix", "at_least 85 percent", "example"),
    ("T259-9-c", "satisfaction", "at_least 90 percent", "example"),
    ("T259-9-d", "on_time_arrivals", "at_least 95 percent", "own"),
    ("T259-7.1-a", "training", "at_least 40 h", "should"),
    ("T259-8.1-a", "phone_answer", "at_most 15 s", "shall"),
    ("T259-8.1-a", "phone_share", "at_least 85 percent", "shall"),
    ("T259-8.1-b", "online_answer", "at_most 5 min", "shall"),
    ("T259-8.5-a", "complaint_response", "at_most 24 h", "shall"),
    ("T259-8.5-a", "complaint_solution", "at_most 3 workday", "shall"),
    ("T259-8.6-a", "follow_up_share", "at_least 20 percent", "should"),
    ("T259-9-e", "recordings_checked", "at_least 5 percent", "should"),
    ("T259-11-b", "survey_share", "at_least 5 percent", "should"),
    ("T259-11-b", "survey_size", "at_least 500 count", "should"),
    ("T259-12", "standard_review", "at_most 3 year", "should"),
]

OVERRIDES = [
    ("csq", "CSQ-2.1", "phone_answer_vip", 10, "s"),
    ("csq", "CSQ-2.1", "online_answer", 30, "s"),
    ("csq", "CSQ-2.1", "work_order_confirmed", 1, "h"),
    ("csq", "CSQ-2.1", "major_complaint", 5, "min"),
    ("csq", "CSQ-2.3", "first_time_fix", 90, "percent"),
    ("csq", "CSQ-2.3", "follow_up", 24, "h"),
    ("csq", "CSQ-3.2", "urgent_handling", 0, "min"),
    ("csq", "CSQ-3.2", "important_handling", 24, "h"),
    ("csq", "CSQ-3.2", "general_handling", 3, "workday"),
    ("csq", "CSQ-3.5", "consultation_follow_up", 72, "h"),
    ("csq", "CSQ-3.6", "records_kept", 2, "year"),
    ("csp25", "CSP25-1.1", "response_time", 24, "h"),
    ("csp25", "CSP25-1.1", "standard_processes", 95, "percent"),
    ("csp25", "CSP25-1.2", "general_response", 24, "h"),
    ("csp25", "CSP25-1.2", "urgent_response", 4, "h"),
    ("csp25", "CSP25-1.2", "key_business", 2, "workday"),
    ("csp25", "CSP25-1.3", "registration", 15, "min"),
    ("csp25", "CSP25-1.3", "closure", 3, "workday"),
    ("asq25", "ASQ25-1.1", "satisfaction", 98, "percent"),
]


@pytest.mark.parametrize(("clause", "key", "demand", "force"), T259)
def test_t259_states_the_figure_of_the_clause(clause, key, demand, force):
    found = get_profile("t259").clause(key)
    assert (found.id, f"{found.bound} {found.figure:.0f} {found.unit}") == (clause, demand)
    assert found.force.value == force


@pytest.mark.parametrize(("name", "clause", "key", "figure", "unit"), OVERRIDES)
def test_a_profile_overrides_what_its_document_states(name, clause, key, figure, unit):
    found = get_profile(name).clause(key)
    assert (found.id, found.figure, found.unit) == (clause, figure, unit)


@pytest.mark.parametrize("name", NAMES)
def test_a_safety_emergency_stays_at_fifteen_minutes_in_every_profile(name):
    profile = get_profile(name)
    assert profile.seconds("emergency_response") == 900
    assert profile.emergency_arrival_s == 900


@pytest.mark.parametrize("name", ["csq", "csp25", "asq25"])
def test_what_a_document_leaves_open_is_inherited_from_t259(name):
    profile, base = get_profile(name), get_profile("t259")
    assert profile.tolerance_min == base.tolerance_min == 30
    assert profile.urban_radius_m == 5_000
    assert profile.suburban_radius_m == 20_000
    kept = [key for key, clause in base.clauses.items() if profile.clauses[key] == clause]
    own = [c for c in profile.clauses.values() if not c.id.startswith(("T259", "CARD"))]
    assert len(kept) + len(own) == len(profile.clauses)


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_has_words_in_both_languages(name):
    for clause in get_profile(name).clauses.values():
        assert clause.en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in clause.zh)


def test_a_profile_states_each_key_once():
    from dispatch.standards import asq25, csp25, csq, t259

    for module in (t259, csq, csp25, asq25):
        keys = [clause.key for clause in module.CLAUSES]
        assert len(keys) == len(set(keys))


def test_an_unknown_profile_is_refused_with_the_known_names():
    with pytest.raises(KeyError, match="t259"):
        get_profile("t260")


def test_a_clause_in_words_has_no_figure():
    with pytest.raises(KeyError, match=r"T259-8\.4"):
        get_profile("t259").figure("parts_traced")
