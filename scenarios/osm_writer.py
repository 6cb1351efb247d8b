"""Write roads as OSM XML, which every tool reads and no library is needed for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from dispatch.adapters.files.atomic import write_text_atomically
from geo.roads import TAGS, Roads


def write_osm_xml(roads: Roads, path: Path) -> None:
    """Write every segment as a way of two nodes, with the tags of its way.

    Parameters
    ----------
    roads
        Roads; ``point_id`` become node ids, coordinates keep seven decimals as in OSM.
    path
        File to write, in one step.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    write_text_atomically(path, "\n".join(_lines(roads)) + "\n")


def _lines(roads: Roads) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<osm version="0.6" generator="servicenet">'
    for node, lon, lat in zip(roads.point_id, roads.lon, roads.lat, strict=True):
        yield f'<node id="{node}" lon="{lon:.7f}" lat="{lat:.7f}"/>'
    tags = [_tag_text(roads, way) for way in range(len(roads.tags))]
    segments = zip(roads.tail.tolist(), roads.head.tolist(), roads.way.tolist(), strict=True)
    for number, (tail, head, way) in enumerate(segments, start=1):
        ends = f'<nd ref="{roads.point_id[tail]}"/><nd ref="{roads.point_id[head]}"/>'
        yield f'<way id="{number}">{ends}{tags[way]}</way>'
    yield "</osm>"


def _tag_text(roads: Roads, way: int) -> str:
    row = roads.tags.iloc[way]
    return "".join(
        f"<tag k={quoteattr(key)} v={quoteattr(row[key])}/>"
        for key in TAGS
        if isinstance(row[key], str)
    )
