"""`make debug` tests the core with assertions, not the installed one."""

from __future__ import annotations

import os

import pytest

from solver.routing.core import load_engine


@pytest.mark.core
def test_the_core_has_assertions_exactly_where_they_are_asked_for() -> None:
    asked_for = bool(os.environ.get("SERVICENET_DEBUG_CORE"))
    assert load_engine().DEBUG is asked_for
