"""A server in a thread starts and ends with its block, and tells what keeps it from starting."""

from __future__ import annotations

import socket
import threading

import httpx
import pytest

from live_server import LiveServer
from sandbox.server import listen
from sandbox.server_thread import ServerThread


def test_starts_and_ends() -> None:
    """It answers within the block, and not behind it; its thread does not keep the program alive."""
    before = {*threading.enumerate()}
    with LiveServer() as server:
        (thread,) = {each for each in threading.enumerate() if each.name == "messaging-sandbox"} - before
        assert thread.daemon
        assert httpx.get(f"{server.url}/_sandbox/health").status_code == 200
    assert not thread.is_alive()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


def test_failure_is_told() -> None:
    """What keeps the application from being made is raised where the block begins, and the port is free again."""

    def fail() -> object:
        raise RuntimeError("the reason")

    listener = listen("127.0.0.1", 0)
    server = ServerThread(fail, listener)
    with pytest.raises(RuntimeError, match="the reason"), server:
        pass
    server.stop()
    assert listener.fileno() == -1
