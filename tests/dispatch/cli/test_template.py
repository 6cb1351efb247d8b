"""``servicenet template``: a workbook that can be planned as it is."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from dispatch.adapters.files import read_day
from dispatch.cli import template
from dispatch.cli.exit_codes import Exit


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    template.add_arguments(parser)
    return template.run(parser.parse_args([str(word) for word in words]))


def test_the_template_is_written_and_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "day.xlsx") == Exit.OK
    assert "servicenet plan" in capsys.readouterr().out
    assert read_day(tmp_path / "day.xlsx").day.id == "example"


def test_a_workbook_somebody_filled_in_is_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    path.write_bytes(b"filled in")
    assert run(path) == Exit.OUTPUT
    assert path.read_bytes() == b"filled in"
    assert run(path, "--force") == Exit.OK
    assert read_day(path).day.id == "example"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        run(tmp_path / "day.csv")
