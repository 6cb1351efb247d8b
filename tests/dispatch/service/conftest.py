"""Desks in SQLite; those marked `tests.desks.EVERYWHERE` in memory and in PostgreSQL too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from dispatch.live.kinds import KINDS
from geo.estimated import EstimatedTravel
from tests.stores import SQLITE, Opener


@pytest.fixture(autouse=True, params=[SQLITE])
def kept_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Where the desks of a test keep their days."""
    name = request.param
    place = None if name == "memory" else request.getfixturevalue(f"{name}_place")
    opener = Opener(place)
    monkeypatch.setattr("tests.desks.make_store", partial(opener, KINDS))
    yield opener
    opener.close()


@pytest.fixture
def grid_traffic() -> EstimatedTravel:
    """Travel that knows traffic."""
    return EstimatedTravel()
