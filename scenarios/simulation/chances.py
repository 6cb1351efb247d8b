"""What may happen on a simulated day, and how likely; planners and policies never see it."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import numpy as np

from scenarios.errors import UnknownInstance


@dataclass(frozen=True, slots=True)
class Chances:
    """The simulator's parameters.

    Parameters
    ----------
    requests
        Share of the visits without ``released_at`` that are asked for during the day.
    lead_min
        Such a request comes at least this many minutes before the end of its promise.
    emergencies
        Expected number per 100 visits, at places of visits.
    cancellations, absences
        Share of visits canceled before anybody set out; share at which nobody opens.
    absence_min
        How long a technician waits at a door nobody opens.
    service_spread, travel_spread
        Standard deviation of the logarithm of the factor on service and travel; its mean is 1.
    overruns, overrun_factor
        Share of visits that take that many times as long on top.
    sickness
        Share of technicians who fall ill during their shift.
    shocks
        Expected number of traffic shocks a day.
    shock_radius_m, shock_min, shock_percent
        Radius of the area, how long it lasts, speed of ways that begin or end in it.
    shock_known_min
        After how many minutes the dispatcher hears of it.
    told_ahead_min
        A customer knows the promise from the beginning, and is told who comes and when so many
        minutes before, or at once if it is less.

    Raises
    ------
    UnknownInstance
        If a figure is out of range.
    """

    requests: float = 0.4
    lead_min: int = 90
    emergencies: float = 1.0
    cancellations: float = 0.03
    absences: float = 0.02
    absence_min: int = 5
    service_spread: float = 0.3
    travel_spread: float = 0.15
    overruns: float = 0.05
    overrun_factor: float = 2.0
    sickness: float = 0.01
    shocks: float = 1.0
    shock_radius_m: int = 3000
    shock_min: int = 90
    shock_percent: int = 50
    shock_known_min: int = 10
    told_ahead_min: int = 60

    def __post_init__(self) -> None:
        shares = ("requests", "cancellations", "absences", "overruns", "sickness")
        wrong = [name for name in shares if not 0 <= getattr(self, name) <= 1]
        least = {
            "lead_min": 0, "emergencies": 0, "absence_min": 0, "service_spread": 0,
            "travel_spread": 0, "overrun_factor": 1, "shocks": 0, "shock_radius_m": 1,
            "shock_min": 1, "shock_percent": 5, "shock_known_min": 0, "told_ahead_min": 0,
        }  # fmt: skip
        for name, low in least.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= low):
                wrong.append(name)
        if wrong:
            raise UnknownInstance(f"chances out of range: {', '.join(wrong)}.")


class Streams:
    """Independent streams of chance, each named by what it is for.

    Common random numbers: what befalls a visit or a technician depends on seed, replication, kind
    and id alone, never on what a policy did before.

    Parameters
    ----------
    seed, replication
        Non-negative.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self._key = (seed, replication)

    def of(self, kind: str, name: str = "") -> np.random.Generator:
        """Return the stream of one thing, always from its beginning."""
        words = (zlib.crc32(kind.encode()), zlib.crc32(name.encode()))
        return np.random.default_rng([*self._key, *words])

    def share(self, kind: str, name: str) -> float:
        """Return one number in [0, 1)."""
        return float(self.of(kind, name).random())

    def factor(self, kind: str, name: str, spread: float) -> float:
        """Return a lognormal factor with mean 1."""
        noise = float(self.of(kind, name).standard_normal())
        return math.exp(spread * noise - spread * spread / 2)
