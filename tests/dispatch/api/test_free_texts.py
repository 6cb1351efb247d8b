"""A customer named in any text somebody writes: found nowhere but where the office reads it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.adapters.secrets_vault import Vault
from dispatch.api.app import routes_of
from dispatch.api.hook_sender import HookSender
from dispatch.api.logs import JsonLines
from tests.services import Served

WORD = "金丝雀自由文本"
"""Stands for a customer's name in a sentence."""
TEXT = f"{WORD} asked for it"


def post(served: Served, path: str, body: object, role: str = "dispatcher") -> dict:
    answer = served.post(path, body, role)
    assert answer.status_code < 300, (path, answer.text)
    return answer.json()


@pytest.fixture
def written(served: Served, caplog: pytest.LogCaptureFixture) -> Iterator[Served]:
    """The live day after everything in which somebody can write was written in."""
    served.clock.move(hours=1)
    now = served.clock().isoformat()
    with caplog.at_level(logging.DEBUG):
        cancel = {"kind": "visit_canceled", "happened_at": now, "visit": "V5", "reason": TEXT}
        post(served, "/days/tiny/events", {"what": cancel})
        post(served, "/days/tiny/undo", {"reason": TEXT})
        urgent = {"id": "E1", "place": {"lon": 121.01, "lat": 31.01}, "service_s": 1800,
                  "priority": "emergency", "received_at": now}  # fmt: skip
        offer = post(served, "/days/tiny/emergencies", {"visit": urgent})
        choose = f"/days/tiny/emergencies/{offer['id']}/choose"
        post(served, choose, {"index": 0, "why": TEXT})
        post(served, "/days/tiny/plans", {"seconds": 1, "reason": TEXT})
        post(served, "/days/tiny/orders", {"request": {"order": "W1", "visit": "V4"}})
        step = {"step": "cancel", "details": {"reason": TEXT}}
        post(served, "/days/tiny/orders/W1/steps", step)
        report = {
            "day": "tiny",
            "visit": "V1",
            "text": TEXT,
            "cause": TEXT,
            "signed_by": WORD,
            "id_shown": True,
            "price_fen": 12_000,
            "test": "passed",
        }
        post(served, "/me/reports", report, "technician")
        for path, body in broken():
            assert served.post(path, body, "dispatcher").status_code >= 400, path
        HookSender(served.service).send_due()
        yield served
    lines = "".join(JsonLines().format(record) for record in caplog.records)
    assert WORD not in lines + caplog.text


def broken() -> list[tuple[str, object]]:
    """Requests that are refused, with the text in them."""
    return [
        ("/days/tiny/undo", {"reason": TEXT * 500}),
        ("/days/tiny/undo", {"reason": TEXT, "sequence": 99_999}),
        ("/days/tiny/undo", {"reason": [TEXT]}),
        ("/days/tiny/plans", {"seconds": 1, "reason": TEXT * 200}),
        ("/days/tiny/emergencies/none/choose", {"index": 0, "why": TEXT}),
        ("/days/tiny/orders/W9/steps", {"step": "cancel", "details": {"reason": TEXT}}),
        ("/days/tiny/orders/W1/steps", {"step": "cancel", "details": {"reason": {"a": TEXT}}}),
        ("/days/tiny/visits/V1/contact", {"reason": TEXT * 100}),
    ]


def test_no_file_of_the_database_and_no_event_holds_a_text(written: Served) -> None:
    name = written.service.store.engine.url.database
    for path in Path(name).parent.glob(Path(name).name + "*"):
        data = path.read_bytes()
        escaped = json.dumps(WORD)[1:-1].encode()
        assert WORD.encode() not in data, path
        assert escaped not in data, path
    with written.service.store.read() as reader:
        assert WORD not in "".join(event.model_dump_json() for event in reader.events())


@pytest.mark.parametrize("role", ["viewer", "planner", "technician", "other_technician"])
def test_no_page_of_a_role_that_may_not_see_customers_shows_a_text(
    written: Served, role: str
) -> None:
    written.service.hub._stopped = True
    paths = [route.path for route in routes_of(written.client.app) if "GET" in route.methods]
    files = [f"/days/tiny/files/{name}" for name in ("plan.json", "plan.xlsx", "calendars.zip")]
    for path in [*paths, *files, "/metrics"]:
        filled = path.replace("{day}", "tiny").replace("{visit}", "V1").replace("{order}", "W1")
        answer = written.get(filled, role)
        text = answer.text + str(answer.headers)
        assert WORD not in text, path
        assert "vault:" not in text, path


def test_a_refusal_does_not_repeat_a_text(written: Served) -> None:
    for path, body in broken():
        assert WORD not in written.post(path, body, "dispatcher").text, path


def test_the_office_reads_what_was_written(written: Served) -> None:
    order = written.get("/days/tiny/orders/W1", "dispatcher").json()["order"]
    assert [step["details"]["reason"] for step in order["steps"]][-1] == TEXT
    kept = written.get("/days/tiny/orders/V1", "dispatcher").json()["order"]
    steps = [*kept["steps"], *kept["waiting"]]
    report = next(one["details"]["report"] for one in steps if one["details"].get("report"))
    assert (report["work"], report["cause"], report["signed_by"]) == (TEXT, TEXT, "(sealed)")
    assert (report["id_shown"], report["waste_handled"], report["price_fen"]) == (
        True,
        False,
        12_000,
    )


def test_a_text_that_was_forgotten_is_said_to_have_been_there(
    written: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Vault, "open_texts", lambda *_: {})
    order = written.get("/days/tiny/orders/W1", "dispatcher").json()["order"]
    assert [step["details"]["reason"] for step in order["steps"]][-1] == "(sealed)"
