"""Shell: runs the blocks of a page one after the other, as somebody does who reads along."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

from likeness import documents, is_in, is_shown
from live_server import LiveServer
from pages import EXAMPLES, Block, Page


class Shell:
    """
    One shell that runs blocks, as somebody does who reads along.

    Args:
        folder: where it runs and where the files of the page lie.
        server: what answers in the place of the one on port 4700.
    """

    def __init__(self, folder: Path, server: LiveServer) -> None:
        self._ports = {"4700": str(server.port), "8080": str(_free_port())}
        self._folder = folder
        shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
        self._errors = (folder / ".stderr").open("w+", encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        self._environment = {**environment, "PATH": path, "SANDBOX_URL": server.url}
        self._others: list[subprocess.Popen[str]] = []
        self._process = self._start("sh", "-eu")  # the names that a page gives stay from block to block
        self._patience = threading.Timer(120, self._kill)
        self._patience.start()

    def _start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def _kill(self) -> None:
        for process in (self._process, *self._others):
            process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._patience.cancel()
        self._kill()
        for process in (self._process, *self._others):
            process.communicate()
        self._errors.close()

    def put(self, block: Block) -> None:
        """Write a block that is a file."""
        file = self._folder / block.note
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.here(block.text), encoding="utf-8")

    def run(self, block: Block) -> str:
        """Run a block and return what it prints; its commands must end as the page says."""
        code = int(block.note.removeprefix("exits-") or 0)
        script = self.here(block.text.replace("curl -s ", "curl -sSf "))
        if code:
            script = f"set +e; (\n{script}\n); [ $? -eq {code} ] || exit; set -e"
        script = f"{{\n{script}\n}} </dev/null"  # whose commands must not read on in what is to be run next
        mark = "== that was it =="
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{script}\nprintf '\\n%s\\n' '{mark}'\n")
        self._process.stdin.flush()
        printed = ""
        for line in self._process.stdout:
            if line.rstrip("\n") == mark:
                return printed.removesuffix("\n")
            printed += line
        raise AssertionError(f"line {block.line}:\n{block.text}\n{printed}\n{self._told()}")

    def run_beside(self, block: Block) -> None:
        """Start what runs on until the page is over."""
        process = self._start("sh", "-euc", f"exec {self.here(block.text)}")
        self._others.append(process)
        assert process.stdout is not None
        assert process.stdout.readline(), f"line {block.line}: {self._told()}"

    def here(self, text: str) -> str:
        """Return a text with the ports that are free here."""
        return re.sub(r"\b(4700|8080)\b", lambda found: self._ports[found[0]], text)

    def _told(self) -> str:
        self._errors.seek(0)
        return self._errors.read()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def runs(page: Page, shell: Shell) -> None:
    """Run a page from top to bottom; raises `AssertionError` where it is not as it says."""
    printed = ""
    for block in page.blocks:
        match block.language, block.note:
            case ("sh", note) if not note or note.startswith("exits-"):
                printed = shell.run(block)
            case "sh", "background":
                shell.run_beside(block)
            case "sh", "serve" | "install" | "check":
                printed = ""
            case "json", "":
                shown = json.loads(block.text)
                assert is_in(shown, list(documents(printed))), f"line {block.line}: it prints\n{printed}"
            case "python", "":
                shell.put(block._replace(note="test_example.py"))
                pytest = f"{sys.executable} -m pytest -q -p no:cacheprovider test_example.py"
                printed = shell.run(block._replace(note="", text=pytest))
            case "text", "":
                assert is_shown(block.text, printed), f"line {block.line}: it prints\n{printed}"
            case "js", "":
                assert any(block.text in file.read_text(encoding="utf-8") for file in EXAMPLES.iterdir()), block.line
            case _, name if "." in name:
                shell.put(block)
            case _:
                raise AssertionError(f"line {block.line}: nobody checks {block.language} {block.note}")
