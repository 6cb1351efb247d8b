"""Arrays on disk, found again by a key that names their content."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DEFAULT_LIMIT_BYTES: Final = 2 * 1024**3
"""A cache folder larger than this loses its oldest files."""

_BROKEN: Final = (
    OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error
)  # fmt: skip
"""What zipfile and numpy raise on damaged files; TypeError where the file is one bare array."""

_logger = logging.getLogger(__name__)


def compute_key(*parts: str | bytes) -> str:
    """Return a digest of ``parts``; where one ends and the next begins matters."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()[:40]


class ArrayCache:
    """One folder of ``.npz`` files; several processes may share it.

    A file is written beside its place and then renamed, so that nobody reads half a file. A file
    that cannot be read is reported in the log and counts as missing; so does a folder that cannot
    be written. Nothing is ever unpickled.

    Parameters
    ----------
    folder
        Created when first needed.
    limit_bytes
        After a write the oldest files go until the rest is smaller than this.
    """

    def __init__(self, folder: Path, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def find(self, key: str) -> dict[str, NDArray[Any]] | None:
        """Return the arrays kept under ``key``, or None."""
        try:
            with self._path(key).open("rb") as file, np.load(file, allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except FileNotFoundError:
            return None
        except _BROKEN as error:
            self.report_broken(key, str(error))
            return None

    def report_broken(self, key: str, reason: str) -> None:
        """Say in the log that what is kept under ``key`` is of no use and will be made again."""
        _logger.warning("Cache file %s is broken (%s); it is made again.", self._path(key), reason)

    def keep(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep ``arrays`` under ``key``."""
        try:
            self._write(self._path(key), arrays)
            self._prune()
        except OSError as error:
            _logger.warning("Nothing is cached in %s (%s).", self._folder, error)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.npz"

    def _write(self, path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _prune(self) -> None:
        files = [(entry.stat(), entry) for entry in self._folder.glob("*.npz")]
        excess = sum(status.st_size for status, _ in files) - self._limit_bytes
        for status, path in sorted(files, key=lambda file: (file[0].st_mtime, file[1].name)):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= status.st_size
