"""Every way a plan can break a rule: stable codes with one sentence each.

``docs/violations.md`` has a row for each; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        # the plan as a document
        "wrong_day": "the plan belongs to another day",
        "wrong_travel": "the plan was made with another travel table",
        "estimated_flag": "the plan misstates whether its travel is estimated",
        "status_wrong": "the status does not follow from what is unassigned",
        "moment_not_whole": "a moment is not on a whole second",
        # who is where
        "unknown_visit": "the day has no such visit",
        "unknown_technician": "the day has no such technician",
        "unknown_shift": "the technician has no such shift",
        "unknown_outlet": "the day has no such outlet, or it takes no visits itself",
        "visit_missing": "a visit is neither served nor listed as unassigned",
        "visit_twice": "a visit is listed more than once",
        "route_twice": "a shift has more than one route",
        "routes_overlap": "two routes of one technician overlap in time",
        "route_empty": "a route without visits",
        "route_missing": "no route of a technician who is out already",
        "route_outlet": "the route names an outlet that is not the technician's",
        "stop_order": "the stops are not in the order a route is written in",
        "stop_place": "a stop lies elsewhere than its visit",
        # travel
        "leg_wrong": "travel differs from the travel table",
        "no_way": "the travel table knows no way",
        "place_unknown": "the travel table was made without this place",
        "leg_retimed": "a plain shortest path disagrees with the travel table",
        # the clock
        "reached_wrong": "reached is not travel plus access after the stop before",
        "arrival_wrong": "arrival is not as early as possible",
        "arrival_before_reached": "arrival lies before the place is reached",
        "too_early": "arrival lies before the promise opens",
        "emergency_before_received": "an emergency is served before it came in",
        "start_wrong": "work does not start as early as arrival, crew and links allow",
        "end_wrong": "work does not take the technician's service time",
        "departure_wrong": "departure is not the latest that keeps every arrival",
        "return_wrong": "the end place is reached at another time",
        "after_horizon": "something happens after the horizon ends",
        "promise_unknown": "the visit has no such promise to choose",
        "lateness_wrong": "lateness is not arrival minus the end of the chosen promise",
        "another_day": "the visit may not fall on that day",
        "pinned_arrival": "arrival is not the pinned moment",
        # breaks
        "break_missing": "a break of the shift is not taken",
        "break_twice": "a break is taken more than once",
        "break_unexpected": "the shift has no such break",
        "break_window": "a break starts outside its window",
        "break_duration": "a break is not taken whole",
        "break_order": "breaks are not taken in the order of their windows",
        "break_overlap": "a break overlaps travel, work, departure or another break",
        "break_before_shift": "a break starts before the shift",
        "break_place": "a break is taken where none can be",
        # shift
        "before_shift": "departure lies before the shift",
        "outlet_hours": "departure lies before the outlet opens",
        "off_shift": "the outlet is closed on the day of the shift; the technician does not work",
        "overtime_limit": "back later than the overtime allows",
        "visits_limit": "more visits than one shift of the technician may have",
        "distance_limit": "more meters than one shift of the technician may have",
        "driving_limit": "more driving than one shift of the technician may have",
        # who may go
        "excluded": "the visit excludes who serves it",
        "not_required": "the visit requires somebody else",
        "pinned_elsewhere": "the visit is pinned to somebody else",
        "territory": "the visit lies outside the technician's territory",
        "skill_missing": "a skill is missing",
        "skill_level": "a skill is held below the level needed",
        "certificate_expired": "the certificate for a skill has expired",
        # parts
        "part_short": "a visit without its parts",
        "parts_wrong": "the parts at a stop are not those its visit needs",
        "pickup_outlet": "the day has no such outlet to pick parts up at",
        "pickup_hours": "a pick-up begins outside the outlet's hours",
        "pickup_duration": "a pick-up does not take the time it takes",
        "pickup_moment": "a pick-up begins before the place is reached",
        "pickup_unused": "parts are picked up that no visit of the shift uses",
        "stock_exceeded": "an outlet gives out more than it has",
        "part_fill_wrong": "the figures on parts are not those of the plan",
        "earliest_date_wrong": "another day is the first on which the parts are there",
        # crews and links
        "crew_incomplete": "a crew of another size than the visit needs",
        "crew_same_person": "one technician stands for two of a crew",
        "crew_number": "the technicians of a crew are not numbered from 1",
        "crew_apart": "the technicians of a crew start further apart than they may",
        "link_unserved": "the visit this one comes after is not served",
        "link_gap": "the gap to the visit this one comes after is too short or too long",
        "link_person": "the technicians of linked visits are not (un)like the link says",
        # contracted outlets
        "contracted_hours": "no promise touches the outlet's hours",
        "contracted_unreachable": "no way from the outlet to the emergency",
        "contracted_day": "the day of a contracted service is not one of the horizon",
        "contracted_linked": "the outlet takes no crews and no linked visits",
        "contracted_full": "the outlet takes fewer visits a day",
        # outlet and price
        "responsible_outlet": "another outlet is responsible",
        "beyond_radius": "meters beyond the radius are wrong",
        "cost_component": "a cost component is not what the price table says",
        "cost_total": "the total is not the sum of the components",
        # waivers
        "waiver_incomplete": "a waiver says not who or not why",
        "waiver_not_allowed": "this rule cannot be waived",
    }
)
"""Code -> the sentence a person reads."""

WAIVABLE = frozenset(
    {
        "excluded",
        "not_required",
        "territory",
        "skill_level",
        "pinned_arrival",
        "outlet_hours",
        "before_shift",
        "overtime_limit",
        "visits_limit",
        "distance_limit",
        "contracted_full",
    }
)
"""Soft rules: a listed waiver (who, rule, why) makes a breach legitimate.

Physics (travel, clock), certificates, missing skills, legal breaks, pins of a technician and
prices cannot be waived; nor can driving time, parts, crews and links.
"""
