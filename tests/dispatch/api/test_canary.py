"""Personal data in every field there is: found nowhere but where somebody may read it.

The canaries: customers (name, phone, address), a sentence about a customer in every text somebody
can write, a technician's name and the address where one lives, an address in a place that is seen,
names of uploaded files.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.adapters.secrets_vault import Vault
from dispatch.adapters.store.service_tables import FORM
from dispatch.api import hook_sender, routes_stream
from dispatch.api.app import routes_of
from dispatch.api.entry import caller_of_token
from dispatch.api.hook_sender import HookSender
from dispatch.api.hub import EventHub
from dispatch.api.logs import JsonLines
from dispatch.api.metrics import Metrics
from dispatch.api.options import Options
from dispatch.domain import Day
from tests.live_days import live_plan
from tests.services import ADDRESS, NAME, PHONE, REGION, Served, canary_day, serving
from tests.stores import POSTGRES, SQLITE

WORD = "金丝雀自由文本"
"""Stands for a customer's name in a sentence."""
TEXT = f"{WORD} asked for it"
PERSON, HOME, SEEN, FILE = "技师卡纳里", "金丝雀街九号二楼", "金丝雀巷三号门口", "客户卡纳里名单"
CUSTOMER = (NAME, PHONE, ADDRESS, WORD, HOME, SEEN, FILE)
"""What no page shows unasked, to whomever; texts the office reads are read there."""
HOST = "hooks.example"
HOUR = "2026-03-02T08:00:00+08:00"


def holds(text: str, words: tuple[str, ...]) -> set[str]:
    """Return the words a text holds, as they are or as JSON escapes them."""
    return {word for word in words if word in text or json.dumps(word)[1:-1] in text}


def flooded_day(name: str = "tiny") -> Day:
    """The live day with every personal field filled; T3 may not go to V7, but for a waiver."""
    day = canary_day()
    people = []
    for one in day.technicians:
        start = day.outlets[0].place.model_copy(update={"address": HOME})
        people.append(one.model_copy(update={"name": PERSON, "start": start, "end": start}))
    visits = [
        one.model_copy(update={"excluded": ("T3",)}) if one.id == "V7" else one
        for one in day.visits
    ]
    return day.model_copy(
        update={"id": name, "visits": tuple(visits), "technicians": tuple(people)}
    )


def out_day() -> Day:
    """A day somebody is out at the beginning of, at an address."""
    day = flooded_day("out")
    first = day.technicians[0]
    place = day.outlets[0].place.model_copy(update={"address": HOME})
    shift = first.shifts[0].model_copy(update={"out_at": place})
    people = (first.model_copy(update={"shifts": (shift,)}), *day.technicians[1:])
    return day.model_copy(update={"technicians": people})


def post(served: Served, path: str, body: object, role: str = "dispatcher") -> Any:
    answer = served.post(path, body, role, headers={"X-Request-Id": PHONE})
    assert answer.status_code < 300, (path, answer.text)
    return answer.json()


