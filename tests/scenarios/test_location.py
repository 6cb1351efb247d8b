"""``servicenet location`` and ``check-certificate``: readers, JSON line, certificates, refusals."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import Parser
from scenarios import check_certificate, location
from scenarios.bench import run as bench
from scenarios.bench.location import summarize
from scenarios.errors import DataUnavailable, InstanceFormatError
from scenarios.instances.orlib import read_siting
from scenarios.instances.siting import SetCoverInstance, SitingInstance
from scenarios.location_models import Model, Question, solve_model
from solver.stop import Stop
from tests.data_root import data_or_skip

# a path 1 - 2 - 3 - 4; the first length of the edge 2 3 is overruled by the later one
PMED = "4 4 2\n1 2 5\n2 3 100\n3 4 7\n3 2 20\n"
# (0, 0) and (3, 4) lie 5 apart, (0, 0) and (1, 1) sqrt(2), rounded down to 1
CPMP = "7 12\n3 1 10\n1 0 0 2\n2 3 4 3\n3 1 1 4\n"
SCP = "3 4\n2 3 4 9\n2\n1 2\n2 2 3\n1 4\n"
POINTS = "3\t9999\tp\tS \n0 0 10\n3 4 20\n100 0 5\n"
TABLE = "distance,name,DestinationName,demand\n1.5,A,x,2\n4,A,y,1\n3,B,x,2\n0.5,B,y,1\n"


def call(module, *words: object) -> int:
    parser = Parser()
    module.add_arguments(parser)
    return module.run(parser.parse_args([str(word) for word in words]))


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_pmed_takes_shortest_ways_and_the_later_of_two_edges(tmp_path):
    instance = read_siting(write(tmp_path, "pmed.txt", PMED))
    assert isinstance(instance, SitingInstance)
    assert (instance.p, instance.unit) == (2, 1)
    # 1 to 4: 5 + 20 + 7
    assert instance.distance[0].tolist() == [0, 5, 25, 32]


def test_cpmp_rounds_distances_down_and_knows_loads_and_the_best_value(tmp_path):
    instance = read_siting(write(tmp_path, "cap.txt", CPMP))
    assert isinstance(instance, SitingInstance)
    assert instance.distance[0].tolist() == [0, 5, 1]
    assert (instance.p, instance.capacity, instance.best_known) == (1, 10, 12)
    assert instance.weight.tolist() == [2, 3, 4]


def test_scp_is_read_plain_and_packed(tmp_path):
    plain = read_siting(write(tmp_path, "scp.txt", SCP))
    packed = tmp_path / "scp.txt.gz"
    packed.write_bytes(gzip.compress(SCP.encode()))
    for instance in (plain, read_siting(packed)):
        assert isinstance(instance, SetCoverInstance)
        assert instance.name == "scp"
        assert instance.problem.cost.tolist() == [2, 3, 4, 9]
        assert instance.problem.site_index.tolist() == [0, 1, 1, 2, 3]


def test_coordinates_and_the_network_table_are_read(tmp_path):
    points = read_siting(write(tmp_path, "points.txt", POINTS))
    assert isinstance(points, SitingInstance)
    assert points.distance[0, 1] == 5
    # both ends of the radius count
    assert points.get_covered(5)[0].tolist() == [True, True, False]
    assert points.get_covered(4.999)[0].tolist() == [True, False, False]
    write(tmp_path, "table.csv", TABLE)
    table = read_siting(tmp_path)
    assert isinstance(table, SitingInstance)
    assert (table.sites, table.unit) == (("A", "B"), 100_000)
    # 2 x 1.5 and 1 x 4 in units of 1/100 000
    assert table.cost[:, 0].tolist() == [300_000, 400_000]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "two lines"),
        ("4 3 2\n1 2 5\n2 9 3\n3 4 7\n", "nodes from 1 to 4"),
        ("4 1 2\n1 2 5\n", "connected"),
        ("3 4\n2 3 4 9\n2\n1 2\n2 2 3\n1 5\n", "columns from 1 to 4"),
        ("3 4\n2 3 4 9\n2\n1 2\n2 2 3\n1 4 4\n", "more numbers"),
        ("7 12\n3 1 10\n1 0 0 2\n2 3 4 3\n", "3 customers"),
        ("2 9999 p S\n0 0 x\n1 1 1\n", "a number"),
    ],
)
def test_broken_instances_are_refused_with_the_place(tmp_path, text, message):
    with pytest.raises(InstanceFormatError, match=message):
        read_siting(write(tmp_path, "broken.txt", text))


def test_missing_files_and_folders_without_a_table_are_said(tmp_path):
    with pytest.raises(DataUnavailable):
        read_siting(tmp_path)
    with pytest.raises(DataUnavailable):
        read_siting(tmp_path / "none.txt")
    with pytest.raises(InstanceFormatError, match="gzip"):
        read_siting(write(tmp_path, "broken.txt.gz", "not packed"))


LINE = [
    "instance",
    "model",
    "objective",
    "bound",
    "gap",
    "status",
    "runtime_s",
    "sites",
    "seed",
]
QUESTIONS = [
    # sites 2 and 3 (or 2 and 4, 1 and 3, 1 and 4): 5 + 7
    ("pmed.txt", PMED, ["--model", "pmedian"], 12),
    ("pmed.txt", PMED, ["--model", "pmedian", "--p", 1], 5 + 20 + 27),
    # the row farthest from {1 or 2} and {3 or 4} is 7 away
    ("pmed.txt", PMED, ["--model", "pcenter"], 7),
    ("pmed.txt", PMED, ["--model", "lscp", "--radius", 7], 2),
    ("points.txt", POINTS, ["--model", "mclp", "--p", 1, "--radius", 5], 30),
    # from (1, 1) to the others: 1 and hypot(2, 3) = 3.6 rounded down to 3
    ("cap.txt", CPMP, ["--model", "cpmp"], 4),
    # columns 2 and 4: 3 + 9
    ("scp.txt", SCP, ["--model", "scp"], 12),
    # both at their nearest: 2 x 1.5 + 1 x 0.5
    ("table.csv", TABLE, ["--model", "pmedian", "--p", 2], 3.5),
    ("table.csv", TABLE, ["--model", "pcenter", "--p", 1], 3),
]


@pytest.mark.parametrize(("name", "text", "words", "best"), QUESTIONS)
def test_location_prints_one_line_and_its_certificate_is_accepted(  # noqa: PLR0917 - pytest
    tmp_path, capsys, name, text, words, best
):
    path, proof = write(tmp_path, name, text), tmp_path / "out" / "proof.json"
    limit = ("--time-limit", 200, "--certificate", proof)
    assert call(location, path, *words, *limit) == Exit.OK
    line = json.loads(capsys.readouterr().out)
    assert list(line) == LINE
    assert (line["objective"], line["bound"], line["status"]) == (best, best, "optimal")
    assert (line["instance"], line["model"], line["gap"]) == (path.stem, words[1], 0)
    assert call(check_certificate, path, proof) == Exit.OK
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["ok"], verdict["faults"]) == (True, [])
    document = json.loads(proof.read_text())
    document["objective"] += 1
    proof.write_text(json.dumps(document))
    assert call(check_certificate, path, proof) == Exit.VIOLATIONS
    assert json.loads(capsys.readouterr().out)["faults"]


@pytest.mark.parametrize(
    "words",
    [
        ["--model", "cpmp"],
        ["--model", "scp"],
        ["--model", "mclp", "--p", 1],
        ["--model", "pmedian", "--p", 5],
    ],
)
def test_questions_an_instance_cannot_answer_are_refused(tmp_path, capsys, words):
    assert call(location, write(tmp_path, "pmed.txt", PMED), *words) == Exit.INPUT
    assert "pmed" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["[]", "{", '{"format": "other"}'])
def test_another_document_is_no_certificate(tmp_path, capsys, text):
    path = write(tmp_path, "pmed.txt", PMED)
    assert call(check_certificate, path, write(tmp_path, "c.json", text)) == Exit.INPUT
    assert capsys.readouterr().err


def test_the_published_optima_of_san_francisco_are_reproduced():
    folder = data_or_skip("spopt_sf")
    instance = read_siting(folder)
    with (folder / "optima_by_enumeration.csv").open() as file:
        rows = list(csv.DictReader(file))
    models = {"p-median": Model.PMEDIAN, "MCLP": Model.MCLP, "p-center": Model.PCENTER}
    for row in rows:
        words = row["model"].split()
        p = int(row["param"][2:]) if row["param"].startswith("p=") else None
        radius = float(words[2]) if len(words) > 2 else None
        question = Question(models.get(words[0], Model.LSCP), p, radius)
        found = solve_model(instance, question, Stop(max_iterations=10_000))
        assert found.status == "optimal", row
        # the table has three decimals
        assert found.objective == pytest.approx(float(row["optimum"]), abs=2e-3), row
    assert len(rows) == 25


def test_the_published_optima_of_sjc_are_reproduced(soak):
    folder = data_or_skip("mclp")
    with (folder / "sjc_optima_computed_highs.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if (folder / f"{row['instance']}.txt").exists()]
    for row in rows if soak else rows[:4]:
        instance = read_siting(folder / f"{row['instance']}.txt")
        question = Question(Model.MCLP, int(row["p"]), float(row["radius"]))
        found = solve_model(instance, question, Stop(max_iterations=100_000))
        assert (found.objective, found.status) == (int(row["optimum_or_best"]), "optimal"), row


def test_the_published_optima_of_pmed_are_reproduced(soak):
    folder = data_or_skip("pmed")
    known = dict(line.split() for line in (folder / "pmedopt.txt").read_text().splitlines()[1:41])
    files = sorted(path for path in folder.glob("pmed*.txt") if path.name != "pmedopt.txt")
    small = [path for path in files if int(path.read_text().split()[0]) <= 200]
    for path in files if soak else small:
        found = solve_model(
            read_siting(path), Question(Model.PMEDIAN), Stop(max_iterations=100_000)
        )
        assert (found.objective, found.status) == (int(known[path.stem]), "optimal"), path.stem


def test_the_bench_writes_rows_and_a_summary_per_class(tmp_path, capsys):
    folder = tmp_path / "data" / "pmed"
    folder.mkdir(parents=True)
    write(folder, "pmed1.txt", PMED)
    write(folder, "pmedopt.txt", "Data file Optimal solution value\npmed1 12\n")
    out = tmp_path / "bench.json"
    words = ("location", "--data", tmp_path / "data", "--classes", "pmed", "--out", out)
    assert call(bench, *words) == Exit.OK
    assert "pmed1" in capsys.readouterr().out
    document = json.loads(out.read_text())
    (row,) = document["rows"]
    assert (row["objective"], row["best_known"], row["bound"], row["status"]) == (
        12,
        12,
        12,
        "optimal",
    )
    assert {"wall_s", "cpu_s", "gap_percent", "to_best_percent"} <= set(row)
    assert document["summary"]["pmed: servicenet"]["optimal"] == 1
    assert call(bench, "location", "--classes", "nonsense", "--out", out) == Exit.INPUT
    assert call(bench, "location", "--classes", "scp", "--out", out) == Exit.INPUT


def test_a_summary_keeps_worst_and_mean_apart_per_engine():
    row = {
        "class": "pmed",
        "engine": "servicenet",
        "status": "optimal",
        "wall_s": 1.0,
        "cpu_s": 1.0,
    }
    rows = [
        row | {"gap_percent": 0.0, "to_best_percent": 0.0},
        row | {"gap_percent": 0.3, "to_best_percent": 0.2, "status": "feasible", "wall_s": 2.0},
    ]
    figures = summarize(rows)["pmed: servicenet"]
    assert isinstance(figures, dict)
    assert (figures["runs"], figures["optimal"], figures["best_known_hit"]) == (2, 1, 1)
    assert (figures["worst_gap_percent"], figures["mean_gap_percent"]) == (0.3, 0.15)
    assert (figures["worst_wall_s"], figures["wall_s"]) == (2.0, 3.0)


def test_rounded_costs_stay_within_their_promised_error(tmp_path):
    instance = read_siting(write(tmp_path, "points.txt", POINTS))
    assert isinstance(instance, SitingInstance)
    exact = instance.distance * instance.weight[:, None]
    assert np.abs(instance.cost / instance.unit - exact).max() <= 0.5 / instance.unit
