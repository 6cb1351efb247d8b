"""Audit the coverage of a service network.

Reads the network (network.json or a folder that holds it), judges every demand point by straight
line and by road against the service radius of the standard, and writes into the output folder:
coverage.html (a map for the manager), demand.csv, outlets.csv, shares.csv, pockets.csv,
coverage.xlsx, coverage.gpkg (opens styled in QGIS) and coverage.json (the summary). Without --roads
only the straight line is judged, and every output says so.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.cli.exit_codes import Exit, exit_code_table

if TYPE_CHECKING:
    from dispatch.adapters.files.network_file import NetworkFile
    from dispatch.planning.network_audit import NetworkAudit
    from geo.network import RoadNetwork


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = f"exit codes:\n{exit_code_table()}"
    parser.add_argument(
        "network", type=Path, metavar="NETWORK", help="network.json, or the folder that holds it"
    )
    parser.add_argument(
        "--roads",
        type=Path,
        metavar="FILE",
        help="map: .osm.pbf, .osm, .graphml, or .sqlite of an AequilibraE project",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="output folder")
    parser.add_argument("--profile", choices=("car", "ebike", "walk"), default="car")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="of page and summary")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Audit the network and return the exit code."""
    from dispatch.cli.guard import run_guarded

    return run_guarded(lambda: _audit(arguments), as_json=arguments.json)


def _audit(arguments: argparse.Namespace) -> int:
    from dispatch.adapters.coverage_files import summarize_coverage, write_coverage
    from dispatch.adapters.files.network_file import read_network_file
    from dispatch.cli.guard import print_faults, print_json

    found = read_network_file(arguments.network)
    print_faults(found.warnings)
    audit, network = _judge(found, arguments)
    files = write_coverage(audit, arguments.out, roads=network, language=arguments.lang)
    summary = summarize_coverage(audit)
    if arguments.json:
        print_json(
            {
                "ok": True,
                "exit_code": int(Exit.OK),
                **summary,
                "files": {name: str(path) for name, path in files.items()},
                "warnings": [fault.as_dict() for fault in found.warnings],
            }
        )
    else:
        print("\n".join(_lines(audit, files["coverage.html"], arguments.lang)))
    return Exit.OK


def _judge(
    found: NetworkFile, arguments: argparse.Namespace
) -> tuple[NetworkAudit, RoadNetwork | None]:
    from dispatch.domain.network import NetworkCode
    from dispatch.errors import Fault, InvalidRequest
    from dispatch.planning.network_audit import audit_network
    from geo.network_store import get_cache_dir
    from geo.osm import read_network
    from geo.reach import RoadReach
    from geo.zones import RoadDensity

    settings = found.network.settings
    if arguments.roads is None:
        needed = {
            "radius_measure": settings.radius_measure == "road",
            "classifiers": "road_density" in (settings.classifiers or ()),
        }
        faults = [
            Fault(
                NetworkCode.NO_ROADS.value,
                f"network.json settings.{name}",
                "road without roads",
                "--roads FILE, or settings that need none",
            )
            for name, asks in needed.items()
            if asks
        ]
        if faults:
            raise InvalidRequest(faults)
        return audit_network(found.network, found.demand, found.chain()), None
    network = read_network(
        arguments.roads, arguments.profile, cache_dir=get_cache_dir() / "networks"
    )
    reach = RoadReach(network, count_access=settings.count_access)
    chain = found.chain(road_density=RoadDensity(network))
    return audit_network(found.network, found.demand, chain, reach), network


def _lines(audit: NetworkAudit, page: Path, language: str) -> list[str]:
    """Return the summary in a few lines."""
    row = audit.shares[0]
    total = row.total.weight or 1
    straight = f"{row.straight.weight / total:.1%}"
    road = "—" if row.road is None else f"{row.road.weight / total:.1%}"
    late = sum(not (one.days_ok and one.hours_ok) for one in audit.outlets)
    emergency = "—" if audit.emergency is None else f"{audit.emergency.weight / total:.1%}"
    minutes = f"{audit.network.settings.emergency_minutes:g}"
    if language == "zh":
        decides = _MEASURES_ZH[audit.coverage.decides]
        return [
            f"覆盖率(按需求量)：直线 {straight}，道路 {road}；判定依据：{decides}",
            f"{minutes} 分钟内可到达：{emergency}；未覆盖片区 {len(audit.pockets)} 个",
            f"营业网点 {len(audit.outlets)} 个，其中营业时间不达标 {late} 个",
            f"报告：{page}",
        ]
    return [
        f"covered, by weight: straight line {straight}, road {road}",
        f"the measure that decides: {audit.coverage.decides}",
        f"reached in {minutes} min: {emergency}; uncovered pockets: {len(audit.pockets)}",
        f"open outlets: {len(audit.outlets)}, with short opening hours: {late}",
        f"report: {page}",
    ]


_MEASURES_ZH = {"straight": "直线距离", "road": "道路距离"}
