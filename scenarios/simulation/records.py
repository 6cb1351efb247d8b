"""One flat row per visit and one per day, from a day that is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dispatch.domain import Day, Priority, Visit
from dispatch.live.state import Outcome
from dispatch.planning.clock import Clock
from dispatch.planning.objective import late_rate, owes_arrival, round_fen, unassigned_fen
from dispatch.planning.windows import window_lines
from scenarios.simulation.day import Lived
from scenarios.simulation.road import Traveler

Row = dict[str, Any]


def visit_rows(lived: Lived, replication: int) -> list[Row]:
    """Return one row per visit that was asked for, by id; moments are seconds of the day.

    ``kept`` is None where nothing was promised, for emergencies without appointment (they have
    ``lateness_s``) and for visits the customer called off.
    """
    for (technician, _), traveler in sorted(lived.travelers.items()):
        for visit, (_, arrival) in traveler.arrivals.items():
            lived.words.come(visit, technician, arrival)
    visits = [v for v in lived.world.every_visit if v.id in lived.heard]
    return [_row(lived, visit, replication) for visit in sorted(visits, key=lambda v: v.id)]


def _row(lived: Lived, visit: Visit, replication: int) -> Row:
    day, clock = lived.world.day, lived.world.clock
    state, word = lived.desk.state, lived.words.of.get(visit.id)
    came = [
        (key[0], traveler.arrivals[visit.id])
        for key, traveler in sorted(lived.travelers.items())
        if visit.id in traveler.arrivals
    ]
    past = [p for _, p in state.past_of(visit.id)]
    done = [p for p in past if p.outcome is Outcome.DONE]
    contracted = any(visit.id == v for v, _ in (*state.contracted, *state.contracted_done))
    outcome = (
        "contracted" if contracted
        else "canceled" if visit.id in lived.canceled
        else "done" if done
        else "absent" if visit.id in lived.world.absent and came
        else "unserved"
    )  # fmt: skip
    lines = window_lines(day, visit, clock)
    arrival = came[-1][1][1] if came and outcome in {"done", "absent"} else None
    lateness = None
    if arrival is not None:
        lateness = min((max(0, arrival - line.latest) for line in lines), default=0)
    promised = bool(visit.promises) and outcome != "canceled"
    kept = (outcome == "contracted" or lateness == 0) if promised else None
    return {
        "replication": replication,
        "policy": lived.policy,
        "visit": visit.id,
        "priority": visit.priority.value,
        "outcome": outcome,
        "requested_s": lived.heard[visit.id],
        "arranged_s": None if word is None else word.arranged,
        "promise_from_s": min((w.earliest for w in lines), default=None),
        "promise_to_s": max((w.latest for w in lines), default=None),
        "told_first_s": None if word is None else word.first,
        "told_last_s": None if word is None else word.arrival,
        "technician": came[-1][0] if came else None,
        "reached_s": came[-1][1][0] if came else None,
        "arrival_s": arrival,
        "waiting_s": came[-1][1][1] - came[-1][1][0] if came else 0,
        "start_s": _second(clock, done[-1].stop.started_at) if done else None,
        "end_s": _second(clock, done[-1].ended_at) if done else None,
        "kept": kept,
        "lateness_s": lateness,
        "eta_moves": 0 if word is None else word.eta_moves,
        "technician_changes": 0 if word is None else word.technician_changes,
        **_prices(day, visit, outcome, lateness, 0 if word is None else word.price),
    }


def _second(clock: Clock, moment: datetime | None) -> int | None:
    return None if moment is None else clock.ceil(moment)


def _prices(day: Day, visit: Visit, outcome: str, lateness: int | None, disturbed: int) -> Row:
    late = 0
    if lateness is not None and (visit.promises or owes_arrival(visit)):
        late = round_fen(late_rate(day.prices, visit).cost(lateness))
    urgent = owes_arrival(visit)
    return {
        "unassigned_fen": unassigned_fen(day.prices, visit) if outcome == "unserved" else 0,
        "lateness_fen": 0 if urgent else late,
        "emergency_arrival_fen": late if urgent else 0,
        "disturbed_fen": disturbed,
    }


def day_row(lived: Lived, rows: list[Row], replication: int) -> Row:
    """Return the figures of one day: promises, emergencies, disturbance, work, price."""
    promised = [row for row in rows if row["kept"] is not None]
    urgent = [row for row in rows if row["priority"] == Priority.EMERGENCY.value]
    kept = sum(1 for row in promised if row["kept"])
    price = {
        name: sum(row[f"{name}_fen"] for row in rows)
        for name in ("unassigned", "lateness", "emergency_arrival", "disturbed")
    }
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
