"""From roads with tags to the directed network of one profile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geo.errors import InvalidNetwork
from geo.network import NO_NAME, RoadNetwork
from geo.profiles import Profile, find_directions, find_open_ways
from geo.roads import Roads, map_tag
from geo.simplify import Chains, find_chains
from geo.speeds import compute_free_flow_kmh
from geo.sphere import great_circle_m
from geo.waypoints import NO_STOPPING, cut_long_segments, find_waypoints

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Segments:
    """Directed straight segments open to the profile; micrometers and microseconds."""

    tail: Int64
    head: Int64
    way: Int64
    length_um: Int64
    time_us: Int64
    kind: Int64


def build_network(roads: Roads, profile: Profile) -> RoadNetwork:
    """Return the network of a profile: open ways, directions, speeds, junction to junction.

    Parameters
    ----------
    roads
        Roads with tags, from any source.
    profile
        Who travels.

    Raises
    ------
    InvalidNetwork
        If no road of the source is open to the profile, or a coordinate is not on the globe.
    """
    _check_positions(roads)
    classes = tuple(sorted(profile.speed_kmh))
    usable = find_open_ways(roads.tags, profile)
    stopping = map_tag(roads.tags["highway"], lambda v: v not in NO_STOPPING, np.bool_)
    roads = cut_long_segments(roads, usable & stopping, _measure_m(roads))
    segments = _direct(roads, profile, usable, classes)
    if segments.tail.size == 0:
        raise InvalidNetwork(
            f"{roads.source}: no road is open to profile {profile.name!r} "
            f"({len(roads.tags)} ways read). Classes used: {', '.join(classes)}."
        )
    return _assemble(roads, profile, classes, segments, _join(len(roads.lon), segments, classes))


def _join(n_points: int, segments: _Segments, classes: tuple[str, ...]) -> Chains:
    """Join segments into chains between junctions, and divide the long ones."""
    chains = find_chains(n_points, segments.tail, segments.head, segments.kind)
    stopping = np.array([word not in NO_STOPPING for word in classes], dtype=np.bool_)
    waypoints = find_waypoints(chains, segments.tail, segments.length_um, stopping[segments.kind])
    if waypoints.size == 0:
        return chains
    return find_chains(n_points, segments.tail, segments.head, segments.kind, waypoints)


def _check_positions(roads: Roads) -> None:
    bad = ~((np.abs(roads.lon) <= 180.0) & (np.abs(roads.lat) <= 90.0))  # NaN is bad, too
    if bad.any():
        i = int(np.flatnonzero(bad)[0])
        raise InvalidNetwork(
            f"{roads.source}: {int(bad.sum())} points are not on the globe, the first is node "
            f"{roads.point_id[i]} at longitude {roads.lon[i]}, latitude {roads.lat[i]}; expected "
            "WGS 84 degrees."
        )


def _measure_m(roads: Roads) -> Float64:
    """Return the great-circle length of every segment, meters."""
    tail, head = roads.tail, roads.head
    return great_circle_m(roads.lon[tail], roads.lat[tail], roads.lon[head], roads.lat[head])


def _direct(
    roads: Roads, profile: Profile, usable: NDArray[np.bool_], classes: tuple[str, ...]
) -> _Segments:
    """Apply access, direction and speed; of equal segments keep the fastest."""
    forward, backward = find_directions(roads.tags, profile)
    # A graph file lists a two-way street as two ways: only its one-ways may be turned around.
    stated_one_way = roads.tags["oneway"].eq("yes").to_numpy(dtype=np.bool_)
    backward = backward & ~(roads.directed & ~stated_one_way)
    kmh = compute_free_flow_kmh(roads.tags, profile)
    number = {word: i for i, word in enumerate(classes)}
    code = map_tag(roads.tags["highway"], lambda v: number.get(v or "", -1), np.int64)
    length_m = _measure_m(roads)
    there = np.flatnonzero((usable & forward)[roads.way] & (roads.tail != roads.head))
    back = np.flatnonzero((usable & backward)[roads.way] & (roads.tail != roads.head))
    row = np.r_[there, back]
    way = roads.way[row]
    length_um = np.rint(length_m[row] * 1e6).astype(np.int64)
    segments = _Segments(
        tail=np.r_[roads.tail[there], roads.head[back]],
        head=np.r_[roads.head[there], roads.tail[back]],
        way=way,
        length_um=length_um,
        time_us=np.rint(length_um * 3.6 / kmh[way]).astype(np.int64),
        kind=code[way],
    )
    return _drop_duplicates(segments)


def _drop_duplicates(segments: _Segments) -> _Segments:
    """Keep the fastest of the straight segments between the same two points."""
    order = np.lexsort(
        (segments.way, segments.kind, segments.time_us, segments.head, segments.tail)
    )
    tail, head = segments.tail[order], segments.head[order]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])][: len(order)]
    row = order[first]
    return _Segments(**{f.name: getattr(segments, f.name)[row] for f in fields(_Segments)})


def _assemble(
    roads: Roads, profile: Profile, classes: tuple[str, ...], segments: _Segments, chains: Chains
) -> RoadNetwork:
    """Give nodes and arcs their numbers and sum up each chain."""
    points, arcs = _number_arcs(roads, segments, chains)
    order = np.lexsort(
        (chains.offset[:-1], arcs.kind, arcs.length_um, arcs.time_us, arcs.head, arcs.tail)
    )
    geometry, offset = _collect_geometry(segments, chains, order)
    names, name = _collect_names(roads, segments, chains)
    used, code = np.unique(arcs.kind[order], return_inverse=True)
    return _freeze(
        RoadNetwork(
            profile=profile.name,
            node_id=roads.point_id[points],
            node_lon=roads.lon[points],
            node_lat=roads.lat[points],
            tail=arcs.tail[order].astype(np.int32),
            head=arcs.head[order].astype(np.int32),
            length_mm=((arcs.length_um + 500) // 1000)[order],
            free_flow_ms=np.maximum((arcs.time_us + 500) // 1000, 1)[order],
            road_class=code.astype(np.int16),
            name=name[order],
            geometry_offset=offset,
            geometry_lon=roads.lon[geometry],
            geometry_lat=roads.lat[geometry],
            component=label_components(len(points), arcs.tail, arcs.head),
            classes=tuple(classes[i] for i in used),
            names=names,
            source=roads.source,
            attribution=roads.attribution,
            content_hash="",
        )
    )


def _number_arcs(roads: Roads, segments: _Segments, chains: Chains) -> tuple[Int64, _Segments]:
    """Return the kept points by identifier, and every chain as one segment between nodes."""
    start, stop = chains.offset[:-1], chains.offset[1:]
    tail = segments.tail[chains.segment[start]]
    head = segments.head[chains.segment[stop - 1]]
    points = np.unique(np.r_[tail, head])
    points = points[np.argsort(roads.point_id[points], kind="stable")]
    node_of = np.full(len(roads.lon), -1, dtype=np.int64)
    node_of[points] = np.arange(len(points))
    return points, _Segments(
        tail=node_of[tail],
        head=node_of[head],
        way=segments.way[chains.segment[start]],
        length_um=np.add.reduceat(segments.length_um[chains.segment], start),
        time_us=np.add.reduceat(segments.time_us[chains.segment], start),
        kind=segments.kind[chains.segment[start]],
    )


def _collect_geometry(segments: _Segments, chains: Chains, order: Int64) -> tuple[Int64, Int64]:
    """Return the points of all arcs in the given order of chains, and where each arc begins."""
    count = np.diff(chains.offset)[order]
    offset = np.r_[0, np.cumsum(count + 1)].astype(np.int64)
    # Position of the k-th segment of an arc = offset[arc] + k; the last point follows it.
    rank = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    source = np.repeat(chains.offset[:-1][order], count) + rank
    target = np.repeat(offset[:-1], count) + rank
    points = np.empty(int(offset[-1]), dtype=np.int64)
    points[target] = segments.tail[chains.segment[source]]
    points[offset[1:] - 1] = segments.head[chains.segment[chains.offset[1:] - 1]][order]
    return points, offset


def _collect_names(
    roads: Roads, segments: _Segments, chains: Chains
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the street names and, per chain, the one it carries for the longest stretch."""
    codes, values = pd.factorize(roads.tags["name"], sort=True)
    code = codes.astype(np.int64)[segments.way[chains.segment]]
    chain = np.repeat(np.arange(len(chains.offset) - 1), np.diff(chains.offset))
    key = chain * (len(values) + 1) + (code + 1)
    distinct, where = np.unique(key, return_inverse=True)
    meters = np.bincount(where, weights=segments.length_um[chains.segment])
    best = np.lexsort((distinct, -meters, distinct // (len(values) + 1)))
    owner = distinct[best] // (len(values) + 1)
    winner = distinct[best][np.r_[True, owner[1:] != owner[:-1]]] % (len(values) + 1) - 1
    used, name = np.unique(winner, return_inverse=True)
    unnamed = int(used[0] == NO_NAME) if len(used) else 0
    return tuple(str(values[i]) for i in used[unnamed:]), (name - unnamed).astype(np.int32)


def label_components(n_nodes: int, tail: Int64, head: Int64) -> NDArray[np.int32]:
    """Label the strongly connected components by size, largest 0, ties by their first node.

    Parameters
    ----------
    n_nodes
        Number of nodes, n.
    tail, head
        Shape (a,), arcs.

    Returns
    -------
    ndarray
        Shape (n,), int32.
    """
    links = coo_matrix((np.ones(len(tail), dtype=np.int8), (tail, head)), (n_nodes, n_nodes))
    _, label = connected_components(links, directed=True, connection="strong")
    _, first, count = np.unique(label, return_index=True, return_counts=True)
    rank = np.empty(len(count), dtype=np.int32)
    rank[np.lexsort((first, -count))] = np.arange(len(count), dtype=np.int32)
    return rank[label]


def compute_content_hash(network: RoadNetwork) -> str:
    """Return the SHA-256, hexadecimal, of everything travel depends on (not names or shapes)."""
    digest = hashlib.sha256(f"servicenet-network/1 {network.profile}".encode())
    digest.update(" ".join(network.classes).encode())
    for key in ("node_id", "node_lon", "node_lat", "tail", "head", "length_mm", "free_flow_ms",
                "road_class"):  # fmt: skip
        array = np.ascontiguousarray(getattr(network, key))
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        digest.update(f"{key} {little.shape}".encode())
        digest.update(little.tobytes())
    return digest.hexdigest()


def _freeze(network: RoadNetwork) -> RoadNetwork:
    """Fill in the digest and make the arrays read-only."""
    values = {f.name: getattr(network, f.name) for f in fields(RoadNetwork)}
    values["content_hash"] = compute_content_hash(network)
    for value in values.values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return RoadNetwork(**values)
