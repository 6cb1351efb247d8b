"""The directions between the rooms, as import-linter contracts in ``pyproject.toml``."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


def test_every_import_contract_is_kept() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


COMPILED = {"_engine": "solver/routing/", "_graph": "solver/graph/"}
"""Compiled module and the only folder whose modules may import it."""


def imports_of(path: Path) -> set[str]:
    """Dotted names ``path`` imports, wherever in it, also by ``import_module("name")``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            names.update(
                a.value
                for a in node.args
                if isinstance(a, ast.Constant) and isinstance(a.value, str)
            )
    return names


@pytest.mark.parametrize("module", sorted(COMPILED))
def test_compiled_module_is_imported_only_by_its_own_folder(module: str) -> None:
    rooms = ("solver", "geo", "dispatch", "scenarios")
    importers = {
        path.relative_to(ROOT).as_posix()
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if f"solver.{module}" in imports_of(path)
    }
    assert importers, f"nobody imports solver.{module}"
    assert all(importer.startswith(COMPILED[module]) for importer in importers), importers


def test_referee_of_arrays_does_not_import_the_compiled_core() -> None:
    for name in ("referee.py", "referee_route.py", "violation.py"):
        assert "solver._engine" not in imports_of(ROOT / "solver" / "routing" / name)
