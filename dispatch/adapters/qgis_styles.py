"""Styles of our layers for QGIS, as QML texts; QGIS reads them from the table ``layer_styles``."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

GREEN, RED, TEAL, GRAY = "6,118,71,255", "192,16,72,255", "14,116,144,255", "102,112,133,255"

Category = tuple[str, str, Element]
"""Value, label, symbol."""


def marker(color: str, size_mm: float, shape: str = "circle") -> Element:
    """Return a point symbol."""
    return _symbol(
        "marker",
        "SimpleMarker",
        {"color": color, "name": shape, "size": str(size_mm), "size_unit": "MM",
         "outline_color": "255,255,255,255", "outline_width": "0.2", "outline_style": "solid"},
    )  # fmt: skip


def area(color: str, *, opacity: int = 60, outline: float = 0.4) -> Element:
    """Return an area symbol whose filling has the given opacity, 0 to 255."""
    plain = color.rsplit(",", 1)[0]
    return _symbol(
        "fill",
        "SimpleFill",
        {"color": f"{plain},{opacity}", "style": "solid", "outline_color": color,
         "outline_style": "solid", "outline_width": str(outline), "outline_width_unit": "MM"},
    )  # fmt: skip


def line(color: str, width_mm: float, *, dashed: bool = False) -> Element:
    """Return a line symbol."""
    return _symbol(
        "line",
        "SimpleLine",
        {"line_color": color, "line_width": str(width_mm), "line_width_unit": "MM",
         "line_style": "dash" if dashed else "solid", "joinstyle": "round", "capstyle": "round"},
    )  # fmt: skip


def _symbol(kind: str, layer: str, values: Mapping[str, str]) -> Element:
    symbol = Element("symbol", {"type": kind, "alpha": "1", "clip_to_extent": "1",
                                "force_rhr": "0", "name": "0"})  # fmt: skip
    inner = SubElement(symbol, "layer", {"class": layer, "enabled": "1", "locked": "0",
                                         "pass": "0"})  # fmt: skip
    options = SubElement(inner, "Option", {"type": "Map"})
    for name, value in values.items():
        SubElement(options, "Option", {"name": name, "type": "QString", "value": value})
    for name, value in values.items():  # QGIS before 3.26 reads these
        SubElement(inner, "prop", {"k": name, "v": value})
    return symbol


def single_style(symbol: Element, label: str = "") -> str:
    """Return the QML of a layer drawn with one symbol, labeled by a field if one is named."""
    root = _root(labeled=bool(label))
    settings = {"type": "singleSymbol", "symbollevels": "0", "enableorderby": "0"}
    renderer = SubElement(root, "renderer-v2", settings)
    SubElement(renderer, "symbols").append(symbol)
    if label:
        _add_labels(root, label)
    return _text(root)


def categorized_style(field: str, categories: list[Category], label: str = "") -> str:
    """Return the QML of a layer drawn by the values of a field, labeled by one if it is named."""
    root = _root(labeled=bool(label))
    renderer = SubElement(
        root, "renderer-v2",
        {"type": "categorizedSymbol", "attr": field, "symbollevels": "0", "enableorderby": "0",
         "forceraster": "0"},
    )  # fmt: skip
    listed = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    for number, (value, words, symbol) in enumerate(categories):
        SubElement(listed, "category", {"value": value, "label": words, "symbol": str(number),
                                        "render": "true", "type": "string"})  # fmt: skip
        symbol.set("name", str(number))
        symbols.append(symbol)
    if label:
        _add_labels(root, label)
    return _text(root)


def _root(*, labeled: bool) -> Element:
    return Element("qgis", {"version": "3.22.0", "styleCategories": "Symbology|Labeling",
                            "labelsEnabled": "1" if labeled else "0"})  # fmt: skip


def _add_labels(root: Element, field: str) -> None:
    labeling = SubElement(root, "labeling", {"type": "simple"})
    settings = SubElement(labeling, "settings", {"calloutType": "simple"})
    style = SubElement(settings, "text-style", {
        "fieldName": field, "isExpression": "0", "fontSize": "9", "fontSizeUnit": "Point",
        "textColor": "16,24,40,255", "fontFamily": "Noto Sans"})  # fmt: skip
    SubElement(style, "text-buffer", {"bufferDraw": "1", "bufferSize": "0.8",
                                      "bufferSizeUnits": "MM",
                                      "bufferColor": "255,255,255,255"})  # fmt: skip
    SubElement(settings, "placement", {"placement": "6", "dist": "1.2", "distUnits": "MM"})


def _text(root: Element) -> str:
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(
        root, encoding="unicode"
    )
