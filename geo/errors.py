"""Everything that can go wrong inside ``geo``.

GeoError
├── InvalidNetwork(ValueError)    a road file that is not a network
├── UnknownProfile(KeyError)      a travel profile nobody defined
├── NoWay(ValueError)             two places without a way between them
└── SourceUnavailable(OSError)    the file or service is not there
"""

from __future__ import annotations


class GeoError(Exception):
    """Base of every error raised by ``geo``."""


class InvalidNetwork(GeoError, ValueError):
    """A road file that does not hold a usable network; the text names file and cause."""


class UnknownProfile(GeoError, KeyError):
    """A travel profile that is not defined; the text lists those that are."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class SourceUnavailable(GeoError, OSError):
    """A road file or map service that cannot be read; the text says what was tried."""


class NoWay(GeoError, ValueError):
    """Two places are not joined by a way; the text names them."""