class Logged(logging.Handler):
    """Keeps the log of the service; the client of the tests has one of its own."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("httpx"):
            self.lines.append(JsonLines().format(record))


@contextmanager
def logged() -> Iterator[Logged]:
    """Keep everything that is logged."""
    root, kept = logging.getLogger(), Logged()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        root.removeHandler(kept)
        root.setLevel(before)


@pytest.fixture(scope="module", params=[SQLITE])
def everything(request: pytest.FixtureRequest) -> Iterator[Served]:
    """The live day after everything in which somebody can write was written in; for reading."""
    place = request.getfixturevalue(f"{request.param}_place")
    told: list[bytes] = []
    options = Options(webhook_hosts=frozenset({HOST}))
    with (
        pytest.MonkeyPatch.context() as patch,
        logged() as log,
        serving(place.new_store(), options) as served,
    ):
        patch.setattr(hook_sender, "_post", lambda _, body, __: told.append(body) or 204)
        post(served, "/webhooks", {"url": f"https://{HOST}/in"}, "admin")
        served.send_day(flooded_day(), params={"region": REGION})
        served.send_day(out_day(), params={"region": REGION})
        served.put_in_force(live_plan())
        served.clock.move(hours=1)
        write_everywhere(served)
        for path, body in broken():
            assert served.post(path, body, "dispatcher").status_code >= 400, path
        served.get(f"/days/{PHONE}/board?q={WORD}")
        served.get(f"/{NAME}/{PHONE}")
        HookSender(served.service).send_due()
        assert len(told) > 10
        assert holds(b"".join(told).decode(), (*CUSTOMER, PERSON)) == set()
        assert len(log.lines) > 10
        assert holds("".join(log.lines), (*CUSTOMER, PERSON)) == set()
        yield served


@pytest.fixture
def written(everything: Served) -> Iterator[Served]:
    """The same; what a test asks for leaves nothing in the log either."""
    with logged() as log:
        yield everything
    assert holds("".join(log.lines), (*CUSTOMER, PERSON)) == set()


def write_everywhere(served: Served) -> None:
    day = "/days/tiny"

    def news(role: str = "dispatcher", **what: object) -> None:
        body: dict[str, object] = {"what": {"happened_at": HOUR, **what}}
        post(served, f"{day}/events" if role == "dispatcher" else "/me/events",
             body if role == "dispatcher" else {**body, "day": "tiny"}, role)  # fmt: skip

    seen = {"lon": 121.0, "lat": 31.0, "address": SEEN}
    news(kind="visit_canceled", visit="V5", reason=TEXT)
    post(served, f"{day}/undo", {"reason": TEXT})
    news(kind="technician_seen", technician="T1", place=seen)
    news("technician", kind="technician_seen", technician="T1", place=seen)
    news(kind="address_corrected", visit="V3", place={"lon": 121.03, "lat": 31, "address": SEEN})
    customer = {"name": NAME, "phone": PHONE}
    place = {"lon": 121.01, "lat": 31.01, "address": ADDRESS}
    fresh = {"place": place, "service_s": 1800, "customer": customer}
    urgent = {**fresh, "id": "E1", "priority": "emergency", "received_at": HOUR}
    offer = post(served, f"{day}/emergencies", {"visit": urgent})
    post(served, f"{day}/emergencies/{offer['id']}/choose", {"index": 0, "why": TEXT})
    news(kind="visit_added", visit={**fresh, "id": "N1"})
    move = {"visit": "V7", "technician": "T3", "waivers": [{"rule": "excluded", "why": TEXT}]}
    post(served, f"{day}/moves/preview", move)
    post(served, f"{day}/moves", move)
    customer_asks = {"id": "S1", "place": place, "service_s": 1800}
    asked = {"days": ["tiny"], "customers": [customer_asks]}
    slot = post(served, "/slots", asked)["S1"][0]
    post(served, f"{day}/holds", {"slot": slot, "customer": customer_asks})
    name = post(served, f"{day}/replans", {"seconds": 0.2})["id"]
    served.when_over(f"{day}/replans/{name}")
    post(served, f"{day}/replans/{name}/accept", {"why": TEXT})
    post(served, f"{day}/plans", {"seconds": 1, "max_iterations": 1, "reason": TEXT})
    post(served, f"{day}/orders", {"request": {"order": "W1", "visit": "V4"}})
    step = {"step": "cancel", "details": {"reason": TEXT}}
    post(served, f"{day}/orders/W1/steps", step)
    report = {"day": "tiny", "visit": "V1", "text": TEXT, "cause": TEXT, "signed_by": WORD,
              "id_shown": True, "price_fen": 12_000, "test": "passed"}  # fmt: skip
    post(served, "/me/reports", report, "technician")
    post(served, f"{day}/visits/V1/contact", {"reason": TEXT})
    post(served, "/me/contact", {"day": "tiny", "visit": "V1", "reason": TEXT}, "technician")
    ring = [[122.0, 32.0], [122.1, 32.0], [122.1, 32.1]]
    area = {"name": TEXT, "ring": ring, "start": HOUR, "end": "2026-03-02T09:00:00+08:00",
            "percent": 50}  # fmt: skip
    news(kind="traffic_changed", area=area)
    post(served, f"{day}/undo", {"reason": TEXT})  # the roads of the tests know no traffic


def broken() -> list[tuple[str, object]]:
    """Requests that are refused, with canaries in them."""
    day = flooded_day("broken").model_dump(mode="json")
    day["visits"][0]["customer"] = {"name": NAME, "phone": [PHONE]}
    day["visits"][1]["place"] = {"address": ADDRESS}
    day["technicians"][0]["start"] = {"address": HOME}
    return [
        ("/days", day),
        ("/days/tiny/undo", {"reason": TEXT * 500}),
        ("/days/tiny/undo", {"reason": TEXT, "sequence": 99_999}),
        ("/days/tiny/undo", {"reason": [TEXT]}),
        ("/days/tiny/plans", {"seconds": 1, "reason": TEXT * 200}),
        ("/days/tiny/emergencies/none/choose", {"index": 0, "why": TEXT}),
        ("/days/tiny/replans/none/accept", {"why": TEXT}),
        ("/days/tiny/moves", {"visit": "V9", "waivers": [{"rule": "excluded", "why": TEXT}]}),
        ("/days/tiny/moves", {"visit": "V4", "waivers": [{"rule": TEXT, "why": [TEXT]}]}),
        ("/days/tiny/orders/W9/steps", {"step": "cancel", "details": {"reason": TEXT}}),
        ("/days/tiny/orders/W1/steps", {"step": "cancel", "details": {"reason": {"a": TEXT}}}),
        ("/days/tiny/visits/V1/contact", {"reason": TEXT * 100}),
    ]


@pytest.mark.parametrize("everything", [SQLITE, POSTGRES], indirect=True)
def test_no_row_of_the_database_and_no_line_of_its_export_holds_one(written: Served) -> None:
    engine = written.service.store.engine
    with engine.connect() as connection:
        for table in FORM.tables.values():
            for row in connection.execute(select(table)):
                values = [value for value in row if isinstance(value, str | bytes)]
                texts = [v.decode("utf-8", "replace") if isinstance(v, bytes) else v
                         for v in values]  # fmt: skip
                assert holds("".join(texts), CUSTOMER) == set(), table.name
    out = io.StringIO()
    written.service.store.export_log(out)
    assert holds(out.getvalue(), CUSTOMER) == set()
    with written.service.store.read() as reader:
        events = [event.model_dump_json() for event in reader.events()]
        documents = [reader.get_document(name).model_dump_json() for name in ("tiny", "out")]
    assert holds("".join([*events, *documents]), CUSTOMER) == set()


def pages(served: Served) -> list[str]:
    """Return every path that is read, of both days, with what there is on them."""
    job = served.get("/days/tiny/plans").json()["items"][0]["id"]
    values = {"visit": "V1", "order": "W1", "plan": job, "row": "T1.0", "replan": "none",
              "webhook": "none", "file": "board/main.js", "z": "0", "x": "0", "y": "0"}  # fmt: skip
    found = []
    for route in routes_of(served.client.app):
        if "GET" not in (route.methods or ()):
            continue
        for day in ("tiny", "out"):
            for file in ("day.json", "plan.json", "plan.xlsx", "calendars.zip"):
                known = {**values, "day": day, "name": file}
                path = re.sub(r"\{(\w+)(:\w+)?\}", lambda m, v=known: v.get(m[1], "0"), route.path)
                found.append(path) if path not in found else None
    return [*found, "/days/tiny/orders/V1", "/print", "/me/day?day=tiny", "/days/tiny?version=1"]


def text_of(answer: Any) -> str:
    if answer.content[:2] != b"PK":
        return answer.text + str(answer.headers)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


READ_BY = {
    "viewer": {PERSON}, "planner": set(), "technician": {PERSON}, "other_technician": {PERSON},
    "south_dispatcher": set(), "south_viewer": set(), "nobody": set(),
    "dispatcher": {PERSON, WORD}, "admin": {PERSON, WORD},
}  # fmt: skip
"""What pages show unasked, by role: who is at work, and to the office what was written."""


@pytest.mark.parametrize("role", sorted(READ_BY))
def test_no_page_shows_more_than_its_role_may_see(
    written: Served, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written.service.hub, "_stopped", True)  # streams end at once
    shown: set[str] = set()
    for path in pages(written):
        text = text_of(written.get(path, role))
        found = holds(text, (*CUSTOMER, PERSON))
        assert found <= READ_BY[role], path
        assert "vault:" not in text, path
        assert "sealed:" not in text, path
        shown |= found
    assert shown == READ_BY[role]
    for path, body in broken():
        text = written.post(path, body, role).text
        assert holds(text, (*CUSTOMER, PERSON)) == set(), path


@pytest.mark.parametrize("role", ["viewer", "dispatcher", "technician", "other_technician"])
def test_no_stream_tells_one(written: Served, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes_stream, "IDLE_S", 0.05)
    who = caller_of_token(written.service, written.tokens[role])
    # A hub nobody else fills: all is read from the log.
    hub = EventHub(written.service.store, Metrics())
    monkeypatch.setattr(written.service, "hub", hub)
    with written.service.store.read() as reader:
        hub.head = reader.head().sequence

    async def listen() -> str:
        told = b""
        async for line in routes_stream._lines(written.service, who, "tiny", 0):
            told += line
            if line.startswith(b": nothing"):
                return told.decode()
        raise AssertionError("the stream ended")

    lines = asyncio.run(listen())
    assert lines.count("id: ") > 3
    assert holds(lines, (*CUSTOMER, PERSON)) == set()


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
    reasons = [one["reason"] for one in written.get("/days/tiny/versions").json()["items"]]
    assert TEXT in reasons


def test_only_an_admin_reads_why_customers_were_looked_at(written: Served) -> None:
    lines = written.get("/audit").json()
    assert [one["reason"] for one in lines if one["what"] == "unmasked"] == [TEXT, TEXT]
    assert written.get("/audit", "dispatcher").status_code == 403


def test_a_text_that_was_forgotten_is_said_to_have_been_there(
    written: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Vault, "open_texts", lambda *_: {})
    order = written.get("/days/tiny/orders/W1", "dispatcher").json()["order"]
    assert [step["details"]["reason"] for step in order["steps"]][-1] == "(sealed)"


def test_the_name_of_an_uploaded_file_is_not_repeated(served: Served) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as package:
        package.writestr(f"{FILE}.csv", "a,b\n1,2\n")
        package.writestr(f"{FILE}/visits.csv", f"id,phone\nV1,{PHONE}\n")
    with logged() as log:
        headers = {"Content-Type": "application/zip"}
        answer = served.ask("POST", "/days", content=body.getvalue(), headers=headers)
    assert answer.status_code == 422
    assert len(log.lines) > 0
    assert holds("".join(log.lines), CUSTOMER) == set()
    assert holds(answer.text, CUSTOMER) == set()
    assert "part-1.csv" in answer.text
