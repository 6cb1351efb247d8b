"""A live day through the door: news, decisions, undo; repeating is safe everywhere."""

from __future__ import annotations

import pytest

from tests.services import ADDRESS, NAME, PHONE, Served, holds_no_canary

EMERGENCY = {
    "id": "E9",
    "place": {"lon": 121.02, "lat": 31.01, "address": ADDRESS},
    "service_s": 1800,
    "priority": "emergency",
    "received_at": "2026-03-02T08:00:00+08:00",
    "customer": {"name": NAME, "phone": PHONE},
}
CUSTOMER = {
    "id": "N1",
    "place": {"lon": 121.01, "lat": 31.01, "address": ADDRESS},
    "service_s": 1800,
}


@pytest.fixture
def live(served: Served) -> Served:
    served.clock.move(hours=1)  # 08:00, the shifts begin
    return served


def rows_of(live: Served) -> dict[str, list[str]]:
    board = live.get("/days/tiny/board").json()
    return {
        row["technician"]: [s["job"]["visit"] for s in row.get("stops", ()) if "job" in s]
        for row in board["rows"]
    }


def test_a_move_is_looked_at_made_undone_and_redone(live: Served) -> None:
    move = {"visit": "V7", "technician": "T3"}
    tag = live.get("/days/tiny/board").headers["etag"]
    seen = live.post("/days/tiny/moves/preview", move).json()
    assert seen["price"]["unassigned"] < 0
    assert rows_of(live)["T3"] == []
    made = live.post("/days/tiny/moves", move, headers={"If-Match": tag})
    assert (made.status_code, rows_of(live)["T3"]) == (201, ["V7"])
    late = live.post("/days/tiny/moves", {"visit": "V3", "technician": "T3"},
                     headers={"If-Match": tag})  # fmt: skip
    assert (late.status_code, late.json()["code"]) == (409, "S2003")
    assert "admin:admin" in late.json()["detail"]
    assert live.post("/days/tiny/undo", {}).status_code == 201
    assert rows_of(live)["T3"] == []
    assert live.post("/days/tiny/redo").status_code == 201
    assert rows_of(live)["T3"] == ["V7"]


