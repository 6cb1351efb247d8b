"""A toy home care instance: one office, two patients, two caregivers."""

from __future__ import annotations

import json
from typing import Any


def care_instance() -> dict[str, Any]:
    """Return the instance as JSON values, for a test to change."""
    return {
        "services": [{"id": "s1"}, {"id": "s2"}],
        "caregivers": [
            {"id": "a", "abilities": ["s1"]},
            {"id": "b", "abilities": ["s1", "s2"]},
        ],
        "patients": [
            {
                "id": "p1",
                "time_window": [10, 30],
                "required_caregivers": [
                    {"service": "s1", "duration": 6},
                    {"service": "s2", "duration": 8},
                ],
                "synchronization": {"type": "sequential", "distance": [10, 20]},
            },
            {
                "id": "p2",
                "time_window": [0, 12],
                "required_caregivers": [{"service": "s1", "duration": 3}],
            },
        ],
        "central_offices": [{"id": "d"}],
        "distances": [[0, 5, 7], [5, 0, 4], [7, 4, 0]],
    }


def care_text(**changes: Any) -> str:
    """Return the text with some top-level values replaced."""
    return json.dumps(care_instance() | changes)
