"""A service-standard profile: one clause for each key, T259 wherever the document is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from dispatch.standards import asq25, csp25, csq, t259
from dispatch.standards.clause import Clause

NAMES: tuple[str, ...] = ("t259", "csq", "csp25", "asq25")
_OWN = {"t259": t259.CLAUSES, "csq": csq.CLAUSES, "csp25": csp25.CLAUSES, "asq25": asq25.CLAUSES}
_SECONDS = {"s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Profile:
    """The figures one network is judged by.

    Attributes
    ----------
    name
        ``t259``, ``csq``, ``csp25`` or ``asq25``.
    clauses
        By key.
    """

    name: str
    clauses: Mapping[str, Clause]

    def clause(self, key: str) -> Clause:
        """Return the clause for a key.

        Raises
        ------
        KeyError
            If no clause has that key.
        """
        return self.clauses[key]

    def figure(self, key: str) -> float:
        """Return the figure of a key in its own unit.

        Raises
        ------
        KeyError
            If no clause has that key, or it has no figure.
        """
        figure = self.clauses[key].figure
        if figure is None:
            raise KeyError(f"{key}: clause {self.clauses[key].id} has no figure")
        return figure

    def seconds(self, key: str) -> int:
        """Return the figure of a clock in seconds; working days are not a clock of one day.

        Raises
        ------
        KeyError
            If the key has no figure in seconds, minutes or hours.
        """
        return round(self.figure(key) * _SECONDS[self.clauses[key].unit])

    @property
    def tolerance_min(self) -> int:
        """Tolerance of an appointment that states none, minutes (T259-8.3-a)."""
        return round(self.figure("arrival_tolerance"))

    @property
    def emergency_arrival_s(self) -> int:
        """Seconds after the request within which an arrival is owed (CARD-E15)."""
        return self.seconds("emergency_arrival")

    @property
    def urban_radius_m(self) -> int:
        """Service radius in town, meters (T259-7.2-a)."""
        return round(self.figure("urban_radius"))

    @property
    def suburban_radius_m(self) -> int:
        """Service radius in the suburbs, meters (T259-7.2-a)."""
        return round(self.figure("suburban_radius"))


@cache
def get_profile(name: str) -> Profile:
    """Return a profile by name.

    Raises
    ------
    KeyError
        If the name is none of :data:`NAMES`.
    """
    if name not in _OWN:
        raise KeyError(f"unknown standards profile {name!r}; known: {', '.join(NAMES)}")
    clauses = {c.key: c for c in t259.CLAUSES}
    clauses.update({c.key: c for c in _OWN[name]})
    return Profile(name, MappingProxyType(clauses))
