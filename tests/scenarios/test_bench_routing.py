"""``bench routing``: cases, gaps, ratios, curves; peers on every type they have words for."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import Parser
from scenarios.bench import run as bench
from scenarios.bench.peers.pyvrp_peer import solve_fleet_with_pyvrp
from scenarios.bench.routing_cases import Case, Published, find_files, get_kind, read_case
from scenarios.bench.routing_chart import mean_curves
from scenarios.bench.routing_engines import PEERS, Answer, can_state
from scenarios.bench.routing_gaps import (
    Run,
    compare_gaps,
    find_gap,
    find_gap_at,
    find_reference,
    list_rows,
    summarize,
)
from scenarios.errors import DataUnavailable
from scenarios.instances import (
    Objective,
    evaluate_fleet,
    parse_fleet,
    parse_solomon,
)
from scenarios.instances.hhcrsp_reader import parse_hhcrsp
from scenarios.instances.trsp_reader import parse_trsp
from tests.care_texts import care_text
from tests.data_root import data_or_skip
from tests.fleet_texts import MD, PC, SD
from tests.trsp_texts import REAL, TRSP
from tests.vrptw_texts import SOLOMON

needs_pyvrp = pytest.mark.skipif(
    importlib.util.find_spec("pyvrp") is None, reason="PyVRP is not installed"
)
needs_matplotlib = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="matplotlib is not installed"
)

SOLOMON_TOY = parse_solomon(SOLOMON)
TRSP_TOY = parse_trsp(TRSP)


def run_of(cost: float, *, engine: str = "servicenet", seed: int = 1, **changes) -> Run:
    """Return a run on a toy with 100 published; `changes` go to the answer or the case."""
    instance = changes.pop("instance", SOLOMON_TOY)
    published = changes.pop("published", Published(100.0))
    case = Case(changes.pop("name", "toy"), changes.pop("kind", "K"), instance, published)
    answer = {"vehicles": 1, "unserved": 0, "faults": 0, "iterations": 1, "curve": ()} | changes
    return Run(case, engine, seed, Answer(cost, **answer), 1.0, 1.0)


def test_the_gap_is_to_the_better_of_the_published_value_and_any_whole_run():
    good, broken = run_of(98.0), run_of(90.0, faults=1)
    reference = find_reference([good, broken], Objective.DISTANCE)
    assert reference.cost == 98
    assert find_gap(broken, reference, Objective.DISTANCE) is None
    # 100 of 98 is 2.04 % more
    assert find_gap(run_of(100.0), reference, Objective.DISTANCE) == pytest.approx(2.0408, abs=1e-4)
    assert find_reference([run_of(104.0)], Objective.DISTANCE).cost == 100
    alone = find_reference([run_of(104.0, published=Published())], Objective.DISTANCE)
    assert alone.cost == 104


def test_unserved_requests_count_before_the_duration():
    published = Published(100.0, 1)
    fast = run_of(80.0, instance=TRSP_TOY, published=published, unserved=2)
    slow = run_of(105.0, instance=TRSP_TOY, published=published, unserved=1)
    reference = find_reference([fast, slow], Objective.DISTANCE)
    assert (reference.first, reference.cost) == (1, 100)
    assert find_gap(fast, reference, Objective.DISTANCE) is None
    assert find_gap(slow, reference, Objective.DISTANCE) == pytest.approx(5)
    better = run_of(300.0, instance=TRSP_TOY, published=published, unserved=0)
    assert find_reference([slow, better], Objective.DISTANCE).cost == 300


def test_vehicles_count_before_the_distance_where_the_objective_says_so():
    published = Published(100.0, 3)
    more = run_of(90.0, published=published, vehicles=4)
    reference = find_reference([more], Objective.HIERARCHICAL)
    assert (reference.first, reference.cost) == (3, 100)
    assert find_gap(more, reference, Objective.HIERARCHICAL) is None
    plain = run_of(90.0, vehicles=4)
    assert find_gap(plain, find_reference([plain], Objective.DISTANCE), Objective.DISTANCE) == 0


def test_the_gap_at_a_moment_is_that_of_the_best_plan_by_then():
    run = run_of(101.0, curve=((0.5, 140.0), (2.0, 110.0), (3.0, 101.0)))
    reference = find_reference([run], Objective.DISTANCE)
    gaps = [find_gap_at(run, reference, at) for at in (0.4, 1, 2, 10)]
    assert gaps[0] is None
    assert gaps[1:] == pytest.approx([40, 10, 1])


def test_a_summary_states_means_published_values_reached_and_ratios_of_summed_gaps():
    ours = [
        run_of(101.0, curve=((0.5, 110.0), (2.0, 101.0))),
        run_of(99.0, seed=2, name="other", kind="L"),
    ]
    theirs = [
        run_of(104.0, engine="pyvrp"),
        run_of(103.0, engine="pyvrp", seed=2, name="other", kind="L"),
    ]
    rows = list_rows([*ours, *theirs], Objective.DISTANCE, 3.0)
    assert [row["reference"] for row in rows] == [100, 99, 100, 99]
    assert [key for key in rows[0] if key.startswith("gap_at")] == ["gap_at_1_s", "gap_at_3_s"]
    summary = summarize(rows)
    whole = summary["servicenet all"]
    assert (whole["mean_gap_percent"], whole["cost_over_reference"]) == (0.5, round(200 / 199, 5))
    assert (whole["as_good_as_published"], whole["better_than_published"]) == (1, 1)
    assert whole["mean_over_published_percent"] == 0
    assert (whole["mean_gap_at_1_s"], whole["mean_gap_at_3_s"]) == (10, 1)
    # (1 + 0) / (4 + 4.04)
    assert summary["summed gaps, servicenet / pyvrp, all"] == 0.124
    assert summary["summed gaps, servicenet / pyvrp, L"] == 0


def test_gaps_are_compared_where_both_have_one():
    def row(instance, gap):
        return {"instance": instance, "seed": 1, "gap_percent": gap}

    ours = [row("a", 1.0), row("b", None), row("c", 2.0)]
    # 1 to 4: b is not ours, c not theirs
    assert compare_gaps(ours, [row("a", 4.0), row("b", 1.0), row("c", None)]) == 0.25
    assert compare_gaps(ours, [row("a", 0.0)]) is None


@pytest.mark.parametrize(
    ("instance", "name", "kind"),
    [
        (SOLOMON_TOY, "RC2_10_4", "RC2"),
        (parse_fleet(MD), "PR11A", "MDVRPTW"),
        (parse_fleet(PC), "R1_10_4", "R1"),
        (parse_hhcrsp(care_text()), "instance_004-reggio-emilia-r26-p258", "reggio-emilia"),
        (parse_hhcrsp(care_text()), "InstanzVNS_HCSRP_100_4", "100"),
        (parse_hhcrsp(care_text()), "toy", "home care"),
        (TRSP_TOY, "C101.100_25-5-5-5", "C1"),
        (parse_trsp(REAL), "R1", "real R"),
    ],
)  # fmt: skip
def test_instances_are_summed_up_by_class(instance, name, kind):
    assert get_kind(instance, name) == kind


def test_published_figures_are_found_beside_every_set():
    for file, published in (
        (("hhcrsp_mankowska", "InstanzCPLEX_HCSRP_10_1.json.gz"), (218.199, None)),
        (("trsp_pillac", "C101.100_25-5-5-5.txt"), (10717.5161, 0)),
        (("trsp_real", "R5.txt.gz"), (3595.4831, 1)),
        (("sdvrptw", "PR01.vrp"), (1655420.0, None)),
    ):  # fmt: skip
        case = read_case(data_or_skip(*file), Objective.DISTANCE)
        assert (case.published.cost, case.published.first) == published


def test_solutions_and_tables_are_no_instances(tmp_path: Path):
    (tmp_path / "a.json").write_text(care_text())
    (tmp_path / "sol.json").write_text('{"routes": []}')
    (tmp_path / "bks.csv").write_text("instance,x")
    (tmp_path / "inner.txt").mkdir()
    assert [file.name for file in find_files(tmp_path, "*")] == ["a.json"]
    with pytest.raises(DataUnavailable, match=r"no \.txt"):
        find_files(tmp_path, "b*")


def test_an_engine_runs_only_where_it_has_words_for_every_rule():
    able = {
        engine: [
            can_state(engine, instance)
            for instance in (
                SOLOMON_TOY,
                parse_fleet(MD),
                parse_fleet(SD),
                parse_fleet(PC),
                parse_hhcrsp(care_text()),
                TRSP_TOY,
                parse_trsp(REAL),
            )
        ]
        for engine in ("servicenet", *PEERS)
    }
    nothing = [False] * 3
    assert able == {
        "servicenet": [True] * 7,
        "pyvrp": [True, True, True, True, *nothing],
        # routes of the depots last 30 at most, which VROOM cannot state
        "vroom": [True, False, True, False, *nothing],
        # it would serve a client for any distance rather than leave its prize
        "vrp-cli": [True, True, True, False, *nothing],
        # no links, no parts; a technician day without parts is a plain one
        "ortools": [True, True, True, True, False, False, True],
    }


@needs_pyvrp
@pytest.mark.parametrize(
    ("text", "cost"),
    [
        # limit 16: client 2 from depot 0, client 3 from depot 1: 10 + 4
        (MD.replace("MAX_DURATION: 30", "MAX_DURATION: 16"), 14_000),
        # vehicle 2 alone may serve client 1, and takes both: 10.606
        (SD, 10_606),
        # client 1 is left for a prize of 3: 40 + 30 tenths
        (PC, 70),
    ],
)
def test_pyvrp_gets_depots_sites_prizes_and_limits(text, cost):
    instance = parse_fleet(text)
    run = solve_fleet_with_pyvrp(instance, instance.kind.rounding, time_limit_s=1.0, seed=1)
    judged = evaluate_fleet(instance, run.routes)
    assert (judged.faults, judged.cost) == ((), cost)
    assert (run.cost, run.trace[-1][1]) == (cost, cost)


def test_a_curve_begins_when_every_run_of_the_engine_has_a_plan():
    early = run_of(100.0, curve=((0.1, 120.0), (1.0, 100.0)))
    late = run_of(100.0, seed=2, curve=((0.9, 110.0), (2.0, 100.0)))
    silent = run_of(105.0, engine="vroom")
    curves = mean_curves([early, late, silent], Objective.DISTANCE, 4.0)
    assert list(curves) == ["servicenet"]
    seconds, gaps = curves["servicenet"]
    assert seconds[0] >= 0.9
    # 20 and 10 at first
    assert gaps[0] == pytest.approx(15)
    assert gaps[-1] == 0
    assert pytest.approx(gaps[len([s for s in seconds if s < 1.0])]) == 5


@pytest.mark.core
@needs_matplotlib
def test_bench_routing_runs_every_type_and_draws_a_chart(tmp_path: Path, capsys):
    folder = tmp_path / "set"
    folder.mkdir()
    for name, text in (
        ("s.txt", SOLOMON), ("md.vrp", MD), ("care.json", care_text()), ("t.txt", TRSP)
    ):  # fmt: skip
        (folder / name).write_text(text)
    out, chart = tmp_path / "b.json", tmp_path / "charts" / "b.png"
    parser = Parser()
    bench.add_arguments(parser)
    words = ["routing", "--set", folder, "--budget", 0.3, "--out", out, "--chart", chart]
    words += ["--against", "vroom"]
    assert bench.run(parser.parse_args([str(word) for word in words])) == Exit.OK
    document = json.loads(out.read_text())
    ours = {row["instance"]: row for row in document["rows"] if row["engine"] == "servicenet"}
    assert set(ours) == {"s", "md", "care", "t"}
    assert all(row["faults"] == 0 for row in ours.values())
    assert ours["care"]["cost"] == 8.6667
    assert document["summary"]["instances vroom has no words for"] == 3
    assert chart.read_bytes().startswith(b"\x89PNG")
    assert "servicenet all" in capsys.readouterr().out
