"""Servers under measurement: each a process of its own on the first CPU, asked over loopback, stopped at the end."""

import http.client
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import jwt

from bench.yardsticks.gateway import SECRET, SETTINGS, STORED_SETTINGS

ROOT = Path(__file__).resolve().parent.parent
SANDBOX_COMMAND = f"{Path(sys.executable).parent / 'messaging-sandbox'} serve --port {{port}} --host 127.0.0.1"
SETTINGS_PATH = SETTINGS.format(id=STORED_SETTINGS["id"])
_UVICORN = "-m uvicorn bench.yardsticks.{}:app --loop uvloop --http httptools --no-access-log --log-level warning"
LINK, WEBEX = "acc_link", "acc_webex_connect"
_ACCOUNTS = "/_sandbox/accounts"
_LONGEST_START = 60.0  # s


def cpus() -> tuple[int, int]:
    """Give the CPU of the server under measurement, and that of whatever loads it or listens to it."""
    first, second, *_ = [*sorted(os.sched_getaffinity(0)), -1, -1]
    if second < 0:
        raise SystemExit("bench: needs two CPUs, one for the server and one for the load")
    return first, second


def _with_bytecode() -> dict[str, str]:
    """Give an environment in which Python keeps what it compiled, as it does for whatever pip installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def pinned(cpu: int, command: list[str]) -> list[str]:
    """Bind a command to one CPU."""
    return ["taskset", "-c", str(cpu), *command]


class Server:
    """A server to be used in a `with` block; `started` is the time from its spawn to its first 200, in seconds."""

    def __init__(self, name: str, command: str, ready: str, **environment: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.name = name
        self.base = f"http://127.0.0.1:{self.port}"
        self.started = 0.0
        self.headers: dict[str, dict[str, str]] = {}  # that clients of an account send, by its id
        self._command = shlex.split(command.format(port=self.port))
        self._ready = ready
        self._environment = environment

    def __enter__(self) -> Self:
        self._log = tempfile.TemporaryFile()
        begin = time.perf_counter()
        self._process = subprocess.Popen(
            pinned(cpus()[0], self._command),
            cwd=ROOT,
            env={**_with_bytecode(), **self._environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        try:
            self._wait(begin + _LONGEST_START)
            self.started = time.perf_counter() - begin
            self.prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._log.close()

    def _wait(self, deadline: float) -> None:
        while time.perf_counter() < deadline:
            if self._process.poll() is not None:
                break
            try:
                if self.call("GET", self._ready, None, **self.headers.get(LINK, {}))[0] == http.client.OK:
                    return
            except OSError:
                pass
            time.sleep(0.002)
        self._log.seek(0)
        raise SystemExit(f"bench: {self.name} did not start: {self._log.read()[-2000:].decode()}")

    def prepare(self) -> None:
        """Bring the server into the state that the loads expect, and learn what headers its clients send."""

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Make one request and give its status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def memory(self) -> float:
        """Give the resident memory in MiB."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGESIZE") / 2**20

    def cpu_seconds(self) -> float:
        """Give the CPU time used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Yardstick(Server):
    """One of the servers in `bench/yardsticks`, by the name of its module."""

    def __init__(self, module: str, **environment: str) -> None:
        command = f"{sys.executable} {_UVICORN.format(module)} --port {{port}}"
        super().__init__(module.partition("_")[0].upper(), command, SETTINGS_PATH, **environment)
        claims = {"sub": "bench", "exp": int(time.time()) + 86_400}
        self.headers = {LINK: {"Authorization": f"Bearer {jwt.encode(claims, SECRET, algorithm='HS256')}"}}


class Sandbox(Server):
    """The sandbox itself, as `messaging-sandbox serve` runs it, with its published accounts of LINK and Webex Connect."""

    def __init__(self, command: str) -> None:
        super().__init__("sandbox", command, "/_sandbox/health")

    def prepare(self) -> None:
        """Take a token and a key, and store the settings that W4 reads."""
        for account in (LINK, WEBEX):
            self.headers[account] = json.loads(self.demand("POST", f"{_ACCOUNTS}/{account}/authorization"))["headers"]
        self.demand("PUT", SETTINGS_PATH.rpartition("/")[0], STORED_SETTINGS, **self.headers[LINK])

    def deliver_to(self, url: str) -> None:
        """Set the address to which the callbacks of either account go."""
        self.demand("PATCH", f"{_ACCOUNTS}/{LINK}", {"webhook": {"url": url}})
        self.demand("PATCH", f"{_ACCOUNTS}/{WEBEX}", {"settings": {"notify_url": url}})

    def demand(self, method: str, path: str, document: dict[str, Any] | None = None, **headers: str) -> bytes:
        """Make a request that must succeed."""
        content = json.dumps(document).encode() if document is not None else None
        status, body = self.call(method, path, content, **headers)
        if status >= http.client.BAD_REQUEST:
            raise SystemExit(f"bench: {method} {path} was answered {status}: {body[:500].decode()}")
        return body
