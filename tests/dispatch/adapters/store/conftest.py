"""The two databases; tests that ask for ``opener`` run in each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stores import POSTGRES, SQLITE, Opener


@pytest.fixture(params=[SQLITE, POSTGRES])
def opener(request: pytest.FixtureRequest) -> Iterator[Opener]:
    opener = Opener(request.getfixturevalue(f"{request.param}_place"))
    yield opener
    opener.close()
