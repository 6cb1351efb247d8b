"""The three places a store is kept in; every test of this folder runs in each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stores import POSTGRES, SQLITE, Opener


@pytest.fixture(params=["memory", SQLITE, POSTGRES])
def opener(request: pytest.FixtureRequest) -> Iterator[Opener]:
    name = request.param
    place = None if name == "memory" else request.getfixturevalue(f"{name}_place")
    opener = Opener(place)
    yield opener
    opener.close()
