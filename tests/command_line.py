"""Running ``servicenet`` in tests: in this process, with its output; and in one of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dispatch.cli import main

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        (line,) = self.out.splitlines()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found


def run_here(capsys: pytest.CaptureFixture[str], *words: object) -> Ran:
    """Run a command in this process."""
    capsys.readouterr()
    code = main([str(word) for word in words])
    captured = capsys.readouterr()
    return Ran(int(code), captured.out, captured.err)


def start_apart(*words: object) -> subprocess.Popen[str]:
    """Start a command in a process of its own, from the repository's root."""
    return subprocess.Popen(
        [sys.executable, "-m", "dispatch.cli", *(str(word) for word in words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
