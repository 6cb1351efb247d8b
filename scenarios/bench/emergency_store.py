"""Emergencies through the use case: asked of a desk over an SQLite file, and decided there.

Every first option is chosen, so that the day fills up; after each choice the day is made ready
(``Desk.prepare``), which is timed for itself.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from dispatch.adapters.store import migrate_store, open_store
from dispatch.domain import Visit
from dispatch.live.kinds import KINDS
from dispatch.live.roads import LiveRoads
from dispatch.live.store import Request
from dispatch.planning.explain import explain
from dispatch.planning.publish_plan import publish_plan
from dispatch.planning.translate import Translation
from dispatch.service.desk import Desk
from dispatch.service.emergency import EmergencyOptions
from dispatch.service.improvement import Improvement, prepare_improvement
from dispatch.service.improving import promised_problem
from dispatch.service.options import Option
from dispatch.service.ranking import broken_by
from geo.travel_matrix import TravelProvider
from scenarios.bench.emergency_figures import MillisecondWatch, count_words, quantiles
from scenarios.bench.emergency_proof import is_impossible
from scenarios.bench.report import Row
from solver.routing.solution import RoutingSolution
from solver.stop import Stop


class StoreDesk:
    """A planned day as a live day in an SQLite file.

    Parameters
    ----------
    t, plan
        The day without its emergencies, and its plan.
    travel
        Roads, or estimates.
    urgent
        The emergencies, in order.
    again, budget_s
        First options that break a promise which are searched again, if there is no proof that no
        plan keeps all (`scenarios.bench.emergency_proof`), and for how many seconds.
    """

    def __init__(
        self,
        t: Translation,
        plan: RoutingSolution,
        travel: TravelProvider,
        urgent: Sequence[Visit],
        *,
        again: int = 0,
        budget_s: float = 60.0,
    ) -> None:
        self._t, self._urgent, self._again, self._budget_s = t, urgent, again, budget_s
        self._plan = publish_plan(t, plan, explain(t, plan, what=False))
        self._roads = LiveRoads(travel, [(t.day, t.table)])

    def answer_all(self) -> Iterator[Row]:
        """Yield one row per emergency."""
        with TemporaryDirectory() as folder:
            url = str(Path(folder) / "bench.db")
            migrate_store(url)
            with closing(open_store(url, KINDS)) as store:
                desk = Desk(store, self._roads, now=self._now)
                desk.open_day(self._t.day, self._plan, self._request("open"))
                # What the bench itself holds is not the desk's to collect.
                gc.collect()
                gc.freeze()
                try:
                    yield from (self._answer(desk, visit) for visit in self._urgent)
                finally:
                    gc.unfreeze()

    def _now(self) -> datetime:
        return self._t.day.horizon_start

    def _request(self, name: str) -> Request:
        return Request(id=name, by="bench", at=self._now(), content=name)

    def _answer(self, desk: Desk, visit: Visit) -> Row:
        day = self._t.day.id
        watch = MillisecondWatch()
        desk.prepare(day)
        ready_wall, ready_cpu = watch.read()
        watch = MillisecondWatch()
        found = desk.emergency(day, visit)
        ask_wall, ask_cpu = watch.read()
        broken = broken_by(found.options[0], visit.id) if found.options else ()
        proved: bool | None = None
        still: int | None = None
        if broken:
            proved = self._is_needed(desk, found)
        if proved is False and self._again > 0:
            self._again -= 1
            still = self._still_broken(desk, found)
        watch = MillisecondWatch()
        if found.options:
            desk.choose(day, found, 0, self._request(visit.id))
        choose_wall, choose_cpu = watch.read()
        return {
            "emergency": visit.id,
            "desk_wall_ms": round(ask_wall + choose_wall, 2),
            "desk_cpu_ms": round(ask_cpu + choose_cpu, 2),
            "desk_ask_wall_ms": ask_wall,
            "desk_choose_wall_ms": choose_wall,
            "desk_ready_wall_ms": ready_wall,
            "desk_ready_cpu_ms": ready_cpu,
            "desk_options": len(found.options),
            "desk_changed": len(found.options[0].technicians) if found.options else None,
            "desk_displaced": len(found.options[0].displaced) if found.options else None,
            "desk_broken": len(broken),
            "desk_proved": proved,
            "desk_still_broken": still,
        }

    def _is_needed(self, desk: Desk, found: EmergencyOptions) -> bool:
        """Return whether it is proved that no plan that is there no later keeps all promises."""
        proofs: list[bool] = []

        def prove(asked: Improvement) -> Option | None:
            prepared = prepare_improvement(asked)
            own = [i for i, s in enumerate(prepared.t.seats) if s.visit.id == asked.visit]
            served = [i for route in prepared.solution.routes for i in route.visits]
            problem = promised_problem(prepared, asked.visit, asked.by)
            proofs.append(is_impossible(problem, [*served, *own]))
            return None

        desk.improve(found.day, found, search=prove)
        return proofs == [True]

    def _still_broken(self, desk: Desk, found: EmergencyOptions) -> int:
        """Return how many promises are broken after a search that is there no later."""
        stop = Stop(max_runtime_s=self._budget_s)
        better = desk.improve(found.day, found, stop=stop)
        return len(broken_by(better.options[0], found.visit.id))


def summarize_desk(rows: Sequence[Row]) -> dict[str, object]:
    """Return the figures of the use case."""
    again = [row for row in rows if row["desk_still_broken"] is not None]
    broken = sum(int(row["desk_broken"] or 0) for row in again)
    still = sum(int(row["desk_still_broken"] or 0) for row in again)
    technicians = [int(row["desk_changed"]) for row in rows if row["desk_changed"] is not None]
    needless = sum(
        1 for r in again if int(r["desk_still_broken"] or 0) < int(r["desk_broken"] or 0)
    )
    return {
        "through the desk with SQLite, wall ms": quantiles(rows, "desk_wall_ms"),
        "through the desk with SQLite, CPU ms": quantiles(rows, "desk_cpu_ms"),
        "of it asking, wall ms": quantiles(rows, "desk_ask_wall_ms"),
        "of it choosing, wall ms": quantiles(rows, "desk_choose_wall_ms"),
        "made ready after each choice, wall ms": quantiles(rows, "desk_ready_wall_ms"),
        "made ready after each choice, CPU ms": quantiles(rows, "desk_ready_cpu_ms"),
        "desk: technicians changed, most": max(technicians, default=None),
        "desk: technicians changed, median": median(technicians) if technicians else None,
        "desk: first options that break a promise": sum(1 for r in rows if r["desk_broken"]),
        "desk: of these proved that no plan keeps all": sum(1 for r in rows if r["desk_proved"]),
        "desk: of the others searched again": len(again),
        "desk: promises broken by these": broken,
        "desk: kept by the search": broken - still,
        "desk: share of first options that break one needlessly": f"{needless} of {len(rows)}",
        "desk: technicians changed": count_words(row["desk_changed"] for row in rows),
        "desk: visits displaced": count_words(row["desk_displaced"] for row in rows),
    }
