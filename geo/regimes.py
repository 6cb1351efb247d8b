"""States of traffic over a horizon: buckets of time, and at most six different states.

A state is a vector: the speed of every road class and inside every area with live traffic, as
shares of free flow. Two moments with the same vector share a state, whatever day they are on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from geo.road_classes import ROAD_CLASSES
from geo.speed_profiles import MINUTES_OF_DAY, ClassSpan, find_percent
from solver.routing.features import MAX_REGIMES

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
    closest that follow each other in time become one, whose slowness (seconds per meter) is their
    mean by duration.

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
    cuts = _find_cuts(start, end, ZoneInfo(zone), spans)
    for area in kept:
        cuts |= set(_seconds_of(area, start))
    starts = sorted({0} | {second for second in cuts if 0 < second < last})
    vectors = [_state_at(second, start, ZoneInfo(zone), spans, kept) for second in starts]
    return _number(starts, last, vectors, kept)


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


def _state_at(
    second: int,
    start: datetime,
    zone: ZoneInfo,
    spans: tuple[ClassSpan, ...],
    areas: tuple[TrafficArea, ...],
) -> TrafficState:
    local = (start + second * _SECOND).astimezone(zone)
    minute = local.hour * 60 + local.minute
    by_area = []
    for area in areas:
        first, last = _seconds_of(area, start)
        by_area.append(area.percent / 100 if first <= second < last else 1.0)
    by_class = tuple(find_percent(spans, name, minute) / 100 for name in ROAD_CLASSES)
    return TrafficState(by_class, tuple(by_area))


def _number(
    starts: list[int], last: int, vectors: list[TrafficState], areas: tuple[TrafficArea, ...]
) -> Regimes:
    """Give equal vectors one number, merge down to the limit, join equal neighbors."""
    states = list(dict.fromkeys(vectors))
    n_distinct = len(states)
    bucket = [states.index(vector) for vector in vectors]
    spans = [after - before for before, after in zip(starts, [*starts[1:], last], strict=True)]
    while len(set(bucket)) > MAX_REGIMES:
        _merge_closest(bucket, states, spans)
    first = [i for i in range(len(bucket)) if i == 0 or bucket[i] != bucket[i - 1]]
    order = list(dict.fromkeys(bucket))
    return Regimes(
        bucket_start_s=tuple(starts[i] for i in first),
        bucket_regime=tuple(order.index(bucket[i]) for i in first),
        states=tuple(states[number] for number in order),
        areas=areas,
        n_distinct=n_distinct,
    )


def _merge_closest(bucket: list[int], states: list[TrafficState], spans: list[int]) -> None:
    """Make one state of the two closest neighbors in time; the lower number stays."""
    seconds = [0] * len(states)
    for number, span in zip(bucket, spans, strict=True):
        seconds[number] += span
    pairs = sorted({(min(p), max(p)) for p in pairwise(bucket) if p[0] != p[1]})
    a, b = min(
        pairs,
        key=lambda pair: (
            _distance(states[pair[0]], states[pair[1]]) * min(seconds[pair[0]], seconds[pair[1]]),
            pair,
        ),
    )
    states[a] = _mean(states[a], states[b], seconds[a], seconds[b])
    bucket[:] = [a if number == b else number for number in bucket]


def _distance(a: TrafficState, b: TrafficState) -> float:
    """Return how far apart two states are: the sum of logarithms of the ratios of speeds."""
    ours, theirs = (*a.class_share, *a.area_share), (*b.class_share, *b.area_share)
    return math.fsum(abs(math.log(x / y)) for x, y in zip(ours, theirs, strict=True))


def _mean(a: TrafficState, b: TrafficState, a_s: int, b_s: int) -> TrafficState:
    """Return the state whose slowness is the mean of both, by their seconds."""

    def mix(x: float, y: float) -> float:
        return x if x == y else (a_s + b_s) / (a_s / x + b_s / y)

    return TrafficState(
        tuple(mix(x, y) for x, y in zip(a.class_share, b.class_share, strict=True)),
        tuple(mix(x, y) for x, y in zip(a.area_share, b.area_share, strict=True)),
    )
