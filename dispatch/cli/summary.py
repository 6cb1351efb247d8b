"""What a person wants to know when a plan is made, in a few lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dispatch.adapters.report.figures import compute_figures
from dispatch.service import PlannedDay

_WORDS = {
    "en": {
        "feasible": "all visits served",
        "has_unassigned": "some visits unassigned",
        "emergency_unserved": "AN EMERGENCY IS UNSERVED",
        "infeasible_input": "nothing could be planned: every visit was set aside",
        "plan": "Plan of {day}: {status}.",
        "served": "  {served} of {visits} visits served by {technicians_used} of {technicians}"
        " technicians, {unassigned} unassigned, {quarantined} set aside",
        "kept": "  {kept} of {promised} arrivals inside the promise ({share}), {late} late",
        "emergencies": "  {in_time} of {emergencies} emergencies reached within {owed} minutes"
        " ({reachable} within reach of a start place, {emergencies_contracted} with contracted"
        " outlets)",
        "parts": "  {at_hand} of {needed} units of parts: {from_van} on vans,"
        " {picked_up} picked up, {missing} of visits left out",
        "price": "  price ¥{price:,.2f}, {km:,.1f} km, {hours:,.1f} h of work, {over:,.1f} h over",
        "estimated": "  travel is ESTIMATED: no road map was used",
        "stopped": "  {iterations:,} iterations in {runtime_s:.1f} s, ended by {stopped_by}",
        "iterations": "the limit of iterations",
        "runtime": "the time limit",
        "no_improvement": "no further improvement",
        "caller": "you",
        "exhausted": "having tried everything",
        "note": "  note: {note}",
        "report": "Report: {path}",
    },
    "zh": {
        "feasible": "全部工单已安排",
        "has_unassigned": "有工单未分配",
        "emergency_unserved": "有应急工单未安排",
        "infeasible_input": "无法规划：全部工单均被搁置",
        "plan": "{day} 的计划：{status}。",
        "served": "  {visits} 单中安排 {served} 单，出勤技师 {technicians_used}/{technicians} 人"
        "，未分配 {unassigned}，搁置 {quarantined}",
        "kept": "  {promised} 次约定中 {kept} 次按约到达（{share}），迟到 {late}",
        "emergencies": "  {emergencies} 个应急工单中 {in_time} 个在{owed}分钟内到达"
        "（从出发地可及 {reachable} 个，签约网点承接 {emergencies_contracted} 个）",
        "parts": "  备件 {at_hand}/{needed} 件：车载 {from_van}，取件 {picked_up}"
        "，未派工单所需 {missing}",
        "price": "  费用 ¥{price:,.2f}，里程 {km:,.1f} 公里"
        "，工时 {hours:,.1f} 小时，加班 {over:,.1f} 小时",
        "estimated": "  行程为估算：未使用道路地图",
        "stopped": "  {runtime_s:.1f} 秒内迭代 {iterations:,} 次，结束原因：{stopped_by}",
        "iterations": "达到迭代上限",
        "runtime": "达到时间上限",
        "no_improvement": "不再改进",
        "caller": "人工停止",
        "exhausted": "已无可尝试",
        "note": "  说明：{note}",
        "report": "报告：{path}",
    },
}


def summarize(planned: PlannedDay) -> dict[str, Any]:
    """Return status, figures and price of a plan as plain data."""
    plan = planned.plan
    return {
        "day": plan.day,
        "status": plan.status.value,
        "estimated_travel": plan.estimated_travel,
        "engine": plan.engine,
        "seed": plan.seed,
        "iterations": plan.iterations,
        "runtime_s": plan.runtime_s,
        "stopped_by": plan.stopped_by,
        "figures": compute_figures(planned.day, plan, planned.findings),
        "cost": plan.cost.model_dump(),
        "part_fill": plan.part_fill.model_dump() if plan.part_fill else None,
        "unassigned": [entry.visit for entry in plan.unassigned],
        "notes": list(plan.notes),
    }


def _emergency_words(figures: dict[str, Any]) -> dict[str, int]:
    share = figures["emergencies_reachable"] or 0.0
    return {
        "in_time": figures["emergencies_in_time"],
        "owed": figures["emergency_arrival_s"] // 60,
        "reachable": round(share * figures["emergencies"]),
    }


def summary_lines(summary: dict[str, Any], report: Path, language: str) -> list[str]:
    """Return the summary as lines for a terminal, in ``en`` or ``zh``."""
    words = _WORDS[language]
    figures = summary["figures"]
    lines = [words["plan"].format(day=summary["day"], status=words[summary["status"]])]
    lines.append(words["served"].format(**figures))
    if figures["promised"]:
        share = f"{figures['kept'] / figures['promised']:.1%}"
        lines.append(words["kept"].format(share=share, **figures))
    if figures["emergencies"]:
        lines.append(words["emergencies"].format(**_emergency_words(figures), **figures))
    fill = summary["part_fill"]
    if fill is not None:
        at_hand = fill["from_van"] + fill["picked_up"]
        lines.append(words["parts"].format(at_hand=at_hand, **fill))
    lines.append(
        words["price"].format(
            price=summary["cost"]["total"] / 100,
            km=figures["m"] / 1000,
            hours=figures["work_s"] / 3600,
            over=figures["overtime_s"] / 3600,
        )
    )
    if summary["estimated_travel"]:
        lines.append(words["estimated"])
    lines.append(words["stopped"].format(**{**summary, "stopped_by": words[summary["stopped_by"]]}))
    lines += [words["note"].format(note=note) for note in summary["notes"]]
    lines.append(words["report"].format(path=report))
    return lines
