"""Control app: the control API under `/_sandbox/` as one ASGI application, its guards before its routes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from starlette.requests import Request
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.control import (
    accounts,
    actions,
    callbacks,
    clocks,
    conversations,
    coverage,
    events,
    faults,
    health,
    magic,
    media,
    messages,
    metrics,
    openapi,
    page,
    providers,
    recording,
    requests,
    reset,
    runs,
    samples,
    scenarios,
    snapshot,
    timeline,
)
from sandbox.control.described import Described
from sandbox.control.guard import Guard
from sandbox.control.problem import ProblemError, rendered
from sandbox.control.resource import Resource
from sandbox.sandbox import Sandbox
from sandbox.settings import Settings

# A line for each path; what stands beside its handlers makes the served description.
ROUTES: tuple[tuple[str, Mapping[str, Described]], ...] = (
    ("/", {"GET": page.enter}),
    (page.PATH.rstrip("/"), {"GET": page.go_on}),
    (page.PATH, {"GET": page.show}),
    (page.PATH + "{file}", {"GET": page.show_file}),
    ("/_sandbox/health", {"GET": health.show}),
    ("/_sandbox/accounts", {"GET": accounts.show_all, "POST": accounts.create}),
    ("/_sandbox/accounts/{id}", {"GET": accounts.show, "PATCH": accounts.change, "DELETE": accounts.remove}),
    ("/_sandbox/accounts/{id}/authorization", {"POST": accounts.authorize, "DELETE": accounts.revoke}),
    ("/_sandbox/accounts/{id}/place", {"GET": accounts.place}),
    ("/_sandbox/accounts/{id}/senders", {"GET": accounts.senders}),
    ("/_sandbox/messages", {"GET": messages.show_all}),
    ("/_sandbox/messages/{id}", {"GET": messages.show}),
    ("/_sandbox/requests", {"GET": requests.show_all}),
    ("/_sandbox/requests/{id}", {"GET": requests.show}),
    ("/_sandbox/callbacks", {"GET": callbacks.show_all}),
    ("/_sandbox/callbacks/{id}", {"GET": callbacks.show}),
    ("/_sandbox/callbacks/{id}/parts/{index}", {"GET": callbacks.show_part}),
    ("/_sandbox/callbacks/{id}/redeliver", {"POST": callbacks.redeliver}),
    ("/_sandbox/actions", {"POST": actions.act}),
    ("/_sandbox/samples", {"GET": samples.show_all}),
    ("/_sandbox/conversations", {"GET": conversations.show_all}),
    ("/_sandbox/scenarios", {"GET": scenarios.show_all}),
    ("/_sandbox/scenarios/{name}", {"GET": scenarios.show, "PUT": scenarios.put, "DELETE": scenarios.remove}),
    ("/_sandbox/scenarios/{name}/runs", {"POST": runs.start}),
    ("/_sandbox/runs", {"GET": runs.show_all}),
    ("/_sandbox/runs/{id}", {"GET": runs.show, "DELETE": runs.cancel}),
    ("/_sandbox/recording", {"GET": recording.show}),
    ("/_sandbox/faults", {"GET": faults.show_all, "POST": faults.arm, "DELETE": faults.disarm_all}),
    ("/_sandbox/faults/{id}", {"DELETE": faults.disarm}),
    ("/_sandbox/clock", {"GET": clocks.show, "PUT": clocks.put}),
    ("/_sandbox/clock/advance", {"POST": clocks.advance}),
    ("/_sandbox/coverage", {"GET": coverage.show}),
    ("/_sandbox/providers", {"GET": providers.show_all}),
    ("/_sandbox/magic", {"GET": magic.show_all}),
    (media.PATH, {"GET": media.show}),
    ("/_sandbox/snapshot", {"GET": snapshot.show, "PUT": snapshot.put}),
    ("/_sandbox/reset", {"POST": reset.reset}),
    ("/_sandbox/events", {"GET": events.watch}),
    ("/_sandbox/openapi.json", {"GET": openapi.show}),
    ("/_sandbox/openapi/{provider}.json", {"GET": openapi.show_provider}),
    ("/_sandbox/timeline", {"GET": timeline.show}),
    ("/_sandbox/metrics", {"GET": metrics.show}),
)


def control_app(sandbox: Sandbox, settings: Settings) -> ASGIApp:
    """Return the application that serves `/` and everything under `/_sandbox/`."""
    guard = Guard(settings.host, settings.allowed_hosts, settings.control_token)

    @cache
    def router() -> Router:
        """Return what finds the routes, made when first wanted: many a sandbox in a test is never asked here."""
        routes = [Route(path, Resource(sandbox, handlers)) for path, handlers in ROUTES]
        return Router(routes, redirect_slashes=False, default=_nowhere)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            guard.check(Request(scope))
        except ProblemError as problem:
            await rendered(problem)(scope, receive, send)
        else:
            await router()(scope, receive, send)

    return app


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    says = f"there is no path {scope['path'][:200]!r}; /_sandbox/openapi.json lists those there are"
    await rendered(ProblemError(404, says))(scope, receive, send)
