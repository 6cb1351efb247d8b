"""``servicenet plan``: outputs, JSON, faults, exit codes, progress, Ctrl-C."""

from __future__ import annotations

import io
import json
import signal
from pathlib import Path

import pytest

from dispatch.adapters.files import read_plan, read_travel, write_day
from dispatch.cli.exit_codes import Exit
from dispatch.cli.progress import Interrupt, ProgressLine, describe_progress
from dispatch.cli.summary import summarize, summary_lines
from dispatch.domain import Day
from dispatch.errors import RefereeRejected
from dispatch.planning.daily import Progress
from dispatch.planning.travel import travel_digest
from dispatch.service import PlannedDay
from dispatch.standards import audit_day
from solver.errors import SolverUnavailable
from tests.command_line import run_here, start_apart
from tests.days import at, needs, shift, skills, technician, tiny_day, visit, window
from tests.waiting import PATIENCE_S
from tests.whole_days import DAY, PLAN, TABLE

FILES = [
    "calendars", "plan.gpkg", "plan.json", "plan.xlsx", "report.html", "routes.geojson",
    "travel.npz",
]  # fmt: skip


def small_day() -> Day:
    return tiny_day(
        [visit("V1", promises=(window("09:00", "11:00"),)), visit("V2", 0, 1), visit("V3", 2, 1)]
    )


@pytest.fixture
def day_file(tmp_path: Path) -> Path:
    write_day(small_day(), tmp_path / "day.json")
    return tmp_path / "day.json"


