"""Serve days, plans and the dispatcher's board over HTTP.

Listens on this machine alone unless --host says otherwise. The first start makes the store, the key
its customers are sealed with (STORE.key beside it: keep a copy), and prints an admin's token once.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import positive_int

if TYPE_CHECKING:
    from dispatch.api.listener import Address

NEEDED = ("sqlalchemy", "alembic", "fastapi", "uvicorn", "cryptography", "jwt", "prometheus_client")
LOCAL = {"127.0.0.1", "localhost", "::1"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--store", default="servicenet.db", metavar="URL",
        help="SQLite file or PostgreSQL URL (servicenet.db)",
    )  # fmt: skip
    parser.add_argument("--roads", type=Path, metavar="FILE", help="map; estimates without")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=positive_int, default=8080, help="port (8080)")
    parser.add_argument("--workers", type=positive_int, default=1, help="searches at once (1)")
    parser.add_argument("--threads", type=positive_int, default=1, help="of one search (1)")
    parser.add_argument(
        "--max-seconds", type=positive_int, default=3600, help="of one search (3600)"
    )
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="key of sealed customers")
    parser.add_argument("--oidc", type=Path, metavar="FILE", help="settings of an OpenID provider")
    parser.add_argument(
        "--webhook-host", action="append", default=[], metavar="HOST",
        help="a host that may be told of events; may be repeated",
    )  # fmt: skip
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="TLS, with --private-key")
    parser.add_argument("--private-key", type=Path, metavar="FILE", help="of the certificate")
    parser.add_argument(
        "--behind-tls", action="store_true", help="a proxy speaks TLS: cookies are secure"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from dispatch.cli.guard import run_guarded

    if (arguments.certificate is None) is not (arguments.private_key is None):
        print("servicenet serve: --certificate and --private-key go together", file=sys.stderr)
        return Exit.USAGE
    return run_guarded(lambda: _run(arguments), as_json=False)


def _run(arguments: argparse.Namespace) -> int:
    require_extra()
    from dispatch.api.listener import Address, listen

    address = Address(arguments.host, arguments.port, arguments.certificate, arguments.private_key)
    with listen(address) as listener:
        _serve(arguments, address, listener)
    return Exit.OK


def _serve(arguments: argparse.Namespace, address: Address, listener: socket.socket) -> None:
    # All that is loaded stays: looking for garbage meanwhile is a tenth of the start.
    gc.disable()
    from dispatch.api.options import Limits, Options
    from dispatch.api.serve import serve

    secure = arguments.behind_tls or arguments.certificate is not None
    if arguments.host not in LOCAL and not secure:
        warning = "others can reach it and nothing is encrypted: use TLS"
        print(f"servicenet serve: {warning}", file=sys.stderr)
    options = Options(
        roads=arguments.roads,
        workers=arguments.workers,
        webhook_hosts=frozenset(arguments.webhook_host),
        oidc=arguments.oidc,
        secure_cookie=secure,
        lanes=arguments.threads,
        limits=Limits(solve_s=arguments.max_seconds),
    )
    serve(arguments.store, options, address, listener, key_file=arguments.key_file)


def require_extra() -> None:
    """Name the extra where it is missing.

    Raises
    ------
    StoreError
        S1001.
    """
    from dispatch.errors import StoreError
    from dispatch.live.store.codes import StoreCode, fault

    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        found, hint = f"{', '.join(missing)} not installed", "pip install 'servicenet[serve]'"
        code = StoreCode.EXTRA_MISSING
        raise StoreError([fault(code, "installation", found, "the extra serve", hint)])
