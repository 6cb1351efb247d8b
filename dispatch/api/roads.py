"""Where the service has its travel times from."""

from __future__ import annotations

from pathlib import Path

from geo.travel_matrix import TravelProvider


def make_travel(roads: Path | None) -> TravelProvider:
    """Return the roads of a map file; estimates without one.

    Raises
    ------
    GeoError
        If the file cannot be read.
    """
    if roads is None:
        from geo.estimated import EstimatedTravel

        return EstimatedTravel()
    from geo.matrix_provider import RoadTravel

    return RoadTravel.from_file(roads, threads=1)
