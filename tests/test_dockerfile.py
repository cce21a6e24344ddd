"""The image, as far as can be told without building it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

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


def test_starts_the_server() -> None:
    """Arguments go to the command, which serves unless told otherwise."""
    assert (last("ENTRYPOINT"), last("CMD")) == ('["messaging-sandbox"]', '["serve"]')


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("COPY") and "--from" not in line])
def test_copies_what_there_is(line: str) -> None:
    """Every file and folder that goes into the build is there."""
    *sources, _ = shlex.split(line)[1:]
    assert all((ROOT / source).exists() for source in sources)
