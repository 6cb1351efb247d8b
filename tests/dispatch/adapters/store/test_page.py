"""docs/store.md says what is true."""

from __future__ import annotations

import re

from dispatch.adapters.store.service_tables import FORM
from dispatch.adapters.store.tables import VERSION_TABLE
from dispatch.live.store.codes import StoreCode
from dispatch.live.store.documents import MAX_DOCUMENT_BYTES, MAX_PAYLOAD_BYTES
from tests.docs_pages import ROOT, Block, blocks

PAGE = ROOT / "docs" / "store.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_code_has_its_row_in_order() -> None:
    assert re.findall(r"^\| (S\d{4}) \|", TEXT, re.MULTILINE) == [code.value for code in StoreCode]


def test_every_code_is_used() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for folder in ("live/store", "adapters/store", "cli")
        for path in (ROOT / "dispatch" / folder).glob("*.py")
    ]
    assert [code for code in StoreCode if f"StoreCode.{code.name}" not in "".join(sources)] == []


def test_tables_and_limits_are_those_of_the_program() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE))
    assert named == {*FORM.tables, VERSION_TABLE}
    for limit in (MAX_PAYLOAD_BYTES, MAX_DOCUMENT_BYTES):
        assert f"{limit:,} bytes".replace(",", " ") in TEXT


def test_the_example_runs() -> None:
    (example,) = [block for block in blocks(PAGE) if block.language == "python"]
    assert isinstance(example, Block)
    exec(compile(example.text, str(PAGE), "exec"), {})  # noqa: S102 - our own page
