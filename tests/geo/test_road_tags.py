"""Who may travel where, in which direction, how fast: OSM tags as the profiles read them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InvalidNetwork, UnknownProfile
from geo.profiles import LIMIT_SHARE, PROFILES, get_profile
from geo.speeds import NO_LIMIT_KMH, parse_maxspeed_kmh
from tests.osm_files import list_arcs, make_network

# On the equator 0.001 degrees of longitude are 6 371 008.8 m × π / 180 / 1000 = 111.195 08 m.
PLACES = {1: (0.0, 0.0), 2: (0.001, 0.0), 3: (0.002, 0.0), 4: (0.001, 0.001)}
THERE, BACK = (1, 2), (2, 1)


def arcs_of_one_street(tmp_path: Path, profile: str, **tags: str) -> set[tuple[int, int]]:
    named = {key.replace("__", ":"): value for key, value in tags.items()}
    # The second street carries a plain two-way so that the network is never empty.
    network = make_network(
        tmp_path,
        PLACES,
        [([1, 2], {"highway": "residential"} | named), ([2, 3], {"highway": "tertiary"})],
        profile,
    )
    return list_arcs(network) & {THERE, BACK}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("yes", {THERE}),
        ("true", {THERE}),
        ("1", {THERE}),
        ("-1", {BACK}),
        ("reverse", {BACK}),
        ("no", {THERE, BACK}),
        ("alternating", {THERE, BACK}),
        ("reversible", set()),
    ],
)
def test_a_car_obeys_the_one_way_tag(
    tmp_path: Path, value: str, expected: set[tuple[int, int]]
) -> None:
    assert arcs_of_one_street(tmp_path, "car", oneway=value) == expected


def test_people_on_foot_ignore_one_ways(tmp_path: Path) -> None:
    assert arcs_of_one_street(tmp_path, "walk", oneway="yes") == {THERE, BACK}


def test_an_ebike_follows_its_own_one_way_tag_first(tmp_path: Path) -> None:
    assert arcs_of_one_street(tmp_path, "ebike", oneway="yes") == {THERE}
    assert arcs_of_one_street(tmp_path, "ebike", oneway="yes", oneway__bicycle="no") == {
        THERE,
        BACK,
    }


def test_a_roundabout_is_one_way_without_a_tag_and_two_way_with_one(tmp_path: Path) -> None:
    assert arcs_of_one_street(tmp_path, "car", junction="roundabout") == {THERE}
    assert arcs_of_one_street(tmp_path, "car", junction="roundabout", oneway="no") == {THERE, BACK}


def test_a_motorway_is_one_way_in_a_file_that_knows_one_ways(tmp_path: Path) -> None:
    motorway = ([1, 2], {"highway": "motorway"})
    plain = ([2, 3], {"highway": "tertiary"})
    tagged = ([2, 4], {"highway": "tertiary", "oneway": "yes"})
    assert {THERE, BACK} <= list_arcs(make_network(tmp_path, PLACES, [motorway, plain]))
    arcs = list_arcs(make_network(tmp_path, PLACES, [motorway, plain, tagged]))
    assert THERE in arcs
    assert BACK not in arcs


@pytest.mark.parametrize(
    ("profile", "tags", "open_"),
    [
        ("car", {"access": "private"}, False),
        ("car", {"access": "no"}, False),
        ("car", {"access": "destination"}, True),
        ("car", {"access": "customers"}, True),
        ("car", {"access": "private;customers"}, True),
        ("car", {"access": "agricultural;forestry"}, False),
        ("car", {"access": "no", "motor_vehicle": "yes"}, True),
        ("car", {"access": "yes", "motor_vehicle": "no"}, False),
        ("car", {"vehicle": "no", "motorcar": "designated"}, True),
        ("car", {"highway": "footway"}, False),
        ("car", {"highway": "construction"}, False),
        ("car", {"highway": "service", "service": "parking_aisle"}, False),
        ("car", {"highway": "service"}, True),
        ("car", {"highway": "service", "area": "yes"}, False),
        ("ebike", {"motor_vehicle": "no"}, True),
        ("ebike", {"bicycle": "no"}, False),
        ("ebike", {"access": "private", "bicycle": "yes"}, True),
        ("ebike", {"highway": "footway"}, False),
        ("ebike", {"highway": "footway", "bicycle": "designated"}, True),
        ("ebike", {"highway": "primary", "motorroad": "yes"}, False),
        ("ebike", {"highway": "motorway"}, False),
        ("walk", {"foot": "no"}, False),
        ("walk", {"highway": "steps"}, True),
        ("walk", {"vehicle": "no"}, True),
        ("walk", {"access": "private"}, False),
    ],
)
def test_the_most_specific_access_tag_decides(
    tmp_path: Path, profile: str, tags: dict[str, str], open_: bool
) -> None:
    assert (arcs_of_one_street(tmp_path, profile, **tags) != set()) is open_


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50.0),
        ("50 km/h", 50.0),
        ("30 mph", 30 * 1.609344),
        ("30mph", 30 * 1.609344),
        ("none", NO_LIMIT_KMH),
        ("walk", 7.0),
        ("50;30", 30.0),
        ("60|50", 50.0),
        ("30-50", 30.0),
        ("20-30 mph", 20 * 1.609344),
        ("signals;80", 80.0),
        ("DE:urban", 50.0),
        ("DE:zone:30", 30.0),
        ("zone30", 30.0),
        ("DE:walk", 7.0),
        ("8.5", 8.5),
    ],
)
def test_speed_limits_are_read_with_units_lists_and_words(text: str, kmh: float) -> None:
    assert parse_maxspeed_kmh(text) == pytest.approx(kmh)


@pytest.mark.parametrize("text", [None, "", "signals", "fast", "0", "-5", "5000", "nan", "1e3"])
def test_a_limit_that_says_nothing_usable_is_no_limit(text: str | None) -> None:
    assert math.isnan(parse_maxspeed_kmh(text))


@given(st.text(max_size=30))
def test_any_text_gives_a_sane_limit_or_none(text: str) -> None:
    kmh = parse_maxspeed_kmh(text)
    assert math.isnan(kmh) or 3.0 <= kmh <= 150.0


def free_flow_ms(tmp_path: Path, profile: str, **tags: str) -> int:
    network = make_network(tmp_path, PLACES, [([1, 2], {"highway": "residential"} | tags)], profile)
    assert network.n_arcs == 2  # one street, both ways
    return int(network.free_flow_ms[0])


def test_a_free_car_drives_four_fifths_of_the_limit(tmp_path: Path) -> None:
    # 111.19508 m at 0.8 × 50 km/h = 40 km/h: 111.19508 / (40 / 3.6) = 10.007557 s.
    assert free_flow_ms(tmp_path, "car", maxspeed="50") == 10_008
    # Without a tag the class decides: residential 30 km/h × 0.8 = 24 km/h: 16.679262 s.
    assert free_flow_ms(tmp_path, "car") == 16_679
    # 30 mph = 48.28032 km/h × 0.8 = 38.624256 km/h: 10.364023 s.
    assert free_flow_ms(tmp_path, "car", maxspeed="30 mph") == 10_364


def test_ebikes_keep_their_pace_below_a_lower_limit_and_feet_ignore_it(tmp_path: Path) -> None:
    # 18 km/h: 111.19508 × 3.6 / 18 = 22.239016 s; a limit of 50 changes nothing, one of 10 does.
    assert free_flow_ms(tmp_path, "ebike", maxspeed="50") == 22_239
    assert free_flow_ms(tmp_path, "ebike", maxspeed="10") == 40_030
    # 4.5 km/h: 88.956064 s
    assert free_flow_ms(tmp_path, "walk", maxspeed="3") == 88_956


def test_every_class_of_every_profile_has_a_speed_a_person_would_believe() -> None:
    for profile in PROFILES.values():
        fastest = {"car": 100.0 * LIMIT_SHARE, "ebike": 25.0, "walk": 5.0}[profile.name]
        assert all(1.0 <= kmh <= fastest for kmh in profile.speed_kmh.values())


def test_an_unknown_profile_is_named_together_with_those_that_exist() -> None:
    with pytest.raises(UnknownProfile, match=r"'boat'.*car, ebike, walk"):
        get_profile("boat")


def test_a_map_without_a_road_for_the_profile_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidNetwork, match=r"town\.osm: no road is open to profile 'car'"):
        make_network(tmp_path, PLACES, [([1, 2], {"highway": "footway"})])
