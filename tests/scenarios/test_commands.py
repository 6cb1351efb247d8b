"""The commands of this room, run as a person runs them."""

from __future__ import annotations

import importlib
import json
from types import ModuleType

import pytest

from dispatch.adapters.files import read_day, read_plan
from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import Parser
from dispatch.service import check_plan_file
from scenarios import commands, convert, demo, generate, solve
from scenarios.bench import run as bench
from scenarios.coquimbo import find_archive, unpack_project
from scenarios.errors import DataUnavailable
from scenarios.instances import Rounding, evaluate, parse_solomon, read_instance, read_sol
from tests.data_root import data_or_skip
from tests.vrptw_texts import SOLOMON, VRPLIB

needs_city = pytest.mark.skipif(find_archive() is None, reason="aequilibrae is not installed")


def call(module: ModuleType, *words: object) -> int:
    """Run a command module behind a parser of its own."""
    parser = Parser()
    module.add_arguments(parser)
    return module.run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def toy(tmp_path):
    path = tmp_path / "toy.txt"
    path.write_text(SOLOMON)
    return path


@pytest.mark.parametrize("engine", [pytest.param("core", marks=pytest.mark.core), "ortools"])
def test_solve_prints_one_json_line_and_writes_the_routes(toy, tmp_path, capsys, engine):
    out = tmp_path / "out" / "toy.sol"
    words = ("--iterations", 50, "--seed", 3, "--engine", engine)
    assert call(solve, toy, "--out", out, *words) == Exit.OK
    line = json.loads(capsys.readouterr().out)
    assert list(line) == [
        "instance", "cost", "routes", "unassigned", "iterations", "runtime_s", "seed",
    ]  # fmt: skip
    # loads 10 + 15 exceed 20, so one route each: 2 * 5.0 + 2 * 1.4
    assert (line["instance"], line["cost"], line["routes"]) == ("toy", 12.8, 2)
    assert (line["unassigned"], line["seed"]) == (0, 3)
    assert sorted(read_sol(out).routes) == [(1,), (2,)]
    assert read_sol(out).cost == 12.8


def test_solve_reads_vrplib_and_takes_objective_and_rounding(tmp_path, capsys):
    path = tmp_path / "toy.vrp"
    path.write_text(VRPLIB)
    words = ("--out", tmp_path / "toy.sol", "--iterations", 10)
    assert call(solve, path, *words, "--objective", "hierarchical") == Exit.OK
    # 2 * 5 + 2 * sqrt(2) = 12.8284...
    assert json.loads(capsys.readouterr().out)["cost"] == 12.8284
    assert call(solve, path, *words, "--rounding", "exact1000") == Exit.OK
    assert json.loads(capsys.readouterr().out)["cost"] == 12828


def test_solve_says_so_when_customers_cannot_be_served(tmp_path, capsys):
    path = tmp_path / "one.txt"
    # one vehicle cannot carry 25 of 20
    path.write_text(SOLOMON.replace("  3         20", "  1         20"))
    assert call(solve, path, "--out", tmp_path / "one.sol", "--iterations", 10) == Exit.VIOLATIONS
    out, err = capsys.readouterr()
    assert json.loads(out)["unassigned"] == 1
    assert "not served" in err


def test_solve_refuses_a_broken_file_with_its_line(tmp_path, capsys):
    path = tmp_path / "bad.txt"
    path.write_text(SOLOMON.replace("  3         20", "  many      20"))
    assert call(solve, path, "--out", tmp_path / "bad.sol") == Exit.INPUT
    assert "bad.txt line 5: found 'many'" in capsys.readouterr().err
    assert not (tmp_path / "bad.sol").exists()


@pytest.mark.core
def test_solve_repeats_bit_for_bit_under_an_iteration_limit(tmp_path):
    instance = data_or_skip("vrptw_solomon", "RC101.txt")
    texts = []
    for run in range(2):
        out = tmp_path / f"{run}.sol"
        assert call(solve, instance, "--out", out, "--iterations", 300) == Exit.OK
        texts.append(out.read_text())
    assert texts[0] == texts[1]


@pytest.mark.core
def test_a_solution_costs_what_the_evaluator_says(tmp_path, capsys):
    path = data_or_skip("vrptw_solomon", "C101.txt")
    assert call(solve, path, "--out", tmp_path / "c.sol", "--iterations", 3000) == Exit.OK
    written = read_sol(tmp_path / "c.sol")
    judged = evaluate(read_instance(path), written.routes, Rounding.TRUNC1)
    assert judged.faults == ()
    assert judged.cost == written.cost == json.loads(capsys.readouterr().out)["cost"]


def test_convert_writes_a_day_that_reads_back_whole(tmp_path):
    source = data_or_skip("real_pickup_day", "hangzhou.csv")
    for name in ("a.json", "b.json"):
        words = ("calls", source, "--out", tmp_path / name, "--technicians", 25)
        assert call(convert, *words) == Exit.OK
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    found = read_day(tmp_path / "a.json")
    assert found.quarantined == ()
    assert len(found.day.technicians) == 25


