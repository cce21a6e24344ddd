"""Where callbacks may go: addresses, hosts in every notation, and who supplied the URL."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from sandbox.egress import Egress, EgressRule, verdict

NEVER = "callbacks never go there"
PUBLIC = "the setting egress: any allows it"
PROVIDERS = ("conversations.example", ".API.Provider.example")


@pytest.mark.parametrize(
    ("address", "asked", "vouched"),
    [
        pytest.param("127.0.0.1", None, None, id="loopback"),
        pytest.param("127.255.255.255", None, None, id="last-loopback"),
        pytest.param("0.0.0.0", None, None, id="unspecified-is-this-machine"),
        pytest.param("10.0.0.0", None, None, id="first-of-ten"),
        pytest.param("10.255.255.255", None, None, id="last-of-ten"),
        pytest.param("11.0.0.0", PUBLIC, None, id="past-ten"),
        pytest.param("172.15.255.255", PUBLIC, None, id="before-172.16"),
        pytest.param("172.16.0.1", None, None, id="first-of-172.16"),
        pytest.param("172.31.255.255", None, None, id="last-of-172.16"),
        pytest.param("172.32.0.0", PUBLIC, None, id="past-172.16"),
        pytest.param("192.168.1.1", None, None, id="192.168"),
        pytest.param("192.169.0.0", PUBLIC, None, id="past-192.168"),
        pytest.param("100.64.0.1", PUBLIC, None, id="carrier-grade-nat-is-not-private"),
        pytest.param("198.51.100.1", PUBLIC, None, id="documentation-is-not-private"),
        pytest.param("8.8.8.8", PUBLIC, None, id="public"),
        pytest.param("169.253.255.255", PUBLIC, None, id="before-link-local"),
        pytest.param("169.254.0.0", NEVER, NEVER, id="first-link-local"),
        pytest.param("169.254.169.254", NEVER, NEVER, id="metadata"),
        pytest.param("169.254.255.255", NEVER, NEVER, id="last-link-local"),
        pytest.param("169.255.0.0", PUBLIC, None, id="past-link-local"),
        pytest.param("100.100.100.200", NEVER, NEVER, id="metadata-of-another-cloud"),
        pytest.param("168.63.129.16", NEVER, NEVER, id="platform-of-a-third"),
        pytest.param("::1", None, None, id="v6-loopback"),
        pytest.param("::", None, None, id="v6-unspecified"),
        pytest.param("fd12:3456::1", None, None, id="v6-unique-local"),
        pytest.param("fbff::1", PUBLIC, None, id="v6-before-unique-local"),
        pytest.param("2001:db8::1", PUBLIC, None, id="v6-public"),
        pytest.param("fe80::1", NEVER, NEVER, id="v6-link-local"),
        pytest.param("fe80::1%eth0", NEVER, NEVER, id="v6-link-local-with-a-zone"),
        pytest.param("febf::1", NEVER, NEVER, id="v6-last-link-local"),
        pytest.param("fd00:ec2::254", NEVER, NEVER, id="v6-metadata"),
        pytest.param("::ffff:127.0.0.1", None, None, id="mapped-loopback"),
        pytest.param("::ffff:8.8.8.8", PUBLIC, None, id="mapped-public"),
        pytest.param("::ffff:169.254.169.254", NEVER, NEVER, id="mapped-metadata"),
        pytest.param("::ffff:0:169.254.169.254", NEVER, NEVER, id="translated-metadata"),
        pytest.param("::169.254.169.254", NEVER, NEVER, id="compatible-metadata"),
        pytest.param("64:ff9b::169.254.169.254", NEVER, NEVER, id="nat64-metadata"),
        pytest.param("64:ff9b:1::100.100.100.200", NEVER, NEVER, id="local-nat64-metadata"),
        pytest.param("64:ff9b::10.0.0.1", PUBLIC, None, id="nat64-leaves-this-network"),
        pytest.param("2002:a9fe:a9fe::1", NEVER, NEVER, id="6to4-metadata"),
        pytest.param("2001:0:0102:0304:0:0:5601:5601", NEVER, NEVER, id="teredo-metadata"),
    ],
)
def test_verdict(address: str, asked: str | None, vouched: str | None) -> None:
    """Loopback and private is for every URL, the rest for the operator's or with `egress: any`, link-local for none."""
    meant = ip_address(address)

    def ends(verdict: str | None) -> str | None:
        return verdict and (NEVER if verdict.endswith(NEVER) else PUBLIC if verdict.endswith(PUBLIC) else verdict)

    assert ends(verdict(meant, vouched=False, egress="private")) == asked
    assert ends(verdict(meant, vouched=True, egress="private")) == vouched
    assert ends(verdict(meant, vouched=False, egress="any")) == vouched


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        pytest.param("webhook.test", None, id="name"),
        pytest.param("localhost", None, id="localhost"),
        pytest.param("127.0.0.1", None, id="address"),
        pytest.param("::1", None, id="v6-address"),
        pytest.param("2852039166", NEVER, id="metadata-in-decimal"),
        pytest.param("0xa9fea9fe", NEVER, id="metadata-in-hexadecimal"),
        pytest.param("0XA9.0xFE.0xa9.0xFE", NEVER, id="metadata-in-hexadecimal-parts"),
        pytest.param("0251.0376.0251.0376", NEVER, id="metadata-in-octal"),
        pytest.param("169.254.43518", NEVER, id="metadata-shortened"),
        pytest.param("169.254.169.254.", NEVER, id="metadata-with-a-dot"),
        pytest.param("１６９.254.169.254", NEVER, id="metadata-in-wide-digits"),
        pytest.param("169。254。169。254", NEVER, id="metadata-with-ideographic-dots"),
        pytest.param("::ffff:a9fe:a9fe", NEVER, id="metadata-mapped"),
        pytest.param("fe80::1%25eth0", NEVER, id="link-local-with-an-escaped-zone"),
        pytest.param("134744072", PUBLIC, id="public-in-decimal"),
        pytest.param(
            "2130706433", "2130706433 is an odd way to write 127.0.0.1; write it so", id="loopback-in-decimal"
        ),
        pytest.param("127.1", "127.1 is an odd way to write 127.0.0.1; write it so", id="loopback-shortened"),
        pytest.param("127.0.0.1.", "127.0.0.1. is an odd way to write 127.0.0.1; write it so", id="loopback-and-a-dot"),
        pytest.param("1.2.3.4.5", "1.2.3.4.5 is neither an IP address nor a host name", id="too-many-numbers"),
        pytest.param("999.1.1.1", "999.1.1.1 is neither an IP address nor a host name", id="number-too-big"),
        pytest.param("webhook.0x", "webhook.0x is neither an IP address nor a host name", id="name-ending-in-a-number"),
        pytest.param("::zz", "::zz is neither an IP address nor a host name", id="not-quite-v6"),
        pytest.param("...", "... is neither an IP address nor a host name", id="dots"),
        pytest.param("ab\ud800.test", "ab\ud800.test is neither an IP address nor a host name", id="not-a-name"),
        pytest.param("metadata.google.internal", NEVER, id="metadata-by-name"),
        pytest.param("Metadata.Google.Internal.", NEVER, id="metadata-by-name-in-another-form"),
        pytest.param("conversations.example", NEVER, id="provider"),
        pytest.param("eu.CONVERSATIONS.example.", NEVER, id="below-a-provider"),
        pytest.param("ｃonversations。example", NEVER, id="provider-in-wide-letters"),
        pytest.param("api.provider.example", NEVER, id="another-provider"),
        pytest.param("myconversations.example", None, id="not-below-a-provider"),
        pytest.param("conversations.example.test", None, id="provider-as-a-subdomain"),
    ],
)
def test_hosts(host: str, reason: str | None) -> None:
    """A host is judged by what it stands for, however it is written."""
    told = EgressRule("private", PROVIDERS).refuses_url("http", host, vouched=False)
    assert told == reason or (told is not None and reason is not None and told.endswith(reason))


@pytest.mark.parametrize("egress", ["private", "any"])
@pytest.mark.parametrize("host", ["eu.conversations.example", "metadata.goog", "169.254.169.254"])
def test_never(egress: Egress, host: str) -> None:
    """Real providers and metadata services are refused whoever asks and whatever the setting."""
    assert EgressRule(egress, PROVIDERS).refuses_url("https", host, vouched=True) is not None


@pytest.mark.parametrize(("scheme", "allowed"), [("http", True), ("https", True), ("ftp", False), ("", False)])
def test_schemes(scheme: str, allowed: bool) -> None:
    """Only http and https are called."""
    assert (EgressRule("any").refuses_url(scheme, "127.0.0.1", vouched=True) is None) is allowed


def test_resolved_address() -> None:
    """What a name resolves to is judged like an address in the URL."""
    rule = EgressRule("private")
    assert rule.refuses_address("127.0.0.1", vouched=False) is None
    assert rule.refuses_address("8.8.8.8", vouched=True) is None
    assert "egress: any" in str(rule.refuses_address("8.8.8.8", vouched=False))
    assert rule.refuses_address("fe80::1%2", vouched=True) is not None
