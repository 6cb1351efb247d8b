"""A small sound network, and a way to break it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HOURS = [{"day": day, "opens": "08:00", "closes": "18:00"}
         for day in ("mon", "tue", "wed", "thu", "fri", "sat")]  # fmt: skip


def sound_network() -> dict[str, Any]:
    """Three outlets around (8.62, 49.42) and a street of demand to the east."""
    return {
        "format": "servicenet-network/1",
        "id": "N1",
        "name": "Test town",
        "outlets": [
            {"id": "A", "lon": 8.60, "lat": 49.40, "opening_hours": HOURS, "capacity_per_day": 40},
            {"id": "B", "lon": 8.64, "lat": 49.44, "kind": "authorized",
             "opening_hours": HOURS[:5]},
            {"id": "C", "lon": 8.70, "lat": 49.45, "status": "closed"},
        ],
        "candidates": [{"id": "X", "lon": 8.75, "lat": 49.44, "status": "candidate",
                        "fixed_cost": 1000}],
        "demand": [
            {"id": f"P{i}", "lon": 8.60 + i / 100, "lat": 49.41, "weight": i + 1, "people": 10 * i,
             "district": "East" if i > 9 else "West"}
            for i in range(20)
        ],
        "zones": [{"id": "core", "kind": "suburban", "geometry": {
            "type": "Polygon",
            "coordinates": [[[8.55, 49.3], [8.625, 49.3], [8.625, 49.5], [8.55, 49.5],
                             [8.55, 49.3]]],
        }}],
        "budget": 5000,
    }  # fmt: skip


def write_network(folder: Path, **changes: Any) -> Path:
    """Write the sound network with some keys replaced; None removes a key."""
    data = {key: value for key, value in (sound_network() | changes).items() if value is not None}
    path = folder / "network.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path
