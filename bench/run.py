"""Measures the sandbox beside its yardsticks: `python -m bench.run`."""

import argparse
import json
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.loads import check_tools
from bench.sections import SECTIONS, Plan
from bench.servers import SANDBOX_COMMAND


def main() -> None:
    """Run the sections asked for, and write the figures where asked to."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.run", description="Measure the sandbox beside its yardsticks."
    )
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (default 3)")
    parser.add_argument("--seconds", type=int, default=2, help="length of a load, in whole seconds (default 2)")
    parser.add_argument("--messages", type=int, default=200_000, help="messages of the memory section (default 200000)")
    parser.add_argument("--only", default=",".join(SECTIONS), metavar="A,B", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of every round here")
    parser.add_argument("--command", default=SANDBOX_COMMAND, help="how to serve a sandbox, with {port} in it")
    options = parser.parse_args()
    wanted = options.only.split(",")
    if unknown := [name for name in wanted if name not in SECTIONS]:
        parser.error(f"no section {', '.join(unknown)}: there are {', '.join(SECTIONS)}")
    if min(options.rounds, options.seconds, options.messages) < 1:
        parser.error("--rounds, --seconds and --messages are at least 1")
    check_tools()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: terminated"))  # so that the servers are stopped
    plan = Plan(options.command, options.rounds, options.seconds, options.messages)
    begin = time.monotonic()
    figures: dict[str, list[dict[str, Any]]] = {}
    for name in wanted:
        figures[name] = [{**asdict(line), "ratios": line.ratios} for line in SECTIONS[name](plan)]
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"\nTook {time.monotonic() - begin:.0f} s. Only the ratios carry over to another machine.")


if __name__ == "__main__":
    main()
