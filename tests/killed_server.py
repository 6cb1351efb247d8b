"""`servicenet serve` with all it loads, to be killed: for `tests.forked`."""

from __future__ import annotations

import dispatch.api.serve  # noqa: F401 - loaded here, once
from dispatch.cli import main as run


def main(*words: str) -> None:
    """Serve until killed."""
    run(["serve", *words])
