"""A day as it was written: plain data, and words for where each value stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dispatch.domain.checks import plain_where
from dispatch.domain.checks.report import Path, Where

KINDS = ("outlets", "technicians", "visits")
HEADER = ("header", 0)
"""Key of the header in ``RawDay.faulty``."""


@dataclass
class RawDay:
    """What was read, before anything is believed.

    Parameters
    ----------
    header
        Everything but the lists, JSON values.
    items
        By kind, JSON objects (or whatever stood there).
    where
        Words for a value of an item.
    header_where
        Words for a value of the header.
    quoted
        Whether numbers may stand in quotes there (JSON), which a hint then mentions.
    faulty
        By (kind, position) or ``HEADER``: paths already reported, so that nothing is reported
        twice.
    """

    header: dict[str, Any]
    items: dict[str, list[Any]]
    where: Where
    header_where: Callable[[Path], str]
    quoted: bool = False
    faulty: dict[tuple[str, int], set[Path]] = field(default_factory=lambda: defaultdict(set))


def json_where(file: str, items: dict[str, list[Any]]) -> Where:
    """Return a namer such as ``day.json visits[3].service_s (V4)``."""

    def where(kind: str, index: int, path: Path) -> str:
        found = items[kind]
        item = found[index] if index < len(found) else None
        name = item.get("id") if isinstance(item, dict) else None
        tail = f" ({name})" if isinstance(name, str) and path != ("id",) else ""
        return f"{file} {plain_where(kind, index, path)}{tail}"

    return where


def json_header_where(file: str) -> Callable[[Path], str]:
    """Return a namer such as ``day.json prices.travel_per_km``."""

    def where(path: Path) -> str:
        words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        return f"{file} {words.removeprefix('.')}".rstrip()

    return where
