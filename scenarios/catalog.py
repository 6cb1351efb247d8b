"""What a made-up service network is made of: trades, teams, shifts, names."""

from __future__ import annotations

from typing import NamedTuple


class Trade(NamedTuple):
    """A skill in demand: its share of visits and how long they take, minutes."""

    skill: str
    share: float
    least_min: int
    most_min: int


GAS = "gas-appliance"
"""The one trade that needs a certificate."""

TRADES = (
    Trade("refrigerator", 0.22, 25, 60),
    Trade("washer", 0.20, 20, 50),
    Trade("air-conditioner", 0.22, 30, 75),
    Trade(GAS, 0.10, 30, 60),
    Trade("water-heater", 0.12, 25, 55),
    Trade("television", 0.14, 15, 40),
)

EMERGENCY_SKILLS = (GAS, "refrigerator", "water-heater")
"""What cannot wait: a smell of gas, food or medicine that warms, hot water that floods."""

GAS_TEAM: dict[str, int] = {GAS: 3, "water-heater": 3, "washer": 2}

TEAMS: tuple[dict[str, int], ...] = (
    {"refrigerator": 3, "washer": 3, "water-heater": 2},
    {"air-conditioner": 3, "refrigerator": 2, "water-heater": 3},
    GAS_TEAM,
    {"television": 3, "washer": 2, "air-conditioner": 2},
    {"refrigerator": 2, "washer": 2, "air-conditioner": 3, "television": 2},
)
"""Skills with levels that go together; technicians take them in turn."""

ALL_ROUNDER: dict[str, int] = {trade.skill: 3 for trade in TRADES}
"""In a crew too small for all teams, everyone can do everything."""

LEVEL_SHARES = (0.70, 0.25, 0.05)
"""Shares of visits that need level 1, 2 and 3."""


class ShiftKind(NamedTuple):
    """A shift in minutes after midnight; the break of 45 minutes starts in its window."""

    start: int
    end: int
    break_earliest: int
    break_latest: int


EARLY = ShiftKind(8 * 60, 17 * 60, 11 * 60 + 30, 13 * 60)
MIDDLE = ShiftKind(9 * 60, 18 * 60, 12 * 60, 13 * 60 + 30)
LATE = ShiftKind(11 * 60, 20 * 60, 14 * 60, 15 * 60 + 30)
SHIFTS = (EARLY, LATE, MIDDLE, EARLY, MIDDLE, LATE, EARLY, MIDDLE, LATE, EARLY)
"""Shifts in the order technicians take them."""

BREAK_S = 45 * 60

GIVEN_NAMES = (
    "Ana", "Bruno", "Camila", "Diego", "Elena", "Felipe", "Gabriela", "Hugo", "Isabel", "Javier",
    "Lucía", "Mateo", "Natalia", "Óscar", "Paula", "Rodrigo", "Sofía", "Tomás", "Valentina",
    "Wei", "Ximena", "Yan", "Ling", "Jun", "Mei", "Hao", "Francisca", "Ignacio", "Marta", "Pedro",
)  # fmt: skip

FAMILY_NAMES = (
    "Araya", "Bravo", "Castillo", "Díaz", "Espinoza", "Fuentes", "González", "Herrera", "Ibáñez",
    "Jara", "Lagos", "Muñoz", "Navarro", "Olivares", "Pizarro", "Rojas", "Soto", "Tapia", "Vega",
    "Zhang", "Wang", "Li", "Chen", "Liu", "Rivera", "Cortés", "Contreras", "Godoy", "Molina",
)  # fmt: skip

COMPASS = (
    "East", "North-East", "North", "North-West", "West", "South-West", "South", "South-East",
)  # fmt: skip
