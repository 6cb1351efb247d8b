"""docs/reasons.md says the same codes as the program."""

from __future__ import annotations

import re
from pathlib import Path

from dispatch.planning.codes import PlanningFault, ReasonCode
from dispatch.planning.words import Block, summarize

PAGE = (Path(__file__).parents[3] / "docs" / "reasons.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", PAGE, flags=re.MULTILINE)


def test_the_page_lists_every_reason_in_the_order_of_the_rules():
    listed = [code for code, _, _ in ROWS if not code.startswith("D")]
    assert listed == [code.value for code in ReasonCode]


def test_the_page_lists_every_fault_of_planning():
    assert {code for code, _, _ in ROWS if code.startswith("D")} == set(PlanningFault)


def test_every_reason_has_chinese_words_on_the_page():
    for code, _, zh in ROWS:
        if not code.startswith("D"):
            assert re.search(r"[\u4e00-\u9fff]", zh), code


def test_every_reason_can_be_said_in_both_languages():
    for code in ReasonCode:
        en, zh = summarize([Block("T1", code, "found", "gas level 2")])
        assert en.startswith("1 of 1 technician is ")
        assert zh.startswith("1名技师中1名")
        assert "{" not in en + zh


def test_a_summary_counts_by_rule_and_names_the_closest():
    blocks = [Block(f"A{i}", ReasonCode.SKILL_MISSING, "none", "gas level 2") for i in range(12)]
    blocks += [Block("B", ReasonCode.SHIFT, "", "", excess_s=1080)]
    blocks += [Block(f"C{i}", ReasonCode.SHIFT, "", "", excess_s=1081 + i) for i in range(12)]
    en, zh = summarize(blocks)
    # 1080 s = 18 min
    assert en == (
        "12 of 25 technicians are without skill gas level 2; 13 are unable to be back by shift "
        "end and overtime: the closest would be 18 min late."
    )
    assert zh == (
        "25名技师中12名缺少技能gas 2级;13名无法在班次结束(含加班)前返回,最接近的也晚18分钟。"
    )
