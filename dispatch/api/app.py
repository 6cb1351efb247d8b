"""The application: routers behind one door, problems, headers, background work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from dispatch.api import (
    routes_admin,
    routes_basic,
    routes_customers,
    routes_days,
    routes_emergency,
    routes_live,
    routes_me,
    routes_moves,
    routes_plans,
    routes_replan,
    routes_site,
    routes_stream,
    routes_tiles,
    routes_visits,
    routes_ways,
)
from dispatch.api.context import Service
from dispatch.api.entry import enter
from dispatch.api.hook_sender import HookSender
from dispatch.api.middleware import Frame
from dispatch.api.problems import EVERYWHERE, Problem, add_handlers
from dispatch.api.readiness import Readiness
from dispatch.api.rights import find_right
from dispatch.api.worker import Worker

GROUP = "servicenet.routers"
"""Entry points that give an `APIRouter`; each of its routes declares a right by `needs`."""
ABOUT = (
    "Days, plans and live work of a service network. Errors are problem details (RFC 9457) with "
    "stable codes. A POST with an Idempotency-Key may be repeated; ETag and If-Match guard "
    "versions."
)
THREADS = 8
"""Requests worked on at once: they compute, so more of them only hold each other up."""
_LOG = logging.getLogger("servicenet.api")


def own_routers() -> tuple[APIRouter, ...]:
    """Return the routers of this room."""
    return (
        routes_basic.router,
        routes_days.router,
        routes_plans.router,
        routes_stream.router,
        routes_live.router,
        routes_me.router,
        routes_emergency.router,
        routes_moves.router,
        routes_customers.router,
        routes_tiles.router,
        routes_ways.router,
        routes_replan.router,
        routes_visits.router,
        routes_admin.router,
        routes_site.router,
    )


def make_app(
    service: Service,
    *,
    background: bool = True,
    plugins: Iterable[EntryPoint] | None = None,
    more: Iterable[APIRouter] = (),
) -> FastAPI:
    """Make the application of a service.

    Parameters
    ----------
    service
        Store, roads, keys.
    background
        Whether searches, webhooks and streams run; tests may work by hand.
    plugins
        Routers of others; by default those installed under ``servicenet.routers``.
    more
        Routers this application alone has.

    Raises
    ------
    ValueError
        A route without a declared right.
    """
    app = FastAPI(
        title="servicenet", version=_version(), description=ABOUT, docs_url=None, redoc_url=None,
        openapi_url=None, lifespan=_lifespan(service, background=background),
        redirect_slashes=False,
    )  # fmt: skip
    app.state.service = service
    add_handlers(app)
    found = entry_points(group=GROUP) if plugins is None else plugins
    others = [point.load() for point in sorted(found, key=lambda one: one.name)]
    app.state.routes = ()
    for router in (*own_routers(), *others, *more):
        app.state.routes += check_rights(router)
        app.include_router(router, dependencies=[Depends(enter)], responses=EVERYWHERE)
    limits = service.options.limits
    app.add_middleware(Frame, max_body_bytes=limits.body_bytes, metrics=service.metrics)
    app.openapi = _describer(app)  # type: ignore[method-assign] # FastAPI's way of extending it
    return app


def check_rights(router: APIRouter) -> tuple[APIRoute, ...]:
    """Return the routes of a router; refuse one with a route whose right nobody declared.

    Raises
    ------
    ValueError
        Naming the route.
    """
    found = []
    for route in router.routes:
        if not isinstance(route, APIRoute) or find_right(route.endpoint) is None:
            path = getattr(route, "path", repr(route))
            raise ValueError(f"route {path} declares no right: use dispatch.api.rights.needs")
        found.append(route)
    return tuple(found)


def _describer(app: FastAPI) -> Callable[[], dict[str, Any]]:
    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    return describe


def _describe(app: FastAPI) -> dict[str, Any]:
    from fastapi.openapi.utils import get_openapi

    found = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schemas = found["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    rights = {
        (route.path, method.lower()): find_right(route.endpoint)
        for route in routes_of(app)
        for method in route.methods or ()
    }
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            right = rights[path, method]
            operation["x-right"] = right
            if right == "open":
                operation.pop("security", None)
    return found


def routes_of(app: FastAPI) -> tuple[APIRoute, ...]:
    """Return every route of the application that is behind the door."""
    routes: tuple[APIRoute, ...] = app.state.routes
    return routes


def _version() -> str:
    try:
        return version("servicenet")
    except PackageNotFoundError:
        return "0"


def _lifespan(service: Service, *, background: bool) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def live(_app: FastAPI) -> AsyncIterator[None]:
        hub = service.hub
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        following = asyncio.create_task(hub.run())
        threads: list[Worker | HookSender | Readiness] = []
        if background:
            threads = [Worker(service) for _ in range(service.options.workers)]
            threads.append(HookSender(service))
            threads.append(service.readiness)
        for thread in threads:
            thread.start()
        warm = asyncio.create_task(asyncio.to_thread(_warm, service))
        try:
            yield
        finally:
            for thread in threads:
                thread.stop()
            await hub.stop()
            await asyncio.gather(following, warm, return_exceptions=True)
            for thread in threads:
                await asyncio.to_thread(thread.join, 10)

    return live


def _warm(service: Service) -> None:
    """Read the roads before the first request needs them."""
    try:
        service.warm()
    except Exception:
        # Readiness stays false, and the request that needs the roads gets the fault.
        _LOG.exception("roads")
        raise
