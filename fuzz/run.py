"""Runs schemathesis against every API of a sandbox, by the documents that it serves: `python -m fuzz.run`."""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sandbox.client import Client
from sandbox.client.resources import ProviderName

CONTROL = "control"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
ALWAYS = (
    *("--checks", CHECKS, "--seed", "1", "--generation-database", "none", "--request-timeout", "10"),
    *("--no-shrink", "--no-color", "--warnings", "off"),
)
NEVER = ("events_watch",)  # its answer never ends; a test reads it on a socket
# Their bodies are one of so many shapes that every border of every member would take minutes.
WITHOUT_COVERAGE = ("actions_act", "scenarios_put", "sendMessageV1", "sendMessageV2")
LONGEST_WAIT = 0.01  # seconds, in the place of a minute for every request that waits
LONGEST = 5000  # characters or items, in the place of files of 10 MiB


def main() -> None:
    """Run against the APIs asked for, and exit with 1 if any of them answers what its document does not tell of."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.run", description="Fuzz every API by its own description.")
    parser.add_argument("apis", nargs="*", metavar="API", help=f"a provider, or {CONTROL}; all of them by default")
    parser.add_argument("--examples", type=int, default=12, help="generated requests of each operation (default 12)")
    options = parser.parse_args()
    with serving() as client:
        providers = [str(provider) for provider in client.health()["providers"]]
    if unknown := {*options.apis} - {*providers, CONTROL}:
        parser.error(f"no API {', '.join(sorted(unknown))}: there are {', '.join((*providers, CONTROL))}")
    wanted: list[str] = options.apis or [CONTROL, *providers]
    with ThreadPoolExecutor(max_workers=2) as pool:
        are_good = list(pool.map(lambda api: fuzz(api, options.examples), wanted))
    failed = [api for api, is_good in zip(wanted, are_good, strict=True) if not is_good]
    sys.exit(f"fuzz: {', '.join(failed)} failed" if failed else 0)


@contextmanager
def serving() -> Iterator[Client]:
    """Start a sandbox on a free port, and stop it in the end."""
    command = [sys.executable, "-m", "sandbox", "serve", "--port", "0", "--seed", "fuzz", "--log-level", "error"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = next(found[0] for line in server.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
            with Client(url) as client:
                yield client
        finally:
            server.terminate()


def fuzz(api: str, examples: int) -> bool:
    """Run against one API, on a server of its own; tell whether every answer was as its document says."""
    with serving() as client, tempfile.TemporaryDirectory() as folder:
        document = client.openapi(None if api == CONTROL else cast("ProviderName", api))
        if not document["paths"]:
            print(f"{api}: serves no path")
            return True
        bound(document)
        (Path(folder) / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
        begin = time.monotonic()
        command = [sys.executable, "-m", "schemathesis.cli", "run", "openapi.json", "--url", client.url, *ALWAYS]
        command += credentials(client, api)
        command += ["--max-examples", str(examples), *without(NEVER)]
        runs = [
            [*command, "--phases", "examples,fuzzing,stateful"],
            [*command, "--phases", "coverage", *without(WITHOUT_COVERAGE)],
        ]
        done = [subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False) for run in runs]
        cases = sum(int(found[1]) for run in done if (found := re.search(r"(\d+) generated", run.stdout)))
        is_good = not any(run.returncode for run in done)
        print(f"{api}: {cases} requests in {time.monotonic() - begin:.0f} s: {'good' if is_good else 'FAILED'}")
        for run in done:
            if run.returncode:
                print(run.stdout, run.stderr)
        return is_good


def without(operations: tuple[str, ...]) -> list[str]:
    """Return the options that pass over operations."""
    return [option for operation in operations for option in ("--exclude-operation-id", operation)]


def credentials(client: Client, api: str) -> list[str]:
    """Return the options that let schemathesis call as a client of the provider's first account."""
    account = next((account for account in client.accounts() if account["provider"] == api), None)
    headers = {} if account is None else client.authorization(account["id"])
    return [option for name, value in headers.items() for option in ("--header", f"{name}: {value}")]


def bound(value: Any) -> None:
    """Let a document ask for no waits and no bodies that would take all the time there is."""
    if isinstance(value, list):
        for item in value:
            bound(item)
    elif isinstance(value, dict):
        for name in ("maxLength", "maxItems"):
            if isinstance(value.get(name), int):
                value[name] = min(value[name], LONGEST)
        if value.get("name") == "wait" and "schema" in value:
            value["schema"]["maximum"] = LONGEST_WAIT
        for member in value.values():
            bound(member)


if __name__ == "__main__":
    main()
