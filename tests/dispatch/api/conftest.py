"""A service over a store in SQLite, started for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services import Served, serving
from tests.stores import POSTGRES, SQLITE, SqlitePlace


@pytest.fixture
def served(sqlite_place: SqlitePlace) -> Iterator[Served]:
    """A service with a live day."""
    with serving(sqlite_place.new_store()) as served:
        served.open_live_day()
        yield served


@pytest.fixture(params=[SQLITE, POSTGRES])
def served_by_both(request: pytest.FixtureRequest) -> Iterator[Served]:
    """The same on both databases."""
    place = request.getfixturevalue(f"{request.param}_place")
    with serving(place.new_store()) as served:
        served.open_live_day()
        yield served


@pytest.fixture
def mixed(sqlite_place: SqlitePlace) -> Iterator[Served]:
    """A service with a day of two regions."""
    with serving(sqlite_place.new_store()) as served:
        served.open_mixed_day()
        served.clock.move(hours=1)
        served.service.hub._stopped = True  # streams end at once
        yield served
