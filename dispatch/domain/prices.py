"""The one table of prices; a policy is another table."""

from __future__ import annotations

from pydantic import Field

from dispatch.domain.base import Fen, Model, Seconds


class Prices(Model):
    """Prices in fen; the defaults are the product's.

    Lateness is priced per minute from its first second (a second costs a sixtieth), and
    ``late_factor_after_knee`` times as much from ``late_knee_s`` of lateness on. ``disturbed_…``
    is what it costs to depart from what a customer was told.
    """

    unassigned_emergency: Fen = 10_000_000
    unassigned_urgent: Fen = 500_000
    unassigned_important: Fen = 200_000
    unassigned_general: Fen = 80_000
    late_emergency_per_min: Fen = 20_000
    late_urgent_per_min: Fen = 5_000
    late_important_per_min: Fen = 2_000
    late_general_per_min: Fen = 1_000
    late_knee_s: Seconds = 1800
    late_factor_after_knee: int = Field(default=3, ge=1, le=100)
    late_factor_vip: int = Field(default=2, ge=1, le=100)
    emergency_arrival_per_min: Fen = 20_000
    work_per_hour: Fen = 4_000
    overtime_per_hour: Fen = 6_000
    travel_per_km: Fen = 120
    beyond_radius: Fen = 2_000
    beyond_radius_per_km: Fen = 500
    over_qualified_per_level: Fen = 300
    not_preferred: Fen = 500
    not_last_technician: Fen = 300
    unfair_work_per_hour: Fen = 2_000
    unfair_distance_per_km: Fen = 60
    disturbed_technician: Fen = 3_000
    disturbed_eta_per_min: Fen = 100
    disturbed_order: Fen = 500
