"""The loads, and wrk to drive them from the second CPU."""

import json
import random
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.servers import LINK, SETTINGS_PATH, WEBEX, Server, cpus, pinned

HERE = Path(__file__).resolve().parent
CONCURRENCY = 32
_SEND = "/gateway/lmc/v1/phone/{to}/conversationMessage?messageId={uuid}"
_ONE_PERSON = _SEND.replace("{to}", "+491234567890")


@dataclass(frozen=True)
class Load:
    """One kind of request by a client of an account; in `path`, `{uuid}` and `{person}` are filled in anew each time."""

    name: str
    title: str
    path: str
    payload: str = ""
    status: int = 200
    account: str = LINK

    @property
    def method(self) -> str:
        """A load with a payload is posted."""
        return "POST" if self.payload else "GET"


W1 = Load("W1", "a text with two suggestions", _ONE_PERSON, "payloads/w1_text.json")
W2 = Load("W2", "a carousel of three cards, 2 KB", _ONE_PERSON, "payloads/w2_carousel.json")
W3 = Load("W3", "an invalid message", _ONE_PERSON, "payloads/w3_invalid.json", 400)
W4 = Load("W4", "reading settings", SETTINGS_PATH)
V1 = Load("V1", "an SMS by Webex Connect v1", "/resources/v1/messaging", "payloads/v1_sms.json", account=WEBEX)
CROWD = Load("W1", "W1 to a thousand persons", _SEND.replace("{to}", "+4912345678{person}"), W1.payload)


@dataclass(frozen=True)
class Run:
    """What came of driving a load: counts, a rate per second, latencies, and what the server used of its CPU."""

    requests: int
    unexpected: int
    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float  # a request
    busy: float  # share of the time


def check_tools() -> None:
    """Stop with a plain sentence when a program is missing that measuring needs."""
    for tool, remedy in (("wrk", "apt-get install wrk"), ("taskset", "Linux with util-linux")):
        if not shutil.which(tool):
            raise SystemExit(f"bench: {tool} is missing ({remedy})")


def try_once(server: Server, load: Load) -> None:
    """Make sure that a server answers a load as it should, before anything is timed."""
    path = load.path.format(uuid=f"00000000-0000-4000-8000-{random.getrandbits(48):012x}", person="000")
    body = (HERE / load.payload).read_bytes() if load.payload else None
    status, answer = server.call(load.method, path, body, **server.headers[load.account])
    if status != load.status:
        raise SystemExit(f"bench: {server.name} answered {load.name} with {status}: {answer[:500].decode()}")


def drive(server: Server, load: Load, seconds: int) -> Run:
    """Keep 32 connections busy with a load for whole seconds."""
    headers = {**server.headers[load.account], **({"Content-Type": "application/json"} if load.payload else {})}
    payload = str(HERE / load.payload) if load.payload else ""
    command = ["wrk", "-t1", f"-c{CONCURRENCY}", f"-d{seconds}s", "--timeout", "10s", "-s", str(HERE / "load.lua")]
    command += [server.base, "--", load.method, load.path, payload, str(random.getrandbits(31))]
    command += [f"{name}: {value}" for name, value in headers.items()]
    spent = server.cpu_seconds()
    done = subprocess.run(pinned(cpus()[1], command), capture_output=True, text=True, timeout=seconds + 30, check=False)
    spent = server.cpu_seconds() - spent
    try:
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        raise SystemExit(f"bench: wrk failed on {server.name}: {done.stdout}{done.stderr}") from None
    requests, refused = result["requests"], result["refused"]
    return Run(
        requests=requests,
        unexpected=result["broken"] + (refused if load.status < 400 else requests - refused),
        rate=requests / result["seconds"],
        p50_ms=result["p50_ms"],
        p99_ms=result["p99_ms"],
        cpu_us=spent / max(requests, 1) * 1e6,
        busy=spent / result["seconds"],
    )
