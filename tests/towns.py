"""A made-up town to draw days from."""

from __future__ import annotations

import numpy as np

from scenarios.demand import Demand


def town(side: int = 20) -> Demand:
    """A square town: one place every 0.005 degrees, people twice as dense in its west half."""
    east, north = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    lonlat = np.column_stack([121.0 + east * 0.005, 31.0 + north * 0.005])
    west = east < side // 2
    return Demand(
        lonlat=lonlat,
        weight=np.where(west, 2.0, 1.0),
        street=np.array([f"Street {i}" for i in north]),
        district=np.where(west, "West", "East"),
        zone={"West": "urban", "East": "suburban"},
        source="a square town",
    )
