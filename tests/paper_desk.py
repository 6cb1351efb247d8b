"""A board over a live day in memory, for tests of the page: real states, real projections.

Prices are invented (a fen a second of lateness, a yuan a move); everything the page shows of times
comes from the rooms below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch.domain import Pin, Visit
from dispatch.domain.disruption import LIVE_KINDS, EmergencyRaised
from dispatch.domain.event import Event
from dispatch.domain.travel_table import TravelTable
from dispatch.live.apply import apply
from dispatch.live.decide import assign
from dispatch.live.projection import Projection, project
from dispatch.live.state import LiveRoute, LiveState, Stop
from dispatch.web.board_view import LiveDay, board_view
from dispatch.web.kept_rows import board_json
from scenarios.bench.page_server import Answer, Asked, PageServer
from tests.days import at
from tests.live_days import begun, live_plan, town_table

ROLE = "dispatcher"
ME = "dispatcher:li"
LI_NA = {"name": "Li Na", "phone": "139", "address": "Lake Road 7"}


def refused(status: int, title: str, **more: object) -> Answer:
    body = {"title": title, "status": status, **more}
    return Answer(status, body, "application/problem+json")


@dataclass
class PaperDesk:
    """One day and what was done to it."""

    state: LiveState = field(default_factory=begun)
    travel: TravelTable = field(default_factory=town_table)
    done: list[LiveState] = field(default_factory=list)
    undone: list[LiveState] = field(default_factory=list)
    sequence: int = 0
    ways: dict[str, Visit] = field(default_factory=dict)
    waivers: list[Mapping[str, str]] = field(default_factory=list)
    accepted: list[Any] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    asked_for: list[tuple[str, str]] = field(default_factory=list)
    server: PageServer | None = None

    def project(self, state: LiveState | None = None) -> Projection:
        return project(state or self.state, self.travel)

    @property
    def etag(self) -> str:
        return f'"1.{self.sequence}"'

    def commit(self, state: LiveState, kind: str, by: str = ME, **what: object) -> Answer:
        self.done.append(self.state)
        self.undone.clear()
        return self._put(state, kind, by, **what)

    def _put(self, state: LiveState, kind: str, by: str = ME, **what: object) -> Answer:
        self.sequence += 1
        self.state = state
        moment = state.now.isoformat()
        event = {"sequence": self.sequence, "at": moment, "by": by, "day": "tiny", "kind": kind}
        if self.server is not None:
            self.server.tell(kind, {**event, **what})
        return Answer(200, {"sequence": self.sequence})

    def answer(self, asked: Asked) -> Answer | None:  # noqa: PLR0911 - one a path
        """Return the answer to a request of the page."""
        match asked.method, asked.path.strip("/").split("/"):
            case "GET", ["session"]:
                return Answer(200, {"actor": ME, "role": ROLE, "technician": "T1", "csrf": "c"})
            case "POST", ["session"]:
                good = asked.body["token"] == "right"  # noqa: S105 - of a test
                return Answer(201, {"actor": ME}) if good else refused(401, "no such key")
            case "GET", ["days"]:
                return Answer(200, {"items": [{"id": "tiny", "date": "2026-03-02"}]})
            case "GET", ["days", _, "board"]:
                return self._board()
            case "GET", ["me", "day"]:
                return self._mine()
            case "POST", ["me", "events"]:
                return self._record(asked.body["what"])
            case "POST", ["me", "contact"]:
                self.asked_for.append((asked.body["visit"], asked.body["reason"]))
                return Answer(200, {"visit": asked.body["visit"], **LI_NA})
            case "POST", ["me", "reports"]:
                self.reports.append(asked.body)
                return Answer(201, {})
            case method, ["days", _, *rest]:
                return self._day(method, rest, asked)
        return None

    def _board(self) -> Answer:
        day = LiveDay(self.state, self.project(), live_plan(), 1, self.sequence)
        return Answer(200, board_json(board_view(day)), headers={"ETag": self.etag})

    def _mine(self) -> Answer:
        from dispatch.web.me_view import me_json, me_view

        day = LiveDay(self.state, self.project(), live_plan(), 1, self.sequence)
        return Answer(200, me_json(me_view(day, "T1")), headers={"ETag": self.etag})

    def _day(  # noqa: C901, PLR0911, PLR0912 - one a path
        self, method: str, rest: list[str], asked: Asked
    ) -> Answer | None:
        given = asked.headers.get("If-Match")
        if given is not None and given != self.etag:
            return refused(412, "the day has changed", by="dispatcher:wang")
        match method, rest:
            case "POST", ["moves", "preview"]:
                return self._preview(asked.body)
            case "POST", ["moves"]:
                self.waivers += asked.body["waivers"]
                return self.commit(self.moved(asked.body), "day_revised", visit=asked.body["visit"])
            case "POST", ["locks"]:
                return self._lock(**asked.body)
            case "POST", ["undo"]:
                return self._step(self.done, self.undone)
            case "POST", ["redo"]:
                return self._step(self.undone, self.done)
            case "POST", ["events"]:
                return self._record(asked.body["what"])
            case "POST", ["emergencies"]:
                return self._emergency(Visit.model_validate(asked.body["visit"]))
            case "POST", ["emergencies", name, "choose"]:
                return self._choose(name, asked.body["index"])
            case "GET", ["visits", visit, "remedies"]:
                return Answer(200, self._remedies(visit))
            case "POST", ["visits", visit, "remedies"]:
                return self.commit(self._given(visit, "T3"), "day_revised", visit=visit)
            case "POST", ["replans"]:
                return Answer(202, {"id": "r1", "status": "queued"})
            case method, ["replans", *way]:
                return self._replan(method, way, asked.body)
            case "POST", ["visits", visit, "contact"]:
                self.asked_for.append((visit, asked.body["reason"]))
                return Answer(
                    200, {"visit": visit, "name": "Li Na", "phone": "139", "address": "A"}
                )
        return None

    def _step(self, here: list[LiveState], there: list[LiveState]) -> Answer:
        if not here:
            return refused(409, "nothing to undo")
        there.append(self.state)
        return self._put(here.pop(), "undone")

    def moved(self, move: Mapping[str, Any]) -> LiveState:
        """Return the state after a move."""
        visits = [move["visit"], *move.get("along", ())]
        known = {visit: Stop(kind="visit", visit=visit) for visit in visits}
        ahead = {}
        for route in self.state.routes:
            known |= {one.visit: one for one in route.ahead if one.visit in known}
            kept = tuple(one for one in route.ahead if one.visit not in known)
            if len(kept) != len(route.ahead):
                ahead[route.technician, route.shift] = kept
        if move["technician"] is not None:
            key = move["technician"], move["shift"]
            route = next(r for r in self.state.routes if (r.technician, r.shift) == key)
            stops = tuple(known[visit] for visit in visits)
            ahead[key] = self._with(route, ahead.get(key, route.ahead), stops, move["after"])
        return assign(self.state, ahead)

    def _with(
        self, route: LiveRoute, ahead: tuple[Stop, ...], stops: tuple[Stop, ...], after: str | None
    ) -> tuple[Stop, ...]:
        place = 1 if route.under_way is not None else 0
        for number, one in enumerate(ahead):
            if after is not None and one.visit == after:
                place = number + 1
        new = (*ahead[:place], *stops, *ahead[place:])
        return new if any(one.kind == "end" for one in new) else (*new, Stop(kind="end"))

    def _preview(self, move: Mapping[str, Any]) -> Answer:
        before, after = self.project(), self.project(self.moved(move))
        late = sum(e.lateness_s for e in after.etas) - sum(e.lateness_s for e in before.etas)
        broken = [
            {
                "rule": "lateness",
                "soft": True,
                "visit": eta.visit,
                "technician": eta.technician,
                "found": f"{eta.arrival:%H:%M}",
                "expected": f"{eta.latest:%H:%M}",
            }
            for eta in after.etas
            if eta.latest is not None and eta.lateness_s > 0
        ]
        if move["technician"] == "T2" and move["visit"] == "V2":
            broken.append({"rule": "skill_missing", "soft": False, "found": "", "expected": "gas"})
        etas = [self._eta(eta) for eta in after.etas if eta.visit is not None]
        price = {"lateness": late, "travel": 100}
        return Answer(200, {"price": price, "total": late + 100, "broken": broken, "etas": etas})

    @staticmethod
    def _eta(eta: Any) -> dict[str, object]:
        arrival = eta.arrival.isoformat()
        who = {"visit": eta.visit, "technician": eta.technician}
        return {**who, "arrival": arrival, "lateness_s": eta.lateness_s}

    def _lock(self, visit: str, hold: str) -> Answer:
        eta = self.project().find_eta(visit)
        assert eta is not None
        who = eta.technician if hold in {"technician", "both"} else None
        when = eta.arrival if hold in {"time", "both"} else None
        pin = None if hold == "none" else Pin(technician=who, arrival=when)
        visits = tuple(
            v.model_copy(update={"pin": pin}) if v.id == visit else v for v in self.state.day.visits
        )
        day = self.state.day.model_copy(update={"visits": visits})
        return self.commit(self.state.model_copy(update={"day": day}), "day_revised", visit=visit)

    def _record(self, what: dict[str, Any]) -> Answer:
        import json

        self.facts.append(what)
        kind = what["kind"]
        fields = {k: v for k, v in what.items() if k != "kind"}
        fact = LIVE_KINDS.read(kind, json.dumps(fields))
        moment = max(self.state.now, datetime.fromisoformat(what["happened_at"]))
        event = Event(sequence=self.sequence + 1, at=moment, by=ME, day="tiny",
                      request_id=f"r{self.sequence}", what=fact)  # fmt: skip
        shown = {k: v for k, v in what.items() if k in {"visit", "technician"}}
        return self.commit(apply(self.state, event), kind, **shown)

    def _emergency(self, visit: Visit) -> Answer:
        fact = EmergencyRaised(happened_at=self.state.now, visit=visit)
        event = Event(sequence=self.sequence + 1, at=self.state.now, by=ME, day="tiny",
                      request_id=visit.id, what=fact)  # fmt: skip
        self.commit(apply(self.state, event), "emergency_raised", visit=visit.id)
        self.ways["w1"] = visit
        options = []
        for number, who in enumerate(("T3", "T1", "T2")):
            move = {"visit": visit.id, "technician": who, "shift": 0, "after": None}
            eta = self.project(self.moved(move)).find_eta(visit.id)
            assert eta is not None
            found = {**self._eta(eta), "index": number, "rung": "insertion", "total": 500 * number}
            options.append({**found, "price": {}, "changed": [who], "displaced": [], "etas": []})
        body = {"id": "w1", "visit": visit.model_dump(mode="json"), "options": options}
        return Answer(201, body)

    def _choose(self, name: str, index: int) -> Answer:
        who = ("T3", "T1", "T2")[index]
        visit = self.ways[name].id
        return self.commit(self._given(visit, who), "day_revised", visit=visit, technician=who)

    def _given(self, visit: str, who: str) -> LiveState:
        return self.moved({"visit": visit, "technician": who, "shift": 0, "after": None})

    def _remedies(self, visit: str) -> dict[str, object]:
        reason = {"technician": "T1", "code": "window", "found": "", "expected": ""}
        text = {"en": f"Give {visit} to T3 with overtime", "zh": f"由 T3 加班完成 {visit}"}
        return {"reasons": [reason], "remedies": [{"id": "m1", "text": text, "price": 1200}]}

    def _replan(self, method: str, rest: list[str], body: Any) -> Answer | None:
        if method == "GET":
            changes = [
                {"id": "c1", "visit": "V7", "kind": "assigned", "before": None,
                 "after": {"technician": "T3", "arrival": at("09:00").isoformat()}, "moved_s": 0,
                 "tell": ["technician:T3"], "needs": []},
                {"id": "c2", "visit": "V3", "kind": "technician",
                 "before": {"technician": "T1", "arrival": at("09:40").isoformat()},
                 "after": {"technician": "T3", "arrival": at("10:00").isoformat()},
                 "moved_s": 1200, "tell": ["customer", "technician:T1"], "needs": ["c1"]},
            ]  # fmt: skip
            diff = {"changes": changes, "price": {"unassigned": -20000, "travel": 700}}
            return Answer(200, {"id": rest[0], "status": "done", "diff": diff})
        self.accepted.append(body["changes"])
        return self.commit(self._given("V7", "T3"), "day_revised", visit="V7")
