"""Logs are lines for people or JSON for machines, of the level that was asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from harness import USER, LinkClient
from sandbox import logs
from sandbox.app import App


@pytest.fixture(autouse=True)
def _loggers() -> Iterator[None]:
    """Leave logging as it was found."""
    root, ours = logging.getLogger(), logging.getLogger("sandbox")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A line has time, level, words and logger; colours are for terminals."""
    logs.configure("text", "info")
    logging.getLogger("sandbox.web").info("%d bottles", 3)
    (line,) = capsys.readouterr().err.splitlines()
    assert "[info     ] 3 bottles [sandbox.web]" in line
    assert "\x1b" not in line


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON, a record is one object on one line, with its traceback."""
    logs.configure("json", "info")
    try:
        int("gone")
    except ValueError:
        logging.getLogger("sandbox").exception("failed")
    read = json.loads(capsys.readouterr().err)
    assert (read["event"], read["level"], read["logger"]) == ("failed", "error", "sandbox")
    assert "ValueError: invalid" in read["exception"]
    assert read["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("level", "logger", "record", "seen"),
    [
        pytest.param("debug", "sandbox.x", logging.DEBUG, True, id="ours-at-the-level"),
        pytest.param("info", "sandbox.x", logging.DEBUG, False, id="ours-below-the-level"),
        pytest.param("debug", "asyncio", logging.INFO, False, id="libraries-below-warning"),
        pytest.param("info", "uvicorn.error", logging.WARNING, True, id="libraries-from-warning-up"),
        pytest.param("error", "uvicorn.error", logging.WARNING, False, id="libraries-below-a-higher-level"),
    ],
)
def test_level(capsys: pytest.CaptureFixture[str], level: str, logger: str, record: int, seen: bool) -> None:
    """The level is that of our own records; libraries are heard from `warning` up at most."""
    logs.configure("text", level)
    logging.getLogger(logger).log(record, "heard")
    assert ("heard" in capsys.readouterr().err) is seen


async def test_requests(app: App, link: LinkClient, capsys: pytest.CaptureFixture[str]) -> None:
    """Every request from then on is a line at `debug`, with what decided the answer."""
    logs.configure("text", "debug")
    await link.send(text="Not told")
    stop = logs.log_requests(app.sandbox.stream)
    await link.send(text="Told")
    await link.send()
    await link.send(to="+99900003102", text="Refused")
    told: list[str] = []

    def all_told() -> bool:
        told.extend(line for line in capsys.readouterr().err.splitlines() if "sandbox.requests" in line)
        return len(told) == 3

    await app.sandbox.stream.wait_until(all_told, 5)
    stop()
    path = f"POST /gateway/lmc/v1/phone/{USER}/conversationMessage"
    assert [line.partition("] ")[2] for line in told] == [
        f"{path} 200 [sandbox.requests]",
        f"{path} 400 (LINK-MSG-12) [sandbox.requests]",
        "POST /gateway/lmc/v1/phone/+99900003102/conversationMessage 500 (+99900003102) [sandbox.requests]",
    ]
