"""Where the public data sets lie; they are never part of this repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def find_data() -> Path | None:
    """Return the folder named by SERVICENET_DATA, else ``../shared/data``; None if missing."""
    named = os.environ.get("SERVICENET_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def data_or_skip(*parts: str) -> Path:
    """Return a file or folder below the data; without it skip, or fail where CI is ``true``."""
    root = find_data()
    path = root.joinpath(*parts) if root else None
    if path is None or not path.exists():
        reason = f"data not found: {'/'.join(parts)}; set SERVICENET_DATA to the folder that has it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
