"""Show: the sample bot and a scripted person talk to one another over real HTTP, in one process, while you watch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, cast

import aiohttp

from sandbox.app import build
from sandbox.control import callbacks, messages, requests, runs
from sandbox.core.account import Account
from sandbox.demo.bot import BookingBot, LinkApi, Webhook
from sandbox.engine.scenario import Run
from sandbox.sandbox import Sandbox
from sandbox.server import listen, serving
from sandbox.settings import Settings
from sandbox.transcript import Transcript

ACCOUNT = "acc_link"
GUEST = "+99900005001"
SCENARIO = "confirm-booking"

SPEED = 2.5  # seconds of the sandbox in one of ours
STEP = 0.05  # seconds of the sandbox that time moves on at once
PATIENCE = 20.0  # seconds of ours before the show is called off

Say = Callable[[str], None]

_VIEWS: dict[str, Callable[[Sandbox, Any], Mapping[str, Any]]] = {
    "message": messages.view,
    "request": requests.view,
    "callback": callbacks.view,
    "run": runs.view,
}


async def play(say: Say, *, keep: bool = False) -> str | None:
    """
    Play the conversation and tell it as it happens, then sum it up.

    Args:
        say: prints a line.
        keep: whether server and bot stay until the task is cancelled.

    Returns why it went wrong; None if it did not.
    """
    async with aiohttp.ClientSession() as session, Webhook() as webhook:
        listener = listen("127.0.0.1", 0)
        settings = Settings(webhook_url=webhook.url, clock="virtual")
        app = build(settings, port=listener.getsockname()[1])
        async with serving(app, listener) as url:
            account = cast("Account", app.sandbox.accounts.get(ACCOUNT))
            credentials = account.credentials.model_dump()
            bot = BookingBot(LinkApi(session, url, credentials["customer_id"], credentials["private_key"]))
            say(f"A sample bot talks to {GUEST} at {url}; its webhook is {webhook.url}.\n")
            trouble = await _conversation(app.sandbox, account, bot, webhook, say)
            say(_summary(account))
            if trouble is None and keep:
                app.sandbox.set_clock("real", None)
                say(f"\nThe server is still at {url} and the bot still listens; Ctrl-C stops both.")
                with suppress(asyncio.CancelledError):
                    await bot.listen(webhook)
    return trouble


async def _conversation(sandbox: Sandbox, account: Account, bot: BookingBot, webhook: Webhook, say: Say) -> str | None:
    """Let bot and person talk until the person's script has ended; return why it failed, None if it passed."""
    teller = _Teller(sandbox, say)
    work = (bot.listen(webhook), _move_time(sandbox, account), teller.run())
    tasks = [asyncio.create_task(each) for each in work]

    def played() -> list[Run]:
        return [cast("Run", run) for run in account.journal.runs if cast("Run", run).scenario == SCENARIO]

    def over() -> bool:
        return any(run.state != "running" for run in played()) or any(task.done() for task in tasks)

    try:
        await bot.invite(GUEST)
        await sandbox.stream.wait_until(over, PATIENCE)
        for task in tasks:
            if task.done():
                task.result()
        if any(run.state != "running" for run in played()):
            await sandbox.advance(until="idle", account=account)  # the last callbacks
    except (RuntimeError, aiohttp.ClientError) as error:
        return str(error)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    teller.tell()
    return _trouble(played())


async def _move_time(sandbox: Sandbox, account: Account) -> None:
    while True:
        await sandbox.advance(seconds=STEP, account=account)
        await asyncio.sleep(STEP / SPEED)


def _trouble(runs: list[Run]) -> str | None:
    if not runs:
        return f"the bot's message did not start the scenario {SCENARIO}"
    failed = next((step for step in runs[0].steps if step.state == "failed"), None)
    if failed is not None:
        return f"step {failed.index} ({failed.do}): {failed.detail}"
    return None if runs[0].state == "passed" else f"the conversation did not end within {PATIENCE:g} s"


class _Teller:
    """Tells what happens from the time it is made."""

    def __init__(self, sandbox: Sandbox, say: Say) -> None:
        self._sandbox = sandbox
        self._say = say
        self._mark = sandbox.stream.last
        self._transcript = Transcript()

    async def run(self) -> None:
        """Tell it as it happens, for ever."""
        woken = asyncio.Event()
        stop = self._sandbox.stream.listen(woken.set)
        try:
            while True:
                woken.clear()
                self.tell()
                await woken.wait()
        finally:
            stop()

    def tell(self) -> None:
        """Tell what has happened since."""
        for change in self._sandbox.stream.after(self._mark):
            self._mark = change.number
            if (view := _VIEWS.get(change.kind)) is not None:
                for line in self._transcript.lines(change.kind, dict(view(self._sandbox, change.subject))):
                    self._say(line)


def _summary(account: Account) -> str:
    journal = account.journal
    failed = sum(request.status is None or request.status >= 400 for request in journal.requests)
    failed += sum(callback.state != "delivered" for callback in journal.callbacks)
    return f"\n{len(journal.requests)} requests, {len(journal.callbacks)} callbacks, {failed} failed"
