"""What reaches out or in: webhooks, OpenID tokens, plug-ins."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.api import hook_sender
from dispatch.api.hook_sender import HookSender
from dispatch.api.oidc import OidcDoor
from dispatch.api.options import Options
from dispatch.api.rights import Role
from dispatch.errors import StoreError
from tests.services import Served, holds_no_canary, serving
from tests.stores import SqlitePlace

HOST = "hooks.example"


@pytest.fixture
def listening(sqlite_place: SqlitePlace) -> Iterator[Served]:
    options = Options(webhook_hosts=frozenset({HOST}))
    with serving(sqlite_place.new_store(), options) as served:
        yield served


class Listener:
    """Stands for the other side."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[str, bytes, dict[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.got.append((url, body, headers))
        return self.status


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/", "http://hooks.example/", "https://hooks.example:8443/",
        "https://li:secret@hooks.example/", "ftp://hooks.example/", "https://[broken",
        "https://hooks.example.evil.example/", "http://127.0.0.1/",
    ],
)  # fmt: skip
def test_only_allowed_hosts_are_told(listening: Served, url: str) -> None:
    answer = listening.post("/webhooks", {"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "A1012")


def test_events_are_told_signed_in_order_and_again_until_taken(
    listening: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Listener()
    monkeypatch.setattr(hook_sender, "_post", other)
    made = listening.post("/webhooks", {"url": f"https://{HOST}/in"}).json()
    listening.open_live_day()
    sender = HookSender(listening.service)
    other.status = 503
    sender.send_due()
    sender.send_due()  # too early: nothing is sent
    assert [json.loads(body)["sequence"] for _, body, _ in other.got] == [1]
    listening.clock.move(seconds=3)
    other.status = 204
    sender.send_due()
    assert [json.loads(body)["sequence"] for _, body, _ in other.got] == [1, 1, 2]
    for _, body, headers in other.got:
        text = headers["Servicenet-Timestamp"].encode() + b"." + body
        right = hmac.new(made["secret"].encode(), text, hashlib.sha256).hexdigest()
        assert headers["Servicenet-Signature"] == f"v1={right}"
        assert holds_no_canary(body.decode())
    tries = listening.get(f"/webhooks/{made['webhook']['id']}/deliveries").json()
    assert sorted(one["outcome"] for one in tries) == ["204", "204", "503"]
    sender.send_due()
    assert len(other.got) == 3


def test_a_listener_of_one_kind_is_told_of_nothing_else(
    listening: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Listener()
    monkeypatch.setattr(hook_sender, "_post", other)
    listening.post("/webhooks", {"url": f"https://{HOST}/in", "kinds": ["day_revised"]})
    listening.open_live_day()
    HookSender(listening.service).send_due()
    assert [json.loads(body)["kind"] for _, body, _ in other.got] == ["day_revised"]


def test_a_removed_listener_is_told_nothing(
    listening: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Listener()
    monkeypatch.setattr(hook_sender, "_post", other)
    made = listening.post("/webhooks", {"url": f"https://{HOST}/in"}).json()
    assert listening.ask("DELETE", f"/webhooks/{made['webhook']['id']}").status_code == 204
    listening.open_live_day()
    HookSender(listening.service).send_due()
    assert other.got == []


@pytest.fixture(scope="module")
def provider():
    import jwt
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    return key, {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "ES256"}]}


@pytest.fixture
def by_openid(provider, sqlite_place: SqlitePlace, tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "keys.json").write_text(json.dumps(provider[1]))
    settings = {"issuer": "https://id.example", "audience": "servicenet", "jwks": "keys.json",
                "roles": {"Dispatch": "dispatcher", "Look": "viewer"}}  # fmt: skip
    (tmp_path / "oidc.json").write_text(json.dumps(settings))
    with serving(sqlite_place.new_store()) as served:
        served.service.oidc = OidcDoor(tmp_path / "oidc.json")
        yield served


def token(provider, **more: object) -> str:
    import time

    import jwt

    key = more.pop("key", provider[0])
    algorithm = str(more.pop("algorithm", "ES256"))
    claims = {"iss": "https://id.example", "aud": "servicenet", "sub": "li",
              "exp": int(time.time()) + 600, "servicenet_role": "Dispatch", **more}  # fmt: skip
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": "k1"})


def ask(served: Served, text: str):
    return served.client.get("/session", headers={"Authorization": f"Bearer {text}"})


def test_a_token_of_the_provider_has_its_role_and_regions(by_openid: Served, provider) -> None:
    found = ask(by_openid, token(provider, servicenet_regions=["north"])).json()
    assert (found["actor"], found["role"], found["regions"]) == (
        "oidc:li", Role.DISPATCHER.value, ["north"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": 1}, {"exp": None}, {"aud": "other"}, {"iss": "https://evil.example"},
        {"servicenet_role": "Boss"}, {"servicenet_role": None}, {"sub": None},
        {"servicenet_role": ["Dispatch", "Look"]}, {"servicenet_regions": "north"},
        {"key": "x" * 40, "algorithm": "HS256"},
    ],
)  # fmt: skip
def test_any_other_token_opens_nothing(by_openid: Served, provider, wrong: dict) -> None:
    answer = ask(by_openid, token(provider, **wrong))
    assert (answer.status_code, answer.json()["code"]) == (401, "A1017")


def test_keys_still_open_the_door_beside_openid(by_openid: Served) -> None:
    assert by_openid.get("/session", "viewer").json()["role"] == "viewer"


def test_settings_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "oidc.json").write_text('{"issuer": 1}')
    with pytest.raises(StoreError, match="A2005"):
        OidcDoor(tmp_path / "oidc.json")


def test_an_expired_openid_token_has_a_little_leeway(by_openid: Served, provider) -> None:
    import time

    late = int(time.time() - timedelta(seconds=10).total_seconds())
    assert ask(by_openid, token(provider, exp=late)).status_code == 200
