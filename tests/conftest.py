"""Options and marks every test room shares."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.debug_core import use_debug_core

if TYPE_CHECKING:
    from scenarios.bench.ports import Ports
    from tests.stores import PostgresPlace, SqlitePlace

use_debug_core()
# Tests wait for searches, and other tests leave no processor idle: a search must not stand back.
os.environ.setdefault("SERVICENET_NICE", "0")


SOAK_S = 3600
"""Longest test of the full figures, if nothing else is said."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--soak", action="store_true", help="run the full figures, not the seeded sample"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Draw the same examples everywhere, however slowly; the full figures draw others each time."""
    soak = bool(config.getoption("--soak"))
    if soak and config.option.timeout is None:
        config.option.timeout = SOAK_S
    slow = (HealthCheck.too_slow,)
    settings.register_profile(
        "servicenet", derandomize=not soak, deadline=None, suppress_health_check=slow
    )
    settings.load_profile("servicenet")


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether the full figures are wanted."""
    return bool(request.config.getoption("--soak"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("soak") and not config.getoption("--soak"):
            item.add_marker(pytest.mark.skip(reason="full figures: run with --soak"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs the compiled core where it is missing; in CI it must not be missing."""
    if item.get_closest_marker("core") is None:
        return
    if importlib.util.find_spec("solver._engine") is None:
        reason = "the compiled core solver._engine is not built"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI=true demands it")
        pytest.skip(reason)


@pytest.fixture(scope="session")
def ports() -> Ports:
    """Ports nobody else is given."""
    from scenarios.bench.ports import Ports

    return Ports(os.getpid())


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> SqlitePlace:
    """A folder for stores in SQLite."""
    from tests.stores import SqlitePlace

    return SqlitePlace(tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="session")
def postgresql_place() -> Iterator[PostgresPlace]:
    """A PostgreSQL server for stores; started when the first test asks for it."""
    from tests.postgres import make_cluster
    from tests.stores import PostgresPlace

    cluster = make_cluster()
    try:
        yield PostgresPlace(cluster)
    finally:
        cluster.crash()
        shutil.rmtree(cluster.folder)
