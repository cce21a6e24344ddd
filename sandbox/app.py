"""App: puts the house together; the one place that knows every room."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from sandbox.core.clock import wall_time
from sandbox.core.headers import Headers
from sandbox.core.keys import Keys
from sandbox.engine.complaint import Complaint
from sandbox.engine.scenario import Scenario
from sandbox.engine.scenarios import Scenarios
from sandbox.providers import PROVIDERS
from sandbox.sandbox import AccountSpec, Sandbox, UnknownProviderError
from sandbox.settings import Settings
from sandbox.shipped import folder
from sandbox.web.endpoint import Endpoints, Receive, Scope, Send
from sandbox.webhook_client import HttpWebhookClient, WebhookClient

SHORT_PREFIX = "/api/v1/"  # what one document's headings have in the place of its samples' whole prefix
LOAD_AFTER = 0.3  # seconds from the start until what was put off is read, if nothing asked for it before
GRACE = 1.0  # seconds of real time that attempts at callbacks may take to end when the server does


class App:
    """
    The ASGI application: emulated APIs at their documented paths, control API and page beside them.

    Attributes:
        sandbox: the emulator itself, for those in the same process.
        at_once: answers a request to an emulated API on the spot; see `Endpoints.at_once`.
        headers: makes of the headers of a request what is best kept of them.
    """

    headers = Headers

    def __init__(self, sandbox: Sandbox, settings: Settings) -> None:
        self.sandbox = sandbox
        self._settings = settings
        self._endpoints = Endpoints(sandbox, without=() if settings.api_v1_alias else (SHORT_PREFIX,), others=self)
        self.at_once = self._endpoints.at_once
        from sandbox.control.app import control_app  # noqa: PLC0415

        self._control = control_app(sandbox, settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request to its room."""
        if scope["type"] == "http":
            path = scope["path"]
            if path == "/" or path.startswith("/_sandbox"):
                await self._control(scope, receive, send)
            else:
                await self._endpoints(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    def stop(self) -> None:
        """Let those go who wait or watch: the server is to end."""
        self.sandbox.stop()

    def _warm_up(self) -> None:
        self.sandbox.scenarios.load()
        for provider in self.sandbox.providers:
            provider.warm_up()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        # Reading the scenarios takes longer than all else at the start: requests are answered before, and hardly any
        # message comes so soon that it has to wait for it.
        loading = asyncio.get_running_loop().call_later(LOAD_AFTER, self._warm_up)
        await receive()
        loading.cancel()
        await self.sandbox.close(GRACE)
        await send({"type": "lifespan.shutdown.complete"})


def openapi(provider: str | None = None) -> bytes:
    """
    Return the OpenAPI document of a provider's emulated API; without one, of the control API.

    Raises:
        UnknownProviderError: there is no such provider.
    """
    from sandbox.control.openapi import of_control, of_provider  # noqa: PLC0415 - few ask

    if provider is None:
        return of_control(PROVIDERS)
    found = next((each for each in PROVIDERS if each.name == provider), None)
    if found is None:
        raise UnknownProviderError(provider, [each.name for each in PROVIDERS])
    return of_provider(found)


def build(
    settings: Settings,
    *,
    port: int | None = None,
    client: WebhookClient | None = None,
    wall: Callable[[], datetime] = wall_time,
) -> App:
    """
    Make an application of the settings; must be called on the event loop that will serve it.

    Args:
        settings: what to make.
        port: where the server listens, if that is not in the settings.
        client: what calls webhooks, if not the network.
        wall: the machine's time.

    Raises:
        ScenarioError: the user's scenario files are not valid.
        ValueError: an account is not valid.
        UnknownProviderError: an account is of no provider there is.
        CredentialTakenError: two accounts share what must be theirs alone.
    """
    fixtures = folder("fixtures")
    sandbox = Sandbox(
        PROVIDERS,
        _shipped(settings),
        further=settings.accounts,
        scenarios=scenarios_of(settings),
        client=client or webhook_client(settings),
        keys=Keys(fixtures / "primes.txt"),
        samples=fixtures / "samples",
        base_url=(settings.public_url or settings.base_url(port or settings.port)).rstrip("/"),
        seed=settings.seed if settings.seed is not None else secrets.token_hex(4),
        virtual=settings.clock != "real",
        frozen_at=settings.frozen_at,
        journal_limit=settings.journal_limit,
        snapshot_limit=settings.snapshot_limit * 1024 * 1024,
        wall=wall,
    )
    return App(sandbox, settings)


def scenarios_of(settings: Settings) -> Scenarios:
    """Return the shipped scenarios and the operator's. Raises `ScenarioError`."""
    own, default = settings.scenarios, settings.default_scenario
    return Scenarios(folder("scenarios"), own, default=default, providers=PROVIDERS)


def load_scenarios(path: Path) -> tuple[list[Scenario], list[Complaint]]:
    """Return the scenarios in a file or a folder, and what is wrong with the rest."""
    from sandbox.engine.loader import ScenarioError, load_file, load_folder  # noqa: PLC0415 - a server may need none

    if path.is_dir():
        return load_folder(path, providers=PROVIDERS)
    try:
        return [load_file(path, providers=PROVIDERS)], []
    except ScenarioError as error:
        return [], list(error.complaints)


def webhook_client(settings: Settings) -> WebhookClient:
    """Return what calls webhooks over the network."""
    return HttpWebhookClient(settings.egress, provider_hosts())


def provider_hosts() -> list[str]:
    """Return the hosts of the real platforms, which no callback ever goes to."""
    return [host for provider in PROVIDERS for host in provider.hosts]


def _shipped(settings: Settings) -> list[AccountSpec]:
    """Return the shipped accounts with the operator's webhook, but for those that the settings replace."""
    replaced = {spec.id for spec in settings.accounts}
    webhook = {"webhook": {"url": settings.webhook_url}} if settings.webhook_url is not None else {}
    return [AccountSpec.model_validate({**one, **webhook}) for one in _published() if one["id"] not in replaced]


@cache
def _published() -> list[dict[str, Any]]:
    """
    Read the accounts whose credentials anybody may know, once.

    The file is YAML in the form of JSON with comments on lines of their own: a parser of YAML would take a tenth of the
    time that a sandbox needs to start.
    """
    lines = (folder("fixtures") / "accounts.yaml").read_text(encoding="utf-8").splitlines()
    published: list[dict[str, Any]] = from_json("\n".join(line for line in lines if not line.lstrip().startswith("#")))
    return published
