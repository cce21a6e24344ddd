"""The files of the page of CI are what GitHub and GitLab read, and their commands are ones that the command line knows."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from command_line import parse
from pages import ROOT, Block, Page
from sandbox.settings import PREFIX, Settings

PAGE = Page(ROOT / "docs" / "ci.md")
FILES = [block for block in PAGE.blocks if block.language == "yaml" and block.note.startswith(".git")]
each_file = pytest.mark.parametrize("block", FILES, ids=lambda block: block.note)

# What a job may be made of, as far as the page uses it.
STEP = {"uses", "run", "with", "env", "if"}
JOB = {"runs-on", "steps", "services", "env"}
GITLAB = {"image", "services", "variables", "script", "artifacts"}


def read(block: Block) -> Any:
    """Return what a file says."""
    return YAML(typ="safe", pure=True).load(block.text)


def jobs(block: Block) -> list[dict[str, Any]]:
    """Return the jobs of a file."""
    document = read(block)
    return list(document["jobs"].values()) if "jobs" in document else list(document.values())


def commands(block: Block) -> list[str]:
    """Return what a file has run."""
    found: list[str] = []
    for job in jobs(block):
        found += job.get("script", [])
        found += [step["run"] for step in job.get("steps", []) if "run" in step]
    return found


@each_file
def test_form(block: Block) -> None:
    """A workflow has triggers and jobs of known parts, each step runs or uses something; a GitLab job has a script."""
    if block.note.startswith(".github"):
        document = read(block)
        assert set(document) == {"name", "on", "jobs"}
        for job in jobs(block):
            assert set(job) <= JOB
            assert all(set(step) <= STEP and ("uses" in step) != ("run" in step) for step in job["steps"])
    else:
        assert all(set(job) <= GITLAB and job["script"] and job["image"] for job in jobs(block))


def test_both_ways_on_both() -> None:
    """There is a file for each way on each of the two."""
    assert len(FILES) == 4
    assert sum("messaging-sandbox exec" in block.text for block in FILES) == 2
    assert sum("services:" in block.text for block in FILES) == 2


@each_file
def test_commands(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run of ours is a command with options that it has, also within a shell."""
    monkeypatch.chdir(tmp_path)  # where reports are opened
    assert commands(block)
    for line in commands(block):
        check(shlex.split(line))


def check(words: list[str]) -> None:
    """Check a command, and the one that it runs."""
    match words:
        case ["messaging-sandbox", "exec", *_]:
            own = words.index("--")
            parse([*words[1 : own + 1], "true"])
            check(words[own + 1 :])
        case ["sh", "-c", script]:
            for each in script.split("&"):
                check(shlex.split(each))
        case ["messaging-sandbox", *arguments]:
            parse(arguments)
        case ["pip", "install", what]:
            assert what == "$MESSAGING_SANDBOX"
        case ["curl", *_, url]:
            assert url.endswith("/_sandbox/health")
        case ["npm", "test"] | ["./start-my-bot"]:
            pass
        case _:
            pytest.fail(f"nobody checks {words}")


@each_file
def test_variables(block: Block) -> None:
    """The settings that a container is given are settings."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {"SANDBOX_URL", "SANDBOX_IMAGE"}
    for job in jobs(block):
        services = job.get("services", {})
        inside = [service.get("env", {}) for service in services.values()] if isinstance(services, dict) else []
        given = {name for values in (job.get("env", {}), job.get("variables", {}), *inside) for name in values}
        assert {name for name in given if name.startswith(PREFIX)} <= known
