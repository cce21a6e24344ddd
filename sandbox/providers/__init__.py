"""The emulated APIs, one folder each; this tuple is the only list of them anywhere."""

from sandbox.core.provider import Provider
from sandbox.providers import link

PROVIDERS: tuple[Provider, ...] = (link.PROVIDER,)
