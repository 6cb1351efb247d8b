"""What the pages ask for: every path in their scripts is one of the service's."""

from __future__ import annotations

import re

from dispatch.api.app import routes_of
from tests.docs_pages import ROOT
from tests.services import Served

STATIC = ROOT / "dispatch" / "web" / "static"
API = STATIC / "shared" / "api.js"
CALL = re.compile(
    r"""\b(?:(?P<verb>get|post)\(|ask\("(?P<method>[A-Z]+)",\s*|(?P<stream>new\ EventSource)\()
        (?:"(?P<plain>/[^"]*)"|`(?P<template>(?:[^`])*)`|(?P<name>visitOf)\([^)]*\))""",
    re.VERBOSE,
)
WRITTEN_OUT = {"day(id)": "/days/{}", "visitOf(id, visit)": "/days/{}/visits/{}"}


def pattern_of(template: str) -> str:
    """Return a path of a script with ``{}`` for what is filled in; queries are left out."""
    filled = re.sub(r"\$\{(.*?)\}", lambda m: WRITTEN_OUT.get(m[1], "{}"), template)
    filled = re.sub(r"\$\{.*?\)\}", "{}", filled)
    return filled.partition("?")[0]


def asked() -> set[tuple[str, str]]:
    calls = set()
    text = API.read_text(encoding="utf-8").split("export const api", 1)[1]
    for found in CALL.finditer(text):
        method = found["method"] or {"get": "GET", "post": "POST", None: "GET"}[found["verb"]]
        template = found["plain"] or found["template"] or "${visitOf(id, visit)}"
        calls.add((method, pattern_of(template)))
    return calls


def test_every_path_the_pages_ask_for_is_a_route_of_the_service(served: Served) -> None:
    routes = {
        (method, re.sub(r"\{[^}]*\}", "{}", route.path))
        for route in routes_of(served.client.app)
        for method in route.methods or ()
    }
    calls = asked()
    assert len(calls) > 24
    assert ("POST", "/days/{}/visits/{}/remedies") in calls
    assert calls - routes == set()


def test_every_request_of_the_pages_stands_in_one_file() -> None:
    word = re.compile(r"\bfetch\(|new EventSource|XMLHttpRequest|sendBeacon")
    others = {
        path.relative_to(STATIC).as_posix(): word.findall(path.read_text(encoding="utf-8"))
        for path in STATIC.rglob("*.js")
        if path != API
    }
    # The service worker hands on what the page asked for.
    assert {name for name, found in others.items() if found} == {"me/sw.js"}


def test_every_call_of_the_pages_was_read() -> None:
    text = API.read_text(encoding="utf-8").split("export const api", 1)[1]
    # Where the clock of a simulated day is set, its stream says.
    text = text.replace("post(path, { rate })", "")
    begun = len(re.findall(r"\b(?:get|post|ask)\(|new EventSource\(", text))
    assert len(CALL.findall(text)) == begun
