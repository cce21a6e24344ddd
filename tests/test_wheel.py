"""The wheel: what is built from the tree and installed elsewhere does the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which a wheel built from the tree was installed, without what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*pip, *build], check=True, cwd=folder, timeout=100)
    (wheel,) = folder.glob("*.whl")
    install = ["install", "--no-deps", "--no-index", "--target", str(folder / "site"), str(wheel)]
    subprocess.run([*pip, *install], check=True, cwd=folder, timeout=100)
    return folder


def run(elsewhere: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python where the installed wheel comes before the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(elsewhere / "site")}
    environment.pop("SANDBOX_URL", None)
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        cwd=elsewhere,
        env=environment,
        timeout=60,
        check=False,
    )


def test_wheel_is_what_runs(elsewhere: Path) -> None:
    """The package, its fixtures and its scenarios all come out of the wheel."""
    script = "import sandbox, sandbox.shipped as s; print(sandbox.__file__, *map(s.folder, ('fixtures', 'scenarios')))"
    ran = run(elsewhere, "-c", script)
    assert [Path(path).is_relative_to(elsewhere / "site") for path in ran.stdout.split()] == [True] * 3


def test_wheel_plays_the_demo(elsewhere: Path) -> None:
    """The demo runs from the wheel alone, and names every callback by its provider's word."""
    ran = run(elsewhere, "-m", "sandbox", "demo")
    assert (ran.returncode, ran.stderr) == (0, "")
    for word in ("DELIVERED", "READ", "SUGGESTION_RESPONSE", "TEXT", "LOCATION", "USER_FILE"):
        assert word in ran.stdout


def test_wheel_holds_no_more_than_it_should(elsewhere: Path) -> None:
    """Tests and bench stay behind; scenarios, samples and typing travel along."""
    installed = {path.relative_to(elsewhere / "site").as_posix() for path in (elsewhere / "site").rglob("*")}
    assert {"sandbox/py.typed", "sandbox/fixtures/primes.txt", "sandbox/fixtures/samples/photo.jpg"} <= installed
    assert {"sandbox/scenarios/default.yaml", "sandbox/fixtures/accounts.yaml"} <= installed
    assert not any(path.startswith(("tests", "bench")) for path in installed)
