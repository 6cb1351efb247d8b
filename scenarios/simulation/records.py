"""One flat row per visit and one per day, from a day that is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dispatch.domain import Day, Priority, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.live.state import Outcome
from dispatch.planning.objective import late_rate, owes_arrival, round_fen, unassigned_fen
from dispatch.planning.translate import translate
from dispatch.planning.windows import window_lines
from scenarios.simulation.day import Lived
from scenarios.simulation.promises import Word
from scenarios.simulation.road import Traveler

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of one visit.

    Attributes
    ----------
    outcome
        contracted, canceled, done, absent, unserved.
    technician, shift, reached
        Who was there last, and when.
    arrival
        At the door; None if nobody came, or for a contracted outlet that answers no emergency.
    """

    outcome: str
    outlet: str | None
    technician: str | None
    shift: int
    reached: int | None
    arrival: int | None
    lateness: int | None


class Judge:
    """Makes the rows of a day that is over.

    Parameters
    ----------
    lived
        The day.
    replication
        Its number.
    """

    def __init__(self, lived: Lived, replication: int) -> None:
        self._lived, self._replication = lived, replication
        self._day, self._clock, self._state = lived.world.day, lived.world.clock, lived.desk.state
        self._outlets = dict((*self._state.contracted, *self._state.contracted_done))
        visits = tuple(v for v in lived.world.every_visit if v.id in lived.heard)
        self._visits = sorted(visits, key=lambda visit: visit.id)
        whole = self._day.model_copy(update={"visits": visits})
        self._extra = _extra_prices(whole, lived.world.table) if visits else {}

    def rows(self) -> list[Row]:
        """Return one row per visit that was asked for, by id; moments are seconds of the day.

        ``kept`` is None where nothing was promised, for emergencies without appointment (they have
        ``lateness_s``) and for visits the customer called off.
        """
        for (technician, _), traveler in sorted(self._lived.travelers.items()):
            for visit, (_, arrival) in traveler.arrivals.items():
                self._lived.words.come(visit, technician, arrival)
        return [self._row(visit, self._fate(visit)) for visit in self._visits]

    def _fate(self, visit: Visit) -> _Fate:
        lived, outlet = self._lived, self._outlets.get(visit.id)
        came = [
            (key, one.arrivals[visit.id])
            for key, one in sorted(lived.travelers.items())
            if visit.id in one.arrivals
        ]
        # Who came last, where somebody fell ill at the door.
        key, (reached, arrival) = (
            max(came, key=lambda one: one[1]) if came else ((None, 0), (None, None))
        )
        done = any(p.outcome is Outcome.DONE for _, p in self._state.past_of(visit.id))
        outcome = (
            "contracted" if outlet is not None
            else "canceled" if visit.id in lived.canceled
            else "done" if done
            else "absent" if visit.id in lived.world.absent and came
            else "unserved"
        )  # fmt: skip
        if outlet is not None:
            arrival = self._contracted_arrival(visit, outlet)
        elif outcome in {"canceled", "unserved"}:
            arrival = None
        lateness = None
        if arrival is not None:
            lines = window_lines(self._day, visit, self._clock)
            lateness = min((max(0, arrival - line.latest) for line in lines), default=0)
        return _Fate(outcome, outlet, key[0], key[1], reached, arrival, lateness)

    def _contracted_arrival(self, visit: Visit, name: str) -> int | None:
        """Return when a contracted outlet is at an emergency (docs/semantics.md)."""
        outlet = next(one for one in self._day.outlets if one.id == name)
        if not owes_arrival(visit) or outlet.capacity is None:
            return None
        leg = self._lived.world.table.leg("car", outlet.place, visit.place)
        ready = self._lived.heard[visit.id] + outlet.capacity.response_s
        return None if leg is None else ready + leg[0]

    def _row(self, visit: Visit, fate: _Fate) -> Row:
        word = self._lived.words.of.get(visit.id, Word(None))
        lines = window_lines(self._day, visit, self._clock)
        promised = bool(visit.promises) and fate.outcome != "canceled"
        in_time = fate.outlet is not None or fate.lateness == 0
        start, end = self._work(visit)
        heard = self._lived.heard[visit.id]
        waited = fate.arrival is not None and fate.reached is not None
        return {
            "replication": self._replication,
            "policy": self._lived.policy,
            "visit": visit.id,
            "priority": visit.priority.value,
            "outcome": fate.outcome,
            "requested_s": heard,
            "arranged_s": None if word.arranged is None else max(heard, word.arranged),
            "promise_from_s": min((line.earliest for line in lines), default=None),
            "promise_to_s": max((line.latest for line in lines), default=None),
            "told_first_s": word.first,
            "told_last_s": word.arrival,
            "technician": fate.technician,
            "outlet": fate.outlet,
            "reached_s": fate.reached,
            "arrival_s": fate.arrival,
            "start_s": start,
            "end_s": end,
            "waiting_s": (fate.arrival or 0) - (fate.reached or 0) if waited else 0,
            "kept": in_time if promised else None,
            "lateness_s": fate.lateness,
            "eta_moves": word.eta_moves,
            "technician_changes": word.technician_changes,
            **self._prices(visit, fate, word),
        }

    def _work(self, visit: Visit) -> tuple[int | None, int | None]:
        done = [p for _, p in self._state.past_of(visit.id) if p.outcome is Outcome.DONE]
        if not done:
            return None, None
        begun = done[-1].stop.started_at
        return None if begun is None else self._clock.ceil(begun), self._clock.ceil(
            done[-1].ended_at
        )

    def _prices(self, visit: Visit, fate: _Fate, word: Word) -> Row:
        prices, urgent = self._day.prices, owes_arrival(visit)
        late = 0
        if fate.lateness is not None and (visit.promises or urgent):
            late = round_fen(late_rate(prices, visit).cost(fate.lateness))
        lost = fate.outcome == "unserved"
        by_person = self._extra.get((visit.id, fate.technician or "", fate.shift), 0)
        return {
            "unassigned_fen": unassigned_fen(prices, visit) if lost else 0,
            "lateness_fen": 0 if urgent else late,
            "emergency_arrival_fen": late if urgent else 0,
            "disturbed_fen": word.price,
            "assignment_fen": by_person if fate.outcome == "done" else 0,
            "contracted_fen": self._contract_fen(fate.outlet),
        }

    def _contract_fen(self, name: str | None) -> int:
        found = (o.capacity for o in self._day.outlets if o.id == name and o.capacity is not None)
        return next((capacity.price_fen for capacity in found), 0)


