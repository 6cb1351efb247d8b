"""Links that open a place at the right spot in the map programs of China."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from dispatch.adapters.map_links import HEADS, MAX_NAME, build_links, find_shifted
from geo.datum import wgs84_to_gcj02

WUHAN = (114.305, 30.593)


def test_every_program_gets_the_shifted_place_in_its_own_order() -> None:
    links = build_links(*WUHAN, "V1")
    x, y = (f"{float(value):.6f}" for value in wgs84_to_gcj02(*WUHAN))
    # The shift in Wuhan is some hundred meters: about 0.005 degrees east, 0.002 south.
    assert abs(float(x) - WUHAN[0]) > 0.004
    amap, baidu, tencent = (parse_qs(urlsplit(links[name]).query) for name in HEADS)
    assert (amap["position"], amap["coordinate"]) == ([f"{x},{y}"], ["gaode"])
    # Baidu takes its own BD-09 for granted; the link says otherwise.
    assert (baidu["location"], baidu["coord_type"]) == ([f"{y},{x}"], ["gcj02"])
    assert tencent["marker"][0].startswith(f"coord:{y},{x};title:V1")


def test_names_cannot_add_parameters_or_break_out_of_a_link() -> None:
    for link in build_links(*WUHAN, 'a&b=c;title:x#"<>\n 工单').values():
        assert re.fullmatch(r"[A-Za-z0-9:/?&=.,;%_-]+", link)
        assert "b=c" not in link
        assert "%E5%B7%A5" in link


def test_a_long_name_is_cut() -> None:
    assert build_links(*WUHAN, "x" * 500) == build_links(*WUHAN, "x" * MAX_NAME)


def test_outside_of_the_shifted_area_there_are_no_links() -> None:
    assert find_shifted(8.69, 49.41) is None
    assert build_links(8.69, 49.41, "V1") == {}
