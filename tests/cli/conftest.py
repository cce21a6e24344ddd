"""Fixtures for tests of the command line: it runs in this process, against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from command_line import Ran, Run
from live_server import LiveServer
from sandbox.cli import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as the shell would, but in this process."""

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def _shared_server() -> Iterator[LiveServer]:
    with LiveServer() as server:
        yield server


@pytest.fixture
def server(_shared_server: LiveServer, monkeypatch: pytest.MonkeyPatch, run: Run) -> LiveServer:
    """A sandbox as at its start, which commands find by `SANDBOX_URL`."""
    monkeypatch.setenv("SANDBOX_URL", _shared_server.url)
    assert run("reset").code == 0
    return _shared_server
