"""Collecting faults, and the parts of a day that checks look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from dispatch.domain.base import Moment
from dispatch.domain.outlet import Outlet
from dispatch.domain.technician import Technician
from dispatch.domain.traffic import Traffic
from dispatch.domain.visit import Visit
from dispatch.errors import Fault, Severity

Path = tuple[str | int, ...]
"""Where a value is inside an item: ``("promises", 0, "latest")``."""

Where = Callable[[str, int, Path], str]
"""Words for a place in the input: kind (``visits``), position from 0, path."""

_SHOWN = 80
_COMPARISONS = 100_000
"""Words compared for suggestions per input; some two seconds."""


def show(value: object) -> str:
    """Return a value as a person reads it, cut to one short line."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = text.replace("\n", "\\n").replace("\r", "\\r")
    text = printable(text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def printable(text: str) -> str:
    """Return a text without half characters (lone surrogates), which cannot be printed or sent."""
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def suggest(word: str, choices: Sequence[str]) -> str:
    """Return ``Did you mean …?`` for a near miss, else an empty text."""
    lower = {choice.lower(): choice for choice in choices}
    near = get_close_matches(word.lower(), list(lower), n=1, cutoff=0.6)
    return f'Did you mean "{lower[near[0]]}"?' if near else ""


class FaultList:
    """Faults in the order they were found."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._comparisons = _COMPARISONS

    def suggest(self, word: str, known: Collection[str]) -> str:
        """Return ``Did you mean …?`` for an id, until a budget of comparisons is used up.

        A file in which every row names somebody unknown would otherwise be compared for hours.
        """
        self._comparisons -= len(known)
        return suggest(word, sorted(known)) if self._comparisons >= 0 else ""

    def add(
        self,
        code: StrEnum,
        where: str,
        found: str,
        expected: str,
        hint: str = "",
        *,
        severity: Severity = Severity.ERROR,
        visit: str | None = None,
    ) -> None:
        """Append one fault; arguments as in ``Fault``."""
        self.faults.append(
            Fault(
                code.value,
                printable(where),
                printable(found),
                printable(expected),
                printable(hint),
                severity,
                visit,
            )
        )

    def of(self, severity: Severity) -> tuple[Fault, ...]:
        """Return the faults of one severity, in order."""
        return tuple(fault for fault in self.faults if fault.severity is severity)


def plain_where(kind: str, index: int, path: Path) -> str:
    """Return ``visits[3].promises[0].latest``; positions count from 0 as in the JSON."""
    text = f"{kind}[{index}]"
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text


def plain_header_where(path: Path) -> str:
    """Return ``traffic.areas[0].start``."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return words.removeprefix(".")


@dataclass(frozen=True)
class DayParts:
    """The sound items of a day, with their positions in the input.

    Parameters
    ----------
    date, horizon_start, horizon_end
        From the day; None where they are broken (nothing is compared with them).
    outlets, technicians, visits
        (position in the input, item); items with faults of their own are left out.
    ids
        By kind, every id the input names, those of broken items included, so that one fault does
        not cause others.
    where
        Words for a place in the input.
    placeless
        Positions of visits whose place is not known; their coordinates mean nothing.
    traffic
        From the day; None without one or where it is broken.
    zone
        Zone in which days begin and end.
    header_where
        Words for a place in the header.
    """

    date: dt.date | None
    horizon_start: Moment | None
    horizon_end: Moment | None
    outlets: Sequence[tuple[int, Outlet]]
    technicians: Sequence[tuple[int, Technician]]
    visits: Sequence[tuple[int, Visit]]
    ids: dict[str, frozenset[str]]
    where: Where = plain_where
    placeless: frozenset[int] = frozenset()
    traffic: Traffic | None = None
    zone: dt.tzinfo = dt.UTC
    header_where: Callable[[Path], str] = plain_header_where
    faults: FaultList = field(default_factory=FaultList)
