"""The show plays a whole conversation over real HTTP, and says so if it goes wrong."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sandbox.cli import main
from sandbox.demo import show
from sandbox.demo.bot import BookingBot

KINDS = {"DELIVERED", "READ", "SUGGESTION_RESPONSE", "LOCATION", "USER_FILE", "IS_TYPING", "TEXT"}


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time flies."""
    monkeypatch.setattr(show, "SPEED", 1000.0)


async def test_show() -> None:
    """The conversation is told from the first question to the last word, and summed up."""
    lines: list[str] = []
    assert await show.play(lines.append) is None
    told = [click.unstyle(line) for line in lines]
    assert {found[1] for line in told if (found := re.search(r"← (\w+)  200$", line))} == KINDS
    texts = [line.partition("  ")[2] for line in told]
    assert texts.index("business  Would you like to continue with your booking?") < texts.index("person    taps Yes")
    assert "person    Thanks, see you soon!" in texts
    assert told[-1] == "\n8 requests, 15 callbacks, 0 failed"


async def test_keep() -> None:
    """With `keep`, server and bot stay until they are told to go."""
    lines: list[str] = []
    kept = asyncio.Event()

    def say(line: str) -> None:
        lines.append(line)
        if "still" in line:
            kept.set()

    playing = asyncio.create_task(show.play(say, keep=True))
    async with asyncio.timeout(30):
        await kept.wait()
    playing.cancel()
    assert await playing is None


async def test_bot_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that LINK refuses is told with LINK's own words."""

    async def say_too_much(self: BookingBot, guest: str, *_: object) -> None:
        await self._api.send(guest, {"text": "x" * 3000})

    monkeypatch.setattr(BookingBot, "_offer_rooms", say_too_much)
    trouble = await show.play(lambda _: None)
    assert trouble is not None
    assert "was answered 400" in trouble
    assert "must not be longer than 2000 characters" in trouble


async def test_bot_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who waits in vain fails the show."""

    async def say_nothing(*_: object) -> None:
        pass

    monkeypatch.setattr(BookingBot, "_answer", say_nothing)
    trouble = await show.play(lambda _: None)
    assert trouble is not None
    assert trouble.startswith("step 3 (expect): ")


async def test_nobody_reacts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that starts no scenario fails the show, once patience is at its end."""
    monkeypatch.setattr(show, "GUEST", "+491234567890")
    monkeypatch.setattr(show, "PATIENCE", 0.05)
    assert await show.play(lambda _: None) == "the bot's message did not start the scenario confirm-booking"


async def test_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation that does not end is called off."""
    monkeypatch.setattr(show, "SPEED", 0.01)
    monkeypatch.setattr(show, "PATIENCE", 0.05)
    trouble = await show.play(lambda _: None)
    assert trouble == "the conversation did not end within 0.05 s"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings around the demo that are none of its business."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sandbox.yaml").write_text("clock: real\nprot: 1\n", encoding="utf-8")
    monkeypatch.setenv("SANDBOX_SCENARIOS", "/nowhere")


@pytest.mark.usefixtures("elsewhere")
def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`demo` works wherever it is called, without colours in a pipe, and ends with what to try next."""
    with pytest.raises(SystemExit) as ended:
        main(["demo"])
    printed = capsys.readouterr()
    assert (ended.value.code, printed.err) == (0, "")
    assert "0 failed" in printed.out
    assert "\x1b" not in printed.out
    assert "What to try next:" in printed.out


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_command_of_another_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, known: bool
) -> None:
    """What to try next is of no use to a shell that does not know the command: how it gets to know it is said."""
    for name in ("python", "activate"):
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr("sandbox.cli.demo.which", lambda _: "/usr/bin/messaging-sandbox" if known else None)
    with pytest.raises(SystemExit):
        main(["demo"])
    assert capsys.readouterr().out.endswith("does not know that command yet: . activate\n") is not known


def test_command_keeps() -> None:
    """`demo --keep` says where the server is, and Ctrl-C ends it quietly."""
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox", "demo", "--keep"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        # Who runs the tests in the background ignores Ctrl-C, and programs inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread forks here
    ) as process:
        try:
            assert process.stdout is not None
            assert any("still at http://127.0.0.1:" in line for line in process.stdout)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()  # or the end of this block waits for it
    assert (process.returncode, errors) == (0, "")


def test_command_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A demo that fails says why, with exit code 1."""
    monkeypatch.setattr(show, "GUEST", "+491234567890")
    monkeypatch.setattr(show, "PATIENCE", 0.05)
    with pytest.raises(SystemExit) as ended:
        main(["demo"])
    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        "the demo failed: the bot's message did not start the scenario confirm-booking\n"
    )
