"""When a leg ends, by the moment it begins: travel by hour without overtaking.

A leg is a way of length 1. In a regime in which the whole of it takes D seconds, one second
covers 1/D of it; at the end of a bucket the rest goes on in the next regime (Ichoua, Gendreau &
Potvin 2003). Shares are whole numbers of 2**-30, cut down at the end of a bucket and rounded up to
a whole second at the end, so that whoever leaves later never arrives earlier.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final

WHOLE: Final = 1 << 30
"""A whole leg, in shares."""


def arrive(departure: int, bucket_start: Sequence[int], duration_in: Callable[[int], int]) -> int:
    """Return the moment a leg ends.

    Parameters
    ----------
    departure
        Second it begins; before 0 the first bucket holds.
    bucket_start
        Ascending seconds; the last bucket never ends.
    duration_in
        Seconds of the whole leg in the regime of a bucket, by the bucket's number.
    """
    bucket = max(0, bisect_right(bucket_start, departure) - 1)
    rest, moment = WHOLE, departure
    while True:
        seconds = duration_in(bucket)
        last = bucket + 1 == len(bucket_start)
        span = 0 if last else bucket_start[bucket + 1] - moment
        if last or rest * seconds <= span * WHOLE:
            return moment - (-rest * seconds // WHOLE)
        rest -= span * WHOLE // seconds
        moment = bucket_start[bucket + 1]
        bucket += 1


def leave(
    arrival: int,
    earliest: int,
    arrive_from: Callable[[int], int],
) -> int:
    """Return the latest departure that arrives no later than ``arrival``.

    Parameters
    ----------
    arrival
        Second by which the leg must end.
    earliest
        A departure that does; the search goes up from there.
    arrive_from
        Arrival by departure, never falling.
    """
    low, high = earliest, arrival
    while low < high:
        middle = (low + high + 1) // 2
        if arrive_from(middle) <= arrival:
            low = middle
        else:
            high = middle - 1
    return low