def test_a_day_becomes_four_files(
    capsys: pytest.CaptureFixture[str], day_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "out"
    ran = run_here(capsys, "plan", day_file, "--out", out, "--iterations", 50)
    assert ran.code == Exit.OK
    assert sorted(path.name for path in out.iterdir()) == FILES
    assert "3 of 3 visits served" in ran.out
    assert "travel is ESTIMATED" in ran.out
    plan = read_plan(out / "plan.json")
    assert plan.estimated_travel
    assert plan.iterations == 50
    assert plan.travel_hash == travel_digest(read_travel(out / "travel.npz"))


def test_json_is_one_object_with_status_figures_and_files(
    capsys: pytest.CaptureFixture[str], day_file: Path, tmp_path: Path
) -> None:
    words = ("plan", day_file, "--out", tmp_path / "out", "--iterations", 50, "--json")
    found = run_here(capsys, *words).json
    assert (found["ok"], found["exit_code"], found["status"]) == (True, 0, "feasible")
    assert found["figures"]["served"] == 3
    assert found["cost"]["total"] == sum(v for k, v in found["cost"].items() if k != "total")
    assert sorted(found["files"]) == FILES
    assert all(Path(path).exists() for path in found["files"].values())


def test_the_same_seed_and_iterations_give_the_same_plan(
    capsys: pytest.CaptureFixture[str], day_file: Path, tmp_path: Path
) -> None:
    plans = []
    for name in ("a", "b"):
        words = ("plan", day_file, "--out", tmp_path / name, "--iterations", 50, "--seed", 7)
        assert run_here(capsys, *words).code == Exit.OK
        plans.append(read_plan(tmp_path / name / "plan.json").model_dump(exclude={"runtime_s"}))
    assert plans[0] == plans[1]


def test_notes_of_the_plan_stand_in_the_summary(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    day_file: Path,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("dispatch.planning.choices.MAX_CHOICE_PAIRS", 1)
    words = ("plan", day_file, "--out", tmp_path / "out", "--iterations", 50)
    assert "note: choices of 2 assigned visits" in run_here(capsys, *words).out
    (note,) = run_here(capsys, *words, "--json").json["notes"]
    assert note.startswith("choices of 2 assigned visits")


def test_the_summary_speaks_chinese(
    capsys: pytest.CaptureFixture[str], day_file: Path, tmp_path: Path
) -> None:
    words = ("plan", day_file, "--out", tmp_path / "out", "--iterations", 5, "--lang", "zh")
    assert "3 单中安排 3 单" in run_here(capsys, *words).out
    assert '<html lang="zh-CN">' in (tmp_path / "out" / "report.html").read_text("utf-8")


def broken_day(tmp_path: Path) -> Path:
    data = json.loads(small_day().model_dump_json())
    data["visits"][0]["service_s"] = "an hour"
    data["visits"][1]["id"] = "V1"
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_every_fault_of_a_broken_day_is_printed_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ran = run_here(capsys, "plan", broken_day(tmp_path), "--out", tmp_path / "out")
    assert ran.code == Exit.INPUT
    assert "error D1303: broken.json visits[0].service_s" in ran.err
    assert "an hour" in ran.err
    assert "expected  " in ran.err
    assert ran.out == ""
    assert not (tmp_path / "out").exists()


def test_faults_are_data_with_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run_here(capsys, "plan", broken_day(tmp_path), "--out", tmp_path / "out", "--json")
    assert ran.code == Exit.INPUT
    assert ran.json["ok"] is False
    fault = ran.json["faults"][0]
    assert {"code", "where", "found", "expected", "hint", "severity"} <= set(fault)


def test_a_missing_day_is_a_fault(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run_here(capsys, "plan", tmp_path / "none.json", "--out", tmp_path / "out")
    assert ran.code == Exit.INPUT
    assert "D1001" in ran.err


def test_missing_roads_have_their_own_code(
    capsys: pytest.CaptureFixture[str], day_file: Path, tmp_path: Path
) -> None:
    words = ("plan", day_file, "--out", tmp_path / "out", "--roads", tmp_path / "no.osm.pbf")
    ran = run_here(capsys, *words, "--json")
    assert ran.code == Exit.TRAVEL
    assert "does not exist" in ran.json["error"]


def test_an_emergency_nobody_can_serve_has_its_own_code_and_a_plan(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    day = tiny_day(
        [visit("E1", priority="emergency", received_at=at("09:00"), skills=needs(gas=2))],
        [technician("T1", skills=skills(gas=1))],
    )
    write_day(day, tmp_path / "day.json")
    out = tmp_path / "out"
    ran = run_here(capsys, "plan", tmp_path / "day.json", "--out", out, "--iterations", 5, "--json")
    assert ran.code == Exit.EMERGENCY
    assert ran.json["unassigned"] == ["E1"]
    assert (out / "report.html").is_file()


def test_an_output_folder_that_is_a_file_has_its_own_code(
    capsys: pytest.CaptureFixture[str], day_file: Path
) -> None:
    ran = run_here(capsys, "plan", day_file, "--out", day_file, "--iterations", 5)
    assert ran.code == Exit.OUTPUT


def test_the_output_folder_is_tried_before_the_search(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    day_file: Path,
    tmp_path: Path,
) -> None:
    def search(*_: object, **__: object) -> None:
        pytest.fail("the search began")

    monkeypatch.setattr("dispatch.service.plan_read_day", search)
    (tmp_path / "taken").write_text("a file")
    ran = run_here(capsys, "plan", day_file, "--out", tmp_path / "taken", "--json")
    assert ran.code == ran.json["exit_code"] == Exit.OUTPUT
    assert "a file stands where the output folder should be" in ran.json["error"]


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), Exit.INTERRUPTED), (ValueError(), Exit.INTERNAL)]
)
def test_whatever_ends_the_program_json_is_one_object(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    day_file: Path,
    error: BaseException,
    code: Exit,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("dispatch.service.plan_read_day", broken)
    ran = run_here(capsys, "plan", day_file, "--out", day_file.parent / "out", "--json")
    assert (ran.code, ran.json["exit_code"], ran.json["ok"]) == (code, code, False)


def test_a_wrong_word_is_json_too(capsys: pytest.CaptureFixture[str], day_file: Path) -> None:
    ran = run_here(capsys, "plan", day_file, "--json")
    assert ran.code == ran.json["exit_code"] == Exit.USAGE


def test_a_technician_with_two_shifts_is_one_and_a_visit_set_aside_counts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    twice = technician(shifts=(shift("08:00", "11:00"), shift("14:00", "18:00")))
    jobs = [
        visit("V1", promises=(window("09:00", "10:00"),)),
        visit("V2", promises=(window("15:00", "16:00"),)),
        visit("V3"),
    ]
    write_day(tiny_day(jobs, [twice]), tmp_path / "day.json")
    day = json.loads((tmp_path / "day.json").read_text(encoding="utf-8"))
    day["visits"][2]["place"] = {"address": "nobody knows where"}
    (tmp_path / "day.json").write_text(json.dumps(day), encoding="utf-8")
    words = ("plan", tmp_path / "day.json", "--out", tmp_path / "out", "--iterations", 50)
    assert "2 of 3 visits served by 1 of 1 technicians" in run_here(capsys, *words).out


@pytest.mark.parametrize(
    ("error", "code"),
    [(SolverUnavailable("no core"), Exit.ENGINE), (RefereeRejected("1 violation"), Exit.REJECTED)],
)
def test_what_the_planner_may_raise_has_its_own_code(
    *,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    day_file: Path,
    tmp_path: Path,
    error: Exception,
    code: Exit,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("dispatch.service.plan_read_day", fail)
    ran = run_here(capsys, "plan", day_file, "--out", tmp_path / "out")
    assert ran.code == code
    assert str(error) in ran.err


def test_progress_tells_time_iteration_price_and_unassigned() -> None:
    text = describe_progress(Progress(12_345, 3.21, 1_234_500, 2))
    assert "3.2 s" in text
    assert "12,345" in text
    # 1 234 500 fen = 12 345 yuan.
    assert "¥12,345" in text
    assert "unassigned 2" in text


def test_progress_is_occasional_where_nobody_watches() -> None:
    stream = io.StringIO()
    times = iter([0.0, 1.0, 4.9, 5.1])
    line = ProgressLine(stream, clock=lambda: next(times))
    for iteration in (1, 2, 3, 4):
        line.show(Progress(iteration, float(iteration), 100, 0))
    line.close()
    # At 0.0 and 5.1 s: at least five seconds apart.
    assert [word.split()[3] for word in stream.getvalue().splitlines()] == ["1", "4"]


def test_the_first_interrupt_is_a_wish_and_the_second_drops_everything(
    capsys: pytest.CaptureFixture[str],
) -> None:
    interrupt = Interrupt()
    interrupt(signal.SIGINT, None)
    assert interrupt.asked
    assert "best plan so far" in capsys.readouterr().err
    with pytest.raises(KeyboardInterrupt):
        interrupt(signal.SIGINT, None)


def test_ctrl_c_keeps_the_best_plan_and_writes_it(day_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start_apart("plan", day_file, "--out", out, "--time-limit", 300, "--json")
    assert process.stderr is not None
    for line in process.stderr:
        if "iteration" in line:
            break
    process.send_signal(signal.SIGINT)
    text, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == Exit.OK
    assert json.loads(text)["stopped_by"] == "caller"
    assert sorted(path.name for path in out.iterdir()) == FILES


def test_other_rush_hours_than_the_days_are_taken_from_the_option(
    capsys: pytest.CaptureFixture[str], day_file: Path, tmp_path: Path
) -> None:
    table = tmp_path / "speeds.csv"
    # Half the speed on every class at all hours: twice the seconds.
    classes = ("motorway", "trunk", "primary", "secondary", "tertiary", "local")
    rows = "".join(f"{name},00:00,24:00,50\n" for name in classes)
    table.write_text(f"road_class,from,to,percent\n{rows}", encoding="utf-8")
    driven = {}
    for word in ("none", "china_big_city", str(table)):
        out = tmp_path / Path(word).stem
        words = ("plan", day_file, "--out", out, "--iterations", 20, "--traffic", word)
        assert run_here(capsys, *words).code == Exit.OK
        stops = [stop for route in read_plan(out / "plan.json").routes for stop in route.stops]
        driven[word] = sum(stop.leg_s for stop in stops)
        judged = ("check", day_file, out / "plan.json", "--traffic", word)
        assert run_here(capsys, *judged).code == Exit.OK
    assert driven["none"] < driven["china_big_city"]
    assert driven[str(table)] == pytest.approx(2 * driven["none"], abs=5)


def test_a_profile_nobody_knows_is_a_wrong_command_line(
    capsys: pytest.CaptureFixture[str], day_file: Path, tmp_path: Path
) -> None:
    words = ("plan", day_file, "--out", tmp_path / "out", "--traffic", "beijing")
    ran = run_here(capsys, *words)
    assert ran.code == Exit.USAGE
    assert "china_big_city" in ran.err


def test_parts_are_summed_up_in_both_languages() -> None:
    plan = PLAN.model_copy(update={"stopped_by": "iterations"})
    planned = PlannedDay(DAY, plan, TABLE, audit_day(DAY, plan))
    summary = summarize(planned)
    # 4 units: 1 from the van, 2 picked up, 1 needed by V7, which is left out.
    assert summary["part_fill"] == {"needed": 4, "from_van": 1, "picked_up": 2, "missing": 1}
    english, chinese = ("\n".join(summary_lines(summary, Path("r"), one)) for one in ("en", "zh"))
    assert "3 of 4 units of parts: 1 on vans, 2 picked up, 1 of visits left out" in english
    assert "备件 3/4 件" in chinese
