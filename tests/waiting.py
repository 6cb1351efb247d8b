"""Waiting in tests for what another thread or process does, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

PATIENCE_S = 120.0
"""Nothing waited for takes a second where nobody else is at work; a test may take twice this."""
PAUSE_S = 0.02


def wait_until(true: Callable[[], object], what: str = "it") -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"{what} did not happen within {PATIENCE_S:.0f} s")
        time.sleep(PAUSE_S)
