"""Judge: what is wrong with what a webhook answered, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_core import from_json

from sandbox.core.callback import Attempt, DeliveryPolicy
from sandbox.webhook_check.check import Finding, Severity, Shot

_HTML = re.compile(r"\s*<(!doctype html|html)\b", re.IGNORECASE)
_TROUBLE = re.compile(r"error|exception|traceback|not found|unavailable|bad gateway|forbidden|denied", re.IGNORECASE)

_LOST = {
    "timeout": "answer first and do the work afterwards; see whether something waits for itself (a lock, a single worker)",
    "closed": "see whether the process died or a worker was killed; a receiver answers every request, with a 5xx at worst",
    "refused": "start the webhook, or correct host and port",
    "unreachable": "correct the address, or open the way to it",
    "dns": "correct the host name",
    "certificate": "serve a certificate that this machine trusts, or name yours in SSL_CERT_FILE",
    "tls": "see whether TLS is spoken on that port at all, or call it by http",
    "not http": "speak HTTP/1.1 as RFC 9112 has it; a proxy in between may be at fault",
    "blocked": "name a webhook of your own",
}
_ON_STATUS = {
    401: "let the provider in; if the webhook knows it by a secret, give that with --secret",
    403: "let the provider in; if the webhook knows it by a secret, give that with --secret",
    404: "see whether the path is right, and acknowledge what is about nothing you know",
    405: "accept POST at this path",
    411: "accept bodies without a Content-Length",
    413: "raise the limit on the size of a body, in the server and in every proxy before it",
    415: "accept the content type by its meaning, whatever its parameters and letter case",
    429: "take what the provider sends at its pace: it does not slow down",
}


class Judge:
    """
    Judges answers by how a provider takes them.

    Args:
        policy: the provider's.
        timeout: seconds of real time that an attempt could take.
    """

    def __init__(self, policy: DeliveryPolicy, timeout: float) -> None:
        self._policy = policy
        self._timeout = timeout
        self._slow = timeout / 2

    @property
    def acknowledging(self) -> str:
        """Which statuses acknowledge, in words."""
        good = [status for status in range(200, 300) if self._policy.acknowledges(status)]
        return "any 2xx" if len(good) > 10 else " or ".join(map(str, good))

    def taken(self, shots: Iterable[Shot], refusal: Severity | None = "failed") -> list[Finding]:
        """
        Return what is wrong with answers to good callbacks.

        Args:
            shots: what was sent.
            refusal: how bad a 4xx is; None if it is all right.
        """
        return [finding for shot in shots if (finding := self._taken(shot, refusal)) is not None]

    def refused(self, shots: Iterable[Shot], acceptance: Severity, why: str) -> list[Finding]:
        """
        Return what is wrong with answers to what cannot be taken: a 4xx is right.

        Args:
            shots: what was sent.
            acceptance: how bad it is to acknowledge it.
            why: what to do about that.
        """
        found = []
        for shot in shots:
            status = shot.attempt.status
            if status is None:
                found.append(self._lost(shot)._replace(advice=why))
            elif status >= 300 and not 400 <= status < 500:
                found.append(_bad_status(shot, status, why))
            elif status < 300:
                found.append(Finding(acceptance, f"acknowledged with {status}", why, shot))
        return found

    def alive(self, shots: Iterable[Shot]) -> list[Finding]:
        """Return what is wrong with answers to what is none of the provider's business: anything but trouble is right."""
        return [
            self._lost(shot) if shot.attempt.status is None else _bad_status(shot, shot.attempt.status, "")
            for shot in shots
            if shot.attempt.status is None or shot.attempt.status >= 500
        ]

    def _taken(self, shot: Shot, refusal: Severity | None) -> Finding | None:
        attempt = shot.attempt
        status = attempt.status
        if status is None:
            return self._lost(shot)
        if not self._policy.acknowledges(status):
            if 400 <= status < 500:
                return None if refusal is None else _bad_status(shot, status, self._consequence(status), refusal)
            if 200 <= status < 300:
                says = f"answer exactly {self.acknowledging}: {self._consequence(status)}"
                return Finding("failed", _answered(attempt), says, shot)
            return _bad_status(shot, status, self._consequence(status))
        if (trouble := _hidden_trouble(attempt, status)) is not None:
            return trouble._replace(shot=shot)
        if attempt.duration_ms > self._slow * 1000:
            late = f"answered with {status} after {attempt.duration_ms / 1000:.1f} s; the limit is {self._timeout:g} s"
            return Finding("warning", late, "answer first and do the work afterwards", shot)
        return None

    def _lost(self, shot: Shot) -> Finding:
        error = shot.attempt.error or "error"
        says = {
            "timeout": f"no answer within {self._timeout:g} s",
            "closed": "the connection was closed without an answer",
            "refused": "nothing listens there",
            "not http": "what came back is no HTTP answer",
            "dns": "there is no such host",
            "certificate": "its certificate is not trusted",
            "tls": "no TLS is spoken there",
        }.get(error, f"no answer: {error}")
        if shot.attempt.response:
            says = f"{says} ({shot.attempt.response})"
        advice = _LOST.get(error, "see the webhook's log")
        return Finding("failed", says, f"{advice}; {self._consequence(None)}", shot)

    def _consequence(self, status: int | None) -> str:
        """Return what the provider does about an answer that does not acknowledge."""
        policy = self._policy
        if not policy.retry_waits or (status is not None and policy.gives_up(status)):
            return "the provider does not try again, and the callback is lost"
        waits = ", ".join(f"{wait:g}" for wait in policy.retry_waits)
        held = " and holds back all that comes after it for this person" if policy.strict_order else ""
        return f"the provider tries again after {waits} s{held}"


