"""A small client of the service for load: one kept connection a session, streams, no threads.

It costs next to nothing beside the service, so that what is measured is the service.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers (names in lower case) and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON
        """Return the body read as JSON."""
        packed = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if packed else self.body)


@dataclass
class Session:
    """One browser: a kept connection, a cookie, one request at a time.

    Parameters
    ----------
    host, port
        Of the service.
    """

    host: str
    port: int
    headers: dict[str, str] = field(default_factory=dict)
    _pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def sign_in(self, token: str) -> None:
        """Begin a session of a browser.

        Raises
        ------
        RuntimeError
            If the token opens nothing.
        """
        answer = await self.ask("POST", "/session", {"token": token})
        if answer.status != 201:
            raise RuntimeError(f"sign in: {answer.status}")
        self.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
        self.headers["X-CSRF-Token"] = answer.json()["csrf"]

    async def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send a request and wait for its answer; a connection the service closed is made anew."""
        data = b"" if body is None else json.dumps(body).encode()
        lines = {"Host": f"{self.host}:{self.port}", "Accept-Encoding": "gzip"}
        lines |= {**self.headers, **(headers or {})}
        if body is not None:
            lines |= {"Content-Type": "application/json"}
        if method != "GET":
            lines |= {"Content-Length": str(len(data))}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        text = f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data
        async with self._turn:
            try:
                return await self._exchange(text)
            except (ConnectionError, asyncio.IncompleteReadError):
                await self.close()
                return await self._exchange(text)

    async def _exchange(self, text: bytes) -> Reply:
        if self._pair is None:
            self._pair = await asyncio.open_connection(self.host, self.port, limit=2**20)
        reader, writer = self._pair
        writer.write(text)
        await writer.drain()
        status, headers = await read_head(reader)
        size = int(headers.get("content-length", "0"))
        body = await reader.readexactly(size) if size else b""
        if headers.get("transfer-encoding") == "chunked":
            body = await _read_chunks(reader)
        return Reply(status, headers, body)

    async def close(self) -> None:
        """Close the connection."""
        if self._pair is not None:
            writer, self._pair = self._pair[1], None
            await _closed(writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    """Close a connection; the other side may have done so already."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """Read status and headers of an answer."""
    text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(text[0].split(" ")[1])
    pairs = (line.partition(":") for line in text[1:] if line)
    return status, {name.lower(): value.strip() for name, _, value in pairs}


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    pieces = []
    while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
        pieces.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(pieces)


class Listener:
    """One stream of events; remembers the sequence of each event it got.

    Parameters
    ----------
    session
        Whose address and cookie.
    path
        Of the stream.
    """

    def __init__(self, session: Session, path: str) -> None:
        self._session, self._path = session, path
        self.got: list[int] = []

    async def run(self, opened: asyncio.Event) -> None:
        """Listen until canceled."""
        one = self._session
        reader, writer = await asyncio.open_connection(one.host, one.port, limit=2**20)
        try:
            head = "".join(f"{name}: {value}\r\n" for name, value in one.headers.items())
            text = f"GET {self._path} HTTP/1.1\r\nHost: {one.host}:{one.port}\r\n{head}\r\n"
            writer.write(text.encode())
            status, _ = await read_head(reader)
            if status != 200:
                raise RuntimeError(f"stream: {status}")
            opened.set()
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    self.got.append(int(line[4:]))
        finally:
            await _closed(writer)
