"""Release: which version of the sandbox this is."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version


@lru_cache(maxsize=1)
def installed_version() -> str:
    """Return the version that is installed; `unknown` in a checkout that nobody installed."""
    try:
        return version("messaging-sandbox")
    except PackageNotFoundError:
        return "unknown"