def worst(findings: Sequence[Finding]) -> Severity | None:
    """Return how bad findings are; None if there are none."""
    severities = {finding.severity for finding in findings}
    return "failed" if "failed" in severities else "warning" if severities else None


def _bad_status(shot: Shot, status: int, consequence: str, severity: Severity = "failed") -> Finding:
    if 300 <= status < 400:
        advice = "redirects are never followed: register the address that it leads to"
    elif status >= 500:
        advice = "find this request in the webhook's log: it ended in an error; acknowledge first, work afterwards"
    else:
        advice = _ON_STATUS.get(status, "acknowledge it; what you have no use for can be dropped afterwards")
    return Finding(severity, _answered(shot.attempt), "; ".join(filter(None, (advice, consequence))), shot)


def _answered(attempt: Attempt) -> str:
    said = " ".join(attempt.response.split())[:120]
    return f"answered with {attempt.status}" + (f" and {said!r}" if said else "")


def _hidden_trouble(attempt: Attempt, status: int) -> Finding | None:
    """Return what an acknowledging answer says against itself: an error page, or JSON that tells of an error."""
    if _HTML.match(attempt.response):
        is_error = _TROUBLE.search(attempt.response) is not None
        says = f"acknowledged with {status} and an HTML page" + (" that tells of an error" if is_error else "")
        advice = (
            "see whether a proxy or a catch-all page answers in the webhook's place; errors need a status of their own: "
            "the provider reads nothing but the status"
        )
        return Finding("failed" if is_error else "warning", says, advice)
    if _is_complaint(attempt.response):
        advice = (
            "answer errors with a 4xx or 5xx: the provider reads nothing but the status, and takes this for success"
        )
        return Finding("warning", f"acknowledged, but {_answered(attempt)}", advice)
    return None


def _is_complaint(response: str) -> bool:
    if not response.startswith("{"):
        return False
    try:
        said: Any = from_json(response)
    except ValueError:
        return False
    return bool(said.get("error") or said.get("errors")) or said.get("success") is False or said.get("ok") is False
