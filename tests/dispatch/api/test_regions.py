"""A day of two regions: what those of one see and change, from the application's list of routes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from dispatch.api.app import routes_of
from dispatch.api.events import event_out
from dispatch.api.rights import Caller, Role
from dispatch.api.routes_stream import visible
from tests.region_days import HOUR, NORTH, SOUTH, names_in, news, text_of
from tests.services import Served

PLACE = {"lon": 121.01, "lat": 31.01}


def paths(served: Served, visits: set[str]) -> list[str]:
    """Return every path of a day that is read, filled with visits and what was asked for."""
    done = {"plan": "none", "order": "none", "offer": "none", "replan": "none", "hold": "none",
            "index": "0"}  # fmt: skip
    done["plan"] = served.post("/days/tiny/plans", {"seconds": 1, "max_iterations": 1}).json()["id"]
    rows = ("T1.0", "T2.0", "T3.0")
    found = []
    for route in routes_of(served.client.app):
        if "GET" not in (route.methods or ()) or "{day}" not in route.path:
            continue
        path = route.path.replace("{day}", "tiny")
        for name in sorted(visits) if "{visit}" in path else [""]:
            for file in ("day.json", "plan.json", "plan.xlsx", "calendars.zip"):
                for row in rows if "{row}" in path else rows[:1]:
                    values = {**done, "visit": name, "name": file, "row": row}
                    one = re.sub(r"\{(\w+)\}", lambda m, v=values: v[m[1]], path)
                    found.append(one) if one not in found else None
    return found


@pytest.mark.parametrize(
    ("caller", "theirs"),
    [
        ("north_dispatcher", SOUTH), ("north_viewer", SOUTH), ("north_planner", SOUTH),
        ("south_dispatcher", NORTH), ("south_viewer", NORTH), ("south_planner", NORTH),
    ],
)  # fmt: skip
def test_no_page_of_a_region_names_a_visit_of_another(
    mixed: Served, caller: str, theirs: set[str]
) -> None:
    statuses = {}
    for path in paths(mixed, (NORTH | SOUTH) - theirs):
        answer = mixed.get(path, caller)
        statuses[path] = answer.status_code
        assert not names_in(text_of(answer)) & theirs, path
        assert answer.status_code < 500, (path, answer.text)
    if caller.endswith("dispatcher"):
        refused = {path for path, status in statuses.items() if status == 403}
        assert refused == {"/days/tiny/faults"}  # of the whole day
        assert statuses["/days/tiny/board"] == statuses["/days/tiny/figures"] == 200


@pytest.mark.parametrize("caller", ["dispatcher", "admin", "viewer", "both_dispatcher"])
def test_who_has_all_regions_of_a_day_sees_all_of_it(mixed: Served, caller: str) -> None:
    for path in ("/days/tiny", "/days/tiny/plan", "/days/tiny/board"):
        assert names_in(mixed.get(path, caller).text) == NORTH | SOUTH, path


FRESH = {"id": "E9", "place": PLACE, "service_s": 1800, "priority": "emergency",
         "received_at": HOUR}  # fmt: skip


ASKED = {"id": "S1", "place": PLACE, "service_s": 1800}
THEIRS: dict[str, list[tuple[str, object]]] = {
    # What somebody of the north may not do, route by route: path and body.
    "POST /days/{day}/plans": [("/plans", {"seconds": 1})],
    "DELETE /days/{day}/plans/{plan}": [("/plans/PLAN", None)],
    "POST /days/{day}/analysis": [("/analysis", "PLAN")],
    "POST /days/{day}/events": [
        ("/events", news("visit_canceled", visit="V3")),
        ("/events", news("visit_canceled", visit="V9")),
        ("/events", news("emergency_raised", visit={**FRESH, "district": "S"})),
        ("/events", news("technician_sick", technician="T2")),
        ("/events", news("visit_overran", technician="T2", visit="V4", ends_at=HOUR)),
        ("/events", news("outlet_closed", outlet="O2", start=HOUR,
                         end="2026-03-02T09:00:00+08:00")),
        ("/events", news("traffic_changed", area={
            "ring": [[121, 31], [122, 31], [122, 32]], "start": HOUR, "percent": 50,
            "end": "2026-03-02T09:00:00+08:00"})),
    ],
    "POST /days/{day}/undo": [("/undo", {"sequence": "THEIR EVENT"}), ("/undo", {"sequence": 2})],
    "POST /days/{day}/redo": [],  # only what one undid oneself
    "POST /days/{day}/emergencies": [
        ("/emergencies", {"visit": "V8"}),
        ("/emergencies", {"visit": {**FRESH, "district": "S"}}),
    ],
    "POST /days/{day}/emergencies/{offer}/improve": [("/emergencies/OFFER/improve", {})],
    "POST /days/{day}/emergencies/{offer}/choose": [("/emergencies/OFFER/choose", {"index": 0})],
    "POST /days/{day}/moves/preview": [
        ("/moves/preview", {"visit": "V3"}),
        ("/moves/preview", {"visit": "V7", "technician": "T2"}),
        ("/moves/preview", {"visit": "V4", "technician": "T1"}),
        ("/moves/preview", {"visit": "V7", "along": ["V8"], "technician": "T3"}),
    ],
    "POST /days/{day}/moves": [
        ("/moves", {"visit": "V3"}),
        ("/moves", {"visit": "V7", "technician": "T2"}),
        ("/moves", {"visit": "V4", "technician": "T1"}),
        ("/moves", {"visit": "V7", "along": ["V8"], "technician": "T3"}),
    ],
    "POST /days/{day}/locks": [("/locks", {"visit": "V3", "hold": "technician"})],
    "POST /days/{day}/replans": [],  # leaves others alone: a test of its own
    "DELETE /days/{day}/replans/{replan}": [],
    "POST /days/{day}/replans/{replan}/accept": [],
    "POST /days/{day}/holds": [("/holds", "HOLD")],
    "POST /days/{day}/holds/{hold}/book": [("/holds/HOLD/book", {})],
    "POST /days/{day}/holds/{hold}/release": [("/holds/HOLD/release", {})],
    "POST /days/{day}/orders": [("/orders", {"request": {"order": "W9", "visit": "V5"}})],
    "POST /days/{day}/orders/{order}/steps": [("/orders/W5/steps", {"step": "cancel"})],
    "POST /days/{day}/visits/{visit}/contact": [("/visits/V3/contact", {"reason": "calls back"})],
    "POST /days/{day}/visits/{visit}/remedies": [("/visits/V8/remedies", {"remedy": "REMEDY"})],
}  # fmt: skip


def made_by_the_south(served: Served) -> dict[str, Any]:
    """Return what a dispatcher of the whole day made: ids by the words of `THEIRS`."""

    def post(path: str, body: object) -> dict[str, Any]:
        answer = served.post(f"/days/tiny{path}", body, "dispatcher")
        assert answer.status_code < 300, (path, answer.text)
        return answer.json()

    plan = served.get("/days/tiny/plan").json()
    job = post("/plans", {"seconds": 1, "max_iterations": 1})
    lock = post("/locks", {"visit": "V5", "hold": "technician"})
    post("/orders", {"request": {"order": "W5", "visit": "V5"}})
    slot = served.post("/slots", {"days": ["tiny"], "customers": [{**ASKED, "district": "S"}]})
    slot = slot.json()["S1"][0]
    asked = {"slot": slot, "customer": {**ASKED, "district": "S"}}
    hold = post("/holds", asked)["hold"]
    offer = post("/emergencies", {"visit": {**FRESH, "district": "S"}})["id"]
    remedies = served.get("/days/tiny/visits/V8/remedies", "dispatcher").json()["remedies"]
    return {
        "PLAN": job["id"], "THEIR EVENT": lock["sequence"], "OFFER": offer, "HOLD": hold,
        "REMEDY": remedies[0]["id"], "document": plan, "asked": {**asked, "customer": {
            **asked["customer"], "id": "S2"}, "slot": {**slot, "request": "S2"}},
    }  # fmt: skip


def test_nobody_of_a_region_changes_anything_of_another_by_any_route(mixed: Served) -> None:
    made = made_by_the_south(mixed)
    changing = {
        f"{method} {route.path}"
        for route in routes_of(mixed.client.app)
        for method in route.methods or ()
        if method not in {"GET", "HEAD"} and "{day}" in route.path
    }
    assert changing == set(THEIRS)  # a new route has to say what it may not do
    before = mixed.service.store.check_log(), head_of(mixed)
    for name, asks in THEIRS.items():
        for path, body in asks:
            full = re.sub("PLAN|OFFER|HOLD", lambda word: made[word[0]], path)
            text = json.dumps(body).replace('"THEIR EVENT"', str(made["THEIR EVENT"]))
            sent = json.loads(text.replace("REMEDY", made["REMEDY"]))
            sent = {"HOLD": made["asked"], "PLAN": made["document"]}.get(str(body), sent)
            method = name.partition(" ")[0]
            answer = mixed.ask(method, f"/days/tiny{full}", "north_dispatcher", json=sent)
            found = answer.status_code, answer.json().get("code")
            assert found == (403, "A1006"), (name, body, answer.text)
    assert (mixed.service.store.check_log(), head_of(mixed)) == before
    asked = {"days": ["tiny"], "customers": [{**ASKED, "district": "S"}]}
    assert mixed.post("/slots", asked, "north_dispatcher").status_code == 403
    offer = f"/emergencies/{made['OFFER']}"
    for path in ("/orders/W5", "/visits/V8", "/visits/V8/remedies", offer):
        assert mixed.get(f"/days/tiny{path}", "north_dispatcher").status_code == 403, path
    assert mixed.get("/days/tiny/orders", "north_dispatcher").json()["items"] == []
    assert mixed.get("/days/tiny/holds", "north_dispatcher").json() == []


def head_of(served: Served) -> int:
    with served.service.store.read() as reader:
        return reader.head().sequence


def test_a_dispatcher_of_a_region_decides_about_what_is_of_it(mixed: Served) -> None:
    def post(path: str, body: object, most: int = 299) -> Any:
        answer = mixed.post(f"/days/tiny{path}", body, "north_dispatcher")
        assert answer.status_code <= most, (path, answer.text)
        return answer.json()

    post("/locks", {"visit": "V4", "hold": "technician"})  # whoever has it
    post("/undo", {"reason": "changed my mind"})
    post("/events", news("visit_canceled", visit="V7"))
    post("/undo", {})
    post("/redo", None)
    post("/undo", {})
    assert post("/moves/preview", {"visit": "V7", "technician": "T3"})["total"] != 0
    post("/moves", {"visit": "V7", "technician": "T3"})
    post("/visits/V4/contact", {"reason": "calls back"})
    offer = post("/emergencies", {"visit": FRESH})
    assert {one["technician"] for one in offer["options"]} <= {"T1", "T3"}
    offer = post(f"/emergencies/{offer['id']}/improve", {"seconds": 0.2})
    post(f"/emergencies/{offer['id']}/choose", {"index": offer["options"][0]["index"]})
    asked = {"days": ["tiny"], "customers": [ASKED]}
    slots = mixed.post("/slots", asked, "north_dispatcher").json()["S1"]
    assert {one["technician"] for one in slots} <= {"T1", "T3"}
    hold = post("/holds", {"slot": slots[0], "customer": ASKED})["hold"]
    assert len(mixed.get("/days/tiny/holds", "north_dispatcher").json()) == 1
    post(f"/holds/{hold}/book", {})
    post("/orders", {"request": {"order": "W1", "visit": "V1"}})
    post("/orders/W1/steps", {"step": "cancel", "details": {"reason": "not wanted"}})
    assert len(mixed.get("/days/tiny/orders", "north_dispatcher").json()["items"]) == 1


def test_a_replan_of_a_region_leaves_the_others_alone(mixed: Served) -> None:
    before = rows_of(mixed)
    body = {"mode": "all", "seconds": 1}
    name = mixed.post("/days/tiny/replans", body, "north_dispatcher").json()["id"]
    found = mixed.when_over(f"/days/tiny/replans/{name}", "north_dispatcher")
    assert found["faults"] == []
    changed = {one["visit"] for one in found["diff"]["changes"]}
    assert changed & NORTH >= {"V7"}  # somebody has it now
    assert not changed & SOUTH
    done = mixed.post(f"/days/tiny/replans/{name}/accept", {}, "north_dispatcher")
    assert done.status_code == 201, done.text
    after = rows_of(mixed)
    assert after["T2"] == before["T2"]
    assert "V8" not in {visit for visits in after.values() for visit in visits}
    assert "V3" in after["T1"]
    assert [one["kind"] for one in done.json()["events"]] == ["decided", "day_revised"]
    undone = mixed.post("/days/tiny/undo", {}, "north_dispatcher")
    assert undone.status_code == 201, undone.text


def rows_of(served: Served) -> dict[str, list[str]]:
    board = served.get("/days/tiny/board").json()
    return {
        row["technician"]: [
            stop["job"]["visit"] for stop in row.get("stops", ()) if stop.get("job")
        ]
        for row in board["rows"]
    }


def test_events_of_other_regions_are_not_told_and_their_words_not_shown(mixed: Served) -> None:
    served, text = mixed, "somebody of the south"
    for visit in ("V5", "V1"):
        body = {"visit": visit, "hold": "time"}
        assert served.post("/days/tiny/locks", body, "dispatcher").status_code == 201
    cancel = news("visit_canceled", visit="V8", reason=text)
    assert served.post("/days/tiny/events", cancel, "dispatcher").status_code == 201
    late = news("technician_late", technician="T2", until="2026-03-02T08:10:00+08:00")
    assert served.post("/days/tiny/events", late, "dispatcher").status_code == 201
    told = served.get("/days/tiny/events", "north_dispatcher").json()["items"]
    kinds = [one["kind"] for one in told]
    assert "visit_canceled" not in kinds
    assert "technician_late" not in kinds
    part = served.service.regions.part(caller(served, "north_dispatcher"), "tiny")
    with served.service.store.read() as reader:
        streamed = [visible(one, part.caller, part) for one in reader.events("tiny")]
    assert [one.sequence for one in streamed if one is not None] == [
        one["sequence"] for one in told
    ]
    versions = served.get("/days/tiny/versions", "north_dispatcher").json()["items"]
    assert {one["reason"] for one in versions} <= {"", "plan"}


def caller(served: Served, name: str):
    from dispatch.api.entry import caller_of_token

    return caller_of_token(served.service, served.tokens[name])


def test_a_day_of_two_regions_is_brought_by_those_of_both(mixed: Served) -> None:
    from tests.services import mixed_day

    day = mixed_day().model_copy(update={"id": "next"})

    def send(who: str) -> int:
        return mixed.send_day(day, who, params={"region": "north"}).status_code

    assert (send("north_dispatcher"), send("south_dispatcher")) == (403, 403)
    assert send("both_dispatcher") == 201
    days = {one["id"] for one in mixed.get("/days", "south_dispatcher").json()["items"]}
    assert days == {"tiny", "next"}


def test_a_decision_names_whose_routes_it_changes_to_who_may_know_them(mixed: Served) -> None:
    move = {"visit": "V1", "technician": "T2"}
    answer = mixed.post("/days/tiny/moves", move, "dispatcher")
    assert answer.status_code == 201, answer.text
    with mixed.service.store.read() as reader:
        last = list(reader.events("tiny"))[-1]
    north, south = (Caller("x", Role.DISPATCHER, (one,)) for one in ("north", "south"))
    of = {who.regions: mixed.service.regions.part(who, "tiny") for who in (north, south)}
    assert set(event_out(last).technicians or ()) == {"T1", "T2"}
    for who, own in ((north, ("T1",)), (south, ("T2",))):
        shown = visible(last, who, of[who.regions])
        assert shown is not None
        assert shown.technicians == own
    person = Caller("t", Role.TECHNICIAN, (), "T3")
    shown = visible(last, person)
    assert shown is not None
    assert (shown.technicians, shown.by) == (None, "office")
