"""The image, as far as can be told without building it."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from webhook_server import self_signed

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "Dockerfile").read_text()
LINES = [line for line in TEXT.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]


def last(instruction: str) -> str:
    """Return what the last such instruction says."""
    return next(line.split(None, 1)[1] for line in reversed(LINES) if line.split()[0] == instruction)


def test_user_is_a_number() -> None:
    """A cluster that forbids root can tell from the number that this is not it."""
    assert re.fullmatch(r"[1-9][0-9]+:[1-9][0-9]+", last("USER"))


def test_listens_on_every_address_of_the_container() -> None:
    """The port of the documentation is exposed, and served on more than the container's own loopback."""
    assert last("EXPOSE") == "4700"
    assert "SANDBOX_HOST=0.0.0.0" in TEXT


def test_health_check_needs_no_curl() -> None:
    """The slim image has none: Python asks, at the port that was set."""
    check = last("HEALTHCHECK")
    assert "curl" not in check
    assert "wget" not in check
    assert "/_sandbox/health" in check
    assert "SANDBOX_PORT" in check


class _Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/_sandbox/health" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("encrypted", [False, True], ids=["http", "https"])
def test_health_check(tmp_path: Path, *, encrypted: bool) -> None:
    """It finds a server at the port that was set, with TLS and without, and tells where there is none."""
    python, *arguments = json.loads(last("HEALTHCHECK").partition("CMD")[2])
    assert python == "python"
    with HTTPServer(("127.0.0.1", 0), _Healthy) as server:
        environment = {"SANDBOX_PORT": str(server.server_port)}
        if encrypted:
            server.socket = self_signed(tmp_path).wrap_socket(server.socket, server_side=True)
            environment["SANDBOX_TLS_CERT"] = "cert.pem"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            assert subprocess.run([sys.executable, *arguments], env=environment, check=False).returncode == 0
        finally:
            server.shutdown()
    gone = subprocess.run([sys.executable, *arguments], env=environment, check=False, capture_output=True)
    assert gone.returncode != 0


def test_starts_the_server() -> None:
    """Arguments go to the command, which serves unless told otherwise."""
    assert (last("ENTRYPOINT"), last("CMD")) == ('["messaging-sandbox"]', '["serve"]')


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("COPY") and "--from" not in line])
def test_copies_what_there_is(line: str) -> None:
    """Every file and folder that goes into the build is there."""
    *sources, _ = shlex.split(line)[1:]
    assert all((ROOT / source).exists() for source in sources)
