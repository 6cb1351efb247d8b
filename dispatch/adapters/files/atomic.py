"""Files and folders that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO

from dispatch.domain.checks import Code
from dispatch.errors import Fault, InvalidRequest


def write_atomically(
    path: Path, write: Callable[[IO[bytes]], None], *, private: bool = False
) -> None:
    """Write a file beside its place, then put it there in one step.

    Parameters
    ----------
    path
        Where the file will be; its folder is made if missing. A file there is replaced.
    write
        Writes the content; if it raises, nothing at ``path`` changes.
    private
        Whether the file is for its owner alone: it names customers.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; a plan is for others to read, as far as the umask allows.
        if not private:
            temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text_atomically(path: Path, text: str) -> None:
    """Write a UTF-8 text file in one step."""
    write_atomically(path, lambda file: _discard(file.write(text.encode("utf-8"))))


def replace_folder(path: Path, known: Collection[str], fill: Callable[[Path], None]) -> None:
    """Fill a new folder, then put it in place of the old one.

    Parameters
    ----------
    path
        Where the folder will be.
    known
        Names of files that may be replaced. A folder with others is left alone.
    fill
        Writes the files; if it raises, nothing at ``path`` changes.

    Raises
    ------
    InvalidRequest
        ``path`` is a file, or a folder with files that are not of this kind.
    """
    _check_ours(path, known)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        fresh, old = temporary / "new", temporary / "old"
        fresh.mkdir()
        fill(fresh)
        if path.exists():
            path.rename(old)
        try:
            fresh.rename(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _check_ours(path: Path, known: Collection[str]) -> None:
    if not path.exists():
        return
    strange = (
        ["a file"]
        if path.is_file()
        else sorted(entry.name for entry in path.iterdir() if entry.name not in known)
    )
    if strange:
        raise InvalidRequest(
            [
                Fault(
                    Code.FOLDER_NOT_OURS.value,
                    str(path),
                    ", ".join(strange[:5]),
                    "no folder yet, or one with the tables of a day and nothing else",
                    "Choose another folder; nothing was written.",
                )
            ]
        )


def _umask() -> int:
    """Return the process's mask; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _discard(_: object) -> None:
    """Take a value nobody needs."""
