"""Opens GeoPackages as QGIS opens them; run by QGIS's own Python, never imported by a test.

Usage: ``python3 tests/qgis_layers.py PICTURE FILE...`` prints a JSON list with one entry per layer
and paints all layers of the last file on top of one another into PICTURE.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize


def list_layers(path: Path) -> list[str]:
    """Return the layers with geometries, in the order of the file."""
    with sqlite3.connect(path) as file:
        rows = file.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY rowid"
        ).fetchall()
    return [name for (name,) in rows]


def describe(layer: Any) -> dict[str, Any]:
    """Return how a layer looks right after it was opened."""
    renderer = layer.renderer()
    kind = renderer.type() if renderer is not None else ""
    symbol = renderer.symbol() if kind == "singleSymbol" else None
    attribute = renderer.classAttribute() if kind == "categorizedSymbol" else ""
    labels = [category.label() for category in renderer.categories()] if attribute else []
    values = {str(category.value()) for category in renderer.categories()} if attribute else set()
    seen = {str(feature[attribute]) for feature in layer.getFeatures()} if attribute else set()
    return {
        "layer": layer.name(),
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "renderer": kind,
        "attribute": attribute,
        "labels": labels,
        "without_style": sorted(seen - values),
        "color": symbol.color().name() if symbol is not None else "",
        "labeled_by": layer.labeling().settings().fieldName if layer.labelsEnabled() else "",
    }


def paint(layers: list[Any], picture: Path) -> None:
    """Paint layers, the last on top, into a PNG."""
    settings = QgsMapSettings()
    settings.setLayers(layers[::-1])
    settings.setOutputSize(QSize(1200, 900))
    settings.setDestinationCrs(layers[-1].crs())
    box = layers[0].extent()
    for layer in layers:
        box.combineExtentWith(layer.extent())
    box.scale(1.05)
    settings.setExtent(box)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(picture))


def main(picture: Path, paths: list[Path]) -> None:
    """Open every layer of every file and say what QGIS made of it."""
    application = QgsApplication([], False)
    application.initQgis()
    found = []
    for path in paths:
        layers = [
            QgsVectorLayer(f"{path}|layername={name}", name, "ogr") for name in list_layers(path)
        ]
        QgsProject.instance().addMapLayers(layers)
        found += [{"file": path.name, **describe(layer)} for layer in layers]
    paint(layers, picture)
    print(json.dumps(found))
    QgsProject.instance().clear()
    sys.stdout.flush()
    application.exitQgis()


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]])
