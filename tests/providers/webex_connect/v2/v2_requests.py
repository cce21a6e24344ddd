"""Requests of v2 for tests, and what the checks say of them."""

from __future__ import annotations

from typing import Any

import pytest

from harness import NOON
from sandbox.core.conversation import Body
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.checked import Checked, Fate
from sandbox.providers.webex_connect.v2 import request as v2

PHONE = "+447700900123"
PERSON = "person@example.com"
OMIT = object()  # as the value of a member: leave it out

WORDINGS = {
    "7000": "Invalid JSON",
    "7003": "Mandatory parameter missing - {}",
    "7004": "Invalid parameter - {}",
    "7009": "Max number of destinations",
    "7041": "Number not in +E164 format",
    "7108": "Invalid template ID",
}


def without_omitted(members: dict[str, Any]) -> dict[str, Any]:
    """Return the members that are not `OMIT`."""
    return {name: value for name, value in members.items() if value is not OMIT}


def sms(said: dict[str, Any] | None = None, /, **members: Any) -> dict[str, Any]:
    """Return an SMS that says "Hello"; `said` changes its content, `members` the request."""
    own = without_omitted({"type": "text", "text": "Hello", **(said or {})})
    whole = {"channel": "sms", "from": "CNNECT", "to": [{"msisdn": [PHONE]}], "content": own, **members}
    return without_omitted(whole)


def email(said: dict[str, Any] | None = None, /, **members: Any) -> dict[str, Any]:
    """Return an e-mail of type text; `said` changes its content, `members` the request."""
    own = without_omitted({"type": "text", "subject": "News", "text": "Hello", **(said or {})})
    whole = {"channel": "email", "from": "brand@example.com", "to": [{"email": [PERSON]}], "content": own, **members}
    return without_omitted(whole)


def html(said: dict[str, Any] | None = None, /, **members: Any) -> dict[str, Any]:
    """Return an e-mail of type html; `said` changes its content, `members` the request."""
    return email({"type": "html", "text": OMIT, "html": "<p>Hello</p>", **(said or {})}, **members)


def rcs(said: dict[str, Any] | None = None, /, **members: Any) -> dict[str, Any]:
    """Return an RCS text; `said` changes its content, `members` the request."""
    own = without_omitted({"type": "text", "text": "Hello", **(said or {})})
    whole = {"channel": "rcs", "from": "a_1568", "to": [{"msisdn": [PHONE]}], "content": own, **members}
    return without_omitted(whole)


def of_type(kind: str, **content: Any) -> dict[str, Any]:
    """Return an RCS message of another type, with that content."""
    return rcs({"type": kind, "text": OMIT, **content})


def check(data: Any, **settings: Any) -> Checked:
    """Check a request at noon, for a service of these settings."""
    return v2.check(data, ServiceSettings(**settings), NOON)


def refusal(data: Any, **settings: Any) -> ApiError:
    """Return why a request is refused."""
    with pytest.raises(ApiError) as refused:
        check(data, **settings)
    return refused.value


def assert_refused(data: Any, rule: str, code: str, path: str = "", **settings: Any) -> None:
    """Check which rule a request breaks, and the whole answer: status, code and message."""
    error = refusal(data, **settings)
    expected = (rule, 400, code, WORDINGS[code].format(path))
    assert (error.rule, error.spec.status, error.spec.code, error.message) == expected


def outcome(data: Any, **settings: Any) -> tuple[str | None, str, str] | None:
    """Return rule, code and message of a refusal; None for a request that is accepted."""
    try:
        check(data, **settings)
    except ApiError as error:
        return error.rule, error.spec.code, error.message
    return None


def refused(rule: str, code: str, path: str = "") -> tuple[str, str, str]:
    """Return what `outcome` returns for a refusal by that rule."""
    return rule, code, WORDINGS[code].format(path)


def fates(data: Any, **settings: Any) -> list[Fate | None]:
    """Return what becomes of each message of an accepted request, as far as it is known."""
    checked = check(data, **settings)
    return [checked.fate(addressed) for addressed in checked.addressed]


def shown(data: Any, **settings: Any) -> Body:
    """Return what the first destination's handset shows."""
    checked = check(data, **settings)
    return checked.content(checked.addressed[0])


def warnings(data: Any, **settings: Any) -> tuple[str, ...]:
    """Return what the journal has to say of an accepted request."""
    return check(data, **settings).warnings
