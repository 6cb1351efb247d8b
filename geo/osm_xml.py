"""Read the roads of an ``.osm`` XML extract, as a stream, without document types or entities."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

import numpy as np

from geo.errors import InvalidNetwork
from geo.roads import OSM_ATTRIBUTION, TAGS, Roads, tag_table

SIZE_LIMIT_BYTES = 200_000_000
"""Larger XML is refused: the same extract as PBF is a tenth of it and much faster to read."""

_CHUNK = 1 << 20


def check_xml_is_plain(path: Path, limit_bytes: int = SIZE_LIMIT_BYTES) -> None:
    """Refuse XML that is too large or declares a document type before another reader opens it.

    Entities can only be declared in a document type, so expansion attacks and references to
    other files end here. Only the prolog is parsed.

    Raises
    ------
    InvalidNetwork
        If the file is refused or is not XML.
    """
    _check_size(path, limit_bytes)
    parser = _make_parser(path)
    seen: list[str] = []
    parser.StartElementHandler = lambda name, _attributes: seen.append(name)
    try:
        with path.open("rb") as file:
            while not seen:
                chunk = file.read(_CHUNK)
                parser.Parse(chunk, not chunk)
                if not chunk:
                    break
    except expat.ExpatError as error:
        raise InvalidNetwork(f"{path}: not well-formed XML ({error}).") from error


def _check_size(path: Path, limit_bytes: int) -> None:
    size = path.stat().st_size
    if size > limit_bytes:
        raise InvalidNetwork(
            f"{path}: {size / 1e6:.0f} MB of XML; at most {limit_bytes / 1e6:.0f} MB are read. "
            "Convert the extract to .osm.pbf."
        )


def _make_parser(path: Path) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_args: object) -> NoReturn:
        raise InvalidNetwork(
            f"{path}: the XML declares a document type or entities, which OSM files never do; "
            "refused because they can be used to attack the reader."
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


class _Collector:
    """Nodes and highway ways, gathered while the parser runs."""

    def __init__(self) -> None:
        self.node_id, self.lon, self.lat = array("q"), array("d"), array("d")
        self.way_id = array("q")
        self.refs = array("q")
        self.n_refs = array("q")
        self.columns: dict[str, list[str | None]] = {key: [] for key in TAGS}
        self._way: int | None = None
        self._way_refs: list[int] = []
        self._way_tags: dict[str, str] = {}
        self.root = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.root:
            self.root = name
        if name == "node":
            self.node_id.append(int(attributes["id"]))
            self.lon.append(float(attributes["lon"]))
            self.lat.append(float(attributes["lat"]))
        elif name == "way":
            self._way, self._way_refs, self._way_tags = int(attributes["id"]), [], {}
        elif self._way is not None and name == "nd":
            self._way_refs.append(int(attributes["ref"]))
        elif self._way is not None and name == "tag":
            self._way_tags[attributes["k"]] = attributes["v"]

    def end(self, name: str) -> None:
        if name != "way" or self._way is None:
            return
        if "highway" in self._way_tags:
            self.way_id.append(self._way)
            self.refs.extend(self._way_refs)
            self.n_refs.append(len(self._way_refs))
            for key, column in self.columns.items():
                column.append(self._way_tags.get(key))
        self._way = None


def read_osm_xml(path: Path) -> Roads:
    """Return all ways with a ``highway`` tag.

    Parameters
    ----------
    path
        OpenStreetMap extract as XML.

    Raises
    ------
    InvalidNetwork
        If the file is too large, is not OSM XML, declares a document type, or holds no road.
    """
    _check_size(path, SIZE_LIMIT_BYTES)
    found = _collect(path)
    if found.root != "osm":
        raise InvalidNetwork(f"{path}: root element <{found.root}>; expected <osm>.")
    if len(found.way_id) == 0 or len(found.node_id) == 0:
        raise InvalidNetwork(f"{path}: the extract holds no way with a highway tag.")
    return _to_roads(path, found)


def _collect(path: Path) -> _Collector:
    found = _Collector()
    parser = _make_parser(path)
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise InvalidNetwork(f"{path}: not well-formed XML ({error}).") from error
    except (KeyError, ValueError, OverflowError) as error:
        if isinstance(error, InvalidNetwork):
            raise
        raise InvalidNetwork(
            f"{path}, line {parser.CurrentLineNumber}: an element lacks an attribute or holds "
            f"a value that is no number ({error})."
        ) from error
    return found


def _to_roads(path: Path, found: _Collector) -> Roads:
    """Bring references to indices; a node that the extract cut off is skipped."""
    point_id, first = np.unique(np.asarray(found.node_id, dtype=np.int64), return_index=True)
    refs = np.asarray(found.refs, dtype=np.int64)
    row = np.repeat(np.arange(len(found.way_id)), np.asarray(found.n_refs, dtype=np.int64))
    index = np.minimum(np.searchsorted(point_id, refs), len(point_id) - 1)
    present = point_id[index] == refs
    index, row = index[present], row[present]
    joined = row[1:] == row[:-1]
    return Roads(
        point_id=point_id,
        lon=np.asarray(found.lon, dtype=np.float64)[first],
        lat=np.asarray(found.lat, dtype=np.float64)[first],
        tail=index[:-1][joined].astype(np.int64),
        head=index[1:][joined].astype(np.int64),
        way=row[1:][joined].astype(np.int64),
        tags=tag_table(dict(found.columns), len(found.way_id)),
        directed=np.zeros(len(found.way_id), dtype=np.bool_),
        source=f"OpenStreetMap extract {path.name}",
        attribution=OSM_ATTRIBUTION,
    )
