"""Remedies: what helps where a callback did not arrive, by what became of it."""

from __future__ import annotations

from sandbox.core.callback import ALLOWED_BY_EGRESS

_CREDENTIALS = "credentials go along as headers of the account's webhook"
_REDIRECTED = "redirects are never followed: give the webhook the URL that it leads to"
_IN_A_CONTAINER = "from a container, 127.0.0.1 is the container itself"
_NOT_HTTP = "what listens there speaks no HTTP: correct the port, or http to https"

_BY_ERROR = {
    "refused": f"nothing listens there: start the program, or correct the webhook's URL; {_IN_A_CONTAINER}",
    "unreachable": f"no way leads there; {_IN_A_CONTAINER}",
    "dns": "the name is not known here: correct the host of the webhook's URL",
    "timeout": "no answer came in time: answer first and work afterwards, or raise the webhook's timeout",
    "closed": "the connection was closed before an answer came: look at the log of the program, and whether it wants https",
    "not http": _NOT_HTTP,
    "certificate": "the certificate is not trusted here: start the sandbox with SSL_CERT_FILE, which names one that is",
    "tls": "there is no TLS there: correct https to http, or the port",
}
_BY_STATUS = {
    **dict.fromkeys((301, 302, 303, 307, 308), _REDIRECTED),
    **dict.fromkeys((401, 403), _CREDENTIALS),
    404: "the program has no such path: correct the webhook's URL",
    405: "callbacks are POST requests: the program takes none at that path",
}


def of_attempt(status: int | None, error: str | None) -> str | None:
    """Return what helps where an attempt came to that status or error; None if nobody can tell."""
    return _BY_ERROR.get(error or "") or _BY_STATUS.get(status or 0)


def of_unsent(state: str, detail: str | None, *, named: bool) -> tuple[str | None, str]:
    """
    Return which setting helps where no attempt was made, if it is one, and how.

    Args:
        state: `blocked` or `recorded`.
        detail: why that is.
        named: whether somebody other than the account's webhook was to be told.
    """
    if state == "blocked" and not (detail or "").endswith(ALLOWED_BY_EGRESS):
        return None if named else "webhook", "no setting allows it: name another URL"
    if state == "blocked":
        return (
            "egress",
            "callbacks leave this machine only as the setting egress allows it (serve --egress any, SANDBOX_EGRESS)",
        )
    if named:
        return None, "the account's settings, or the request itself, say who is told"
    return "webhook", "the account's webhook says where callbacks go (serve --webhook-url, or PATCH the account)"
