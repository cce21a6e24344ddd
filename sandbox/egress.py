"""Egress: where callbacks may go, by who supplied the URL and by the address it leads to."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal, TypeAlias

from sandbox.core.callback import ALLOWED_BY_EGRESS

Egress = Literal["private", "any"]
Address: TypeAlias = IPv4Address | IPv6Address

# Written out, because what `ipaddress` calls private takes in the documentation networks and differs by Python version.
# The unspecified addresses are here since a connection to them ends on this machine.
_OWN = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "0.0.0.0/32",
        "::1/128",
        "::/128",
        "fc00::/7",
    )
)
_LINK_LOCAL = (ip_network("169.254.0.0/16"), ip_network("fe80::/10"))
# Where clouds hand out credentials to whoever asks, beyond the link-local 169.254.169.254: Alibaba, Azure, Oracle; AWS
# (fd00:ec2::254, and fd00:ec2::23 for pods), Google, Scaleway, Linode.
_METADATA = tuple(
    ip_network(network)
    for network in (
        *("100.100.100.200", "168.63.129.16", "192.0.0.192"),
        *("fd00:ec2::/32", "fd20:ce::254", "fd00:42::42", "fd00:a9fe:a9fe::1"),
    )
)
# Addresses of many at once, which no webhook can have.
_GROUPS = tuple(ip_network(network) for network in ("224.0.0.0/4", "255.255.255.255/32", "ff00::/8"))
_METADATA_NAMES = ("metadata.google.internal", "metadata.goog", "instance-data.ec2.internal")
# IPv6 networks that end in the IPv4 address they lead to: NAT64 (RFC 6052, RFC 8215), SIIT, IPv4-compatible.
_CARRIERS = tuple(ip_network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96"))
_NAME = re.compile(r"[a-z0-9_.-]+")  # the underscore is none of DNS's, but there are containers of such names
# A host whose last label is a number stands for an IPv4 address, in whatever notation (WHATWG URL, "ends in a number").
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class EgressRule:
    """
    Decides which addresses callbacks may be sent to.

    Args:
        egress: `any` lifts the limit to loopback and private addresses from URLs that came in a provider request.
        provider_hosts: hosts of the real providers; they are never called, nor is anything below them.
    """

    def __init__(self, egress: Egress, provider_hosts: Iterable[str] = ()) -> None:
        self._egress = egress
        self._provider_hosts = tuple(_plain(host).lstrip(".") for host in provider_hosts)

    def refuses_url(self, scheme: str, host: str, vouched: bool, port: int | None = None) -> str | None:
        """Return why nothing may be sent there, before any name is resolved; None if nothing speaks against it."""
        if scheme not in ("http", "https"):
            return f"{scheme or 'no scheme'}: callbacks go to http and https URLs only"
        if port == 0:
            return "port 0 is none"
        try:
            name = _plain(host)
            address = _literal(name)
        except (ValueError, OSError):
            return f"{host} is neither an IP address nor a host name"
        if address is None:
            return self._refuses_name(name)
        reason = verdict(address, vouched, self._egress)
        if reason is None and isinstance(address, IPv4Address) and host != str(address):
            return f"{host} is an odd way to write {address}; write it so"
        return reason

    def refuses_address(self, address: str, vouched: bool) -> str | None:
        """Return why nothing may be sent to an address that a name was resolved to; None if it may."""
        return verdict(ip_address(address), vouched, self._egress)

    def _refuses_name(self, name: str) -> str | None:
        if name in _METADATA_NAMES:
            return f"{name} is a cloud's metadata service; callbacks never go there"
        if any(name == host or name.endswith(f".{host}") for host in self._provider_hosts):
            return f"{name} is a real provider's host; callbacks never go there"
        return None


def verdict(address: Address, vouched: bool, egress: Egress) -> str | None:
    """
    Return why callbacks may not go to an address; None if they may.

    A vouched URL is one that the operator supplied; any other came in a provider request.
    """
    for leads_to in {address, _carried(address)}:
        if any(leads_to in network for network in _LINK_LOCAL):
            return f"{address} is a link-local address; callbacks never go there"
        if any(leads_to in network for network in _METADATA):
            return f"{address} is a cloud's metadata service; callbacks never go there"
        if any(leads_to in network for network in _GROUPS):
            return f"{address} is a multicast or broadcast address; callbacks never go there"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if vouched or egress == "any" or any((mapped or address) in network for network in _OWN):
        return None
    return (
        f"{address} is neither loopback nor private, and the URL came in a request to a provider; {ALLOWED_BY_EGRESS}"
    )


def _plain(host: str) -> str:
    """Return a host in lower case, in ASCII and without trailing dots. Raises `UnicodeError`, a `ValueError`."""
    name = host if host.isascii() else host.encode("idna").decode("ascii")
    return name.rstrip(".").lower()


def _literal(name: str) -> Address | None:
    """
    Return the address that a host is written as; None for a name.

    Decimal, octal, hexadecimal and shortened IPv4 addresses are read as the C library reads them.

    Raises:
        ValueError: it is no IPv6 address, or holds what no name does, or nothing.
        OSError: it ends in a number and is no IPv4 address.
    """
    if ":" in name:
        return IPv6Address(name)
    if not _NAME.fullmatch(name):
        raise ValueError("no name that a resolver is to see")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return IPv4Address(socket.inet_aton(name))
    return None


def _carried(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address leads to by mapping, tunnel or translation; any other as it is."""
    if isinstance(address, IPv4Address) or address.is_loopback or address.is_unspecified:
        return address
    if any(address in network for network in _CARRIERS):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (address, address))[1]
