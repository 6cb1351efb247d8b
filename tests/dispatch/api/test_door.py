"""The door: who comes in, what a refusal looks like, what every answer carries."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from dispatch.api.app import check_rights
from dispatch.api.entry import CSRF_HEADER
from dispatch.errors import Fault, StoreError
from tests.services import Served


def problem_of(answer) -> dict:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:servicenet:fault:{body['code']}"
    assert body["instance"].endswith(answer.headers["x-request-id"])
    return body


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "A1001"),
        ("PUT", "/days", 405, "A1002"),
        ("GET", "/days/none", 404, "S2001"),
        ("GET", "/days?limit=0", 422, "A1004"),
        ("POST", "/keys", 422, "A1004"),
        ("POST", "/days", 415, "A1009"),
        ("DELETE", "/keys/none", 404, "A2004"),
        ("GET", "/days/tiny/plans/none", 404, "A2102"),
        ("GET", "/webhooks/none/deliveries", 404, "A2202"),
    ],
)
def test_every_refusal_is_a_problem_with_a_code(
    served: Served, method: str, path: str, status: int, code: str
) -> None:
    answer = served.ask(method, path)
    assert (answer.status_code, problem_of(answer)["code"]) == (status, code)


@pytest.mark.parametrize(
    "path", ["/days/a%00b", "/days/a%00b/board", "/days/tiny/plans/%1f", "/webhooks/%7f/deliveries"]
)
def test_nothing_has_a_path_with_control_characters(served_by_both: Served, path: str) -> None:
    answer = served_by_both.ask("GET", path)
    assert (answer.status_code, problem_of(answer)["code"]) == (404, "A1001")


def test_an_id_with_control_characters_is_a_fault_of_the_body(served_by_both: Served) -> None:
    key = {"name": "li", "role": "technician", "technician": "a\0b"}
    regional = {"name": "li", "role": "dispatcher", "regions": ["a\0b"]}
    slots = {"days": ["a\0b"], "asked": []}
    asked = (
        ("/keys", key, "body.technician"),
        ("/keys", regional, "body.regions.0"),
        ("/slots", slots, "body.days.0"),
    )
    for path, body, place in asked:
        answer = served_by_both.ask("POST", path, json=body)
        assert answer.status_code == 422
        assert place in [fault["where"] for fault in problem_of(answer)["faults"]]


def test_a_text_with_nul_anywhere_in_a_body_is_refused(served_by_both: Served) -> None:
    asked = (
        ("/me/contact", {"visit": "a\0b"}, "technician"),
        ("/days/tiny/undo", {"reason": "a\0b"}, "dispatcher"),
    )
    for path, body, caller in asked:
        answer = served_by_both.post(path, body, caller)
        assert answer.status_code == 422, path
        assert problem_of(answer)["code"] == "A1004", path


def test_where_the_database_is_stands_in_the_log_alone(served: Served, caplog, monkeypatch) -> None:
    fault = Fault("S1003", "postgresql://li@db.inside/x", "no route to db.inside", "a database")

    def fail(*_: object) -> None:
        raise StoreError([fault])

    monkeypatch.setattr(served.service.store, "read", fail)
    with caplog.at_level(logging.WARNING, logger="servicenet"):
        answer = served.get("/days/tiny/versions", "admin")
    assert (answer.status_code, problem_of(answer)["code"]) == (503, "S1003")
    assert "db.inside" not in answer.text
    assert any("db.inside" in str(one.__dict__) for one in caplog.records)


def test_a_refused_method_names_those_there_are(served: Served) -> None:
    assert set(served.ask("PUT", "/days").headers["allow"].split(", ")) <= {"GET", "POST", "HEAD"}


def test_a_body_over_the_limit_is_refused_whether_announced_or_not(served: Served) -> None:
    most = served.service.options.limits.body_bytes
    answer = served.ask("POST", "/days", headers={"Content-Length": str(most + 1)}, content=b"x")
    assert problem_of(answer)["code"] == "A1003"

    def pieces():
        for _ in range(most // 1_000_000 + 1):
            yield b" " * 1_000_000

    answer = served.ask("POST", "/days", content=pieces())
    assert (answer.status_code, problem_of(answer)["code"]) == (413, "A1003")


def test_every_answer_is_hardened(served: Served) -> None:
    for path in ("/healthz", "/nowhere", "/docs", "/days"):
        headers = served.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_the_page_of_the_api_asks_for_nothing_elsewhere(served: Served) -> None:
    page = served.get("/docs", "nobody")
    assert page.status_code == 200
    assert "/days/{day}/plans" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "<script" not in page.text


@pytest.mark.parametrize("token", ["", "x", "sn_a_b", "sn_" + "0" * 32 + "_secret"])
def test_a_token_that_opens_nothing_is_refused(served: Served, token: str) -> None:
    answer = served.client.get("/days", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_ends_when_it_expires_and_when_it_is_revoked(served: Served) -> None:
    made = served.post("/keys", {"name": "li", "role": "viewer", "days": 1}).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert served.client.get("/days", headers=headers).status_code == 200
    served.clock.move(days=1)
    assert served.client.get("/days", headers=headers).status_code == 401
    served.clock.move(days=-1)
    assert served.client.get("/days", headers=headers).status_code == 200
    served.ask("DELETE", f"/keys/{made['key']['id']}")
    assert served.client.get("/days", headers=headers).status_code == 401


def test_the_database_keeps_no_token(served: Served) -> None:
    made = served.post("/keys", {"name": "li", "role": "viewer"}).json()
    secret = made["token"].split("_", 2)[2]
    file = served.service.store.engine.url.database
    assert all(secret.encode() not in part for part in _files(file))


def _files(name: str) -> list[bytes]:
    from pathlib import Path

    return [path.read_bytes() for path in Path(name).parent.glob(Path(name).name + "*")]


def test_a_browser_signs_in_and_its_changes_need_the_token_of_the_session(served: Served) -> None:
    signed = served.client.post("/session", json={"token": served.tokens["admin"]})
    assert signed.status_code == 201
    cookie = signed.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    body = {"name": "li", "role": "viewer"}
    refused = served.client.post("/keys", json=body)
    assert (refused.status_code, problem_of(refused)["code"]) == (403, "A1007")
    csrf = served.client.get("/session").json()["csrf"]
    assert csrf == signed.json()["csrf"]
    made = served.client.post("/keys", json=body, headers={CSRF_HEADER: csrf})
    assert made.status_code == 201
    assert served.client.delete("/session", headers={CSRF_HEADER: csrf}).status_code == 204
    served.client.cookies.set("servicenet_session", "x")
    assert served.client.get("/days").status_code == 401


def test_a_session_ends_with_its_time_and_with_its_key(served: Served) -> None:
    served.client.post("/session", json={"token": served.tokens["viewer"]})
    assert served.client.get("/session").json()["role"] == "viewer"
    served.clock.at += served.service.options.session + timedelta(seconds=1)
    assert served.client.get("/session").status_code == 401


def test_a_route_without_a_right_is_not_mounted() -> None:
    from fastapi import APIRouter

    router = APIRouter()

    @router.get("/plugin")
    def plugin() -> str:
        return "open to all"

    with pytest.raises(ValueError, match="/plugin declares no right"):
        check_rights(router)


def test_a_mistake_of_ours_is_a_problem_and_its_text_stays_in_no_log(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from dispatch.api.logs import JsonLines

    def broken() -> None:
        raise RuntimeError("customer 13900001234")

    monkeypatch.setattr(served.service.queue, "count", broken)
    with caplog.at_level(logging.INFO):
        answer = served.get("/metrics")
    assert (answer.status_code, problem_of(answer)["code"]) == (500, "A1013")
    lines = [JsonLines().format(record) for record in caplog.records]
    assert any("RuntimeError" in line for line in lines)
    assert not any("13900001234" in line for line in lines)


def test_health_is_open_and_readiness_waits_for_the_roads(served: Served) -> None:
    assert served.get("/healthz", "nobody").json()["status"] == "ok"
    _ = served.service.desk
    assert served.get("/readyz", "nobody").status_code == 200
    served.service._desk = None
    assert problem_of(served.get("/readyz", "nobody"))["status"] == 503
