"""Who may travel where: the travel profiles and their reading of OSM tags.

Rules follow the OSM wiki pages *Key:access*, *Key:oneway* and *Tag:junction=roundabout*: the most
specific access key that is present decides. A technician is a guest of the customer, so
``destination``, ``customers`` and ``delivery`` are open; ``private`` and ``no`` are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import UnknownProfile
from geo.roads import map_tag

CLOSED = frozenset(
    {
        "no", "private", "military", "emergency", "agricultural", "forestry", "use_sidepath",
        "permit", "residents", "psv", "bus", "dismount",
    }
)  # fmt: skip
"""Access values that shut a way for somebody who comes to repair something."""

INVITED = frozenset({"yes", "designated", "permissive", "destination", "customers", "official"})
"""Access values that open a class that is closed unless somebody says otherwise."""

MINOR_SERVICE = frozenset({"parking_aisle", "drive-through", "emergency_access", "driveway"})
"""``service=*`` values that lead nowhere; as in OSMnx's drive network."""

FORWARD_WORDS = frozenset({"yes", "true", "1"})
BACKWARD_WORDS = frozenset({"-1", "reverse"})
TWO_WAY_WORDS = frozenset({"no", "false", "0", "alternating"})
ROUNDABOUTS = frozenset({"roundabout", "circular"})


@dataclass(frozen=True)
class Profile:
    """One way of traveling.

    Parameters
    ----------
    name
        ``"car"``, ``"ebike"`` or ``"walk"``.
    speed_kmh
        Free-flow speed by highway class where no ``maxspeed`` says more; the keys are the classes
        that are open to the profile.
    by_invitation
        Classes of ``speed_kmh`` that are closed unless an access tag opens them.
    access_keys
        Keys that decide access, most specific first.
    oneway_keys
        Keys that decide direction, most specific first; empty = one-ways do not bind.
    limit_share
        Free-flow speed as a share of ``maxspeed``; 0 = ``maxspeed`` only caps ``speed_kmh``.
    refused_services
        ``service=*`` values that the profile leaves out.
    """

    name: str
    speed_kmh: Mapping[str, float]
    by_invitation: frozenset[str]
    access_keys: tuple[str, ...]
    oneway_keys: tuple[str, ...]
    limit_share: float
    refused_services: frozenset[str]


LIMIT_SHARE = 0.8
"""Share of the speed limit that a free-flowing car keeps up from door to door.

Nobody drives the limit through junctions, bends and lights. OSRM's car profile uses the same 0.8
(``speed_reduction``); rush hours come on top, by class and hour.
"""

CAR_LIMIT_KMH: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 100, "motorway_link": 60, "trunk": 80, "trunk_link": 50,
        "primary": 60, "primary_link": 40, "secondary": 50, "secondary_link": 40,
        "tertiary": 40, "tertiary_link": 30, "unclassified": 40, "road": 40, "residential": 30,
        "living_street": 15, "service": 20,
    }
)  # fmt: skip
"""Speed limit assumed by class where the map has none, km/h.

Urban design speeds of CJJ 37-2012, table 3.2.1 (expressway 60-100, arterial 40-60, sub-arterial
30-50, branch 20-40), the upper end for classes; links and doorstep classes by judgment.
"""

_EBIKE_KMH = {
    **dict.fromkeys(
        ("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"), 20.0
    ),
    **dict.fromkeys(("tertiary", "tertiary_link", "unclassified", "road", "cycleway"), 20.0),
    "residential": 18.0, "living_street": 12.0, "service": 15.0, "track": 12.0, "path": 12.0,
    "pedestrian": 8.0, "footway": 8.0,
}  # fmt: skip
# Electric bicycles are limited to 25 km/h by construction (GB 17761-2018, 6.1); 20 km/h
# leaves room for crossings.

_WALK_KMH = {
    **dict.fromkeys(
        ("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
         "tertiary", "tertiary_link", "unclassified", "road", "residential", "living_street",
         "service", "track", "path", "pedestrian", "footway", "cycleway", "bridleway",
         "corridor"),
        4.5,
    ),
    "steps": 2.0,
}  # fmt: skip

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "car": Profile(
            name="car",
            speed_kmh=MappingProxyType({k: v * LIMIT_SHARE for k, v in CAR_LIMIT_KMH.items()}),
            by_invitation=frozenset(),
            access_keys=("motorcar", "motor_vehicle", "vehicle", "access"),
            oneway_keys=("oneway",),
            limit_share=LIMIT_SHARE,
            refused_services=MINOR_SERVICE,
        ),
        "ebike": Profile(
            name="ebike",
            speed_kmh=MappingProxyType(_EBIKE_KMH),
            by_invitation=frozenset({"footway", "pedestrian"}),
            access_keys=("bicycle", "vehicle", "access"),
            oneway_keys=("oneway:bicycle", "oneway"),
            limit_share=0.0,
            refused_services=MINOR_SERVICE,
        ),
        "walk": Profile(
            name="walk",
            speed_kmh=MappingProxyType(_WALK_KMH),
            by_invitation=frozenset(),
            access_keys=("foot", "access"),
            oneway_keys=(),
            limit_share=0.0,
            refused_services=frozenset({"drive-through", "emergency_access"}),
        ),
    }
)
"""The profiles that exist."""


