"""One small planned day for tests of reports and maps: late, unassigned, contracted, emergency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dispatch.domain import (
    Customer,
    Day,
    DayPlan,
    Place,
    QuarantinedVisit,
    Reason,
    UnassignedVisit,
)
from dispatch.referee import judge_order
from dispatch.referee.hand_made import Order
from tests.days import (
    appointment,
    at,
    contracted,
    grid_table,
    needs,
    outlet,
    spot,
    technician,
    tiny_day,
    visit,
    window,
)

SECRET = ("Zhang Secret", "138-0000-SECRET", "Secret Lane 7")


@dataclass(frozen=True)
class Reported:
    """A day and its plan, timed by the referee."""

    day: Day
    plan: DayPlan


def reported(**names: Any) -> Reported:
    """T1: V1, V2 (half an hour late), E1; C1 serves V3; V4 is unassigned; V9 was set aside.

    ``names`` may replace the technician's name, the outlet's, and the reason's found text.
    """
    secret = Customer(name=SECRET[0], phone=SECRET[1])
    place = Place(**{**spot(1).model_dump(), "address": SECRET[2]})
    day = tiny_day(
        [
            visit("V1", place=place, promises=(window("08:00", "09:00", "am"),), customer=secret),
            # V1 ends at 08:40; two steps of 10 minutes on it is 09:00, promised until 08:30.
            visit("V2", 3, promises=(appointment("08:20", 10),)),
            visit("V3", 5),
            visit("V4", 2, 2, skills=needs(gas=2)),
            visit("E1", 3, 1, priority="emergency", received_at=at("09:00")),
        ],
        [
            technician("T1").model_copy(update={"name": names.get("technician", "Wei Chen")}),
            technician("T2"),
        ],
        [
            outlet("O1").model_copy(update={"name": names.get("outlet", "Main")}),
            contracted("C1", 5, 1),
        ],
    )
    order: Order = {"T1": ["V1", "V2", "E1"]}
    _, plan = judge_order(day, order, grid_table(day), contracted={"C1": ["V3"]})
    found = names.get("found", "no skill gas")
    why = UnassignedVisit(
        visit="V4",
        reasons=(
            Reason(technician="T1", code="skill_missing", found=found, expected="gas 2"),
            Reason(technician="T2", code="skill_missing", found=found, expected="gas 2"),
        ),
        summary="nobody has gas",
        summary_zh="没有人具备 gas 技能",
    )
    aside = QuarantinedVisit(visit="V9", code="D4102", reason="address unknown")
    return Reported(day, plan.model_copy(update={"unassigned": (why,), "quarantined": (aside,)}))
