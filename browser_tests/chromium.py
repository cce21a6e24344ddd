"""Chromium: finds the browser on this machine, and says how it is to be started; run by itself, it prints its path."""

from __future__ import annotations

import os
import shutil
import sys

# The first two are the same engine without the trappings of a window, which cost as much as the pages themselves.
NAMES = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = (
    "no Chromium is on the PATH: install one (Debian: apt-get install chromium-headless-shell), or name its program in"
    " the variable CHROMIUM"
)

# Nothing but this machine is ever called, whatever a page asks for and whatever the browser would like to know.
ARGUMENTS = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    # Each window would load two pages of its own, for an address bar that nobody sees.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # A container's user is root, for whom Chromium has no sandbox of its own.
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]


def find() -> str | None:
    """Return the program's path; None if there is none."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__":
    print(find() or sys.exit(f"error: {MISSING}"))  # noqa: T201 - a command
