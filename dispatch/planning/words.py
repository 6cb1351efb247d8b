"""Reasons in words: found and expected of one rule, and the summary over all technicians."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dispatch.domain import Reason
from dispatch.planning.codes import ReasonCode


@dataclass(frozen=True, slots=True)
class Block:
    """The first rule that keeps a visit off one technician or contracted outlet.

    Attributes
    ----------
    who
        Id of the technician or the contracted outlet.
    is_outlet
        Which of the two.
    excess_s
        For the rules of the schedule: by how many seconds the nearest attempt misses, 0 if that
        cannot be said.
    """

    who: str
    code: ReasonCode
    found: str
    expected: str
    excess_s: int = 0
    is_outlet: bool = False

    def reason(self) -> Reason:
        """Return the published form."""
        return Reason(
            technician=self.who, code=self.code.value, found=self.found, expected=self.expected
        )


_EN = {
    ReasonCode.EXCLUDED: "excluded by the visit",
    ReasonCode.NOT_REQUIRED: "not among those the visit requires",
    ReasonCode.PINNED_ELSEWHERE: "barred because the visit is pinned elsewhere",
    ReasonCode.TERRITORY: "not sent to this district",
    ReasonCode.SKILL_MISSING: "without skill {expected}",
    ReasonCode.SKILL_LEVEL: "below skill {expected}",
    ReasonCode.CERTIFICATE_EXPIRED: "with an expired certificate ({expected} needed)",
    ReasonCode.OFF_SHIFT: "off today because the outlet is closed",
    ReasonCode.CONTRACTED_HOURS: "closed at the promised times",
    ReasonCode.UNREACHABLE: "without a way there",
    ReasonCode.CONTRACTED_FULL: "full",
    ReasonCode.PART_MISSING: "without the parts",
    ReasonCode.LINKED: "waiting for a visit that is not served",
    ReasonCode.SAME_TECHNICIAN: "barred by a link that asks for the same or another technician",
    ReasonCode.CREW: "left without a complete crew",
    ReasonCode.WINDOW: "unable to arrive in time",
    ReasonCode.BREAK: "unable to keep a break",
    ReasonCode.SHIFT: "unable to be back by shift end and overtime",
    ReasonCode.LIMIT: "at the limit of a shift",
    ReasonCode.LINK_GAP: "unable to keep the gap between linked visits",
    ReasonCode.NOT_WORTH_IT: "able to come, at more than the visit is worth",
    ReasonCode.SEARCH_STOPPED: "still free when the search stopped",
    ReasonCode.NOT_EXAMINED: "kept off by no rule (room in the schedule was not examined)",
}

_ZH = {
    ReasonCode.EXCLUDED: "被该工单排除",
    ReasonCode.NOT_REQUIRED: "不在指定人员之列",
    ReasonCode.PINNED_ELSEWHERE: "因工单已锁定他人或时间而不可派",
    ReasonCode.TERRITORY: "不负责该区域",
    ReasonCode.SKILL_MISSING: "缺少技能{expected}",
    ReasonCode.SKILL_LEVEL: "技能等级不足{expected}",
    ReasonCode.CERTIFICATE_EXPIRED: "证书已过期(需{expected})",
    ReasonCode.OFF_SHIFT: "因网点当日不营业而不出勤",
    ReasonCode.CONTRACTED_HOURS: "在约定时间不营业",
    ReasonCode.UNREACHABLE: "无路可达",
    ReasonCode.CONTRACTED_FULL: "当日名额已满",
    ReasonCode.PART_MISSING: "缺少所需备件",
    ReasonCode.LINKED: "因前置工单未安排而无法上门",
    ReasonCode.SAME_TECHNICIAN: "不符合关联工单对同一或不同技师的要求",
    ReasonCode.CREW: "凑不齐所需人数",
    ReasonCode.WINDOW: "无法按时到达",
    ReasonCode.BREAK: "无法保证休息",
    ReasonCode.SHIFT: "无法在班次结束(含加班)前返回",
    ReasonCode.LIMIT: "已达班次上限",
    ReasonCode.LINK_GAP: "无法满足关联工单的间隔",
    ReasonCode.NOT_WORTH_IT: "可以上门但成本高于该工单价值",
    ReasonCode.SEARCH_STOPPED: "在求解停止时仍有空位",
    ReasonCode.NOT_EXAMINED: "未被任何规则排除(未核查日程是否有空)",
}

_NAMED = {ReasonCode.SKILL_MISSING, ReasonCode.SKILL_LEVEL, ReasonCode.CERTIFICATE_EXPIRED}
"""Rules counted apart by what was expected."""

_TIMED = {ReasonCode.WINDOW, ReasonCode.BREAK, ReasonCode.SHIFT}


def minutes(seconds: int) -> int:
    """Return whole minutes, any part of one counted as one."""
    return -(-seconds // 60)


def part_words(part: str, earliest: date | None) -> tuple[str, str]:
    """Return when all parts of a visit could be there, in English and in Chinese.

    Parameters
    ----------
    part
        Id of the (first) part that is missing.
    earliest
        None if no date is known.
    """
    if earliest is None:
        return f"Part {part} is not on order in time or number.", f"备件{part}暂无到货日期。"
    day = earliest.isoformat()
    return f"Part {part} is missing; all parts could be there on {day}.", (
        f"缺少备件{part},最早{day}配齐。"
    )


def summarize(blocks: Sequence[Block]) -> tuple[str, str]:
    """Return what keeps a visit from being served, in English and in Chinese.

    Rules are counted in the order in which they are checked: "12 of 25 technicians are without
    skill gas level 2; 13 are unable to be back by shift end and overtime: the closest would be 18
    min late".
    """
    people = [b for b in blocks if not b.is_outlet]
    outlets = [b for b in blocks if b.is_outlet]
    if not blocks:
        return "Nobody works and no outlet takes visits.", "当日无人出勤,也没有可承接的网点。"
    en: list[str] = []
    zh: list[str] = []
    nouns = (people, "technician", "名技师"), (outlets, "contracted outlet", "个签约网点")
    for group, noun_en, noun_zh in nouns:
        for first, (count, closest) in enumerate(_counts(group)):
            en.append(_english(count, len(group), noun_en, closest, first=first == 0))
            zh.append(_chinese(count, len(group), noun_zh, closest, first=first == 0))
    return "; ".join(en) + ".", ";".join(zh) + "。"


def _counts(blocks: Sequence[Block]) -> list[tuple[int, Block]]:
    """Return (how many, the closest one) by rule, in the order of the rules."""
    groups: dict[tuple[ReasonCode, str], list[Block]] = {}
    for block in blocks:
        detail = block.expected if block.code in _NAMED else ""
        groups.setdefault((block.code, detail), []).append(block)
    order = list(ReasonCode)
    ranked = sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    return [(len(found), min(found, key=lambda b: b.excess_s or 2**31)) for _, found in ranked]


def _english(count: int, of: int, noun: str, block: Block, *, first: bool) -> str:
    nouns = f"of {of} {noun}{'s' if of != 1 else ''} " if first else ""
    verb = "is" if count == 1 else "are"
    text = f"{count} {nouns}{verb} {_EN[block.code].format(expected=block.expected)}"
    if block.code in _TIMED and block.excess_s:
        text += f": the closest would be {minutes(block.excess_s)} min late"
    return text


def _chinese(count: int, of: int, noun: str, block: Block, *, first: bool) -> str:
    nouns = f"{of}{noun}中" if first else ""
    expected = re.sub(r" level (\d+)", r" \1级", block.expected)
    text = f"{nouns}{count}{noun[0]}{_ZH[block.code].format(expected=expected)}"
    if block.code in _TIMED and block.excess_s:
        text += f",最接近的也晚{minutes(block.excess_s)}分钟"
    return text
