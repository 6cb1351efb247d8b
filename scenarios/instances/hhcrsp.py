"""Home health care routing: caregivers, patients, two caregivers at one patient.

Problem: Mankowska, Meisel & Bierwirth 2014; the JSON form: Ceschia, Di Gaspero & Schaerf 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Number = Fraction
"""Times and distances are exact: a decimal of the file is a rational number."""


class LinkKind(StrEnum):
    """How the two services of one patient hang together."""

    SIMULTANEOUS = "simultaneous"
    """Both start at the same time."""
    SEQUENTIAL = "sequential"
    """The second starts between the least and the greatest gap after the start of the first."""


@dataclass(frozen=True, slots=True)
class Need:
    """One service a patient needs, and how long it takes."""

    service: str
    duration: Number


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient.

    Parameters
    ----------
    name
        Id in the file.
    ready, due
        A service starts no earlier than ``ready``; after ``due`` its start is late.
    needs
        One service, or two by two different caregivers, in their order.
    min_gap, max_gap
        Bounds on start of the second service minus start of the first; 0, 0 if simultaneous.
        Meaningless with one service.
    """

    name: str
    ready: Number
    due: Number
    needs: tuple[Need, ...]
    min_gap: Number = Fraction(0)
    max_gap: Number = Fraction(0)


@dataclass(frozen=True, slots=True)
class Caregiver:
    """One caregiver and the services she can give."""

    name: str
    abilities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hhcrsp:
    """One office (node 0) and n patients (nodes 1 … n, in order).

    Parameters
    ----------
    name
        Name of the file.
    patients, caregivers
        In the order of the file.
    distances
        Shape (n + 1, n + 1), distance and travel time from row to column; may be asymmetric.
    """

    name: str
    patients: tuple[Patient, ...]
    caregivers: tuple[Caregiver, ...]
    distances: tuple[tuple[Number, ...], ...]


@dataclass(frozen=True, slots=True)
class CareStop:
    """One service given: by whom is told by the route it is on."""

    patient: str
    service: str
    start: Number
    end: Number


@dataclass(frozen=True, slots=True)
class CarePlan:
    """Stops of each caregiver by name, in order; a caregiver may stay at home."""

    routes: tuple[tuple[str, tuple[CareStop, ...]], ...]
