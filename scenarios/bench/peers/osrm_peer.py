"""OSRM beside us: its own programs on the same map file, asked over the loopback.

The programs are found in the folder that SERVICENET_OSRM names, in the ``osrm-bindings`` package,
or beside ``osrm-routed`` on the PATH. Multi-level Dijkstra: its contraction hierarchy takes more
than ten minutes on a city of a quarter of a million nodes.
"""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.network import RoadNetwork
from scenarios.bench.peers.matrix_peers import PeerMatrix
from scenarios.bench.report import Stopwatch

HOME_VARIABLE: Final = "SERVICENET_OSRM"
"""Environment variable that names a folder with ``bin/`` and ``share/``."""

_ENGINE: Final = "osrm mld"
_GIVES: Final = "seconds, meters"
_HOST: Final = "127.0.0.1"
_START_S: Final = 60.0
_ANSWER_S: Final = 600.0

Int64 = NDArray[np.int64]


def measure_osrm(roads: Path, network: RoadNetwork, places: Int64) -> PeerMatrix:
    """Measure OSRM on the same map file, if it is installed and can read it.

    Parameters
    ----------
    roads
        Map file; OSRM reads ``.osm.pbf`` and ``.osm``.
    network
        Our reading of it, for the positions of the places.
    places
        Shape (m,), nodes.
    """
    tools = find_osrm()
    if tools is None:
        note = f"not installed (no osrm-bindings, no osrm-routed, no {HOME_VARIABLE})"
        return PeerMatrix(engine=_ENGINE, gives=_GIVES, note=note)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _measure(*tools, roads, _write_places(network, places), Path(folder))
    except subprocess.CalledProcessError as error:
        note = f"{Path(error.cmd[0]).name} ended with code {error.returncode}"
        return PeerMatrix(engine=_ENGINE, gives=_GIVES, note=note)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return PeerMatrix(engine=_ENGINE, gives=_GIVES, note=f"failed: {error}")


def find_osrm() -> tuple[Path, Path] | None:
    """Return the folder of OSRM's programs and its car profile, or None."""
    homes: list[Path] = []
    if named := os.environ.get(HOME_VARIABLE):
        homes.append(Path(named))
    package = importlib.util.find_spec("osrm")
    if package is not None and package.origin is not None:
        homes.append(Path(package.origin).parent)
    if routed := shutil.which("osrm-routed"):
        homes.append(Path(routed).parent.parent)
    for home in homes:
        for share in ("share/profiles", "share/osrm/profiles"):
            profile = home / share / "car.lua"
            if profile.is_file() and (home / "bin" / "osrm-routed").is_file():
                return home / "bin", profile
    return None


def _write_places(network: RoadNetwork, places: Int64) -> str:
    lon, lat = network.node_lon[places].tolist(), network.node_lat[places].tolist()
    return ";".join(f"{x:.6f},{y:.6f}" for x, y in zip(lon, lat, strict=True))


def _measure(programs: Path, profile: Path, roads: Path, places: str, folder: Path) -> PeerMatrix:
    copy = folder / "roads.osm.pbf" if roads.suffix == ".pbf" else folder / "roads.osm"
    shutil.copyfile(roads, copy)
    base = folder / "roads.osrm"
    watch = Stopwatch()
    _run(programs / "osrm-extract", "-t", "1", "-p", str(profile), str(copy))
    _run(programs / "osrm-partition", "-t", "1", str(base))
    customizing = Stopwatch()
    _run(programs / "osrm-customize", "-t", "1", str(base))
    reweight_s, _ = customizing.read()
    prepare_s, _ = watch.read()
    count = places.count(";") + 1
    with _serve(programs / "osrm-routed", base, count) as port:
        watch = Stopwatch()
        answer = _ask(port, f"/table/v1/car/{places}?annotations=duration,distance")
        wall_s, _ = watch.read()
    if len(answer["durations"]) != count:
        raise ValueError(f"{len(answer['durations'])} rows for {count} places")
    return PeerMatrix(
        engine=_ENGINE,
        gives=_GIVES,
        note="own reading of the map; one thread; time includes HTTP and JSON",
        prepare_s=prepare_s,
        reweight_s=reweight_s,
        matrix_wall_s=wall_s,
    )


def _run(program: Path, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 - programs the user installed, no shell
        [str(program), *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@contextmanager
def _serve(program: Path, base: Path, size: int) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
    command = [str(program), "-a", "mld", "-t", "1", "-i", _HOST, "-p", str(port)]
    command += ["--max-table-size", str(size), str(base)]
    with subprocess.Popen(  # noqa: S603 - as above
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection((_HOST, port), timeout=1.0).close()
        except ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise OSError(f"osrm-routed did not start within {_START_S:.0f} s")


def _ask(port: int, path: str) -> dict[str, list[list[float | None]]]:
    connection = http.client.HTTPConnection(_HOST, port, timeout=_ANSWER_S)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        if response.status != http.client.OK:
            raise ValueError(f"osrm-routed answered {response.status}: {body[:200]!r}")
        answer: dict[str, list[list[float | None]]] = json.loads(body)
        return answer
    finally:
        connection.close()
