"""Secrets at rest: AES-256-GCM (NIST SP 800-38D) under a key in a file of its owner alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from dispatch.errors import Fault, StoreError

KEY_BYTES = 32
NONCE_BYTES = 12
"""96 bits at random for each value (NIST SP 800-38D, 8.2.2); a key is good for 2**32 of them."""
FORM = b"\x01"
"""First byte of what is sealed; another way of sealing gets another one."""
KEY_FAULT = "A2001"
SEAL_FAULT = "A2002"


class Sealer:
    """Seals bytes, opens them again, and signs.

    Parameters
    ----------
    key
        `KEY_BYTES` bytes.
    """

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(hmac.digest(key, b"servicenet seal", "sha256"))
        self._signing = hmac.digest(key, b"servicenet sign", "sha256")

    def seal(self, plain: bytes, about: str) -> bytes:
        """Return ``plain`` encrypted; ``about`` names what it belongs to and has to be said again.

        A value moved to another row is so found out.
        """
        nonce = os.urandom(NONCE_BYTES)
        return FORM + nonce + self._cipher.encrypt(nonce, plain, FORM + about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Return what was sealed.

        Raises
        ------
        StoreError
            A2002: another key, another owner, or damaged.
        """
        from cryptography.exceptions import InvalidTag

        try:
            nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
            # The form is part of what is vouched for: with another first byte nothing opens.
            return self._cipher.decrypt(nonce, body, sealed[:1] + about.encode())
        except (InvalidTag, ValueError):
            hint = "Start with the key file the data was sealed with."
            found, expected = "sealed text that does not open", "text sealed with this key"
            raise StoreError([Fault(SEAL_FAULT, about, found, expected, hint)]) from None

    def sign(self, text: bytes) -> str:
        """Return an HMAC-SHA-256, hexadecimal; what names it tells nobody what was signed."""
        return hmac.digest(self._signing, text, "sha256").hex()


def open_key(path: Path) -> Sealer:
    """Read the key of a file; a missing file is made, readable by its owner alone.

    Raises
    ------
    StoreError
        A2001: it cannot be read or made, is no key, or others may read it.
    """
    try:
        if not path.exists():
            _make_key(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise StoreError([_key_fault(path, "a file that others may read", f"chmod 600 {path}")])
        key = base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except OSError as error:
        raise StoreError([_key_fault(path, str(error.strerror))]) from error
    except ValueError:
        raise StoreError([_key_fault(path, "text that is no key")]) from None
    if len(key) != KEY_BYTES:
        raise StoreError([_key_fault(path, f"a key of {len(key)} bytes")])
    return Sealer(key)


def _make_key(path: Path) -> None:
    # Made whole beside it and linked, so two servers that start at once agree on one key.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _key_fault(path: Path, found: str, hint: str = "") -> Fault:
    expected = f"a file of {KEY_BYTES} bytes in base64, for its owner alone"
    return Fault(KEY_FAULT, f"key file {path.name}", found, expected, hint)


def new_id() -> str:
    """Return an id nobody guesses: 128 bits, hexadecimal."""
    return secrets.token_hex(16)


def digest_of(secret: str) -> str:
    """Return the SHA-256 of a random secret of 256 bits; no slow hash is needed for those."""
    return hashlib.sha256(secret.encode()).hexdigest()
