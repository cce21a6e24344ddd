"""What docs/openapi.md tells people to type works, in the order it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from live_server import LiveServer

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "openapi.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_blocks(tmp_path: Path) -> None:
    """The commands print documents, and the program holds messages against one."""
    binaries = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    commands = {"sh": ["sh", "-euc"], "python": [sys.executable, "-c"]}
    assert [language for language, _ in BLOCKS] == list(commands)
    with LiveServer() as server:
        for language, text in BLOCKS:
            here = text.replace("127.0.0.1:4700", f"127.0.0.1:{server.port}").replace("curl -s ", "curl -sSf ")
            done = subprocess.run(
                [*commands[language], here],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
            assert done.returncode == 0, (text, done.stderr)
    assert {file.name for file in tmp_path.iterdir()} == {"link.json", "control.json", "mehery.json"}


def test_targets() -> None:
    """What the page says can be made can be made."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)[ `]", PAGE)) <= targets
