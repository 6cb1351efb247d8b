"""Traffic: how fast roads are at what hour, and areas that are slower today."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dispatch.domain.base import Latitude, Longitude, Model, Moment

RoadClass = Literal["motorway", "trunk", "primary", "secondary", "tertiary", "local"]


class SpeedRow(Model):
    """Speed of one road class in a span of the clock, as a share of free flow.

    Attributes
    ----------
    from_minute, to_minute
        Minutes since local midnight, the second exclusive.
    percent
        100 = free flow.
    """

    road_class: RoadClass
    from_minute: int = Field(ge=0, le=1439)
    to_minute: int = Field(ge=1, le=1440)
    percent: int = Field(ge=5, le=200)


class AreaFactor(Model):
    """An area that is slower (or faster) for a while.

    Attributes
    ----------
    ring
        (longitude, latitude) of the outline, WGS 84; closed or not.
    percent
        Speed inside as a share of what it would be otherwise.
    """

    name: str = ""
    ring: tuple[tuple[Longitude, Latitude], ...] = Field(min_length=3, max_length=1000)
    start: Moment
    end: Moment
    percent: int = Field(ge=5, le=200)


class Traffic(Model):
    """Travel by hour.

    Attributes
    ----------
    profile
        ``china_big_city`` is the documented default; ``custom`` takes ``speeds``; ``none`` takes
        only ``areas``.
    speeds
        Rows of a custom profile; hours and classes without a row are at free flow.
    areas
        Live factors.
    """

    profile: Literal["none", "china_big_city", "custom"] = "china_big_city"
    speeds: tuple[SpeedRow, ...] = Field(default=(), max_length=8640)  # every minute of six classes
    areas: tuple[AreaFactor, ...] = Field(default=(), max_length=1000)
