"""The six classes of road that traffic speaks of, and the highway words of maps behind them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ROAD_CLASSES: Final = ("motorway", "trunk", "primary", "secondary", "tertiary", "local")
"""Classes from the widest to the narrowest road."""

_WIDE: Final = ROAD_CLASSES[:-1]

CLASS_OF_HIGHWAY: Final[Mapping[str, str]] = MappingProxyType(
    {name: name for name in _WIDE} | {f"{name}_link": name for name in _WIDE}
)
"""Class by OSM ``highway`` value; a ramp belongs to the road it serves, the rest is local."""


def find_class(highway: str) -> int:
    """Return the index into ``ROAD_CLASSES`` of an OSM ``highway`` value.

    Parameters
    ----------
    highway
        Any value; one without a class of its own (``residential``, ``service``, ...) is local.
    """
    return ROAD_CLASSES.index(CLASS_OF_HIGHWAY.get(highway, "local"))
