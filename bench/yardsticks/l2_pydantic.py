"""L2, the stack alone: Starlette, pydantic models and a cached token check; nothing is remembered."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.yardsticks.gateway import SEND, SETTINGS, STORED_SETTINGS, admitted, unauthorized
from bench.yardsticks.message import read


async def _send(request: Request) -> Response:
    if not admitted(request.headers.get("authorization")):
        return unauthorized()
    message = read(await request.body())
    return message if isinstance(message, Response) else Response(message.echo(), media_type="application/json")


async def _settings(request: Request) -> Response:
    return JSONResponse(STORED_SETTINGS) if admitted(request.headers.get("authorization")) else unauthorized()


app = Starlette(routes=[Route(SEND, _send, methods=["POST"]), Route(SETTINGS, _settings)])