def get_profile(name: str) -> Profile:
    """Return a profile by its name.

    Raises
    ------
    UnknownProfile
        If nobody defined it; the text lists those that are.
    """
    if name not in PROFILES:
        raise UnknownProfile(f"Unknown travel profile {name!r}; there are {', '.join(PROFILES)}.")
    return PROFILES[name]


def find_open_ways(tags: pd.DataFrame, profile: Profile) -> NDArray[np.bool_]:
    """Say which ways a profile may use at all.

    Parameters
    ----------
    tags
        Table of ``Roads.tags``, w rows.
    profile
        Who travels.

    Returns
    -------
    ndarray
        Shape (w,), bool.
    """
    known = map_tag(tags["highway"], lambda v: v in profile.speed_kmh, np.bool_)
    guest = map_tag(tags["highway"], lambda v: v in profile.by_invitation, np.bool_)
    minor = map_tag(tags["service"], lambda v: v in profile.refused_services, np.bool_)
    square = map_tag(tags["area"], lambda v: v == "yes", np.bool_)  # an outline is not a street
    verdict = np.zeros(len(tags), dtype=np.int8)  # 0 nothing said, 1 invited, -1 closed
    for key in profile.access_keys:
        said = map_tag(tags[key], _access_word, np.int8)
        verdict = np.where(verdict == 0, said, verdict)
    if profile.name != "car":  # a motorroad is closed to bicycles and people on foot
        motorroad = map_tag(tags["motorroad"], lambda v: v == "yes", np.bool_)
        verdict = np.where(motorroad, np.int8(-1), verdict)
    named = np.where(guest, verdict == 1, verdict != -1)
    return np.asarray(known & named & ~minor & ~square, dtype=np.bool_)


def _access_word(value: str | None) -> int:
    """Return -1 for a closed word, 1 for an invitation, 2 for any other word, 0 for none.

    Of a list such as ``private;customers`` the most generous word counts.
    """
    if value is None:
        return 0
    words = {word.strip() for word in value.lower().split(";")}
    if words <= CLOSED:
        return -1
    return 1 if words & INVITED else 2


def find_directions(
    tags: pd.DataFrame, profile: Profile
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say in which directions a profile may use each way.

    A roundabout and a motorway are one-way unless a tag says otherwise. The motorway rule holds
    only if the file has one-way tags at all: without them (a file stripped of tags) the drawing
    direction means nothing and the road stays open both ways. ``reversible`` is
    closed both ways: its direction at the hour of travel is unknown.

    Parameters
    ----------
    tags
        Table of ``Roads.tags``, w rows.
    profile
        Who travels.

    Returns
    -------
    forward, backward
        Shape (w,), bool, in and against the drawing direction.
    """
    n_ways = len(tags)
    if not profile.oneway_keys:
        return np.ones(n_ways, dtype=np.bool_), np.ones(n_ways, dtype=np.bool_)
    sense = np.full(n_ways, _UNSAID, dtype=np.int8)
    for key in profile.oneway_keys:
        said = map_tag(tags[key], _oneway_word, np.int8)
        sense = np.where(sense == _UNSAID, said, sense)
    implied = map_tag(tags["junction"], lambda v: v in ROUNDABOUTS, np.bool_)
    if bool(tags["oneway"].notna().any()):
        implied |= map_tag(tags["highway"], lambda v: v == "motorway", np.bool_)
    sense = np.where((sense == _UNSAID) & implied, np.int8(1), sense)
    closed = sense == _CLOSED
    return (sense != -1) & ~closed, (sense != 1) & ~closed


_UNSAID = 9
_CLOSED = 2


def _oneway_word(value: str | None) -> int:
    """Return 1 forward, -1 backward, 0 both, ``_CLOSED`` reversible, ``_UNSAID`` otherwise."""
    word = "" if value is None else value.lower()
    if word in FORWARD_WORDS:
        return 1
    if word in BACKWARD_WORDS:
        return -1
    if word in TWO_WAY_WORDS:
        return 0
    return _CLOSED if word == "reversible" else _UNSAID
