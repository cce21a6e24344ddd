"""`messaging-sandbox openapi` prints documents without a server."""

from __future__ import annotations

import pytest

from command_line import Run
from conformance import documents


@pytest.mark.parametrize(
    ("arguments", "name"),
    [pytest.param((), "control", id="control"), pytest.param(("webex-connect",), "webex-connect", id="provider")],
)
def test_openapi(run: Run, arguments: tuple[str, ...], name: str) -> None:
    """It prints what a server would serve: the control API's document, or a provider's."""
    assert run("openapi", *arguments).json == documents()[name]


def test_an_unknown_provider(run: Run) -> None:
    """A provider that is not there is wrong usage, and those that are there are named."""
    ran = run("openapi", "pigeon")
    assert (ran.code, ran.out) == (2, "")
    assert "'pigeon' is no provider; there are link, webex-connect, mehery, rbm" in ran.err
