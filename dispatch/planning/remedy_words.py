"""What a remedy costs as such, and what it is called."""

from __future__ import annotations

from typing import Final

from dispatch.domain.remedy import Remedy, RemedyKind

WINDOW_FEN_PER_MIN: Final = 100
"""A minute by which a promise gets wider: as much as one later than told."""
SKILL_FEN: Final = 20_000
"""A skill a technician has to get (or somebody has to stand by)."""
MOVE_FEN: Final = 500
"""Telling one more customer and technician; what was told before is in the plan's price."""
DAY_FEN: Final = 3_000
"""Agreeing on another day."""
PART_FEN: Final = 2_000
"""Bringing a unit to a van or an outlet."""


def change_fen(remedy: Remedy) -> int:
    """Return the price of the change itself; overtime is in the plan's price."""
    units = sum(need.quantity for need in remedy.parts)
    return {
        RemedyKind.NOTHING: 0,
        RemedyKind.WINDOW: WINDOW_FEN_PER_MIN * (remedy.earlier_min + remedy.later_min),
        RemedyKind.OVERTIME: 0,
        RemedyKind.SKILL: SKILL_FEN * len(remedy.skills),
        RemedyKind.MOVE: MOVE_FEN,
        RemedyKind.DAY: DAY_FEN,
        RemedyKind.PART: PART_FEN * units,
    }[remedy.kind]


def sentences(remedy: Remedy) -> tuple[str, str]:
    """Return the remedy in English and Chinese."""
    what, zh = _change(remedy)
    clock = "" if remedy.arrival is None else f"{remedy.arrival:%m-%d %H:%M}"
    yuan = remedy.price_fen / 100
    who = f"then {remedy.server} comes {clock}".rstrip()
    return (
        f"{what}; {who} ({yuan:+.2f} yuan)",
        f"{zh};由{remedy.server} {clock} 上门({yuan:+.2f} 元)",
    )


def _change(remedy: Remedy) -> tuple[str, str]:
    who, more = remedy.technician or "", remedy.overtime_min
    skills = [(need.skill, need.level) for need in remedy.skills]
    units = [(need.quantity, need.part) for need in remedy.parts]
    at = remedy.at or ""
    if remedy.kind is RemedyKind.WINDOW:
        return _window(remedy)
    return {
        RemedyKind.OVERTIME: (f"let {who} be back {more} min later", f"允许{who}多加班{more}分钟"),
        RemedyKind.SKILL: (
            f"give {who} skill {', '.join(f'{name} level {level}' for name, level in skills)}",
            f"为{who}补充技能{'、'.join(f'{name} {level}级' for name, level in skills)}",
        ),
        RemedyKind.MOVE: (f"move visit {remedy.moved}", f"调整工单{remedy.moved}"),
        RemedyKind.DAY: (f"let it fall on {remedy.day}", f"改到{remedy.day}"),
        RemedyKind.PART: (
            f"put {', '.join(f'{count} of {part}' for count, part in units)} at {at}",
            f"在{at}备{'、'.join(f'{part} {count}件' for count, part in units)}",
        ),
        RemedyKind.NOTHING: ("give it out as the plan stands", "按现有计划直接派出"),
    }[remedy.kind]


def _window(remedy: Remedy) -> tuple[str, str]:
    en, zh = [], []
    if remedy.earlier_min:
        en.append(f"{remedy.earlier_min} min earlier")
        zh.append(f"提前{remedy.earlier_min}分钟")
    if remedy.later_min:
        en.append(f"{remedy.later_min} min later")
        zh.append(f"推后{remedy.later_min}分钟")
    return f"promise it up to {' and '.join(en)}", f"预约放宽:{'、'.join(zh)}"
