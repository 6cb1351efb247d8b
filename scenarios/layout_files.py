"""What ``servicenet layout`` writes beside the report: demand as it was judged, the new network."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.domain import Outlet
from dispatch.domain.network import Network, NetworkOutlet
from dispatch.domain.place import Place
from geo.demand import ZONES, Demand
from geo.network import NO_NAME, RoadNetwork
from geo.snapping import Snapper

LAYOUT_FILE: Final = "layout.json"
DEMAND_FILE: Final = "demand.csv"
AFTER_FILE: Final = "network.after.json"
NAME_LIMIT_M: Final = 400.0
"""A street farther away gives no name to a place."""


def write_layout(document: Mapping[str, Any], path: Path) -> None:
    """Write layout.json in one step."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    write_text_atomically(path, text + "\n")


def write_demand(demand: Demand, path: Path) -> None:
    """Write the demand points with the zones they were judged by, as a table of this project."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "lon", "lat", "weight", "zone", "district"])
    lonlat = demand.lonlat.tolist()
    for row, (lon, lat) in enumerate(lonlat):
        district = demand.district[row]
        name = demand.districts[district] if district >= 0 else ""
        zone = ZONES[demand.zone[row]]
        writer.writerow([demand.name_of(row), repr(lon), repr(lat), demand.weight[row], zone, name])
    write_text_atomically(path, text.getvalue())


def write_network_after(network: Network, layout: Mapping[str, Any], path: Path) -> None:
    """Write the network as it stands when the proposal is built; ``servicenet coverage`` reads it.

    Parameters
    ----------
    network
        The network of today.
    layout
        The proposal.
    path
        File to write; the demand is looked for beside it, in ``demand.csv``.
    """
    after = apply_layout(network, layout)
    document = after.model_dump(mode="json", exclude_defaults=True)
    document = {"format": after.format, **document, "demand": DEMAND_FILE}
    write_text_atomically(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def apply_layout(network: Network, layout: Mapping[str, Any]) -> Network:
    """Return the network with outlets closed and opened as proposed; zones are in the demand."""
    chosen = set(layout["proposal"]["sites"])
    known = {outlet.id for outlet in (*network.outlets, *network.candidates)}

    def judged(outlet: NetworkOutlet) -> NetworkOutlet:
        if outlet.id in chosen:
            return outlet.model_copy(update={"status": "open"})
        closed = outlet.status == "open"
        return outlet.model_copy(update={"status": "closed"}) if closed else outlet

    new = tuple(
        NetworkOutlet(
            id=site["id"], name=site["street"], lon=site["lon"], lat=site["lat"],
            fixed_cost=site["opening"], running_cost_per_year=site["running"] // layout["years"],
        )
        for site in layout["sites"]
        if site["id"] in chosen and site["id"] not in known
    )  # fmt: skip
    return network.model_copy(
        update={
            "outlets": (*(judged(outlet) for outlet in network.outlets), *new),
            "candidates": tuple(judged(outlet) for outlet in network.candidates),
        }
    )


def to_day_outlets(network: Network) -> tuple[Outlet, ...]:
    """Return the open outlets as a day has them: what a simulated day of a proposal starts from.

    Parameters
    ----------
    network
        A network, for instance from ``apply_layout``.
    """
    return tuple(
        Outlet(
            id=outlet.id,
            name=outlet.name,
            kind=outlet.kind,
            place=Place(lon=outlet.lon, lat=outlet.lat),
            opening_hours=outlet.opening_hours,
            radius_m=outlet.radius_m,
            zone=outlet.zone or "urban",
        )
        for outlet in (*network.outlets, *network.candidates)
        if outlet.status == "open"
    )


def name_streets(network: RoadNetwork, lonlat: NDArray[np.float64]) -> list[str]:
    """Return the street each place stands at; empty text where none with a name is near."""
    named = np.flatnonzero(network.name != NO_NAME)
    street = np.full(network.n_nodes, NO_NAME, dtype=np.int64)
    for ends in (network.head, network.tail):
        street[ends[named[::-1]]] = network.name[named[::-1]]
    snaps = Snapper(network, NAME_LIMIT_M).snap(lonlat)
    found = np.where(snaps.refused, NO_NAME, street[snaps.node])
    return [network.names[name] if name != NO_NAME else "" for name in found.tolist()]
