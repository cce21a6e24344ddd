"""Start page: what somebody sees who opens the sandbox in a browser."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import HEADERS
from sandbox.control.described import described
from sandbox.sandbox import Sandbox

_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>messaging-sandbox</title>
<h1>messaging-sandbox</h1>
<p>This server emulates conversational-messaging APIs: {providers}. Nothing sent here reaches anybody's phone.</p>
<p>Point your client at <code>{base}</code>; the paths are those that the provider documents.</p>
<p>The control API is under <code>{base}/_sandbox/</code>, for example <a href="/_sandbox/health">/_sandbox/health</a>.</p>
</html>
"""


@described(media=(("text/html", str),), is_open=True)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Say what this is and where to go from here."""
    base = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    providers = ", ".join(provider.title for provider in sandbox.providers)
    page = _PAGE.format(providers=escape(providers), base=escape(base))
    return Response(page, headers={**HEADERS, "Content-Security-Policy": _POLICY}, media_type="text/html")
