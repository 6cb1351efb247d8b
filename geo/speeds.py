"""How fast a way is when it is free: ``maxspeed`` tags, classes, profiles."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.profiles import Profile
from geo.roads import map_tag

KMH_PER_MPH = 1.609344
NO_LIMIT_KMH = 130.0
"""Taken for ``maxspeed=none``: the advisory speed of the roads that have no limit (Germany)."""
WALKING_PACE_KMH = 7.0
"""Taken for ``maxspeed=walk``: the walking pace of traffic law (4-7 km/h)."""
SLOWEST_KMH = 3.0
"""Slower figures are taken as a slip of the mapper, and the class default is used."""
FASTEST_KMH = 150.0
"""Faster figures likewise: the highest posted limit anywhere is 150 km/h (OSM wiki)."""

_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?$")
_ZONE = re.compile(r"^(?:[a-z]{2}(?:-[a-z]+)?:)?zone:?(\d+)$")
_COUNTRY_RULE_KMH = {"urban": 50.0, "rural": 80.0, "trunk": 100.0, "motorway": 120.0}
_WORDS_KMH = {"none": NO_LIMIT_KMH, "walk": WALKING_PACE_KMH, "living_street": WALKING_PACE_KMH}


def parse_maxspeed_kmh(value: str | None) -> float:
    """Read an OSM ``maxspeed`` value (OSM wiki, *Key:maxspeed*).

    Lists (``"50;30"``, ``"50|60"``, ``"50, 30"``) and ranges (``"30-50"``) count as the slowest
    figure in them, so that nobody is promised a time that the slow part cannot keep.

    Parameters
    ----------
    value
        Tag value, for instance ``"50"``, ``"30 mph"``, ``"none"``, ``"walk"``, ``"DE:urban"``.

    Returns
    -------
    float
        Limit in km/h; NaN where the value says nothing usable.
    """
    if value is None:
        return float("nan")
    text = value.strip().lower()
    unit = " mph" if text.endswith("mph") else ""  # "30-50 mph": the unit stands once
    parts = re.split(r"[;|,]|(?<=\d)\s*[-–]\s*(?=\d)", text)
    found = [_parse_one(f"{part.removesuffix('mph').strip()}{unit}") for part in parts]
    usable = [kmh for kmh in found if SLOWEST_KMH <= kmh <= FASTEST_KMH]
    return min(usable) if usable else float("nan")


def _parse_one(text: str) -> float:
    """Return one figure in km/h, NaN if it is not one."""
    if text in _WORDS_KMH:
        return _WORDS_KMH[text]
    number = _NUMBER.match(text) or _ZONE.match(text)
    if number is not None:
        in_miles = number.re is _NUMBER and number.group(2) == "mph"
        return float(number.group(1)) * (KMH_PER_MPH if in_miles else 1.0)
    rule = text.rsplit(":", 1)[-1] if ":" in text else ""
    return _COUNTRY_RULE_KMH.get(rule, _WORDS_KMH.get(rule, float("nan")))


def compute_free_flow_kmh(tags: pd.DataFrame, profile: Profile) -> NDArray[np.float64]:
    """Return the free-flow speed of every way for a profile.

    A car keeps ``profile.limit_share`` of the limit; e-bikes and people on foot have their own
    pace, which a lower limit caps.

    Parameters
    ----------
    tags
        Table of ``Roads.tags``, w rows.
    profile
        Who travels.

    Returns
    -------
    ndarray
        Shape (w,), float64, km/h, > 0; NaN for classes closed to the profile.
    """
    by_class = map_tag(
        tags["highway"], lambda v: profile.speed_kmh.get(v or "", float("nan")), np.float64
    )
    if profile.name == "walk":  # road limits bind vehicles
        return by_class
    limit = map_tag(tags["maxspeed"], parse_maxspeed_kmh, np.float64)
    if profile.limit_share > 0.0:
        return np.where(np.isnan(limit), by_class, limit * profile.limit_share)
    return np.fmin(by_class, limit)
