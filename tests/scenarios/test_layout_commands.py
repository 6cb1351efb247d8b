"""`servicenet layout`, `check-layout` and `generate --metropolis` as a user types them."""

import argparse
import importlib
import json

import numpy as np
import pytest

from dispatch.command import Command
from scenarios import commands
from scenarios.metropolis import generate_metropolis
from scenarios.network_city import CityPeople, grow_outlets, people_of_grid, write_metropolis


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("city")
    write_metropolis(generate_metropolis(7, extent_km=20.0, towns=3, outlets=5), made)
    return made


def _run(command: Command, *words: object) -> int:
    """Run a command as the command line does, whether or not the package is installed."""
    module = importlib.import_module(command.module)
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return int(module.run(parser.parse_args([str(word) for word in words])))


def _layout(folder, out, *more: str) -> int:
    few = ("--points", "2", "--iterations", "60")
    return _run(commands.layout, folder, "--out", out, *few, *more)


def test_layout_writes_its_files_and_check_layout_accepts_them(folder, tmp_path, capsys) -> None:
    assert _layout(folder, tmp_path, "--budget", "5000000", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["proposal"]["budget"] == 5_000_000
    assert {path.name for path in tmp_path.iterdir()} == {
        "layout.html", "layout.json", "layout.gpkg", "demand.csv", "network.after.json",
    }  # fmt: skip
    network = str(folder / "network.json")
    assert _run(commands.check_layout, tmp_path, "--network", network, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "violations": []}


def test_check_layout_returns_one_for_a_layout_that_boasts(folder, tmp_path, capsys) -> None:
    assert _layout(folder, tmp_path, "--keep") == 0
    path = tmp_path / "layout.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["today"]["covered"] += 5
    path.write_text(json.dumps(document), encoding="utf-8")
    assert _run(commands.check_layout, tmp_path) == 1
    assert "today.covered" in capsys.readouterr().out


def test_with_keep_nothing_closes(folder, tmp_path) -> None:
    assert _layout(folder, tmp_path, "--keep", "--max-changes", "1") == 0
    document = json.loads((tmp_path / "layout.json").read_text(encoding="utf-8"))
    assert {action["kind"] for action in document["actions"]} <= {"open"}
    assert all(point["changes"] <= 1 for point in document["curve"])


def test_a_folder_without_a_layout_is_broken_input(tmp_path, capsys) -> None:
    assert _run(commands.check_layout, tmp_path) == 2
    assert "layout.json" in capsys.readouterr().err


def test_grown_outlets_keep_their_distance_except_the_twin() -> None:
    rng = np.random.default_rng(2)
    lonlat = rng.normal([112.0, 30.0], 0.1, (4000, 2))
    city = CityPeople(lonlat, rng.integers(1, 50, 4000))
    places = grow_outlets(city, 6, seed=1)
    km = (places - places.mean(axis=0)) * np.array([96.3, 111.2])
    apart = np.hypot(*(km[:5, None] - km[None, :5]).transpose(2, 0, 1))[np.triu_indices(5, 1)]
    assert apart.min() > 2.4
    assert np.hypot(*(km[5] - km[0])) == pytest.approx(0.8, abs=0.02)
    assert np.array_equal(places, grow_outlets(city, 6, seed=1))


def test_people_outside_the_roads_are_left_out_and_fractions_are_kept(tmp_path) -> None:
    from geo.population_grid import PopulationGrid
    from tests.osm_files import make_network

    roads = make_network(
        tmp_path, {1: (112.0, 30.0), 2: (112.02, 30.02)}, [((1, 2), {"highway": "residential"})]
    )
    people = np.full((40, 40), 0.25)  # 0.4° wide: most of it beyond the roads
    city = people_of_grid(PopulationGrid(people, 111.9, 30.1, 0.01, 0.01), roads)
    # centers from 111.995 to 112.025 and 29.995 to 30.025 by 0.01°: 4 x 4 cells of a quarter
    assert city.people.sum() == 4
    assert (city.lonlat.min(axis=0) >= [111.99, 29.99]).all()


def test_targets_goals_and_capacities_are_asked_for_on_the_command_line(folder, tmp_path) -> None:
    assert _layout(folder, tmp_path / "a", "--target", "suburban=10", "--target", "urban=20") == 0
    document = json.loads((tmp_path / "a" / "layout.json").read_text(encoding="utf-8"))
    assert {target["name"] for target in document["targets"]} == {"urban", "suburban"}
    assert _layout(folder, tmp_path / "b", "--goal", "worst-zone") == 0
    assert _layout(folder, tmp_path / "c", "--goal", "served", "--new-capacity", "90000") == 0
    for name in ("a", "b", "c"):
        assert _run(commands.check_layout, tmp_path / name) == 0
    document = json.loads((tmp_path / "c" / "layout.json").read_text(encoding="utf-8"))
    point = document["proposal"]
    assert point["goal"]["value"] <= min(point["covered"], point["goal"]["bound"])


def test_a_target_of_nowhere_is_broken_input(folder, tmp_path, capsys) -> None:
    assert _layout(folder, tmp_path, "--target", "Nowhere=5") == 2
    assert "Nowhere" in capsys.readouterr().err


def test_days_and_the_price_of_reaching_everybody_are_there_on_request(folder, tmp_path) -> None:
    assert _layout(folder, tmp_path, "--days", "2", "--day-visits", "10", "--cover-all") == 0
    document = json.loads((tmp_path / "layout.json").read_text(encoding="utf-8"))
    assert len(document["days"]["rows"]) == document["days"]["count"] == 2
    assert document["days"]["estimated_travel"]  # no roads were given
    complete = document["complete"]
    assert complete["extra_bound"] <= complete["extra_cost"]
    assert complete["unreachable"]["weight"] < document["demand"]["weight"]
