"""Days, plans and files through the door, on both databases."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest

from dispatch.adapters.files import write_day
from dispatch.api.news import AnyHappening
from dispatch.api.worker import Worker
from dispatch.domain.disruption import LIVE_KINDS
from geo.estimated import EstimatedTravel
from tests.days import outlet, technician, tiny_day, visit
from tests.services import Served

ZIP = {"Content-Type": "application/zip"}


def another(name: str):
    return tiny_day([visit("V1", 1), visit("V2", 2)], [technician("T1")], [outlet()]).model_copy(
        update={"id": name}
    )


def test_a_repeated_request_changes_nothing_and_gets_the_same_answer(
    served_by_both: Served,
) -> None:
    headers = {"Idempotency-Key": "call-1"}
    first = served_by_both.send_day(another("a"), headers=headers)
    again = served_by_both.send_day(another("a"), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.headers["etag"] == '"1"'
    reused = served_by_both.send_day(another("b"), headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (409, "S2007")
    without = served_by_both.send_day(another("a"))
    assert (without.status_code, without.json()["code"]) == (409, "S2002")


def test_what_was_set_aside_can_be_read_later_and_repeats_no_address(served: Served) -> None:
    day = another("a").model_dump(mode="json")
    place = {"address": "金丝雀路七十七号"}
    day["visits"].append({**day["visits"][0], "id": "V9", "place": place})
    taken = served.post("/days", day).json()
    (aside,) = taken["quarantined"]
    assert (aside["visit"], aside["code"][0]) == ("V9", "D")
    found = served.get("/days/a/faults", "dispatcher").json()
    assert found == {"quarantined": [aside], "warnings": taken["warnings"]}
    assert "金丝雀" not in str(taken)
    assert served.get("/days/tiny/faults").json()["quarantined"] == []
    served.service.vault.purge(served.clock() + timedelta(days=1))
    gone = served.get("/days/a/faults")
    assert (gone.status_code, gone.json()["code"]) == (404, "A1015")


def test_two_callers_may_use_one_idempotency_key(served: Served) -> None:
    headers = {"Idempotency-Key": "1"}
    assert served.send_day(another("a"), "admin", headers=headers).status_code == 201
    assert served.send_day(another("b"), "dispatcher", headers=headers).status_code == 201


def test_a_search_is_queued_once_runs_and_is_put_in_force(served_by_both: Served) -> None:
    served = served_by_both
    served.send_day(another("a"))
    body, headers = {"seconds": 1, "max_iterations": 20}, {"Idempotency-Key": "plan-1"}
    asked = served.post("/days/a/plans", body, headers=headers)
    assert asked.status_code == 202
    job = asked.json()
    assert served.post("/days/a/plans", body, headers=headers).json()["id"] == job["id"]
    assert len(served.get("/days/a/plans").json()["items"]) == 1
    waiting = served.get(asked.headers["location"]).json()
    assert (waiting["job"]["state"], waiting["plan"]) == ("queued", None)
    assert Worker(served.service).work_once()
    done = served.get(asked.headers["location"]).json()
    assert (done["job"]["state"], done["job"]["version"]) == ("done", 2)
    assert done["plan"]["status"] == "feasible"
    plan = served.get("/days/a/plan")
    assert plan.json() == done["plan"]
    assert plan.headers["etag"] == '"2"'
    assert served.get("/days/a/plan", headers={"If-None-Match": '"2"'}).status_code == 304
    assert not Worker(served.service).work_once()


def test_a_plan_made_for_an_older_day_is_kept_but_not_put_in_force(served: Served) -> None:
    served.send_day(another("a"))
    body = {"seconds": 1, "max_iterations": 5}
    names = [served.post("/days/a/plans", body).json()["id"] for _ in range(2)]
    worker = Worker(served.service)
    assert worker.work_once()
    assert worker.work_once()
    jobs = [served.get(f"/days/a/plans/{name}").json()["job"] for name in names]
    # The clock stands still here, so either of the two may have been the first.
    late, first = sorted(jobs, key=lambda job: job["version"] or 0)
    assert (first["version"], late["version"]) == (2, None)
    assert late["fault"]["code"] == "S2003"
    assert late["has_plan"]


def test_a_search_that_waits_can_be_stopped(served: Served) -> None:
    name = served.post("/days/tiny/plans", {"seconds": 1}).json()["id"]
    stopped = served.ask("DELETE", f"/days/tiny/plans/{name}")
    assert stopped.status_code == 202
    assert (stopped.json()["state"], stopped.json()["fault"]["code"]) == ("failed", "A2103")
    assert not Worker(served.service).work_once()


def test_the_queue_has_a_limit(served: Served) -> None:
    most = served.service.options.limits.jobs
    asked = [served.post("/days/tiny/plans", {"seconds": 1}) for _ in range(most + 1)]
    assert [answer.status_code for answer in asked] == [202] * most + [429]
    assert asked[-1].headers["retry-after"] == "5"


def test_a_search_longer_than_allowed_is_refused(served: Served) -> None:
    most = served.service.options.limits.solve_s
    answer = served.post("/days/tiny/plans", {"seconds": most + 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "A1011")


def test_if_match_names_the_version_a_search_is_for(served: Served) -> None:
    wrong = served.post("/days/tiny/plans", {}, headers={"If-Match": '"1"'})
    assert (wrong.status_code, wrong.json()["code"]) == (412, "A1008")
    assert served.post("/days/tiny/plans", {}, headers={"If-Match": '"2"'}).status_code == 202


def test_a_plan_made_by_hand_is_judged(served: Served) -> None:
    served.service._travel = EstimatedTravel()  # as the process of the search has it
    served.send_day(another("a"))
    served.post("/days/a/plans", {"seconds": 1, "max_iterations": 5})
    Worker(served.service).work_once()
    plan = served.get("/days/a/plan").json()
    assert served.post("/days/a/analysis", plan).json()["ok"]
    route = plan["routes"][0]["stops"]
    route.append({**route[1], "arrival": route[2]["arrival"]})  # one visit twice
    bad = served.post("/days/a/analysis", plan).json()
    assert not bad["ok"]
    assert any(route[1]["visit"] in one["where"] for one in bad["violations"])
    assert served.get("/days/a/plan").json() != plan


@pytest.mark.parametrize("kind", ["zip", "xlsx", "json"])
def test_a_day_comes_in_as_tables_workbook_or_json(
    served: Served, kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("upload")
    day = another("sent")
    if kind == "zip":
        write_day(day, folder / "tables")
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as package:
            for path in (folder / "tables").iterdir():
                package.write(path, f"day/{path.name}")
        body, media = file.getvalue(), "application/zip"
    else:
        path = folder / f"day.{kind}"
        write_day(day, path)
        body = path.read_bytes()
        media = {
            "json": "application/json",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }[kind]
    answer = served.ask("POST", "/days", content=body, headers={"Content-Type": media})
    assert answer.status_code == 201, answer.text
    assert answer.json()["visits"] == 2
    assert served.get("/days/sent").json()["technicians"][0]["id"] == "T1"


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04broken", b"not a zip"])
def test_a_damaged_zip_is_a_fault_of_the_caller(served: Served, body: bytes) -> None:
    answer = served.ask("POST", "/days", content=body, headers=ZIP)
    assert (answer.status_code, answer.json()["code"]) == (400, "A1016")


def test_a_zip_of_many_tables_is_refused(served: Served) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for number in range(41):
            package.writestr(f"{number}.csv", "id\n")
    assert served.ask("POST", "/days", content=file.getvalue(), headers=ZIP).status_code == 400


def test_a_broken_day_comes_back_with_every_fault(served: Served) -> None:
    day = another("broken").model_dump(mode="json")
    day["visits"][0]["service_s"] = "long"
    day["technicians"][0]["shifts"] = []
    answer = served.post("/days", day)
    assert answer.status_code == 422
    assert len(answer.json()["faults"]) >= 2


def test_lists_come_in_pages_that_lead_to_each_other(served: Served) -> None:
    for name in ("a", "b", "c"):
        served.send_day(another(name))
    seen, path = [], "/days?limit=2"
    while path:
        page = served.get(path).json()
        seen.append([day["id"] for day in page["items"]])
        path = page["next"]
    assert seen == [["a", "b"], ["c", "tiny"]]
    events = served.get("/days/tiny/events?limit=1").json()
    assert [one["kind"] for one in events["items"]] == ["day_opened"]
    assert [one["kind"] for one in served.get(events["next"]).json()["items"]] == ["day_revised"]


def test_files_leave_in_every_form(served: Served) -> None:
    for name, head in (("plan.xlsx", b"PK"), ("calendars.zip", b"PK"), ("plan.json", b"{")):
        answer = served.get(f"/days/tiny/files/{name}")
        assert answer.content.startswith(head)
        assert name in answer.headers["content-disposition"]


def test_the_api_takes_every_kind_of_news(served: Served) -> None:
    union = AnyHappening.__origin__
    assert set(union.__args__) <= set(LIVE_KINDS)
    missing = {kind.__name__ for kind in LIVE_KINDS} - {kind.__name__ for kind in union.__args__}
    # Decisions have routes of their own.
    assert missing <= {"Decided", "SlotHeld", "SlotReleased"}
