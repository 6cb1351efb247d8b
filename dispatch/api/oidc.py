"""Bearer tokens of an OpenID provider (OpenID Connect Core 1.0; RFC 7519, 8725); off by default.

Settings are a JSON file::

    {"issuer": "https://id.example", "audience": "servicenet",
     "jwks": "https://id.example/keys.json", "role_claim": "servicenet_role",
     "roles": {"Dispatch": "dispatcher"}}

``jwks`` may be a file. A token needs ``exp``, ``iss``, ``aud`` and ``sub``; only asymmetric
algorithms are accepted, whatever the token says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Caller, Role
from dispatch.errors import Fault, StoreError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")


class OidcSettings(BaseModel):
    """The settings file.

    Attributes
    ----------
    jwks
        Keys of the provider: an ``https://`` URL, or a file.
    role_claim, regions_claim, technician_claim
        Claims that hold role, regions (a list) and technician id.
    roles
        Role of this service by value of the role claim; values that are not named give no entry.
    leeway_s
        Clocks that differ.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    audience: str
    jwks: str
    role_claim: str = "servicenet_role"
    regions_claim: str = "servicenet_regions"
    technician_claim: str = "servicenet_technician"
    roles: dict[str, Role] = Field(default_factory=lambda: {role.value: role for role in Role})
    leeway_s: int = Field(default=30, ge=0, le=300)


class OidcDoor:
    """Callers by token.

    Parameters
    ----------
    path
        The settings.

    Raises
    ------
    StoreError
        A2005: settings or keys that cannot be read.
    """

    def __init__(self, path: Path) -> None:
        import jwt

        try:
            self._settings = OidcSettings.model_validate_json(path.read_text(encoding="utf-8"))
            where = self._settings.jwks
            self._remote: jwt.PyJWKClient | None = None
            self._keys: Mapping[str, Any] = {}
            if where.startswith("https://"):
                self._remote = jwt.PyJWKClient(where, lifespan=600, timeout=5)
            else:
                file = path.parent / where
                found = jwt.PyJWKSet.from_dict(json.loads(file.read_text(encoding="utf-8")))
                self._keys = {str(key.key_id): key.key for key in found.keys}
        except (OSError, ValueError, ValidationError, jwt.PyJWTError) as error:
            found_text = type(error).__name__
            expected = "settings as docs/service.md shows, and a JWKS"
            fault = Fault("A2005", f"OpenID settings {path.name}", found_text, expected)
            raise StoreError([fault]) from error

    def caller(self, token: str) -> Caller:
        """Return whose token it is.

        Raises
        ------
        Refused
            A1017: not one of the provider's, too old, for somebody else, or without a role.
        """
        import jwt

        settings = self._settings
        try:
            claims = jwt.decode(
                token, self._key(token), algorithms=list(ALGORITHMS), audience=settings.audience,
                issuer=settings.issuer, leeway=settings.leeway_s,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise _refused(type(error).__name__) from None
        role = self._role(claims.get(settings.role_claim))
        regions = claims.get(settings.regions_claim, ())
        technician = claims.get(settings.technician_claim)
        if not isinstance(regions, list | tuple) or not all(isinstance(r, str) for r in regions):
            raise _refused("regions that are no list of texts")
        return Caller(
            actor=f"oidc:{claims['sub']}"[:100],
            role=role,
            regions=tuple(regions),
            technician=technician if isinstance(technician, str) else None,
        )

    def _key(self, token: str) -> Any:  # noqa: ANN401 - a key of any algorithm
        import jwt

        if self._remote is not None:
            return self._remote.get_signing_key_from_jwt(token).key
        name = str(jwt.get_unverified_header(token).get("kid"))
        if name not in self._keys:
            raise jwt.InvalidKeyError(name)
        return self._keys[name]

    def _role(self, claim: object) -> Role:
        values = claim if isinstance(claim, list) else [claim]
        found = {self._settings.roles[one] for one in values if one in self._settings.roles}
        if len(found) != 1:
            raise _refused("no role of this service, or several")
        return found.pop()


def _refused(found: str) -> Refused:
    return Refused(ApiCode.TOKEN, "token", found, "a token of the OpenID provider, in force")
