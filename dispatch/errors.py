"""Everything that can go wrong inside ``dispatch``.

DispatchError
├── InvalidRequest(ValueError)       broken input; carries every fault at once
├── UnknownVisit(KeyError)           a visit id nobody knows
├── UnknownTechnician(KeyError)      a technician id nobody knows
├── RefereeRejected(RuntimeError)    a plan of our own broke a rule; never published
├── CannotListen(RuntimeError)       the service cannot have its address
└── StoreError(RuntimeError)         the store refused, or cannot be used; carries every fault
    ├── Conflict                     somebody was faster; look again, then decide again
    └── StoreBusy                    others held the store too long; repeat the same request
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a fault means for the day."""

    ERROR = "error"
    """Nothing is planned until it is repaired."""
    QUARANTINE = "quarantine"
    """This one visit is set aside with the reason; the day goes on."""
    WARNING = "warning"
    """The day goes on; a person should look."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in the input, as data; every text is made from it.

    Parameters
    ----------
    code
        Stable code such as ``"D2103"``; ``docs/errors.md`` has a section for each.
    where
        File, row, column or JSON path: ``"visits.csv row 12 column service_s"``.
    found
        The value found there.
    expected
        What is allowed.
    hint
        What to do about it; may be empty.
    severity
        Whether the day stops, a visit is set aside, or a person is told.
    visit
        Id of the visit set aside when ``severity`` is quarantine.
    """

    code: str
    where: str
    found: str
    expected: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    visit: str | None = None

    def __str__(self) -> str:
        text = f"{self.code} {self.where}: found {self.found}; expected {self.expected}."
        return f"{text} {self.hint}" if self.hint else text

    def as_dict(self) -> dict[str, object]:
        """Return the fault as plain data for JSON."""
        return asdict(self)


class DispatchError(Exception):
    """Base of every error raised by ``dispatch``."""


class InvalidRequest(DispatchError, ValueError):
    """The input cannot be planned.

    Parameters
    ----------
    faults
        Every fault that was found, errors first.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownVisit(DispatchError, KeyError):
    """A visit id that the day does not have."""


class UnknownTechnician(DispatchError, KeyError):
    """A technician id that the day does not have."""


class RefereeRejected(DispatchError, RuntimeError):
    """The referee found a violation in a plan made here; the plan is withheld."""


class CannotListen(DispatchError, RuntimeError):
    """The service cannot have the address it is to listen on; nothing was started.

    Parameters
    ----------
    faults
        What stands in the way.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class StoreError(DispatchError, RuntimeError):
    """The store refused a command, or cannot be used; nothing of the command was kept.

    Parameters
    ----------
    faults
        Every fault that was found.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Conflict(StoreError):
    """The day is no longer in the version the command was made for."""


class StoreBusy(StoreError):
    """Others held the store longer than the timeout; the same request may be repeated."""
