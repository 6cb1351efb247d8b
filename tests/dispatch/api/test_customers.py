"""Customers: sealed in the database, masked at the door, opened with a reason, never in a log."""

from __future__ import annotations

import json
import logging
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from dispatch.adapters.secrets import Sealer, open_key
from dispatch.adapters.secrets_vault import Contact, Vault
from dispatch.api.app import routes_of
from dispatch.api.logs import JsonLines
from dispatch.api.retention import RULES, purge
from dispatch.domain import Customer
from dispatch.errors import InvalidRequest, StoreError
from tests.days import spot, visit
from tests.services import ADDRESS, CANARIES, NAME, PHONE, Served, canary_day


def holds_canary(text: str) -> bool:
    return any(word in text or json.dumps(word)[1:-1] in text for word in CANARIES)


def everything_in(answer) -> str:
    """The text of an answer; packages are unpacked."""
    if answer.content[:2] != b"PK":
        return answer.text + str(answer.headers)
    with zipfile.ZipFile(BytesIO(answer.content)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_no_file_of_the_database_holds_a_customer(served: Served) -> None:
    name = served.service.store.engine.url.database
    for path in Path(name).parent.glob(Path(name).name + "*"):
        data = path.read_bytes()
        assert not any(word.encode() in data for word in CANARIES), path
    with served.service.store.read() as reader:
        text = reader.get_document("tiny").model_dump_json()
    assert not holds_canary(text)
    assert text.count("vault:") == 2 * len(canary_day().visits)


@pytest.mark.parametrize("role", ["viewer", "planner", "technician", "dispatcher", "admin"])
def test_no_page_shows_a_customer_to_anybody_who_did_not_say_why(
    served: Served, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    served.service.hub._stopped = True
    paths = [route.path for route in routes_of(served.client.app) if "GET" in route.methods]
    files = [f"/days/tiny/files/{name}" for name in ("day.json", "plan.json", "plan.xlsx",
                                                      "calendars.zip")]  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        for path in [*paths, *files, "/days/tiny/visits/V1"]:
            filled = path.replace("{day}", "tiny").replace("{visit}", "V1")
            text = everything_in(served.get(filled, role))
            assert not holds_canary(text), path
            assert "vault:" not in text, path
    assert not holds_canary(caplog.text)


def test_the_office_sees_customers_masked_and_viewers_nothing_of_them(served: Served) -> None:
    office = served.get("/days/tiny", "dispatcher").json()["visits"][0]
    assert office["customer"] == {"name": "欧****", "phone": "139****1234"}
    assert office["place"]["address"] == "******"  # 11 signs: less than half could be hidden
    viewer = served.get("/days/tiny", "viewer").json()["visits"][0]
    assert (viewer["customer"], viewer["place"]["address"]) == (None, None)


def test_a_customer_is_opened_with_a_reason_that_stands_in_the_audit(served: Served) -> None:
    path = "/days/tiny/visits/V1/contact"
    assert served.post(path, {}, "dispatcher").status_code == 422
    found = served.post(path, {"reason": "calls back"}, "dispatcher").json()
    assert found == {"visit": "V1", "name": NAME, "phone": PHONE, "address": ADDRESS}
    line = served.get("/audit").json()[0]
    assert (line["by"], line["what"], line["reason"]) == (
        "dispatcher:dispatcher", "unmasked", "calls back",
    )  # fmt: skip
    assert line["subject"] == "day tiny visit V1"


def test_a_technician_opens_own_customers_and_no_others(served: Served) -> None:
    # V1 is T1's, V4 is T2's.
    def ask(who: str, name: str):
        body = {"day": "tiny", "visit": name, "reason": "at the door"}
        return served.post("/me/contact", body, who)

    assert ask("technician", "V1").json()["phone"] == PHONE
    assert ask("technician", "V4").status_code == 403
    assert ask("other_technician", "V4").json()["phone"] == PHONE
    assert ask("technician", "V99").status_code == 403
    assert ask("south_technician", "V1").status_code == 403


def test_news_with_customers_are_sealed_before_they_reach_the_log(served: Served) -> None:
    served.clock.move(hours=1)
    fresh = visit("E1", 2, 2, priority="emergency").model_copy(
        update={
            "customer": Customer(name=NAME, phone=PHONE),
            "place": spot(2, 2).model_copy(update={"address": ADDRESS}),
        }
    )
    moment = served.clock().isoformat()
    news = {
        "kind": "emergency_raised",
        "happened_at": moment,
        "visit": fresh.model_dump(mode="json"),
    }
    answer = served.post("/days/tiny/events", {"what": news}, "dispatcher")
    assert answer.status_code == 201, answer.text
    place = {**spot(3, 3).model_dump(), "address": ADDRESS}
    moved = {"kind": "address_corrected", "happened_at": moment, "visit": "V3", "place": place}
    assert served.post("/days/tiny/events", {"what": moved}, "dispatcher").status_code == 201
    with served.service.store.read() as reader:
        text = "".join(event.model_dump_json() for event in reader.events())
    assert not holds_canary(text)
    found = served.post("/days/tiny/visits/E1/contact", {"reason": "call"}, "dispatcher").json()
    assert found["phone"] == PHONE
    found = served.post("/days/tiny/visits/V3/contact", {"reason": "call"}, "dispatcher").json()
    assert (found["name"], found["address"]) == (NAME, ADDRESS)


def test_a_fault_in_a_personal_field_does_not_repeat_it(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    day = canary_day().model_dump(mode="json")
    day["id"] = "other"
    day["visits"][0]["customer"] = {"name": NAME, "phone": [PHONE]}
    day["visits"][1]["customer"] = NAME
    with caplog.at_level(logging.DEBUG):
        answer = served.post("/days", day)
    assert answer.status_code == 422
    assert not holds_canary(answer.text)
    assert not holds_canary("".join(JsonLines().format(record) for record in caplog.records))


def test_a_reference_sent_from_outside_opens_nothing(served: Served) -> None:
    with served.service.store.read() as reader:
        reference = reader.get_document("tiny").visits[0].customer.name
    day = canary_day().model_copy(update={"id": "thief"})
    thief = day.visits[0].model_copy(update={"customer": Customer(name=reference)})
    served.send_day(day.model_copy(update={"visits": (thief,), "technicians": day.technicians}))
    with served.service.store.read() as reader:
        stolen = reader.get_document("thief").visits
    assert served.service.vault.contacts(stolen)["V1"].name == reference  # the text, no customer


def test_what_is_kept_too_long_is_purged_and_reported(served: Served) -> None:
    now = served.clock()
    rule = RULES["customers"]
    kept = purge(served.service.store, now + timedelta(days=rule.most_days - 1))
    assert {one.kind: one.deleted for one in kept}["customers"] == 0
    with pytest.raises(InvalidRequest, match="A2301"):
        purge(served.service.store, now, {"customers": rule.least_days - 1})
    gone = purge(served.service.store, now + timedelta(days=rule.least_days + 1),
                 {"customers": rule.least_days})  # fmt: skip
    kept_for = len(canary_day().visits) + 1  # one for the faults of the file
    assert {one.kind: one.deleted for one in gone}["customers"] == kept_for
    assert served.get("/days/tiny", "dispatcher").json()["visits"][0]["customer"] is None
    assert served.service.store.check_log() == ()


def test_another_key_opens_nothing(served: Served) -> None:
    with served.service.store.read() as reader:
        visits = reader.get_document("tiny").visits
    stranger = Vault(served.service.store.engine, Sealer(bytes(32)))
    with pytest.raises(StoreError, match="A2002"):
        stranger.contacts(visits)


def test_the_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "day.key"
    first = open_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_key(path).sign(b"x") == first.sign(b"x")
    path.chmod(0o644)
    with pytest.raises(StoreError, match="A2001"):
        open_key(path)


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (Contact("张三丰", "13812345678", "南京西路1号"), ("张****", "138****5678", "******")),
        (Contact("Li", "110", ""), ("L****", "***", "")),
        (Contact("", "", "No. 77 Long Street, Wuhan"), ("", "", "No. 77****")),
    ],
)  # fmt: skip
def test_a_masked_contact_hides_half_or_four_signs(
    contact: Contact, shown: tuple[str, ...]
) -> None:
    masked = contact.masked()
    assert (masked.name, masked.phone, masked.address) == shown
