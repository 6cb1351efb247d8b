"""A PostgreSQL server of our own for the tests, in a temporary folder, without a port.

Any installed version will do (Debian: ``sh tools/postgresql.sh``). Without one the tests are
skipped with the reason; under CI=true that is a failure.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S

SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "40",
    "shared_buffers": "16MB",
    "dynamic_shared_memory_type": "mmap",
}
ROLE = "servicenet"


def find_binaries() -> Path | None:
    """Return the folder with initdb and pg_ctl; Debian keeps them off the PATH."""
    named = shutil.which("initdb")
    folders = [Path(named).resolve().parent] if named else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in folders if (one / "pg_ctl").exists()), None)


@dataclass(frozen=True)
class Cluster:
    """A server: its binaries, its folder, and whom it runs as (None: ourselves)."""

    binaries: Path
    folder: Path
    user: pwd.struct_passwd | None

    def run(self, command: str, arguments: Sequence[str]) -> None:
        """Run one of the server's programs; what it printed is shown if it fails."""
        demoted = (
            {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
            if self.user
            else {}
        )
        log = self.folder / "programs.log"
        with log.open("ab") as output:
            done = subprocess.run(
                [self.binaries / command, *arguments], cwd=self.folder, check=False,
                timeout=PATIENCE_S + 10, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                **demoted,
            )  # fmt: skip
        assert done.returncode == 0, log.read_text(errors="replace")

    def start(self) -> None:
        settings = dict(SETTINGS)
        if self._release() >= 14:
            # After a crash one sync of the disk, not one of every file of every test before.
            settings["recovery_init_sync_method"] = "syncfs"
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        server = f"-k {self.folder} {options}"
        log = str(self.folder / "server.log")
        words = ["start", "-w", "-t", f"{PATIENCE_S:.0f}", "-D", "data", "-l", log, "-o", server]
        self.run("pg_ctl", words)

    def _release(self) -> int:
        told = subprocess.run(
            [self.binaries / "pg_ctl", "--version"], capture_output=True, text=True, check=True
        )
        # "pg_ctl (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        found = re.search(r"\(PostgreSQL\) (\d+)", told.stdout)
        assert found, told.stdout
        return int(found[1])

    def crash(self) -> None:
        """End every process of the server at once, as a loss of power would."""
        self.run("pg_ctl", ["stop", "-t", f"{PATIENCE_S:.0f}", "-D", "data", "-m", "immediate"])

    def url(self, database: str) -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.folder}"


def make_cluster() -> Cluster:
    """Make and start a server; skip or fail without the programs for it."""
    binaries = find_binaries()
    if binaries is None:
        reason = "PostgreSQL is not installed: sh tools/postgresql.sh"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="servicenet-pg-"))
    user = _unprivileged()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    cluster = Cluster(binaries, folder, user)
    shape = ["--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C", "-U", ROLE]
    cluster.run("initdb", ["-D", "data", *shape])
    cluster.start()
    return cluster


def _unprivileged() -> pwd.struct_passwd | None:
    """Return somebody to run the server as, where we are root: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")
