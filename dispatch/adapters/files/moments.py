"""Texts that say when: read in the day's zone and date, exact or refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from dispatch.domain.checks import Code

CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?$")
DATE = re.compile(r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$")
OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2}(?::\d{2})?)$", re.IGNORECASE)
FORMS = "HH:MM, a local date and time, or ISO 8601 with offset"


class UnreadableText(ValueError):
    """A text that does not hold what is asked for.

    Parameters
    ----------
    code
        Which fault it is.
    expected, hint
        As in ``Fault``.
    """

    def __init__(self, code: Code, expected: str, hint: str = "") -> None:
        self.code = code
        self.expected = expected
        self.hint = hint
        super().__init__(expected)


class UnreadableMoment(UnreadableText):
    """A text that is no moment of the day."""


def parse_date(text: str) -> date | None:
    """Return the date of ``2026-03-02`` or, as spreadsheets write it, ``2026/3/2``."""
    match = DATE.match(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


class MomentReader:
    """Reads moments of one day.

    Parameters
    ----------
    day
        Date of a bare ``HH:MM``.
    zone
        Zone of a time without offset.
    """

    def __init__(self, day: date, zone: tzinfo) -> None:
        self._day = day
        self._zone = zone
        self._known: dict[str, str] = {}

    def read(self, text: object) -> str:
        """Return the moment as ISO 8601 with offset.

        Parameters
        ----------
        text
            ``HH:MM[:SS]`` (``24:00`` is the end of the day), a local date and time
            (``2026-03-02 09:30`` or ``2026/3/2 9:30``), or ISO 8601 with offset.

        Raises
        ------
        UnreadableMoment
            No such moment, parts of a second, or a local time that the change of clocks skips or
            repeats.
        """
        if not isinstance(text, str):
            raise UnreadableMoment(Code.MOMENT_FORM, FORMS)
        if text not in self._known:
            self._known[text] = self._parse(text.strip()).isoformat()
        return self._known[text]

    def _parse(self, text: str) -> datetime:
        offset = OFFSET.search(text) if ":" in text else None
        local = text[: offset.start()] if offset else text
        day, _, clock = local.replace("T", " ").replace("t", " ").strip().rpartition(" ")
        when = parse_date(day.strip()) if day else self._day
        match = CLOCK.match(clock)
        if when is None or match is None or (offset and not day):
            raise UnreadableMoment(Code.MOMENT_FORM, FORMS)
        moment = _combine(when, match)
        if offset is not None:
            return _with_offset(moment, offset[1])
        return self._local(moment)

    def _local(self, moment: datetime) -> datetime:
        """Attach the zone; a time that happens never or twice is refused (PEP 495)."""
        first = moment.replace(tzinfo=self._zone, fold=0)
        second = moment.replace(tzinfo=self._zone, fold=1)
        before, after = first.utcoffset(), second.utcoffset()
        if before is None or after is None or before == after:
            return first
        if before < after:
            raise UnreadableMoment(
                Code.MOMENT_SKIPPED,
                "a local time that exists",
                "The clocks go forward over it; choose a later time.",
            )
        raise UnreadableMoment(
            Code.MOMENT_TWICE,
            "a local time that happens once, or a time with offset",
            f"The clocks go back; write {first.isoformat()} or {second.isoformat()}.",
        )


def _combine(day: date, match: re.Match[str]) -> datetime:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4] and int(match[4]) != 0:
        raise UnreadableMoment(
            Code.MOMENT_SUBSECOND, "whole seconds", "Plans count in seconds; round the time."
        )
    if (hour, minute, second) == (24, 0, 0) and day < date.max:
        return datetime.combine(day + timedelta(days=1), time())
    try:
        return datetime.combine(day, time(hour, minute, second))
    except ValueError:
        raise UnreadableMoment(Code.MOMENT_FORM, FORMS) from None


def _with_offset(moment: datetime, text: str) -> datetime:
    if text in {"Z", "z"}:
        return moment.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(f"{moment.isoformat()}{text}")
    except ValueError:
        raise UnreadableMoment(Code.MOMENT_FORM, FORMS) from None
