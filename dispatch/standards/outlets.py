"""Opening days and hours of outlets (T259-7.2-b)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import time

from dispatch.domain import Outlet


def open_hours(outlet: Outlet) -> dict[str, float]:
    """Return hours open by weekday; overlapping entries of one day count once.

    An outlet that states no hours is always open and gets 24 h on seven days.
    """
    if not outlet.opening_hours:
        return dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 24.0)
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for entry in outlet.opening_hours:
        spans[entry.day].append((_second(entry.opens), _second(entry.closes)))
    return {day: _covered_s(sorted(entries)) / 3600 for day, entries in spans.items()}


def check_outlets(outlets: Sequence[Outlet], key: str, figure: float) -> list[str]:
    """Return ids of outlets that miss a figure of T259-7.2-b.

    Parameters
    ----------
    key
        ``outlet_days`` (days a week) or ``outlet_hours`` (hours on each day it opens).
    figure
        The profile's figure.
    """
    failing = []
    for outlet in outlets:
        hours = open_hours(outlet)
        value = len(hours) if key == "outlet_days" else min(hours.values())
        if value < figure:
            failing.append(outlet.id)
    return sorted(failing)


def _second(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _covered_s(spans: list[tuple[int, int]]) -> int:
    covered, until = 0, 0
    for opens, closes in spans:
        covered += max(0, closes - max(opens, until))
        until = max(until, closes)
    return covered
