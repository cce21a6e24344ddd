"""Media: the files of an account, served to whoever has the link, as a provider's own file server does."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.described import described
from sandbox.control.problem import missing
from sandbox.control.query import Query
from sandbox.sandbox import MEDIA_PATH, Sandbox

UNKNOWN = "application/octet-stream"
# They share an origin with the page: whatever a file says it is, it runs nothing there.
_HARMLESS = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
_IS_TYPE = re.compile(r"[\x21-\x7e]+/[\x20-\x7e]+").fullmatch

PATH = MEDIA_PATH + "/{account}/{id}"


@described(media=(("*/*", bytes),), is_open=True)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return the bytes of a file under the very MIME type that was told of it."""
    Query(request)
    account = sandbox.accounts.get(request.path_params["account"])
    file = None if account is None else account.media.get(request.path_params["id"])
    if file is None:
        raise missing("file", request.scope["path"].removeprefix(MEDIA_PATH + "/"))
    return harmless(file.name, file.mime_type, file.data)


def harmless(name: str, mime_type: str, data: bytes) -> Response:
    """Return the answer that is a file of somebody's, under the type it is said to have."""
    headers = {
        **_HARMLESS,
        "Content-Type": mime_type if _IS_TYPE(mime_type) else UNKNOWN,
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name, safe='', errors='replace')}",
    }
    return Response(data, headers=headers)