VISIT_PRICES = (
    "unassigned", "lateness", "emergency_arrival", "disturbed", "assignment", "contracted",
)  # fmt: skip
"""Components priced visit by visit; the others are those of the road."""


def _extra_prices(day: Day, table: TravelTable) -> dict[tuple[str, str, int], int]:
    """Return what a technician costs on top at a visit: qualification, preference, radius; fen."""
    t = translate(day, table)
    cost = t.problem.assignment_cost
    return {
        (visit.id, line.technician.id, line.shift): round_fen(int(cost[seat, vehicle]))
        for seat, visit in enumerate(t.visits)
        for vehicle, line in enumerate(t.lines)
        if cost[seat, vehicle] > 0
    }


def day_row(lived: Lived, rows: list[Row], replication: int) -> Row:
    """Return the figures of one day: promises, emergencies, disturbance, work, price."""
    promised = [row for row in rows if row["kept"] is not None]
    urgent = [row for row in rows if row["priority"] == Priority.EMERGENCY.value]
    kept = sum(1 for row in promised if row["kept"])
    price = {name: sum(row[f"{name}_fen"] for row in rows) for name in VISIT_PRICES}
    price |= _road_prices(lived)
    return {
        "policy": lived.policy,
        "replication": replication,
        "visits": len(rows),
        "promised": len(promised),
        "kept": kept,
        "kept_share": kept / len(promised) if promised else 1.0,
        "served": sum(1 for row in rows if row["outcome"] in {"done", "contracted", "absent"}),
        "emergencies": len(urgent),
        "emergency_answer_min": _mean(_waits(urgent, "arranged_s")),
        "emergency_arrival_min": _mean(_waits(urgent, "arrival_s")),
        "emergencies_in_15_min": sum(1 for row in urgent if row["lateness_s"] == 0),
        "eta_moves": sum(row["eta_moves"] for row in rows),
        "technician_changes": sum(row["technician_changes"] for row in rows),
        "overtime_h": round(sum(_overtime(t) for t in lived.travelers.values()) / 3600, 3),
        "work_h": round(sum(_work(t) for t in lived.travelers.values()) / 3600, 3),
        "km": round(sum(t.meters for t in lived.travelers.values()) / 1000, 3),
        "price_fen": sum(price.values()),
        **{f"{name}_fen": value for name, value in price.items()},
        "decisions": lived.decisions,
    }


def _waits(rows: list[Row], until: str) -> list[float]:
    return [(row[until] - row["requested_s"]) / 60 for row in rows if row[until] is not None]


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _work(traveler: Traveler) -> int:
    if traveler.left is None or traveler.back is None:
        return 0
    return traveler.back - traveler.left - traveler.paused


def _overtime(traveler: Traveler) -> int:
    return 0 if traveler.back is None else max(0, traveler.back - traveler.line.latest)


def _road_prices(lived: Lived) -> Mapping[str, int]:
    prices = lived.world.day.prices
    work = overtime = travel = 0.0
    for traveler in lived.travelers.values():
        person = traveler.line.technician
        hour = _own(person.hour_fen, prices.work_per_hour)
        extra = _own(person.overtime_hour_fen, prices.overtime_per_hour)
        km = _own(person.km_fen, prices.travel_per_km)
        work += _work(traveler) * hour / 3600
        overtime += _overtime(traveler) * extra / 3600
        travel += traveler.meters * km / 1000
    return {"work": round(work), "overtime": round(overtime), "travel": round(travel)}


def _own(price: int | None, common: int) -> int:
    return common if price is None else price
