"""`servicenet store`: what a dispatcher's administrator does with a store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from dispatch.adapters.store import open_store
from dispatch.cli.exit_codes import Exit
from tests.command_line import run_here
from tests.days import tiny_day
from tests.stores import Caller

Capture = pytest.CaptureFixture[str]


def lived(path: Path, capsys: Capture) -> None:
    assert run_here(capsys, "store", "migrate", path).code == Exit.OK
    store = open_store(str(path))
    Caller(store)(lambda w: w.open_day(tiny_day()))
    store.close()


def test_a_store_is_made_checked_exported_and_restored(capsys: Capture, tmp_path: Path) -> None:
    first, second, lines = tmp_path / "a.db", tmp_path / "b.db", tmp_path / "log.jsonl"
    lived(first, capsys)
    assert run_here(capsys, "store", "migrate", first, "--json").json["after"] == "0003"
    checked = run_here(capsys, "store", "check", first, "--json").json
    assert (checked["ok"], checked["events"], checked["faults"]) == (True, 1, [])
    assert run_here(capsys, "store", "export", first, "--file", lines).code == Exit.OK
    assert lines.stat().st_mode & 0o777 == 0o600
    assert json.loads(lines.read_text().splitlines()[0])["hash"] == checked["hash"]
    assert run_here(capsys, "store", "migrate", second).out == "form none → 0003\n"
    restored = run_here(capsys, "store", "restore", f"sqlite:///{second}", "--file", lines)
    assert restored.out == f"1 events, last hash {checked['hash']}\n"
    assert run_here(capsys, "store", "check", second).out.endswith("the log verifies\n")


def test_damage_has_an_exit_code_of_its_own_and_names_the_row(
    capsys: Capture, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    lived(path, capsys)
    store = open_store(str(path))
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE day SET version = 7"))
    store.close()
    ran = run_here(capsys, "store", "check", path)
    assert ran.code == Exit.VIOLATIONS
    assert "error S3008: day tiny" in ran.err
    assert "version 7 in force" in ran.err


def test_what_the_store_refuses_is_told_with_its_code(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    ran = run_here(capsys, "store", "check", path, "--json")
    assert (ran.code, ran.json["faults"][0]["code"]) == (Exit.STORE, "S1007")
    lived(path, capsys)
    lines = tmp_path / "log.jsonl"
    run_here(capsys, "store", "export", path, "--file", lines)
    ran = run_here(capsys, "store", "restore", path, "--file", lines)
    assert ran.code == Exit.STORE
    assert "error S1009: store" in ran.err


def test_a_missing_extra_is_named(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    ran = run_here(capsys, "store", "check", tmp_path / "a.db")
    assert ran.code == Exit.STORE
    assert "pip install 'servicenet[live]'" in ran.err


@pytest.mark.parametrize("words", [("export", "a.db"), ("check", "a.db", "--file", "x")])
def test_a_file_belongs_to_export_and_restore(capsys: Capture, words: tuple[str, ...]) -> None:
    ran = run_here(capsys, "store", *words)
    assert ran.code == Exit.USAGE
    assert "--file FILE" in ran.err
