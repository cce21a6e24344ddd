"""Guard: who may make a control call at all, by `Host`, `Origin` and token, in this order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import unquote

from starlette.requests import Request

from sandbox.control.problem import ProblemError
from sandbox.sandbox import MEDIA_PATH

COOKIE = "sandbox_token"  # what the page keeps the token in, percent-encoded, since it can set no header on every call
OPEN = ("/", "/_sandbox/ui", "/_sandbox/health")  # paths that need no token
PAGE = "/_sandbox/ui/"  # begins the paths of the page, which asks for the token itself
PUBLIC = f"{MEDIA_PATH}/"  # begins paths that anybody may read, by whatever Host: webhooks fetch files from there

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s\[\]:/@\\]+)(?::[0-9]{1,5})?")


class Guard:
    """
    Keeps web pages and strangers away: a page that somebody visits must not drive their sandbox.

    Args:
        host: address that the server listens on.
        allowed_hosts: further names that `Host` may have, globs; `*` allows all.
        token: what calls must bear; None asks for none.
    """

    def __init__(self, host: str, allowed_hosts: Sequence[str], token: str | None) -> None:
        self._bound = _name(host) or host
        self._allowed = tuple(_name(allowed) or allowed for allowed in allowed_hosts)
        # No rebinding page can have an address as its name, so that bound to every address, any of them will do.
        self._any_address = host in ("0.0.0.0", "::") and not allowed_hosts
        self._token = None if token is None else token.encode()

    def check(self, request: Request) -> None:
        """Let a request pass or raise `ProblemError`."""
        if request.scope["path"].startswith(PUBLIC):
            return
        hosts = request.headers.getlist("host")
        if "*" not in self._allowed and not (len(hosts) == 1 and self._knows(hosts[0])):
            shown = ", ".join(hosts)[:200]
            raise ProblemError(
                403,
                f"the Host {shown!r} is not one of this server; the setting allowed_hosts (SANDBOX_ALLOWED_HOSTS) adds it",
            )
        own = f"{request.scope['scheme']}://{hosts[0] if hosts else ''}".lower()
        for origin in request.headers.getlist("origin"):
            if origin.lower() != own:
                raise ProblemError(403, f"pages of {origin[:200]!r} may not call this server")
        if self._token is not None and not request.scope["path"].startswith(PAGE) and request.scope["path"] not in OPEN:
            self._check_token(request, self._token)

    def _knows(self, host: str) -> bool:
        name = _name(host)
        if name is None:
            return False
        if name in ("localhost", self._bound) or name.endswith(".localhost"):
            return True
        if any(fnmatchcase(name, allowed) for allowed in self._allowed):
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or self._any_address

    @staticmethod
    def _check_token(request: Request, token: bytes) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        in_header = given.strip().encode("latin-1") if scheme.lower() == "bearer" else b""
        in_cookie = unquote(request.cookies.get(COOKIE, "")).encode()
        if not (compare_digest(in_header, token) or compare_digest(in_cookie, token)):
            raise ProblemError(
                401,
                "this call needs Authorization: Bearer and the control token",
                headers={"WWW-Authenticate": 'Bearer realm="sandbox"'},
            )


def _name(host: str) -> str | None:
    """Return the name or address in a `Host`, without port, brackets and final dot; None if it is none."""
    found = _HOST.fullmatch(host)
    return None if found is None else found[1].strip("[]").rstrip(".").lower()
