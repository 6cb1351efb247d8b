"""Why an action is proposed, in words, English and Chinese; made from figures only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from geo.siting_actions import ActionKind

UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "people": ("people", "人"),
    "visits": ("visits", "单"),
    "weight": ("units of demand", "个需求单位"),
}

SCENARIO_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "today": ("Demand as today", "需求同现状"),
    "suburbs": ("Suburbs +30 %", "郊区 +30 %"),
    "core": ("Town +15 %, suburbs −10 %", "城区 +15 %、郊区 −10 %"),
    "exodus": ("Town −15 %, country +20 %", "城区 −15 %、乡村 +20 %"),
}
"""Names of the scenarios that are tried where the planner gives none."""


def explain(action: Mapping[str, Any], unit: str) -> dict[str, list[str]]:
    """Return the sentences that say why an action of layout.json is proposed.

    Parameters
    ----------
    action
        An entry of ``actions``: kind, sites and ``reason``.
    unit
        Key of ``UNITS``: what demand counts.

    Returns
    -------
    dict
        Sentences by language, ``en`` and ``zh``.
    """
    en_unit, zh_unit = UNITS[unit]
    if action["kind"] in {ActionKind.CLOSE, ActionKind.MERGE}:
        return _explain_closure(action, en_unit, zh_unit)
    reason = action["reason"]
    new, only, covers = (f"{reason[k]:,}" for k in ("newly_covered", "only_it", "covers"))
    en = [f"Covers {covers} {en_unit}; {new} of them are covered by nobody today."]
    zh = [f"覆盖 {covers} {zh_unit}，其中 {new} {zh_unit}目前无任何网点覆盖。"]
    en.append(f"Without it, {only} {en_unit} would be out of reach of every outlet.")
    zh.append(f"若不设此点，{only} {zh_unit}将不在任何网点服务半径内。")
    loss = f"{reason['loss_with_replacement']:,}"
    if reason["replacement"] and not reason["loss_with_replacement"]:
        en.append(f"{reason['replacement']} would do as well: nobody would be lost.")
        zh.append(f"{reason['replacement']} 可同样替代，无损失。")
    elif reason["replacement"]:
        en.append(f"Best replacement: {reason['replacement']}; {loss} {en_unit} would be lost.")
        zh.append(f"最佳替代点：{reason['replacement']}，改用它将少覆盖 {loss} {zh_unit}。")
    else:
        en.append("No other allowed place could take over any of it.")
        zh.append("没有其他可用地点能够替代。")
    if action["kind"] == ActionKind.MOVE:
        en.append(f"It takes over most of what {action['closes']} covers today.")
        zh.append(f"它接替 {action['closes']} 目前的大部分服务范围。")
    return {"en": en, "zh": zh}


def _explain_closure(action: Mapping[str, Any], en_unit: str, zh_unit: str) -> dict[str, list[str]]:
    covers, lost = action["reason"]["covers"], action["reason"]["only_it"]
    heir = action["into"]
    en = [f"{covers - lost:,} of its {covers:,} {en_unit} are covered by other open outlets."]
    zh = [f"其覆盖的 {covers:,} {zh_unit}中，{covers - lost:,} {zh_unit}另有网点覆盖。"]
    if heir:
        en.append(f"{heir} takes over most of them.")
        zh.append(f"大部分由 {heir} 接管。")
    if lost:
        en.append(f"{lost:,} {en_unit} lose cover; the money covers more elsewhere.")
        zh.append(f"{lost:,} {zh_unit}将失去覆盖；同样的钱用在别处覆盖更多。")
    else:
        en.append("Nobody loses cover.")
        zh.append("无人失去覆盖。")
    return {"en": en, "zh": zh}


def explain_staffing(extra: Mapping[str, Any], unit: str) -> dict[str, str]:
    """Return why an outlet needs more people or a higher level.

    Parameters
    ----------
    extra
        An entry of ``staffing``: load, capacity, technicians.
    unit
        Key of ``UNITS``.
    """
    en_unit, zh_unit = UNITS[unit]
    load, capacity, more = extra["load"], extra["capacity"], extra["technicians"]
    # People are not served by the day; what they ask for is.
    en_unit, zh_unit = ("visits", "单") if unit == "people" else (en_unit, zh_unit)
    en = f"A day brings it {load:,} {en_unit}; it can serve {capacity:,}."
    zh = f"每日 {load:,} {zh_unit}，能力 {capacity:,}。"
    if more:
        en += (
            f" {more} more technicians close the gap." if more > 1 else " One more closes the gap."
        )
        zh += f"需增加 {more} 名技师。"
    elif extra["level"]:
        en += f" Level {extra['level']} serves that."
        zh += f"升级为 {extra['level']} 级即可满足。"
    else:
        en += " The network states neither technicians nor a larger level."
        zh += "网络文件未注明技师数或更高等级。"
    return {"en": en, "zh": zh}
