"""The sections of the bench: each takes its measurements in interleaved rounds, prints its table, gives the lines."""

import json
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench.loads import CONCURRENCY, CROWD, HERE, V1, W1, W2, W3, W4, Load, Run, drive, try_once
from bench.report import Line, Target, show
from bench.servers import ROOT, Sandbox, Server, Yardstick, cpus, pinned
from bench.webhook import Arrived, Webhook

SHARES = {  # of L2's throughput: the target, and what a lean dispatch path reaches
    W1: (Target(0.85), Target(1.1, name="lean")),
    W2: (Target(0.85), Target(1.0, name="lean")),
    W3: (Target(0.90), Target(1.1, name="lean")),
    W4: (Target(1.0), Target(2.0, name="lean")),
}
_AFTERMATH = 0.7  # s: the last event of a message is due 0.6 s after its acceptance
_QUIET = 1.0  # s without a callback, after which none is expected
_IDLE = 1.0  # s from the first answer until memory is looked at
_LONGEST_FILL = 50  # s


@dataclass(frozen=True)
class Plan:
    """How much to measure."""

    command: str
    rounds: int
    seconds: int
    messages: int


def throughput(plan: Plan) -> list[Line]:
    """Measure W1 to W4 at concurrency 32 beside L2, and beside L0 once for orientation; and V1 beside L2's W1."""
    runs: dict[tuple[str, Load], list[Run]] = defaultdict(list)
    with Yardstick("l0_raw") as limit, Yardstick("l2_pydantic") as stack, Sandbox(plan.command) as sandbox:
        for load in SHARES:
            try_once(limit, load)
            try_once(stack, load)
            try_once(sandbox, load)
        try_once(sandbox, V1)
        for number in range(plan.rounds):
            for load in SHARES:
                servers = (stack, sandbox) if number else (stack, sandbox, limit)
                for server in _in_turn(number, *servers):
                    runs[server.name, load].append(_run(server, load, plan.seconds))
            runs[sandbox.name, V1].append(_run(sandbox, V1, plan.seconds))
    lines = [
        Line(
            f"{load.name} {load.title}, req/s",
            [run.rate for run in runs["sandbox", load]],
            [run.rate for run in runs["L2", load]],
            targets,
            flaw=_flaw(runs["sandbox", load] + runs["L2", load]),
        )
        for load, targets in SHARES.items()
    ]
    short = Line(
        f"{V1.name} {V1.title}, over W1, req/s",
        [run.rate for run in runs["sandbox", V1]],
        [run.rate for run in runs["L2", W1]],
        SHARES[W1][:1],
        flaw=_flaw(runs["sandbox", V1]),
    )
    lines.append(short)
    show(f"Throughput at concurrency {CONCURRENCY}, as a share of L2", lines, *_notes(runs))
    tail = Line(
        "W1 p99, ms",
        [run.p99_ms for run in runs["sandbox", W1]],
        [run.p99_ms for run in runs["L2", W1]],
        (Target(1.3, most=True),),
        form="{:.2f}",
    )
    show(f"Latency at concurrency {CONCURRENCY}, over L2's", [tail])
    return [*lines, tail]


def _notes(runs: dict[tuple[str, Load], list[Run]]) -> list[str]:
    ceiling = ", ".join(f"{load.name} {runs['L0', load][0].rate:,.0f}" for load in SHARES)
    costs = []
    for load in SHARES:
        pairs = zip(runs["sandbox", load], runs["L2", load], strict=True)
        costs.append(f"{load.name} {median(theirs.cpu_us / ours.cpu_us for ours, theirs in pairs):.2f}")
    busy = min(median(run.busy for run in row) for (name, _), row in runs.items() if name != "L0")
    return [
        f"The limit, L0, req/s: {ceiling}.",
        f"The same shares by CPU time a request, which other programs disturb less: {', '.join(costs)}.",
        f"The servers had at least {busy:.0%} of their CPU{'' if busy > 0.9 else ': a machine too busy to trust'}.",
    ]


def _in_turn(number: int, *servers: Server) -> list[Server]:
    turn = number % len(servers)
    return [*servers[turn:], *servers[:turn]]


def _run(server: Server, load: Load, seconds: int) -> Run:
    """Measure in a steady state, and let what a load has left to do end before the next server's turn."""
    drive(server, load, 1)
    run = drive(server, load, seconds)
    if load.status < 400 and load.payload:
        time.sleep(_AFTERMATH)
    return run


def _flaw(runs: list[Run]) -> str:
    unexpected = sum(run.unexpected for run in runs)
    return f"{unexpected} unexpected answers" if unexpected else ""


def start(plan: Plan) -> list[Line]:
    """Measure the time from spawn to the first 200, and the memory of a server that has answered one send."""
    started: dict[str, list[float]] = defaultdict(list)
    memory: dict[str, list[float]] = defaultdict(list)
    for number in range(plan.rounds):
        for spare in _in_turn(number, Yardstick("l2_pydantic"), Sandbox(plan.command)):
            with spare as server:
                try_once(server, W1)
                time.sleep(_IDLE)
                started[server.name].append(server.started)
                memory[server.name].append(server.memory())
    lines = [
        Line("spawn to first 200, s", started["sandbox"], started["L2"], (Target(1.7, most=True),), form="{:.2f}"),
        Line("idle memory, MiB", memory["sandbox"], memory["L2"], (Target(1.3, most=True),)),
    ]
    show("Start and idle memory, over L2's", lines)
    return lines


