"""The GeoPackage of a plan opens in a real QGIS, every layer in our style without a click."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.adapters.plan_geopackage import write_plan_geopackage
from dispatch.adapters.route_lines import trace_routes
from tests.days import GridTown
from tests.end_to_end.test_qgis import look
from tests.whole_days import DAY, PLAN

# Renderer, field it looks at, field of the labels (dispatch/adapters/plan_geopackage).
LAYERS = {
    "routes": ("categorizedSymbol", "technician", ""),
    "stops": ("categorizedSymbol", "state", "label"),
    "contracted": ("singleSymbol", "", "visit"),
    "outlets": ("singleSymbol", "", "name"),
    "unassigned": ("singleSymbol", "", "visit"),
}


@pytest.mark.soak
def test_qgis_opens_every_layer_of_a_plan_in_our_style(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    write_plan_geopackage(path, DAY, PLAN, trace_routes(DAY, PLAN, GridTown()))
    found = {entry["layer"]: entry for entry in look(tmp_path, path)}
    assert set(found) == set(LAYERS)
    for name, entry in found.items():
        assert entry["valid"], name
        assert entry["crs"] == "EPSG:4326"
        assert (entry["renderer"], entry["attribute"], entry["labeled_by"]) == LAYERS[name], name
        assert entry["without_style"] == [], name
    assert (tmp_path / "layers.png").stat().st_size > 5_000
