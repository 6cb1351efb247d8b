"""A board of any size, from a seed: rows side by side in a town, some late, some over time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.web.board_model import (
    BoardDanger,
    BoardJob,
    BoardOutlet,
    BoardRow,
    BoardStop,
    BoardView,
    Clock,
    Counts,
    OpenReason,
    OpenVisit,
    Spot,
)

SKILLS = ("aircon", "boiler", "gas", "washer")
PRIORITIES = ("general", "important", "urgent")
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
OPENS, CLOSES, NOW = 8 * 3600, 18 * 3600, 11 * 3600 + 20 * 60
DAY_S = 24 * 3600


def make_board(
    technicians: int, visits: int, *, seed: int, center: Spot = (114.3055, 30.5928)
) -> BoardView:
    """Return a board.

    Parameters
    ----------
    technicians, visits
        Rows, and visits of each; a break and the way home come on top.
    seed
        Seed of all chance.
    center
        Longitude and latitude of the middle of the town.
    """
    town = _Town(seed, center)
    rows = tuple(town.row(number, visits) for number in range(technicians))
    stops = [stop for row in rows for stop in row.stops if stop.job is not None]
    late = sum(stop.late_s > 0 for stop in stops)
    opened = tuple(town.nobody_has(number) for number in range(6))
    dangers = tuple(
        BoardDanger(kind="promise", visit=s.job.visit, minutes=-(-s.late_s // 60))
        for s in stops
        if s.job is not None and s.late_s > 0
    )
    return BoardView(
        day="town",
        date=MIDNIGHT.date().isoformat(),
        zone="Asia/Shanghai",
        base=round(MIDNIGHT.timestamp() * 1000),
        last=DAY_S,
        now=NOW,
        version=1,
        sequence=1,
        rows=rows,
        open=opened,
        outlets=tuple(town.outlets),
        dangers=dangers,
        clocks=tuple(
            Clock(visit=one.job.visit, received=NOW - 240, due=NOW + 660)
            for one in opened
            if one.job.priority == "emergency"
        ),
        counts=Counts(
            visits=len(stops) + len(opened),
            done=sum(s.phase == "past" for s in stops),
            under_way=sum(s.phase == "now" for s in stops),
            ahead=sum(s.phase == "ahead" for s in stops),
            open=len(opened),
            late=late,
            promised=len(stops),
            kept=len(stops) - late,
            overtime=sum(row.overtime_s > 0 for row in rows),
            emergencies=1,
        ),
        skills=SKILLS,
    )


class _Town:
    """Draws the pieces of one board."""

    def __init__(self, seed: int, center: Spot) -> None:
        self.rng = np.random.default_rng(seed)
        self.center = center
        self.outlets = [
            BoardOutlet(id=f"O{number + 1}", name=f"Outlet {number + 1}", at=self.spot(0.05))
            for number in range(6)
        ]

    def spot(self, spread: float = 0.08) -> Spot:
        x, y = self.rng.uniform(-spread, spread, 2)
        return round(self.center[0] + float(x), 5), round(self.center[1] + float(y) * 0.7, 5)

    def near(self, at: Spot) -> Spot:
        x, y = self.rng.uniform(-0.015, 0.015, 2)
        return round(at[0] + float(x), 5), round(at[1] + float(y), 5)

    def below(self, high: int) -> int:
        return int(self.rng.integers(high))

    def job(self, visit: str, at: Spot, lasts_s: int, window: tuple[int, int]) -> BoardJob:
        return BoardJob(
            visit=visit,
            at=at,
            window=window,
            priority=PRIORITIES[min(2, self.below(9) // 3 * self.below(2))],
            vip=self.below(20) == 0,
            skills=((SKILLS[self.below(4)], 1 + self.below(2)),),
            lasts_s=lasts_s,
        )

    def row(self, number: int, visits: int) -> BoardRow:
        outlet = self.outlets[number % len(self.outlets)]
        name, at, moment = f"T{number + 1:03}", outlet.at, OPENS + 60 * self.below(30)
        room = (CLOSES - OPENS - 3600) // visits
        stops: list[BoardStop] = []
        for place in range(visits):
            if place == visits // 2:
                stops.append(self.stop(f"{name}.0:break~1", "break", moment, 0, 1800))
                moment += 1800
            at, leg = self.near(at), room // 5 + self.below(room // 6)
            lasts = room // 2 + self.below(room // 3)
            opens = moment + leg - 900 - 60 * self.below(60)
            late = 60 * self.below(40) if self.below(25) == 0 else 0
            window = opens, (opens + 7200 if late == 0 else moment + leg - late)
            visit = f"V{number + 1:03}{place + 1:02}"
            job = self.job(visit, at, lasts, (min(window), window[1]))
            stops.append(self.stop(f"{name}.0:{visit}", "visit", moment, leg, lasts, job, late))
            moment += leg + lasts
        stops.append(self.stop(f"{name}.0:end~1", "end", moment, 900, 0))
        return BoardRow(
            id=f"{name}.0",
            technician=name,
            name=f"Technician {number + 1}",
            outlet=outlet.id,
            skills=tuple((skill, 2) for skill in SKILLS if self.below(3)),
            span=(OPENS, CLOSES),
            breaks=((11 * 3600, 14 * 3600, 1800),),
            start=outlet.at,
            overtime_s=max(0, moment + 900 - CLOSES),
            most_overtime_s=7200,
            stops=tuple(stops),
        )

    def stop(  # noqa: PLR0917 - one line a stop
        self,
        name: str,
        kind: str,
        moment: int,
        leg: int,
        lasts: int,
        job: BoardJob | None = None,
        late_s: int = 0,
    ) -> BoardStop:
        arrival = moment + leg
        end = arrival + lasts
        phase = "past" if end <= NOW else "now" if moment <= NOW else "ahead"
        return BoardStop.model_validate(
            {
                "id": name,
                "kind": kind,
                "t": (moment if leg else None, arrival, arrival, arrival, end),
                "late_s": late_s,
                "phase": phase,
                "at_work": phase == "now" and arrival <= NOW,
                "job": job,
                "dangers": ("promise",) if late_s else (),
            }
        )

    def nobody_has(self, number: int) -> OpenVisit:
        opens = NOW + 3600 * number
        job = self.job(f"W{number + 1}", self.spot(), 2400, (opens, opens + 7200))
        if number == 0:
            window = NOW - 240, NOW + 660
            urgent = {"priority": "emergency", "received": NOW - 240, "window": window}
            return OpenVisit(job=job.model_copy(update=urgent))
        reason = OpenReason(code="skill_missing", count=12, technicians=("T001", "T002"))
        return OpenVisit(
            job=job,
            reasons=(reason, OpenReason(code="window", count=9, technicians=("T003",))),
            summary="nobody with the skill is free in the promise",
            summary_zh="具备技能的人员在约定时段内均无空闲",
            remedies=("Promise a later window.",),
        )
