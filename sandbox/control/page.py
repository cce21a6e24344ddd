"""Page: the files of the inspector, as a browser fetches them; they hold nothing secret and need no token."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import sandbox.inspector
from sandbox.control.answer import HEADERS
from sandbox.control.described import described
from sandbox.control.problem import missing
from sandbox.sandbox import Sandbox

PATH = "/_sandbox/ui/"

# Nothing but this server's own files is run, shown or called, whatever a message says.
_POLICY = ("; ").join(  # noqa: FLY002 - one directive a line
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
}
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}


@described(statuses=(307,), is_open=True)
async def enter(_: Sandbox, request: Request) -> Response:
    """Lead from `/` to the page."""
    return _to_the_page(request)


@described(statuses=(307,), is_open=True)
async def go_on(_: Sandbox, request: Request) -> Response:
    """Lead to the page from its path without the slash at the end."""
    return _to_the_page(request)


def _to_the_page(request: Request) -> Response:
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(PATH + (f"?{query}" if query else ""), headers=HEADERS)


@described(media=(("text/html", str),), is_open=True)
async def show(_sandbox: Sandbox, _request: Request) -> Response:
    """Return the page; what stands behind the question mark is for the page to read."""
    return _file("index.html")


@described(media=tuple((media_type, str) for media_type in _TYPES.values()), is_open=True)
async def show_file(_: Sandbox, request: Request) -> Response:
    """Return a file that the page consists of."""
    return _file(request.path_params["file"])


def _file(name: str) -> Response:
    files = _files()
    if name not in files:
        raise missing("file", name)
    body, media_type = files[name]
    return Response(body, headers=_HEADERS, media_type=media_type)


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """Return every file with its media type; read when a browser first asks."""
    folder = Path(sandbox.inspector.__file__).parent / "page"
    found = sorted(path for path in folder.iterdir() if path.suffix in _TYPES)
    return {path.name: (path.read_bytes(), _TYPES[path.suffix]) for path in found}
