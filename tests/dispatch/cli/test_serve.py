"""`servicenet serve` as a process: first start, second start, end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.docs_pages import ROOT


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Start it; give its port and, at the end, what it printed."""
    port, printed = free_port(), []
    process = subprocess.Popen(
        [sys.executable, "-m", "dispatch.cli", "serve", "--store", "day.db", "--port", str(port)],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        assert wait_for(port)
        yield port, printed
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
        printed.extend(output.splitlines())


def get(port: int, path: str, token: str = "") -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_for(port: int) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if get(port, "/healthz")[0] == 200:
                return True
        except OSError:
            time.sleep(0.1)
    return False


def test_the_first_start_prints_a_token_once_and_the_next_one_none(tmp_path: Path) -> None:
    with serving(tmp_path) as (port, first):
        status, page = get(port, "/")
        assert (status, b"<!doctype html>" in page) == (200, True)
        assert get(port, "/days")[0] == 401
    (token,) = re.findall(r"sn_\S+", "\n".join(first))
    assert first[0] == f"servicenet serves http://127.0.0.1:{port}/"
    with serving(tmp_path) as (port, second):
        assert get(port, "/days", token)[0] == 200
    assert "sn_" not in "\n".join(second)
    rights = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert rights["day.db"] == rights["day.db.key"] == 0o600


def test_a_port_that_is_taken_is_said_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dispatch.cli import main

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        words = ["serve", "--store", str(tmp_path / "a.db"), "--port", str(other.getsockname()[1])]
        assert main(words) == 69
    told = capsys.readouterr()
    assert re.search(r"A1020: 127.0.0.1 port \d+\n +found +Address already in use", told.err)
    assert "--port" in told.err
    assert (told.out, list(tmp_path.iterdir())) == ("", [])


def test_a_certificate_without_its_key_is_a_mistake_of_the_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from dispatch.cli import main

    assert main(["serve", "--certificate", "a.pem"]) == 64
    assert "--private-key" in capsys.readouterr().err
