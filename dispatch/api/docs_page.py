"""The description of the API as one plain page: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")


def docs_page(openapi: Mapping[str, Any]) -> str:
    """Return the page of an OpenAPI document."""
    info = openapi["info"]
    groups: dict[str, list[str]] = {}
    for path, methods in openapi["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                tag = (operation.get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append("".join(_operation(method, path, operation)))
    body = "".join(f"<h2>{escape(tag)}</h2>{''.join(rows)}" for tag, rows in groups.items())
    schemas = openapi.get("components", {}).get("schemas", {})
    models = "".join(_model(name, schema) for name, schema in sorted(schemas.items()))
    title = escape(info["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f"<body><main><h1>{title} {escape(info['version'])}</h1>"
        f"<p>{escape(info.get('description', ''))}</p>"
        '<p><a href="openapi.json">openapi.json</a></p>'
        f"{body}<h2>Models</h2>{models}</main></body></html>"
    )


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    summary = escape(operation.get("summary", ""))
    yield f"<details><summary><code>{method.upper()} {escape(path)}</code> {summary}</summary>"
    yield f"<p>{escape(operation.get('description', ''))}</p>"
    right = operation.get("x-right")
    if right:
        yield f"<p>Right: <code>{escape(right)}</code></p>"
    rows = "".join(
        f"<li><code>{escape(one['name'])}</code> ({escape(one['in'])}"
        f"{', required' if one.get('required') else ''}) {escape(one.get('description', ''))}</li>"
        for one in operation.get("parameters", ())
    )
    yield f"<ul>{rows}</ul>" if rows else ""
    bodies = operation.get("requestBody", {}).get("content", {})
    yield "".join(f"<p>Body: {escape(media)} {_ref(what)}</p>" for media, what in bodies.items())
    answers = "".join(
        f"<li>{escape(status)} {escape(answer.get('description', ''))}"
        f"{''.join(' ' + _ref(what) for what in answer.get('content', {}).values())}</li>"
        for status, answer in operation.get("responses", {}).items()
        if status.startswith("2")
    )
    yield f"<ul>{answers}</ul></details>"


def _ref(content: Mapping[str, Any]) -> str:
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return f'<a href="#{escape(name)}">{escape(name)}</a>' if name else ""


def _model(name: str, schema: Mapping[str, Any]) -> str:
    fields = "".join(
        f"<li><code>{escape(field)}</code> {escape(str(what.get('type', '')))} {_ref_of(what)}</li>"
        for field, what in schema.get("properties", {}).items()
    )
    about = escape(schema.get("description", "").partition("\n")[0])
    return f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{about}</p><ul>{fields}</ul>'


def _ref_of(what: Mapping[str, Any]) -> str:
    inner = what.get("items", what)
    options = inner.get("anyOf", [inner]) if isinstance(inner, Mapping) else []
    return " ".join(_ref({"schema": one}) for one in options if isinstance(one, Mapping))
