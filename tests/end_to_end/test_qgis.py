"""The GeoPackages open in a real QGIS, and every layer comes in our style without a click.

``apt-get install --no-install-recommends qgis python3-qgis`` brings it to Debian and Ubuntu.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dispatch.adapters.coverage_files import write_coverage
from dispatch.adapters.files.network_file import read_network_file
from dispatch.planning.network_audit import audit_network
from geo.build import build_network
from geo.candidates import CandidateOptions
from geo.profiles import get_profile
from geo.reach import RoadReach
from geo.zones import RoadDensity
from scenarios.layout import make_layout, write_all
from scenarios.layout_question import LayoutWishes
from scenarios.metropolis import generate_metropolis
from scenarios.network_city import write_metropolis
from solver.stop import MaxIterations
from tests.waiting import PATIENCE_S

SCRIPT = Path(__file__).parents[1] / "qgis_layers.py"
INSTALL = "QGIS is not installed; apt-get install --no-install-recommends qgis python3-qgis"

# Renderer, field it looks at, and color where there is one symbol (dispatch/adapters/qgis_styles).
COVERAGE = {
    "catchments": ("singleSymbol", "", "#667085"),
    "isochrones": ("categorizedSymbol", "minutes", ""),
    "pockets": ("singleSymbol", "", "#c01048"),
    "demand": ("categorizedSymbol", "verdict", ""),
    "outlets": ("singleSymbol", "", "#0e7490"),
}
LAYOUT = {
    "reach": ("categorizedSymbol", "role", ""),
    "demand": ("categorizedSymbol", "state", ""),
    "outlets": ("categorizedSymbol", "role", ""),
}


def find_qgis_python() -> str | None:
    """Return the Python that QGIS was built for."""
    for program in ("/usr/bin/python3", shutil.which("python3")):
        if program and Path(program).exists():
            words = [program, "-c", "import qgis.core"]
            if subprocess.run(words, check=False, capture_output=True).returncode == 0:
                return program
    return None


def look(folder: Path, *files: Path) -> list[dict[str, Any]]:
    """Return what QGIS makes of the layers of some files."""
    program = find_qgis_python()
    if program is None:
        pytest.skip(INSTALL)
    ran = subprocess.run(
        [program, str(SCRIPT), str(folder / "layers.png"), *map(str, files)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(folder),
             "HOME": str(folder), "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout[ran.stdout.index("[{") :])
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write audit and proposal of a small metropolis."""
    folder = tmp_path_factory.mktemp("town")
    city = generate_metropolis(7, extent_km=20.0, towns=3, outlets=5)
    path, _ = write_metropolis(city, folder)
    roads = build_network(city.roads, get_profile("car"))
    found = read_network_file(path)
    chain = found.chain(road_density=RoadDensity(roads))
    audit = audit_network(found.network, found.demand, chain, RoadReach(roads))
    write_coverage(audit, folder / "audit", roads=roads)
    wishes = LayoutWishes(
        budget=10_000_000, points=2, options=CandidateOptions(gaps=10, circles=10, roads=60)
    )
    layout = make_layout(found, roads, wishes, stop=MaxIterations(100))
    write_all(layout, folder / "layout")
    return folder / "audit" / "coverage.gpkg", folder / "layout" / "layout.gpkg"


@pytest.mark.soak
def test_qgis_opens_every_layer_in_our_style(files: tuple[Path, Path], tmp_path: Path) -> None:
    layers = look(tmp_path, *files)
    for name, expected in (("coverage.gpkg", COVERAGE), ("layout.gpkg", LAYOUT)):
        mine = {entry["layer"]: entry for entry in layers if entry["file"] == name}
        assert set(mine) == set(expected)
        for layer, entry in mine.items():
            assert entry["valid"], layer
            assert entry["features"] > 0, layer
            assert entry["crs"] == "EPSG:4326"
            assert (entry["renderer"], entry["attribute"], entry["color"]) == expected[layer], layer
            # Every value in the layer has a symbol, and every symbol its label in both languages.
            assert entry["without_style"] == [], layer
            assert all("·" in label for label in entry["labels"]), layer
        assert mine["outlets"]["labeled_by"] == "id"
    # All layers painted together are a picture, not a white sheet.
    assert (tmp_path / "layers.png").stat().st_size > 20_000


@pytest.mark.soak
def test_without_our_styles_qgis_shows_another_picture(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    bare = tmp_path / "bare.gpkg"
    shutil.copy(files[0], bare)
    with sqlite3.connect(bare) as file:
        file.execute("DELETE FROM layer_styles")
    file.close()
    found = {entry["layer"]: entry for entry in look(tmp_path, bare)}
    assert all(entry["renderer"] == "singleSymbol" for entry in found.values())
    assert not any(entry["labeled_by"] for entry in found.values())
