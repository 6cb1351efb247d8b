"""The generated pages are what the code says today."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from dispatch.adapters.files import write_day
from dispatch.domain.checks import Code
from tests.dispatch.adapters.broken_inputs import sound_day
from tests.dispatch.adapters.pages import DOCS, pages

HOW = "run: python -m tests.dispatch.adapters.pages"


@pytest.fixture(scope="module")
def current() -> dict[str, str]:
    return dict(pages())


@pytest.mark.parametrize(
    "name", ["errors.md", "day-files.md", "schemas/day.json", "schemas/plan.json"]
)
def test_a_generated_page_is_current(name: str, current: dict[str, str]) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == current[name], HOW


def test_every_code_has_its_section_and_every_section_its_code() -> None:
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (D\d{4})$", text, re.MULTILINE) == [code.value for code in Code]


def test_no_page_names_a_folder_of_the_machine_that_made_it(current: dict[str, str]) -> None:
    assert "/tmp" not in "".join(current.values())  # noqa: S108 -- looks for it, does not use it


def test_a_written_day_fits_the_published_schema(tmp_path: Path) -> None:
    day = sound_day(tmp_path)
    write_day(day, tmp_path / "out.json")
    schema = json.loads((DOCS / "schemas" / "day.json").read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema)
    data = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert list(checker.iter_errors(data)) == []
    data["visits"][0]["place"] = {"address": "Main St 1"}
    data["horizon_start"] = "07:00"
    data["datum"] = "gcj02"
    assert list(checker.iter_errors(data)) == []
    data["visits"][0]["place"] = {"lon": 121.0}
    assert len(list(checker.iter_errors(data))) == 1
