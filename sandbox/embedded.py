"""Embedded: a sandbox in this process on a free port, in a thread of its own, for tests and other programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from sandbox.app import build
from sandbox.server import listen
from sandbox.server_thread import ServerThread
from sandbox.settings import SettingsError, validated


class Address(NamedTuple):
    """Where a sandbox is, and the token that its control API wants to see."""

    url: str
    token: str | None


@contextmanager
def embedded(settings: Mapping[str, Any]) -> Iterator[Address]:
    """
    Serve while the `with` block lasts.

    Args:
        settings: by their names; `host` and `port` are ours.

    Raises:
        ValueError: they are not valid, or an account in them is not.
        UnknownProviderError: an account is of no provider there is.
        CredentialTakenError: it takes what is another's.
        ScenarioError: their scenarios are not valid.
    """
    try:
        wanted = validated({**settings, "host": "127.0.0.1", "port": 0})
    except SettingsError as error:
        raise ValueError(str(error)) from None
    listener = listen(wanted.host, wanted.port)
    port = listener.getsockname()[1]
    with ServerThread(lambda: build(wanted, port=port), listener):
        yield Address(wanted.base_url(port), wanted.control_token)
