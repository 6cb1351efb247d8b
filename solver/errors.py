"""Everything that can go wrong inside ``solver``.

SolverError
├── InvalidProblem(ValueError)        broken arrays; carries every fault at once
├── InvalidParameter(ValueError)      a setting outside its range
├── UnsupportedFeature(ValueError)    an engine was given what it does not know
└── SolverUnavailable(RuntimeError)   the compiled core was not built for this platform
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArrayFault:
    """One fault in an array handed to the solver.

    Parameters
    ----------
    where
        Name of the array and, where one entry is to blame, its index: ``"visit_service_s[3]"``.
    found
        The offending value, as text.
    expected
        What is allowed there, as text.
    """

    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}; expected {self.expected}"


class SolverError(Exception):
    """Base of every error raised by ``solver``."""


class InvalidProblem(SolverError, ValueError):
    """The arrays do not form a problem.

    Parameters
    ----------
    faults
        Every fault that was found, never only the first.
    """

    def __init__(self, faults: tuple[ArrayFault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(str(fault) for fault in faults))


class InvalidParameter(SolverError, ValueError):
    """A setting lies outside its range; the text names value and range."""


class UnsupportedFeature(SolverError, ValueError):
    """An engine does not know features of the problem, and would have to ignore them.

    Parameters
    ----------
    engine
        The engine.
    features
        What it does not know, in words.
    """

    def __init__(self, engine: str, features: tuple[str, ...]) -> None:
        self.engine = engine
        self.features = features
        super().__init__(
            f"Engine {engine!r} does not know {', '.join(features)}; only the compiled core does."
        )


class SolverUnavailable(SolverError, RuntimeError):
    """The compiled core is missing on this platform."""
