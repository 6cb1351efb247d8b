"""The codes and the facts of the desk: each is used, and stands in the page."""

from __future__ import annotations

import re
from pathlib import Path

from dispatch.domain.decision import DECISION_KINDS
from dispatch.service.codes import DeskCode

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "live-events.md"


def test_the_page_lists_every_code_of_the_desk_and_every_kind_of_decision() -> None:
    page = PAGE.read_text(encoding="utf-8")
    codes = re.findall(r"^\| (D95\d\d) \| \S.* \| \S.* \|$", page, re.MULTILINE)
    assert codes == sorted(code.value for code in DeskCode)
    kinds = re.findall(r"^\| `(\w+)` \| \S.* \| \S.* \|$", page, re.MULTILINE)
    assert set(DECISION_KINDS.by_name) <= set(kinds)


def test_every_code_of_the_desk_is_refused_with_somewhere() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "dispatch").rglob("*.py")]
    used = {name for text in sources for name in re.findall(r"\bDeskCode\.([A-Z_]+)", text)}
    assert used == set(DeskCode.__members__)
