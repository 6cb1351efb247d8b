"""`servicenet serve` as a process: first start, second start, end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from scenarios.bench.ports import Ports
from tests.docs_pages import ROOT
from tests.waiting import PATIENCE_S, wait_until


@contextmanager
def serving(folder: Path, port: int) -> Iterator[list[str]]:
    """Start it; give, at the end, what it printed."""
    printed: list[str] = []
    log = folder / "server.log"
    words = ["serve", "--store", "day.db", "--port", str(port)]
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "dispatch.cli", *words],
            cwd=folder, stdout=subprocess.PIPE, stderr=said, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    try:
        wait_until(lambda: process.poll() is not None or answers(port), "an answer")
        assert process.poll() is None, log.read_text()
        yield printed
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=PATIENCE_S)
        printed.extend(output.splitlines())


def get(port: int, path: str, token: str = "") -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def answers(port: int) -> bool:
    try:
        return get(port, "/healthz")[0] == 200
    except OSError:
        return False


def test_the_first_start_prints_a_token_once_and_the_next_one_none(
    tmp_path: Path, ports: Ports
) -> None:
    port = ports.free()
    with serving(tmp_path, port) as first:
        status, page = get(port, "/")
        assert (status, b"<!doctype html>" in page) == (200, True)
        assert get(port, "/days")[0] == 401
    (token,) = re.findall(r"sn_\S+", "\n".join(first))
    assert first[0] == f"servicenet serves http://127.0.0.1:{port}/"
    with serving(tmp_path, port) as second:
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