def test_the_board_is_not_sent_again_while_nothing_changed(live: Served) -> None:
    tag = live.get("/days/tiny/board").headers["etag"]
    again = live.get("/days/tiny/board", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    live.post("/days/tiny/locks", {"visit": "V3", "hold": "technician"})
    assert live.get("/days/tiny/board", headers={"If-None-Match": tag}).status_code == 200


def test_an_emergency_is_offered_chosen_once_and_names_nobody(live: Served) -> None:
    offer = live.post("/days/tiny/emergencies", {"visit": EMERGENCY}).json()
    assert [one["index"] for one in offer["options"]] == list(range(len(offer["options"])))
    path, headers = f"/days/tiny/emergencies/{offer['id']}/choose", {"Idempotency-Key": "e9"}
    first = live.post(path, {"index": 0}, headers=headers).json()
    live.service.offers.drop(offer["id"])  # as after a restart
    again = live.post(path, {"index": 0}, headers=headers).json()
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert [e["sequence"] for e in again["events"]] == [e["sequence"] for e in first["events"]]
    assert "E9" in rows_of(live)[offer["options"][0]["technician"]]
    gone = live.post(path, {"index": 1})
    assert (gone.status_code, gone.json()["code"]) == (404, "A1015")
    with live.service.store.read() as reader:
        assert holds_no_canary("".join(event.model_dump_json() for event in reader.events()))


def test_two_dispatchers_cannot_give_one_emergency_twice(live: Served) -> None:
    offers = [
        live.post("/days/tiny/emergencies", {"visit": EMERGENCY}, role).json()["id"]
        for role in ("admin", "dispatcher")
    ]
    answers = [
        live.post(f"/days/tiny/emergencies/{name}/choose", {"index": 0}, role)
        for name, role in zip(offers, ("admin", "dispatcher"), strict=True)
    ]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert "admin:admin" in answers[1].text


def test_a_replan_is_searched_looked_at_and_accepted(live: Served) -> None:
    asked = live.post("/days/tiny/replans", {"seconds": 0.2})
    assert asked.status_code == 202
    path = asked.headers["location"]
    found = live.when_over(path)
    assert found["status"] == "done"
    assert found["diff"]["changes"]
    headers = {"Idempotency-Key": "accept"}
    done = live.post(f"{path}/accept", {}, headers=headers)
    assert done.status_code == 201
    assert live.ask("DELETE", path).status_code == 204
    assert live.get(path).status_code == 404
    assert live.post(f"{path}/accept", {}, headers=headers).json()["repeated"]


def test_a_replan_that_breaks_is_said_to_have_failed(
    live: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(live.service.desk, "replan", broken)
    found = live.when_over(live.post("/days/tiny/replans", {}).headers["location"])
    assert found["status"] == "failed"
    assert [one["code"] for one in found["faults"]] == ["A1013"]


def test_a_window_is_offered_held_booked_and_repeating_holds_it_once(live: Served) -> None:
    slots = live.post("/slots", {"days": ["tiny"], "customers": [CUSTOMER]}).json()["N1"]
    assert slots == sorted(slots, key=lambda slot: slot["cost_fen"])
    body, headers = {"slot": slots[0], "customer": CUSTOMER}, {"Idempotency-Key": "h"}
    first = live.post("/days/tiny/holds", body, headers=headers).json()
    again = live.post("/days/tiny/holds", body, headers=headers).json()
    assert (again["hold"], again["repeated"]) == (first["hold"], True)
    assert [one["visit"] for one in live.get("/days/tiny/holds").json()] == ["N1"]
    assert live.post(f"/days/tiny/holds/{first['hold']}/book").status_code == 201
    assert live.get("/days/tiny/holds").json() == []
    assert any("N1" in visits for visits in rows_of(live).values())


def test_slots_of_another_region_are_refused(live: Served) -> None:
    body = {"days": ["tiny"], "customers": [CUSTOMER]}
    assert live.post("/slots", body, "south_dispatcher").status_code == 403


def test_a_technician_reports_own_stops_and_nobody_elses(live: Served) -> None:
    def news(who: str, technician: str, visit: str):
        what = {"kind": "technician_departed", "happened_at": live.clock().isoformat(),
                "technician": technician, "visit": visit}  # fmt: skip
        return live.post("/me/events", {"day": "tiny", "what": what}, who).status_code

    assert news("technician", "T1", "V1") == 201
    assert news("technician", "T2", "V4") == 403
    assert news("technician", "T1", "V4") == 403
    assert news("south_technician", "T1", "V1") == 403
    sick = {"kind": "visit_canceled", "happened_at": live.clock().isoformat(), "visit": "V1"}
    assert live.post("/me/events", {"day": "tiny", "what": sick}, "technician").status_code == 403


def test_the_own_day_has_own_stops_with_masked_customers(live: Served) -> None:
    mine = live.get("/me/day", "technician")
    shown = mine.json()
    visits = [one["stop"]["job"]["visit"] for one in shown["stops"] if "job" in one["stop"]]
    assert visits == ["V1", "V2", "V3"]
    assert {one["phone"] for one in shown["stops"] if "job" in one["stop"]} == {"139****1234"}
    assert holds_no_canary(mine.text)
    assert "V4" not in mine.text


def test_a_report_is_kept_once_with_its_signature_sealed(live: Served) -> None:
    body = {"day": "tiny", "visit": "V1", "text": "pump changed", "signed_by": "canary-signature",
            "signature": "data:image/png;base64,AAAA"}  # fmt: skip
    headers = {"Idempotency-Key": "report-1"}
    first = live.post("/me/reports", body, "technician", headers=headers)
    again = live.post("/me/reports", body, "technician", headers=headers)
    assert (first.status_code, again.json()["repeated"]) == (201, True)
    orders = live.get("/days/tiny/orders").json()["items"]
    assert [one["order"]["request"]["visit"] for one in orders] == ["V1"]
    assert holds_no_canary(live.get("/days/tiny/orders").text)
    with live.service.store.read() as reader:
        assert holds_no_canary("".join(event.model_dump_json() for event in reader.events()))
    assert live.post("/me/reports", {**body, "visit": "V4"}, "technician").status_code == 403


def test_a_work_order_goes_its_way_step_by_step(live: Served) -> None:
    request = {"order": "W1", "visit": "V1", "channel": "phone"}
    assert live.post("/days/tiny/orders", {"request": request}).status_code == 201
    order = live.get("/days/tiny/orders/W1").json()
    assert order["order"]["state"] == "received"
    assert "answer" in order["next_steps"]
    assert live.post("/days/tiny/orders/W1/steps", {"step": "confirm"}).status_code == 201
    assert live.get("/days/tiny/orders/W1").json()["order"]["state"] == "confirmed"
    wrong = live.post("/days/tiny/orders/W1/steps", {"step": "close"})
    assert wrong.status_code == 422
    assert wrong.json()["faults"]


def test_figures_of_a_day_name_no_visit_and_no_technician(live: Served) -> None:
    figures = live.get("/days/tiny/figures", "planner")
    assert figures.json()["visits"] == 7
    assert not any(name in figures.text for name in ("V1", "T1", "O1"))


def test_a_remedy_is_offered_with_reasons_and_taken_once(live: Served) -> None:
    path = "/days/tiny/visits/V7/remedies"
    found = live.get(path, "dispatcher").json()
    assert found["summary"]["en"]
    assert {one["technician"] for one in found["reasons"]} >= {"T1", "T2", "T3"}
    choice = next(one for one in found["remedies"] if not one["by_hand"])
    assert all(choice["text"][language] for language in ("en", "zh"))
    again = {"Idempotency-Key": "remedy-1"}
    first = live.post(path, {"remedy": choice["id"]}, "dispatcher", headers=again)
    assert (first.status_code, first.json()["repeated"]) == (201, False), first.text
    assert sum("V7" in visits for visits in rows_of(live).values()) == 1
    second = live.post(path, {"remedy": choice["id"]}, "dispatcher", headers=again)
    assert (second.json()["sequence"], second.json()["repeated"]) == (
        first.json()["sequence"],
        True,
    )
    late = live.post(path, {"remedy": choice["id"]}, "dispatcher")
    assert (late.status_code, late.json()["code"]) == (409, "D9503")
    assert live.get(path, "dispatcher").json()["code"] == "D9504"
    other = live.post(path.replace("V7", "V1"), {"remedy": choice["id"]}, "dispatcher")
    assert other.json()["code"] == "A1015"
    assert live.post(path, {"remedy": "none.0"}, "dispatcher").json()["code"] == "A1015"


def test_rows_kept_from_earlier_boards_are_those_made_anew(live: Served) -> None:
    from dispatch.web.board_view import board_view

    def news(kind: str, **more: str) -> None:
        what = {"kind": kind, "happened_at": live.clock().isoformat(), **more}
        answer = live.post("/days/tiny/events", {"what": what})
        assert answer.status_code == 201, answer.text

    steps = [
        lambda: news("technician_departed", technician="T1", visit="V1"),
        lambda: live.post("/days/tiny/moves", {"visit": "V7", "technician": "T3"}),
        lambda: news("technician_arrived", technician="T1", visit="V1"),
        lambda: live.post("/days/tiny/locks", {"visit": "V5", "hold": "both"}),
        lambda: news("technician_late", technician="T2", until="2026-03-02T16:00:00+08:00"),
        lambda: live.post("/days/tiny/undo", {}),
        lambda: news("part_missing", visit="V2", part="pump"),
    ]
    for number, step in enumerate(steps):
        live.clock.move(minutes=7)
        step()
        view = live.service.desk.view("tiny")
        found = live.service.boards.get(view).view
        assert found == board_view(view), number


def test_the_board_is_packed_for_those_who_can_unpack_it(served: Served) -> None:
    plain = served.get("/days/tiny/board", headers={"Accept-Encoding": "identity"})
    packed = served.get("/days/tiny/board", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert packed.headers["etag"] == plain.headers["etag"]