def callbacks(plan: Plan) -> list[Line]:
    """Measure how fast a backlog of callbacks is delivered, beside a plain client that posts the same body."""
    ours, theirs, lost = [], [], 0
    with Webhook() as webhook, Sandbox(plan.command) as sandbox:
        sandbox.deliver_to(webhook.url)
        try_once(sandbox, CROWD)
        webhook.settle(_QUIET)
        for _ in range(plan.rounds):
            webhook.begin()
            webhook.hold()
            sends = drive(sandbox, CROWD, 1).requests
            time.sleep(_AFTERMATH)
            before = webhook.release()
            arrived = webhook.settle(_QUIET)
            lost += max(0, 2 * sends - arrived.count)
            ours.append(_rate(arrived.count - before.count, before.at, arrived))
            theirs.append(_plain_client(webhook.url, arrived))
    line = Line("callbacks a second", ours, theirs, (Target(0.7),), flaw=f"{lost} lost" if lost else "")
    show("Callbacks to a loopback webhook, as a share of a plain aiohttp client", [line])
    return [line]


def _rate(count: int, begin: float, arrived: Arrived) -> float:
    return count / (arrived.at - begin) if count > 0 else 0.0


def _plain_client(url: str, like: Arrived) -> float:
    command = [sys.executable, "-m", "bench.yardsticks.plain_client", url, str(max(like.count, 1000))]
    done = subprocess.run(
        pinned(cpus()[0], command), cwd=ROOT, input=like.body, capture_output=True, text=True, timeout=60, check=True
    )
    return float(done.stdout)


def balance(plan: Plan) -> list[Line]:
    """Measure sends a second with both callbacks of each delivered, until the last of them has come."""
    rates: dict[str, list[float]] = defaultdict(list)
    runs: list[Run] = []
    lost = 0
    with ExitStack() as stack:
        webhook = stack.enter_context(Webhook())
        whole = stack.enter_context(Yardstick("l4_whole", WEBHOOK=webhook.url))
        sandbox = stack.enter_context(Sandbox(plan.command))
        sandbox.deliver_to(webhook.url)
        for server in _in_turn(0, whole, sandbox):
            try_once(server, CROWD)
            drive(server, CROWD, 1)
            webhook.settle(_QUIET)
        for number in range(plan.rounds):
            for server in _in_turn(number, whole, sandbox):
                webhook.begin()
                begin = time.monotonic()
                run = drive(server, CROWD, plan.seconds)
                arrived = webhook.settle(_QUIET)
                lost += max(0, 2 * run.requests - arrived.count)
                runs.append(run)
                rates[server.name].append(_rate(arrived.count, begin, arrived) / 2)
    flaw = f"{lost} callbacks lost" if lost else _flaw(runs)
    line = Line("sends a second", rates["sandbox"], rates["L4"], (Target(1.0),), flaw=flaw)
    show("Sends with both callbacks delivered, on one CPU, as a share of L4", [line])
    return [line]


def thousand(plan: Plan) -> list[Line]:
    """Measure one request to 1000 destinations: when it is answered, and when the last of their 2000 receipts has come."""
    answered, told, lost = [], [], 0
    people = [f"+49123456{person:04d}" for person in range(1000)]
    message = json.loads((HERE / V1.payload).read_bytes())
    body = json.dumps({**message, "destination": [{"msisdn": people}]}).encode()
    with Webhook() as webhook, Sandbox(plan.command) as sandbox:
        sandbox.deliver_to(webhook.url)
        for number in range(plan.rounds + 1):
            webhook.begin()
            begin = time.monotonic()
            status, answer = sandbox.call("POST", V1.path, body, **sandbox.headers[V1.account])
            end = time.monotonic()
            arrived = webhook.settle(_QUIET)
            if number:  # the first one reads what is read only once
                lost += 2000 - arrived.count if status == 200 and len(json.loads(answer)["response"]) == 1000 else 2000
                answered.append((end - begin) * 1000)
                told.append((arrived.at - begin) * 1000)
    most, flaw = (Target(1.0, most=True),), f"{lost} lost" if lost else ""
    lines = [
        Line("answered after, ms", answered, [60.0] * plan.rounds, most, flaw=flaw),
        Line("the last receipt came after, ms", told, [2000.0] * plan.rounds, most, flaw=flaw),
    ]
    show("One request of Webex Connect v1 to 1000 destinations, over the time that it may take", lines)
    return lines


def memory(plan: Plan) -> list[Line]:
    """Fill the sandbox with messages and show that its memory stops growing; a slow machine gets to fewer of them."""
    sizes: dict[int, float] = {}  # by how many messages were sent by then
    sent = 0
    with Sandbox(plan.command) as sandbox:
        try_once(sandbox, CROWD)
        deadline = time.monotonic() + _LONGEST_FILL
        sizes[0] = sandbox.memory()
        while sent < plan.messages and time.monotonic() < deadline:
            sent += drive(sandbox, CROWD, 1).requests
            sizes[sent] = sandbox.memory()
    quarters = [min(sizes, key=lambda at: abs(at - sent * quarter / 4)) for quarter in range(5)]
    before, after = (sizes[at] for at in quarters[3:])
    line = Line("at the end over three quarters on, MiB", [after], [before], (Target(1.05, most=True),))
    growth = ", ".join(f"{sizes[at]:.0f} after {at:,}" for at in quarters)
    show(f"Memory after {sent:,} messages", [line], f"MiB: {growth}.")
    return [line]


SECTIONS = {
    "throughput": throughput,
    "start": start,
    "callbacks": callbacks,
    "balance": balance,
    "thousand": thousand,
    "memory": memory,
}
