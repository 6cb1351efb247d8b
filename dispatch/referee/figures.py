"""What people ask of a plan first, as plain numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and sums over a plan, recomputed.

    Attributes
    ----------
    promised_visits
        Visits served by technicians that are owed an arrival (promises, or an emergency).
    inside_promise
        Of these, arrivals inside the chosen promise.
    late_visits, lateness_s, max_lateness_s
        How many are late, together and at worst.
    emergencies, emergencies_in_time
        Emergencies served by technicians, and those without lateness.
    work_s, overtime_s, travel_s, waiting_s, distance_m
        Sums over all routes; waiting is arrival minus reached.
    """

    visits: int = 0
    served: int = 0
    contracted: int = 0
    unassigned: int = 0
    quarantined: int = 0
    routes: int = 0
    promised_visits: int = 0
    inside_promise: int = 0
    late_visits: int = 0
    lateness_s: int = 0
    max_lateness_s: int = 0
    emergencies: int = 0
    emergencies_in_time: int = 0
    beyond_radius_visits: int = 0
    work_s: int = 0
    overtime_s: int = 0
    travel_s: int = 0
    waiting_s: int = 0
    distance_m: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return the figures as plain data for JSON."""
        return asdict(self)
