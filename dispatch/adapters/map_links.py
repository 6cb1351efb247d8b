"""Links that open a place in the map programs people use in China; nothing is asked for here.

The three services take the shifted datum GCJ-02: Amap with ``coordinate=gaode``, Baidu with
``coord_type=gcj02`` (its own BD-09 is its default), Tencent always. So one shift serves all, and
the marker stands at the right door. Formats are those of the vendors' URI pages (Amap "URI API",
marker; Baidu "URI API", marker; Tencent "URI API", marker). Where the formula of GCJ-02 does not
shift, these maps show little, and no link is made.

A link carries a coordinate and the id of a visit or outlet, never a customer (CSQ-2.4).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from geo.datum import is_in_china_box, wgs84_to_gcj02

DECIMALS: Final = 6
"""About 0.1 m."""
MAX_NAME: Final = 60
"""Characters of a name at a marker; programs cut long links."""
SOURCE: Final = "servicenet"
HEADS: Final = {
    "amap": "https://uri.amap.com/marker?",
    "baidu": "https://api.map.baidu.com/marker?",
    "tencent": "https://apis.map.qq.com/uri/v1/marker?",
}
"""What the links of each service begin with; the page of a day builds its own from the same."""


def find_shifted(lon: float, lat: float) -> tuple[float, float] | None:
    """Return a WGS 84 place in GCJ-02, degrees; None where that datum does not hold."""
    if not bool(is_in_china_box(lon, lat)):
        return None
    x, y = wgs84_to_gcj02(lon, lat)
    return round(float(x), DECIMALS), round(float(y), DECIMALS)


def build_links(lon: float, lat: float, name: str) -> dict[str, str]:
    """Return a link by service, ``amap``, ``baidu`` and ``tencent``; none outside China.

    Parameters
    ----------
    lon, lat
        WGS 84, degrees.
    name
        Shown at the marker; cut at ``MAX_NAME`` characters.
    """
    shifted = find_shifted(lon, lat)
    if shifted is None:
        return {}
    x, y = (f"{value:.{DECIMALS}f}" for value in shifted)
    word = quote(name[:MAX_NAME], safe="", errors="replace")
    tails = {
        "amap": f"position={x},{y}&name={word}&coordinate=gaode&callnative=1&src={SOURCE}",
        "baidu": f"location={y},{x}&title={word}&content={word}&coord_type=gcj02&output=html"
        f"&src={SOURCE}",
        "tencent": f"marker=coord:{y},{x};title:{word};addr:{word}&referer={SOURCE}",
    }
    return {service: HEADS[service] + tail for service, tail in tails.items()}
