"""Day files as they are sent: JSON, a zip of CSV tables, or a workbook; judged, read, deleted."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from dispatch.adapters.files import DayFile, read_day
from dispatch.adapters.files.columns import KNOWN_FILES
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.options import Limits

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
JSON = "application/json"
SUFFIX = {JSON: "day.json", XLSX: "day.xlsx", ZIP: "day.zip"}
MAX_PARTS = 40
MAX_UNPACKED_BYTES = 200_000_000


def read_upload(body: bytes, media_type: str, limits: Limits) -> DayFile:
    """Read a day file of a request.

    Raises
    ------
    Refused
        A1009: not a form this reads; A1003, A1010: too large.
    InvalidRequest
        With every fault of the file.
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in SUFFIX:
        expected = ", ".join(SUFFIX)
        raise Refused(ApiCode.MEDIA, "header Content-Type", "another type", expected)
    with tempfile.TemporaryDirectory(prefix="servicenet-") as name:
        folder = Path(name)
        path = folder / SUFFIX[kind]
        path.write_bytes(body)
        found = read_day(_unpack(path, folder / "tables") if kind == ZIP else path)
    _check_rows(found, limits)
    return found


def _check_rows(found: DayFile, limits: Limits) -> None:
    counts = (
        ("visits", len(found.day.visits), limits.visits),
        ("technicians", len(found.day.technicians), limits.technicians),
    )
    for name, count, most in counts:
        if count > most:
            raise Refused(ApiCode.ROWS, name, f"{count:,}", f"at most {most:,}", "Split the day.")


def _unpack(path: Path, folder: Path) -> Path:
    """Unpack CSV tables only, by name, counting bytes; folders in the zip are ignored.

    A table nobody knows gets a number for its name: it is named in faults, and may name a customer.
    """
    folder.mkdir()
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(path) as package:
            parts = [one for one in package.infolist() if one.filename.lower().endswith(".csv")]
            if len(parts) > MAX_PARTS:
                raise _bad(f"{len(parts)} tables")
            for number, part in enumerate(parts, start=1):
                with package.open(part) as source:
                    data = source.read(left + 1)
                left -= len(data)
                if left < 0:
                    expected = f"at most {MAX_UNPACKED_BYTES:,} bytes unpacked"
                    raise Refused(ApiCode.TOO_LARGE, "zip", "more", expected)
                name = PurePosixPath(part.filename).name
                known = name if name in KNOWN_FILES else f"part-{number}.csv"
                (folder / known).write_bytes(data)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        # Damaged, encrypted, or packed in a way nobody uses for tables.
        raise _bad(type(error).__name__) from None
    return folder


def _bad(found: str) -> Refused:
    return Refused(ApiCode.BAD, "zip", found, f"a zip of at most {MAX_PARTS} CSV tables")
