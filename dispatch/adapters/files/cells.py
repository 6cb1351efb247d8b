r"""Cells of a table: text to values and back.

Lists in one cell are separated by ``;``; inside an element ``:`` and ``@`` separate its parts
(``ac:2@2026-12-31;gas:1``). A backslash makes the next character an ordinary one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dispatch.adapters.files.moments import UnreadableText, parse_date
from dispatch.domain.checks import Code

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INTEGER = re.compile(r"^[+-]?\d{1,40}$")
_TRUE = frozenset({"true", "yes", "1", "是"})
_FALSE = frozenset({"false", "no", "0", "否"})
_SEPARATORS = {";": ";", "；": ";", ":": ":", "：": ":", "@": "@"}


class UnreadableCell(UnreadableText):
    """A cell that does not hold what its column asks for."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How one column is read.

    Parameters
    ----------
    form
        What to write there, for people.
    read
        Text (stripped, not empty) to a JSON value; raises ``UnreadableCell``.
    """

    form: str
    read: Callable[[str], Any]


def read_integer(text: str) -> int:
    """Return a whole number."""
    if not _INTEGER.match(text):
        raise UnreadableCell(Code.WRONG_TYPE, "a whole number")
    return int(text)


def read_minutes(text: str) -> int:
    """Return whole minutes as seconds."""
    if not _INTEGER.match(text):
        raise UnreadableCell(
            Code.WRONG_TYPE, "whole minutes", "For seconds use the column that ends in _s."
        )
    if int(text) < 0:
        raise UnreadableCell(Code.OUT_OF_RANGE, "at least 0")
    return 60 * int(text)


def read_number(text: str) -> float:
    """Return a decimal number; NaN and infinity are refused later, with their own code."""
    try:
        return float(text)
    except ValueError:
        hint = "Write the decimal point as a point." if "," in text or "，" in text else ""
        raise UnreadableCell(Code.WRONG_TYPE, "a number", hint) from None


def read_boolean(text: str) -> bool:
    """Return yes or no."""
    word = text.lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise UnreadableCell(Code.WRONG_TYPE, "true or false (yes / no, 1 / 0, 是 / 否)")


def read_date(text: str) -> str:
    """Return a date as ISO 8601."""
    day = parse_date(text)
    if day is None:
        raise UnreadableCell(Code.DATE_FORM, "a date such as 2026-03-02")
    return day.isoformat()


def words(aliases: dict[str, str]) -> Callable[[str], str]:
    """Return a reader that knows other words for the choices of a column."""

    def read(text: str) -> str:
        return aliases.get(text, text.lower())

    return read


def split(text: str) -> list[tuple[str, str]]:
    """Return a list cell as (separator before, part); the first of each element has ``;``."""
    parts: list[tuple[str, str]] = []
    mark, current, escaped = ";", "", False
    for character in text:
        if escaped:
            current, escaped = current + character, False
        elif character == "\\":
            escaped = True
        elif character in _SEPARATORS:
            parts.append((mark, current.strip()))
            mark, current = _SEPARATORS[character], ""
        else:
            current += character
    parts.append((mark, current.strip()))
    return parts


def escape(text: str) -> str:
    """Return a text for a list cell, separators made ordinary."""
    return re.sub(r"([\\;；:：@])", r"\\\1", text)


def elements(text: str) -> list[list[tuple[str, str]]]:
    """Return a list cell as elements of (separator before, part); empty elements are left out."""
    found: list[list[tuple[str, str]]] = []
    for mark, part in split(text):
        if mark == ";":
            found.append([])
        found[-1].append((mark, part))
    return [element for element in found if element != [(";", "")]]


def read_texts(text: str) -> list[str]:
    """Return ``a;b`` as its texts."""
    found = elements(text)
    if any(len(element) > 1 for element in found):
        raise UnreadableCell(
            Code.LIST_CELL, 'names separated by ";"', "Write \\: or \\@ for the sign itself."
        )
    return [element[0][1] for element in found]


def read_dates(text: str) -> list[str]:
    """Return ``2026-03-02;2026-03-03`` as ISO dates."""
    return [read_date(part) for part in read_texts(text)]


def counted(name: str, count: str, day: str | None = None) -> Callable[[str], list[dict[str, Any]]]:
    """Return a reader of ``name:count@date`` elements.

    Parameters
    ----------
    name, count, day
        Keys of the objects it makes; count and date may be left out in the cell.
    """
    form = f"{name}:{count}" + (f"@{day}" if day else "")

    def read(text: str) -> list[dict[str, Any]]:
        found = []
        for element in elements(text):
            item: dict[str, Any] = {name: element[0][1]}
            for mark, part in element[1:]:
                if mark == ":" and count not in item and _INTEGER.match(part):
                    item[count] = int(part)
                elif mark == "@" and day is not None and day not in item:
                    item[day] = read_date(part)
                else:
                    raise UnreadableCell(Code.LIST_CELL, f'elements {form} separated by ";"')
            found.append(item)
        return found

    return read


def read_hours(text: str) -> list[dict[str, str]]:
    """Return ``mon-fri 08:00-18:00;sat 09:00-12:00`` as opening hours."""
    hours: list[dict[str, str]] = []
    for element in re.split(r"[;；]", text.replace("：", ":")):
        if element.strip():
            hours.extend(_hours_of(element.strip().lower()))
    return hours


def read_clock(text: str) -> str:
    """Return ``8:00`` as ``08:00``; what is no time of day is refused later, with its own code."""
    return f"0{text}" if text[1:2] == ":" else text


_HOURS = re.compile(
    r"^(?:(\w{3})(?:\s*-\s*(\w{3}))?\s+)?(\d{1,2}:\d{2}(?::\d{2})?)\s*-\s*(\d{1,2}:\d{2}(?::\d{2})?)$"
)


def _hours_of(element: str) -> list[dict[str, str]]:
    match = _HOURS.match(element)
    first, last = (match[1], match[2] or match[1]) if match else (None, None)
    known = first is None or (first in WEEKDAYS and last in WEEKDAYS)
    if match is None or not known:
        raise UnreadableCell(
            Code.LIST_CELL, 'opening hours such as "mon-fri 08:00-18:00;sat 09:00-12:00"'
        )
    if first is None or last is None:
        days: tuple[str, ...] = WEEKDAYS
    else:
        start, stop = WEEKDAYS.index(first), WEEKDAYS.index(last)
        days = (
            WEEKDAYS[start : stop + 1] if start <= stop else WEEKDAYS[start:] + WEEKDAYS[: stop + 1]
        )
    opens, closes = read_clock(match[3]), read_clock(match[4])
    return [{"day": day, "opens": opens, "closes": closes} for day in days]


_DAY_MINUTE = re.compile(r"^(\d{1,2})[:：](\d{2})(?:[:：]00)?$")
_POINT = re.compile(r"^(\S+?)(?:\s*[,，]\s*|\s+)(\S+)$")


def read_day_minute(text: str) -> int:
    """Return ``07:30`` as minutes since midnight; ``24:00`` is the end of the day."""
    match = _DAY_MINUTE.match(text)
    minute = 60 * int(match[1]) + int(match[2]) if match and int(match[2]) < 60 else -1
    if not 0 <= minute <= 24 * 60:
        raise UnreadableCell(Code.DATE_FORM, "a time of day in whole minutes such as 07:30")
    return minute


def show_day_minute(minute: int) -> str:
    """Return minutes since midnight as ``07:30``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def read_ring(text: str) -> list[list[float]]:
    """Return ``121.4 31.2;121.5 31.2;121.5 31.3`` as points, longitude first."""
    ring = []
    for part in re.split(r"[;；]", text):
        if not part.strip():
            continue
        match = _POINT.match(part.strip())
        if match is None:
            raise UnreadableCell(
                Code.LIST_CELL, 'points "longitude latitude" separated by ";"', "Longitude first."
            )
        ring.append([read_number(match[1]), read_number(match[2])])
    return ring


TEXT = Cell("text", str)
INTEGER = Cell("whole number", read_integer)
MINUTES = Cell("whole minutes", read_minutes)
NUMBER = Cell("number", read_number)
BOOLEAN = Cell("true / false, yes / no, 是 / 否", read_boolean)
CLOCK = Cell("HH:MM", read_clock)
DATE = Cell("date", read_date)
MOMENT = Cell("HH:MM, or date and time", str)
TEXTS = Cell("`a;b`", read_texts)
DATES = Cell("`2026-03-02;2026-03-03`", read_dates)
DAY_MINUTE = Cell("HH:MM, up to 24:00", read_day_minute)
RING = Cell("`121.4 31.2;121.5 31.2;121.5 31.3`", read_ring)
