"""How fast roads are by class and time of day: rows, and the profiles of the product."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

MINUTES_OF_DAY: Final = 1440
FREE_FLOW_PERCENT: Final = 100
_UNSAID: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ClassSpan:
    """Speed of one road class in a span of the clock.

    Parameters
    ----------
    road_class
        One of ``geo.road_classes.ROAD_CLASSES``.
    from_minute, to_minute
        Minutes since local midnight, the second exclusive; a span that does not end after it
        begins runs over midnight.
    percent
        Speed as a share of free flow, 100 = free flow.
    """

    road_class: str
    from_minute: int
    to_minute: int
    percent: int

    @property
    def minutes(self) -> NDArray[np.int64]:
        """The minutes of the day in the span, each from 0 to 1439."""
        to_minute = self.to_minute
        if to_minute <= self.from_minute:
            to_minute += MINUTES_OF_DAY
        return np.arange(self.from_minute, to_minute) % MINUTES_OF_DAY


@cache
def read_speed_profile(name: str) -> tuple[ClassSpan, ...]:
    """Return a profile that comes with the product (``geo/data``).

    Parameters
    ----------
    name
        ``china_big_city``; ``docs/rush-hours.md`` says where its figures come from.

    Raises
    ------
    FileNotFoundError
        If there is no such profile.
    """
    text = resources.files("geo").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(
        ClassSpan(
            row["road_class"], _to_minute(row["from"]), _to_minute(row["to"]), int(row["percent"])
        )
        for row in csv.DictReader(text.splitlines())
    )


def compute_percents(spans: tuple[ClassSpan, ...], road_class: str) -> NDArray[np.int64]:
    """Return the speed of a class in every minute of the day, percent of free flow.

    Parameters
    ----------
    spans
        Rows of a profile in any order; where spans of one class overlap, the slowest counts.
    road_class
        One of ``geo.road_classes.ROAD_CLASSES``.

    Returns
    -------
    NDArray
        Shape (1440,), int64; 100 where no span says otherwise.
    """
    least = np.full(MINUTES_OF_DAY, _UNSAID, dtype=np.int64)
    for span in spans:
        if span.road_class == road_class:
            least[span.minutes] = np.minimum(least[span.minutes], span.percent)
    return np.where(least == _UNSAID, FREE_FLOW_PERCENT, least)


def _to_minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
