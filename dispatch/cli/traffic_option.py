"""The option ``--traffic``: other rush hours than those of the day file."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dispatch.adapters.files import DayFile
    from dispatch.domain.traffic import Traffic

PROFILES: Final = ("china_big_city", "none")


def add_traffic_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument(
        "--traffic",
        type=_traffic,
        metavar="PROFILE",
        help="rush hours instead of the day's: china_big_city, none, or a CSV of speeds "
        "(road_class,from,to,percent); areas of the day stay",
    )


def _traffic(word: str) -> str:
    if word in PROFILES or Path(word).suffix.lower() == ".csv":
        return word
    choices = ", ".join(PROFILES)
    raise argparse.ArgumentTypeError(f"{word}: neither one of {choices} nor the name of a .csv")


def with_traffic(found: DayFile, word: str | None) -> DayFile:
    """Return a day that was read, with the traffic of the option; unchanged without it.

    Parameters
    ----------
    found
        The day; its areas stay.
    word
        ``china_big_city``, ``none`` or the path of a table of speeds.

    Raises
    ------
    InvalidRequest
        With every fault of the table.
    """
    if word is None:
        return found
    areas = found.day.traffic.areas if found.day.traffic is not None else ()
    chosen = _profile(word)
    traffic: Traffic | None = chosen.model_copy(update={"areas": areas})
    if chosen.profile == "none" and not areas:
        traffic = None
    return replace(found, day=found.day.model_copy(update={"traffic": traffic}))


def _profile(word: str) -> Traffic:
    from dispatch.adapters.files import read_speed_table
    from dispatch.domain.traffic import Traffic

    if word == "china_big_city":
        return Traffic(profile="china_big_city")
    return Traffic(profile="none") if word == "none" else read_speed_table(Path(word))
