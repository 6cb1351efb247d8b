"""docs/violations.md and the code list say the same."""

from __future__ import annotations

import re
from pathlib import Path

from dispatch.referee import CODES, WAIVABLE

PAGE = Path(__file__).parents[3] / "docs" / "violations.md"
ROW = re.compile(r"^\| `(\w+)` \| (yes|no) \| ([^|]+) \|", re.MULTILINE)


def test_every_code_has_a_row_with_its_sentence_and_whether_it_can_be_waived():
    rows = {code: (waivable == "yes", text.strip()) for code, waivable, text in documented()}
    assert rows == {code: (code in WAIVABLE, text) for code, text in CODES.items()}


def test_no_code_is_documented_twice():
    codes = [code for code, *_ in documented()]
    assert len(codes) == len(set(codes))


def documented():
    return ROW.findall(PAGE.read_text(encoding="utf-8"))
