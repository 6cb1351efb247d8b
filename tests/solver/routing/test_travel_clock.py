"""Travel by hour against exact fractions: nobody overtakes, and departures turn arrivals back."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from solver.routing.travel_clock import arrive, leave

Traffic = tuple[list[int], list[int]]
"""Starts of the buckets, and seconds of the whole leg in each."""


@st.composite
def traffic(draw: st.DrawFn) -> Traffic:
    spans = draw(st.lists(st.integers(1, 4000), max_size=5))
    starts = [0]
    for span in spans:
        starts.append(starts[-1] + span)
    seconds = [draw(st.integers(0, 9000)) for _ in starts]
    return starts, seconds


def drive(leg: Traffic, departure: int) -> int:
    starts, seconds = leg
    return arrive(departure, starts, lambda bucket: seconds[bucket])


def drive_exactly(leg: Traffic, departure: int) -> Fraction:
    """The moment the leg ends, in fractions of a second, walked bucket by bucket."""
    rest, moment = Fraction(1), Fraction(departure)
    for start, seconds, following in zip(*leg, [*leg[0][1:], None], strict=True):
        if following is not None and moment >= following:
            continue
        assert start <= moment or start == 0
        if following is None or rest * seconds <= following - moment:
            return moment + rest * seconds
        rest -= (following - moment) / seconds
        moment = Fraction(following)
    raise AssertionError


@given(traffic(), st.integers(-500, 20_000))
def test_arrival_is_the_exact_one_rounded_up_to_a_second(leg: Traffic, departure: int) -> None:
    exact = drive_exactly(leg, departure)
    # Cutting shares at each of at most 5 bucket ends loses less than 5 * 9000 / 2**30 seconds:
    # nearly nothing, but enough to pass a whole second that was reached exactly.
    assert ceil(exact) <= drive(leg, departure) <= ceil(exact + Fraction(5 * 9000, 2**30))


@given(traffic(), st.integers(-500, 20_000), st.integers(0, 3000))
def test_who_leaves_later_never_arrives_earlier(leg: Traffic, departure: int, wait: int) -> None:
    assert drive(leg, departure) <= drive(leg, departure + wait)


@given(traffic(), st.integers(-500, 20_000), st.integers(0, 5000))
def test_latest_departure_arrives_in_time_and_one_second_later_does_not(
    leg: Traffic, earliest: int, spare: int
) -> None:
    arrival = drive(leg, earliest) + spare
    latest = leave(arrival, earliest, lambda t: drive(leg, t))
    assert latest >= earliest
    assert drive(leg, latest) <= arrival < drive(leg, latest + 1)


def test_a_leg_consumes_buckets_as_it_drives() -> None:
    # From 1024 on everything takes twice as long. 1024 s cover a quarter of 4096; the other three
    # quarters take 3/4 * 8192 = 6144: 1024 + 6144 = 7168.
    assert arrive(0, [0, 1024], [4096, 8192].__getitem__) == 7168


def test_a_third_of_a_leg_is_cut_down_so_that_the_second_is_full() -> None:
    # 1000 of 3000 s are a third, cut to 357 913 941 shares; the rest takes 6000 * 715 827 883 /
    # 2**30 = 4000.000002 s, rounded up: 1000 + 4001.
    assert arrive(0, [0, 1000], [3000, 6000].__getitem__) == 5001


def test_before_second_zero_the_first_bucket_holds() -> None:
    assert arrive(-600, [0, 1000], [700, 50].__getitem__) == 100
