"""The emulated APIs, one folder each; this tuple is the only list of them anywhere."""

from sandbox.core.provider import Provider
from sandbox.providers import link, mehery, rbm, webex_connect

PROVIDERS: tuple[Provider, ...] = (link.PROVIDER, webex_connect.PROVIDER, mehery.PROVIDER, rbm.PROVIDER)
