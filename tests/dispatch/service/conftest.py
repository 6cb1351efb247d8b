from __future__ import annotations

import pytest

from geo.estimated import EstimatedTravel


@pytest.fixture
def grid_traffic() -> EstimatedTravel:
    """Travel that knows traffic."""
    return EstimatedTravel()
