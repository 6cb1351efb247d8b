"""Where something is."""

from __future__ import annotations

from dispatch.domain.base import Latitude, Longitude, Model


class Place(Model):
    """A point on earth, WGS 84.

    Coordinates are always there in a planned day: addresses are looked up while the day is read,
    and what cannot be found is quarantined.
    """

    lon: Longitude
    lat: Latitude
    address: str | None = None