def test_convert_says_when_a_group_has_fewer_couriers(tmp_path, capsys):
    source = data_or_skip("real_pickup_day", "shanghai.csv")
    words = ("calls", source, "--out", tmp_path / "day.json", "--technicians", 500)
    assert call(convert, *words) == Exit.OK
    assert "all are kept" in capsys.readouterr().err
    assert call(convert, *words, "--group", 99) == Exit.INPUT
    assert "group 99; expected 1 to" in capsys.readouterr().err


def test_generate_writes_a_day_that_reads_back_whole(tmp_path):
    roads = data_or_skip("maps", "monaco.osm.pbf")
    words = ("--roads", roads, "--out", tmp_path / "day.json", "--visits", 30, "--seed", 4)
    assert call(generate, *words, "--technicians", 6, "--outlets", 3) == Exit.OK
    found = read_day(tmp_path / "day.json")
    assert found.quarantined == ()
    assert (len(found.day.visits), found.day.id) == (30, "monaco-4")


def test_generate_knows_time_zones_by_name(tmp_path, capsys):
    words = ("--roads", tmp_path / "none.osm.pbf", "--out", tmp_path / "day.json")
    with pytest.raises(SystemExit) as stop:
        call(generate, *words, "--zone", "Mars/Olympus")
    assert stop.value.code == Exit.USAGE
    assert "expected an IANA time zone" in capsys.readouterr().err
    assert call(generate, *words) == Exit.TRAVEL


@needs_city
@pytest.mark.core
def test_the_demo_plans_a_real_city_and_writes_everything(tmp_path, capsys):
    words = ("--visits", 40, "--technicians", 10, "--iterations", 200, "--seed", 2)
    assert call(demo, "--out", tmp_path, *words) == Exit.OK
    names = {file.name for file in tmp_path.iterdir()}
    assert names >= {"day.json", "plan.json", "travel.npz", "routes.geojson", "report.html"}
    told = capsys.readouterr().out
    assert "report.html" in told
    assert "emergencies:" in told
    checked = check_plan_file(tmp_path / "day.json", tmp_path / "plan.json")
    assert checked.verdict.ok, checked.verdict.violations[:3]
    assert not read_plan(tmp_path / "plan.json").estimated_travel


@needs_city
def test_the_city_is_unpacked_once(tmp_path):
    first = unpack_project(tmp_path)
    stamp = first.stat().st_mtime_ns
    assert unpack_project(tmp_path) == first
    assert first.stat().st_mtime_ns == stamp
    first.write_bytes(b"torn")
    assert unpack_project(tmp_path).stat().st_size > 1_000_000
    assert [file.name for file in tmp_path.iterdir()] == [first.name]


def test_without_its_package_the_city_names_the_way_to_get_it(monkeypatch):
    monkeypatch.setattr("scenarios.coquimbo.find_archive", lambda: None)
    with pytest.raises(DataUnavailable, match=r"pip install 'servicenet\[demo\]'"):
        unpack_project()


def test_bench_routing_writes_rows_and_summary(toy, tmp_path, capsys):
    out = tmp_path / "bench.json"
    words = ("routing", "--out", out, "--set", toy.parent, "--budget", 0.5, "--seeds", 2)
    assert call(bench, *words) == Exit.OK
    document = json.loads(out.read_text())
    assert {"name", "when", "machine", "rows", "summary"} <= set(document)
    assert document["name"] == "routing"
    assert [(row["cost"], row["gap_percent"]) for row in document["rows"]] == [(12.8, 0.0)] * 2
    assert document["summary"]["servicenet all"]["mean_gap_percent"] == 0
    assert "toy" in capsys.readouterr().out


def test_bench_refuses_what_it_does_not_know(toy, tmp_path, capsys):
    words = ("routing", "--out", tmp_path / "b.json", "--set", toy.parent)
    assert call(bench, *words, "--against", "magic") == Exit.INPUT
    assert "engine 'magic'; expected one of pyvrp, vroom, ortools" in capsys.readouterr().err
    empty = ("day", "--out", tmp_path / "b.json", "--maps", toy.parent)
    assert call(bench, *empty) == Exit.INPUT
    assert "no map matches" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["solve", "convert", "demo", "bench", "generate"])
def test_every_command_of_this_room_declares_its_arguments_and_runs(name):
    command = getattr(commands, name)
    assert command.name == name
    module = importlib.import_module(command.module)
    parser = Parser(prog=name)
    module.add_arguments(parser)
    assert "--out" in parser.format_help() or name in {"bench", "convert"}
    assert callable(module.run)


def test_the_toy_is_what_the_comments_say():
    assert parse_solomon(SOLOMON).demand == (0, 10, 15)
