"""States of traffic over a horizon: buckets of time, and at most six different states.

A state is a vector: the speed of every road class and inside every area with live traffic, as
shares of free flow. Two moments with the same vector share a state, whatever day they are on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from geo.regime_merging import merge_closest
from geo.road_classes import ROAD_CLASSES
from geo.speed_profiles import MINUTES_OF_DAY, ClassSpan, compute_percents
from solver.routing.features import MAX_REGIMES

Float64 = NDArray[np.float64]

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class TrafficArea:
    """An area that is slower (or faster) for a while.

    Parameters
    ----------
    name
        For people; may be empty.
    ring
        (longitude, latitude) of the outline, WGS 84; closed or not.
    start, end
        Moments with their offset from UTC; the second exclusive.
    percent
        Speed inside as a share of what it would be otherwise.
    """

    name: str
    ring: tuple[tuple[float, float], ...]
    start: datetime
    end: datetime
    percent: int


@dataclass(frozen=True, slots=True)
class TrafficState:
    """How fast roads are in one regime.

    Parameters
    ----------
    class_share
        Speed by class in the order of ``ROAD_CLASSES``, shares of free flow, > 0.
    area_share
        Speed inside each area as a share of what it would be otherwise, > 0; 1 where the area is
        not in force.
    """

    class_share: tuple[float, ...]
    area_share: tuple[float, ...]

    @property
    def is_free_flow(self) -> bool:
        """True if nothing is slower or faster than on an empty road."""
        return all(share == 1.0 for share in (*self.class_share, *self.area_share))


@dataclass(frozen=True, slots=True)
class Regimes:
    """The traffic of a horizon.

    Parameters
    ----------
    bucket_start_s
        Ascending seconds since the start of the horizon, the first is 0; the last bucket never
        ends.
    bucket_regime
        Index into ``states`` of each bucket.
    states
        At most ``MAX_REGIMES``, in the order in which they first appear.
    areas
        Areas the states speak of.
    n_distinct
        States there were before the closest were merged; ``len(states)`` if none had to be.
    """

    bucket_start_s: tuple[int, ...]
    bucket_regime: tuple[int, ...]
    states: tuple[TrafficState, ...]
    areas: tuple[TrafficArea, ...]
    n_distinct: int


def find_regimes(
    horizon: tuple[datetime, datetime],
    zone: str,
    spans: tuple[ClassSpan, ...],
    areas: Sequence[TrafficArea],
) -> Regimes:
    """Cut a horizon into buckets of constant traffic and number their states.

    More than ``MAX_REGIMES`` different states are brought down to as many: again and again the two
    closest that follow each other in time become one (``geo.regime_merging``).

    Parameters
    ----------
    horizon
        First and last moment, with offsets from UTC.
    zone
        IANA time zone in which the minutes of ``spans`` are meant.
    spans
        Speeds by class and time of day; what no row names is at free flow.
    areas
        Live factors; the order of those given does not matter.
    """
    start, end = (moment.astimezone(UTC) for moment in horizon)
    last = max(-((start - end) // _SECOND), 1)
    kept = tuple(
        sorted(
            (area for area in areas if area.start < end and area.end > start),
            key=lambda area: (area.start, area.end, area.ring, area.percent, area.name),
        )
    )
    touched = [_seconds_of(area, start) for area in kept]
    cuts = _find_cuts(start, end, ZoneInfo(zone), spans)
    cuts |= {second for pair in touched for second in pair}
    starts = sorted({0} | {second for second in cuts if 0 < second < last})
    by_class = _class_shares(starts, start, ZoneInfo(zone), spans)
    by_area = _area_shares(starts, kept, touched)
    return _number(starts, last, np.hstack((by_class, by_area)), kept)


def _find_cuts(
    start: datetime, end: datetime, zone: ZoneInfo, spans: tuple[ClassSpan, ...]
) -> set[int]:
    """Return the seconds at which some span begins or ends on some day of the horizon."""
    minutes = {m for span in spans for m in (span.from_minute, span.to_minute)}
    day, last_day = start.astimezone(zone).date(), end.astimezone(zone).date()
    cuts: set[int] = set()
    while day <= last_day:
        # Rounded up: at the whole second of the cut the new span is in force.
        cuts |= {-((start - _local(day, minute, zone)) // _SECOND) for minute in minutes}
        day += timedelta(days=1)
    return cuts


def _local(day: date, minute: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minute, MINUTES_OF_DAY)
    clock = time(rest // 60, rest % 60)
    return datetime.combine(day + timedelta(days=days), clock, zone).astimezone(UTC)


def _seconds_of(area: TrafficArea, start: datetime) -> tuple[int, int]:
    """Return the whole seconds an area touches, the second one exclusive."""
    return (area.start - start) // _SECOND, -((start - area.end) // _SECOND)


def _class_shares(
    starts: list[int], start: datetime, zone: ZoneInfo, spans: tuple[ClassSpan, ...]
) -> Float64:
    """Return shape (buckets, classes): speeds at the begin of every bucket."""
    local = [(start + second * _SECOND).astimezone(zone) for second in starts]
    minutes = [moment.hour * 60 + moment.minute for moment in local]
    table = np.array([compute_percents(spans, name) for name in ROAD_CLASSES])
    return np.asarray(table[:, minutes].T / 100)


def _area_shares(
    starts: list[int], areas: tuple[TrafficArea, ...], touched: list[tuple[int, int]]
) -> Float64:
    """Return shape (buckets, areas): speeds inside, 1 where an area is not in force."""
    begin = np.array(starts)[:, None]
    span = np.array(touched, dtype=np.int64).reshape(-1, 2)
    inside = (span[None, :, 0] <= begin) & (begin < span[None, :, 1])
    percent = np.array([area.percent for area in areas], dtype=np.float64)
    return np.where(inside, percent / 100, 1.0)


def _number(
    starts: list[int], last: int, shares: Float64, areas: tuple[TrafficArea, ...]
) -> Regimes:
    """Give equal vectors one number, merge down to the limit, join equal neighbors."""
    number: dict[bytes, int] = {}
    bucket = [number.setdefault(row.tobytes(), len(number)) for row in shares]
    first_of = [bucket.index(i) for i in range(len(number))]
    spans = [after - before for before, after in zip(starts, [*starts[1:], last], strict=True)]
    bucket, vectors = merge_closest(bucket, shares[first_of], spans, MAX_REGIMES)
    first = [i for i in range(len(bucket)) if i == 0 or bucket[i] != bucket[i - 1]]
    order = list(dict.fromkeys(bucket))
    rows = vectors[order].tolist()
    classes = len(ROAD_CLASSES)
    return Regimes(
        bucket_start_s=tuple(starts[i] for i in first),
        bucket_regime=tuple(order.index(bucket[i]) for i in first),
        states=tuple(TrafficState(tuple(row[:classes]), tuple(row[classes:])) for row in rows),
        areas=areas,
        n_distinct=len(number),
    )
