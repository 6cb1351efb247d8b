"""A service network from network.json, or from a folder with CSV tables beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dispatch.adapters.files.json_text import read_json_object
from dispatch.adapters.files.network_areas import (
    Named,
    put_in_districts,
    read_districts,
    read_features,
    read_village_codes,
    to_polygon,
)
from dispatch.adapters.files.network_demand import (
    DemandSource,
    read_demand_file,
    read_demand_rows,
)
from dispatch.adapters.files.network_tables import read_outlet_table
from dispatch.adapters.files.shape import build
from dispatch.domain.checks import Code, FaultList, show, suggest
from dispatch.domain.network import MAX_OUTLETS, Network, NetworkCode, NetworkOutlet
from dispatch.errors import Fault, InvalidRequest, Severity
from geo.datum import gcj02_to_wgs84
from geo.demand import MAX_POINTS, ZONES, Demand, demand_from_grid
from geo.population_grid import InvalidGrid, PopulationGrid, read_population_grid
from geo.sphere import great_circle_m
from geo.zones import (
    Classifier,
    DefaultZone,
    DegreeOfUrbanization,
    PolygonZones,
    VillageCodes,
)

NETWORK_JSON = "network.json"
OUTLETS_CSV = "outlets.csv"
DEMAND_CSV = "demand.csv"
FAR_M = 300_000.0
"""An outlet farther than this from every demand point is not believed."""

_OWN_KEYS = ("datum", "demand", "population_grid", "urban_rural_codes", "districts")


@dataclass(frozen=True, eq=False)
class NetworkFile:
    """What came out of a network file.

    Parameters
    ----------
    network
        Outlets, money, settings; WGS 84.
    demand
        Points; zones as far as the file states them.
    classifiers
        By word of ``NetworkSettings.classifiers``, those the file has data for.
    districts
        (name, polygon) of districts; may be empty.
    grid
        Population grid, if there is one.
    warnings
        What a person should look at.
    """

    network: Network
    demand: Demand
    classifiers: dict[str, Classifier]
    districts: tuple[Named, ...] = ()
    grid: PopulationGrid | None = None
    warnings: tuple[Fault, ...] = ()

    def chain(self, *, road_density: Classifier | None = None) -> list[Classifier]:
        """Return the classifiers in the order of the settings, the default zone last.

        Parameters
        ----------
        road_density
            Classifier over the roads, where there are roads.
        """
        known = dict(self.classifiers)
        if road_density is not None:
            known["road_density"] = road_density
        order = self.network.settings.classifiers
        names: Sequence[str] = list(known) if order is None else order
        default = DefaultZone(ZONES.index(self.network.settings.default_zone))
        return [*(known[name] for name in names if name in known), default]


def read_network_file(path: Path) -> NetworkFile:
    """Read and check a service network.

    Parameters
    ----------
    path
        ``network.json``, or a folder that holds it and, optionally, ``outlets.csv`` and
        ``demand.csv`` (docs/network-files.md). Files it names are looked for beside it.

    Raises
    ------
    InvalidRequest
        With every fault of the input: errors first, then warnings.
    """
    faults = FaultList()
    document = Path(path) / NETWORK_JSON if Path(path).is_dir() else Path(path)
    found = _Reader(document, faults).read() if document.suffix.lower() == ".json" else None
    if document.suffix.lower() != ".json":
        faults.add(Code.FILE_KIND, document.name, f"a file {show(document.suffix)}",
                   "network.json or a folder that holds it")  # fmt: skip
    if found is None or faults.of(Severity.ERROR):
        raise InvalidRequest([*faults.of(Severity.ERROR), *faults.of(Severity.WARNING)])
    return found


class _Reader:
    """One network document and the files around it."""

    def __init__(self, document: Path, faults: FaultList) -> None:
        self._path, self._folder, self._faults = document, document.parent, faults
        self._datum = "wgs84"

    def read(self) -> NetworkFile | None:
        data = read_json_object(self._path, self._faults)
        if data is None:
            return None
        own = {key: data.pop(key, None) for key in _OWN_KEYS}
        self._datum = self._read_datum(own["datum"])
        self._add_table(data)
        self._take_zones(data)
        network = build(Network, data, self._where, self._faults, quoted=True)
        grid = self._read_grid(own["population_grid"])
        demand = self._read_demand(own, grid, network)
        codes = self._with_file(own["urban_rural_codes"], "urban_rural_codes", read_village_codes)
        areas = self._with_file(own["districts"], "districts", read_districts) or []
        if network is None or demand is None:
            return None
        network = self._to_wgs84(network)
        zones = self._make_polygons(network)
        demand = put_in_districts(demand, areas)
        self._check(network, demand)
        return NetworkFile(
            network=network,
            demand=demand,
            classifiers=self._make_classifiers(network, zones, codes, grid),
            districts=tuple(areas),
            grid=grid,
            warnings=self._faults.of(Severity.WARNING),
        )

    def _where(self, path: tuple[str | int, ...]) -> str:
        text = self._path.name
        for number, step in enumerate(path):
            text += f"[{step}]" if isinstance(step, int) else (" " if number == 0 else ".") + step
        return text

    def _read_datum(self, found: object) -> str:
        if found is None:
            return "wgs84"
        word = str(found).lower().replace("-", "")
        if word in {"wgs84", "gcj02"}:
            return word
        self._faults.add(Code.WRONG_CHOICE, self._where(("datum",)), show(found),
                         "one of wgs84, gcj02")  # fmt: skip
        return "wgs84"

    def _add_table(self, data: dict[str, Any]) -> None:
        """Take outlets from outlets.csv where it lies beside the document."""
        table = self._folder / OUTLETS_CSV
        if "outlets" not in data and table.exists():
            data["outlets"] = read_outlet_table(table, self._faults)

    def _take_zones(self, data: dict[str, Any]) -> None:
        """Take zones given as a GeoJSON file, features with property ``kind``, out of the data."""
        if not isinstance(data.get("zones"), str):
            return
        path = self._folder / str(data.pop("zones"))
        made = []
        for number, feature in enumerate(read_features(path, self._faults)):
            words = feature.get("properties") or {}
            name = str(words.get("id") or words.get("name") or number + 1)
            made.append(
                {"id": name, "kind": words.get("kind"), "geometry": feature.get("geometry")}
            )
        data["zones"] = made

    def _with_file(self, name: object, key: str, read: Callable[..., Any]) -> Any:  # noqa: ANN401 - passes on what the reader returns
        if name is None:
            return None
        datum = self._datum
        if isinstance(name, dict) and set(name) == {"file", "datum"}:
            datum, name = self._read_datum(name["datum"]), name["file"]
        if not isinstance(name, str):
            self._faults.add(
                Code.WRONG_TYPE,
                self._where((key,)),
                show(name),
                "the name of a file, or {file, datum}",
            )
            return None
        return read(self._folder / name, self._faults, datum=datum)

    def _read_grid(self, name: object) -> PopulationGrid | None:
        def read(path: Path, faults: FaultList, *, datum: str) -> PopulationGrid | None:  # noqa: ARG001 - a raster is WGS 84
            try:
                return read_population_grid(path)
            except InvalidGrid as error:
                faults.add(NetworkCode.GRID, path.name, str(error), "a GeoTIFF of inhabitants")
                return None

        found: PopulationGrid | None = self._with_file(name, "population_grid", read)
        return found

    def _read_demand(
        self, own: dict[str, Any], grid: PopulationGrid | None, network: Network | None
    ) -> Demand | None:
        written = own["demand"]
        if written is None and (self._folder / DEMAND_CSV).exists():
            written = DEMAND_CSV
        if written is None and own["population_grid"] is None:
            self._faults.add(NetworkCode.NO_DEMAND, self._where(()), "no demand",
                             "demand (rows or a file) or population_grid")  # fmt: skip
            return None
        if isinstance(written, list):
            return read_demand_rows(written, self._path.name, self._faults, datum=self._datum)
        if written is not None:
            source = self._source(written)
            if source is not None:
                return read_demand_file(source, self._faults, datum=self._datum)
            return None
        return None if grid is None else self._demand_of_grid(grid, network)

    def _demand_of_grid(self, grid: PopulationGrid, network: Network | None) -> Demand | None:
        if int((grid.people > 0).sum()) > MAX_POINTS:
            self._faults.add(NetworkCode.TOO_MANY_POINTS, self._where(("population_grid",)),
                             f"more than {MAX_POINTS:,} inhabited cells",
                             f"at most {MAX_POINTS:,}", "Use a coarser grid.")  # fmt: skip
            return None
        share = None if network is None else network.settings.visits_per_1000
        return demand_from_grid(grid, visits_per_1000=share)

    def _source(self, written: object) -> DemandSource | None:
        if isinstance(written, str):
            return DemandSource(self._folder / written)
        sound = isinstance(written, dict) and isinstance(written.get("file"), str)
        if (
            not isinstance(written, dict)
            or not sound
            or set(written) - {"file", "layer", "columns", "visits_m"}
            or not _is_side(written.get("visits_m"))
        ):
            self._faults.add(
                Code.WRONG_TYPE, self._where(("demand",)), show(written),
                "rows, the name of a file, or {file, layer, columns, visits_m}",
            )  # fmt: skip
            return None
        return DemandSource(
            self._folder / written["file"], written.get("layer"), written.get("columns") or {},
            written.get("visits_m"),
        )  # fmt: skip

    def _to_wgs84(self, network: Network) -> Network:
        if self._datum != "gcj02":
            return network

        def moved(outlets: tuple[NetworkOutlet, ...]) -> tuple[NetworkOutlet, ...]:
            lon, lat = gcj02_to_wgs84([o.lon for o in outlets], [o.lat for o in outlets])
            return tuple(
                outlet.model_copy(update={"lon": float(x), "lat": float(y)})
                for outlet, x, y in zip(outlets, lon, lat, strict=True)
            )

        return network.model_copy(
            update={"outlets": moved(network.outlets), "candidates": moved(network.candidates)}
        )

    def _make_polygons(self, network: Network) -> PolygonZones | None:
        shapes, kinds = [], []
        for number, zone in enumerate(network.zones):
            where = self._where(("zones", number, "geometry")) + f" ({zone.id})"
            shape = to_polygon(zone.geometry, where, self._faults, datum=self._datum)
            if shape is not None:
                shapes.append(shape)
                kinds.append(ZONES.index(zone.kind))
        return PolygonZones(shapes, kinds) if shapes else None

    def _make_classifiers(
        self,
        network: Network,
        zones: PolygonZones | None,
        codes: VillageCodes | None,
        grid: PopulationGrid | None,
    ) -> dict[str, Classifier]:
        there: dict[str, Classifier] = {}
        if zones is not None:
            there["polygons"] = zones
        if codes is not None:
            there["village_codes"] = codes
        if grid is not None:
            there["degree_of_urbanization"] = DegreeOfUrbanization(grid)
        for name in network.settings.classifiers or ():
            if name not in there and name != "road_density":
                self._faults.add(
                    NetworkCode.CLASSIFIER_WITHOUT_DATA, self._where(("settings", "classifiers")),
                    name, f"one of {', '.join([*there, 'road_density'])}: the file has no data for "
                    "others",
                )  # fmt: skip
        return there

    def _check(self, network: Network, demand: Demand) -> None:
        """Report what must hold between outlets and demand."""
        every = [*network.outlets, *network.candidates]
        if len(every) > MAX_OUTLETS:
            self._faults.add(Code.ROWS_TOO_MANY, self._where(("outlets",)), f"{len(every):,}",
                             f"at most {MAX_OUTLETS:,} outlets and candidates")  # fmt: skip
        seen: set[str] = set()
        for outlet in every:
            if outlet.id in seen:
                self._faults.add(Code.DUPLICATE_ID, self._where(("outlets",)), show(outlet.id),
                                 "every id once among outlets and candidates")  # fmt: skip
            seen.add(outlet.id)
            for hours in outlet.opening_hours:
                if hours.closes <= hours.opens:
                    self._faults.add(
                        Code.HOURS_REVERSED, f"{self._path.name} outlet {outlet.id} {hours.day}",
                        f"{hours.opens:%H:%M} to {hours.closes:%H:%M}", "opens before it closes",
                    )  # fmt: skip
        if not network.open_outlets:
            self._faults.add(NetworkCode.NO_OPEN_OUTLET, self._where(("outlets",)),
                             "no open outlet", "an outlet with status open", "Nothing is covered.",
                             severity=Severity.WARNING)  # fmt: skip
        self._check_far(every, demand)
        self._check_growth(network, demand)

    def _check_growth(self, network: Network, demand: Demand) -> None:
        seen = {"today"}
        for number, growth in enumerate(network.settings.growth):
            if growth.name in seen:
                self._faults.add(
                    Code.DUPLICATE_ID, self._where(("settings", "growth", number, "name")),
                    show(growth.name), "every name once; today is the demand as it is",
                )  # fmt: skip
            seen.add(growth.name)
            for name in sorted(set(growth.by_district) - set(demand.districts)):
                self._faults.add(
                    NetworkCode.GROWTH, self._where(("settings", "growth", number)),
                    f"district {show(name)}", "a district of the demand",
                    suggest(name, demand.districts),
                )  # fmt: skip

    def _check_far(self, every: list[NetworkOutlet], demand: Demand) -> None:
        if len(demand) == 0:
            return
        low, high = demand.lonlat.min(axis=0), demand.lonlat.max(axis=0)
        for outlet in every:
            near = np.clip([outlet.lon, outlet.lat], low, high)
            away = great_circle_m(*(np.array([v]) for v in (outlet.lon, outlet.lat, *near)))
            if away[0] > FAR_M:
                self._faults.add(
                    NetworkCode.FAR_FROM_DEMAND, f"{self._path.name} outlet {outlet.id}",
                    f"{outlet.lon}, {outlet.lat}: {away[0] / 1000:.0f} km from all demand",
                    f"a place within {FAR_M / 1000:.0f} km of demand",
                    "Maybe longitude and latitude are swapped.",
                )  # fmt: skip


def _is_side(value: object) -> bool:
    """Whether a value is the side of a square, 10 m to 20 km, or left out."""
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and 10 <= value <= 20_000
