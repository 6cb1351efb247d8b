"""Hand-made road networks."""

from __future__ import annotations

import hashlib

import numpy as np

from geo.network import NO_NAME, RoadNetwork

Place = tuple[float, float]
Street = tuple[int, int, int, int, str]


def make_network(places: list[Place], streets: list[Street], profile: str = "car") -> RoadNetwork:
    """Places are (lon, lat); streets are one-way (tail, head, ms, mm, class) and bend once.

    Every node counts as part of the largest component.
    """
    lonlat = np.array(places, dtype=np.float64)
    ends = np.array([street[:4] for street in streets], dtype=np.int64).reshape(-1, 4)
    classes = tuple(sorted({street[4] for street in streets}))
    tail, head = ends[:, 0], ends[:, 1]
    # The bend lies half way, a little to the north.
    bend = (lonlat[tail] + lonlat[head]) / 2 + [0.0, 0.001]
    points = np.stack((lonlat[tail], bend, lonlat[head]), axis=1).reshape(-1, 2)
    text = repr((places, streets, profile)).encode()
    return RoadNetwork(
        profile=profile,
        node_id=np.arange(len(places), dtype=np.int64) + 1000,
        node_lon=lonlat[:, 0].copy(),
        node_lat=lonlat[:, 1].copy(),
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        length_mm=ends[:, 3].copy(),
        free_flow_ms=ends[:, 2].copy(),
        road_class=np.array([classes.index(street[4]) for street in streets], dtype=np.int16),
        name=np.full(len(streets), NO_NAME, dtype=np.int32),
        geometry_offset=np.arange(0, 3 * len(streets) + 1, 3, dtype=np.int64),
        geometry_lon=points[:, 0].copy(),
        geometry_lat=points[:, 1].copy(),
        component=np.zeros(len(places), dtype=np.int32),
        classes=classes,
        names=(),
        source="made by hand",
        attribution="nobody",
        content_hash=hashlib.sha256(text).hexdigest(),
    )


def make_square() -> RoadNetwork:
    """Four corners, one-way around: 0 → 1 → 2 → 3 → 0; a slow diagonal 0 → 2; corner 4 is lost.

    Seconds: sides 100.5, 100, 100, 100; diagonal 300. Meters: sides 1000, 1000, 1000, 1000.4;
    diagonal 1400.
    """
    places = [(114.30, 30.50), (114.31, 30.50), (114.31, 30.51), (114.30, 30.51), (114.35, 30.50)]
    streets = [
        (0, 1, 100_500, 1_000_000, "primary"),
        (1, 2, 100_000, 1_000_000, "primary"),
        (2, 3, 100_000, 1_000_000, "residential"),
        (3, 0, 100_000, 1_000_400, "residential"),
        (0, 2, 300_000, 1_400_000, "residential"),
    ]
    return make_network(places, streets)


def make_town(side: int, seed: int) -> RoadNetwork:
    """A town of side x side crossings, most streets two-way."""
    rng = np.random.default_rng(seed)
    places = [(8.6 + c / 200, 49.4 + r / 200) for r in range(side) for c in range(side)]
    streets: list[Street] = []
    for node in range(side * side):
        ahead = [node + 1] * (node % side + 1 < side) + [node + side] * (node < side * (side - 1))
        for other in ahead:
            time_ms, length_mm = rng.integers(5_000, 90_000, 2).tolist()
            kind = ("primary", "residential")[int(rng.integers(2))]
            streets.append((node, other, time_ms, length_mm, kind))
            if rng.random() > 0.1:
                streets.append((other, node, time_ms, length_mm, kind))
    return make_network(places, streets)
