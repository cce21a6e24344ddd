"""Resource: one path of the control API, and what it does for each method."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.control.described import Handler
from sandbox.control.problem import ProblemError, rendered
from sandbox.sandbox import Sandbox


class Resource:
    """An ASGI application that answers with what its handlers return, or with the problem they raise."""

    def __init__(self, sandbox: Sandbox, handlers: Mapping[str, Handler]) -> None:
        self._sandbox = sandbox
        self._handlers = dict(handlers)
        if "GET" in handlers:
            self._handlers["HEAD"] = handlers["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that has gone gets no answer."""
        request = Request(scope, receive, send)
        try:
            response = await self._handle(request)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, a problem tells it
            response = rendered(error)
        await response(scope, receive, send)

    async def _handle(self, request: Request) -> Response:
        handler = self._handlers.get(request.method)
        if handler is None:
            allowed = ", ".join(self._handlers)
            says = f"{request.method[:20]} is not for {request.scope['path'][:200]}; there is {allowed}"
            raise ProblemError(405, says, headers={"Allow": allowed})
        return await handler(self._sandbox, request)
