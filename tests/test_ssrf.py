"""Whatever a URL looks like: no callback reaches a metadata service, a link-local address or a real provider.

The tricks are those that are known of other servers: other notations of an address, what parsers of URLs disagree on,
names that resolve to forbidden addresses or to another one the second time, redirects.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any, Literal

import httpx
import pytest

from sandbox.app import build
from sandbox.core.callback import Encoded
from sandbox.providers import PROVIDERS
from sandbox.settings import Settings
from sandbox.webhook_client import DeliveryError, HttpWebhookClient
from webhook_server import Receiver

pytestmark = pytest.mark.anyio

BODY = Encoded("application/json", b"{}")
NEVER = "callbacks never go there"
NO_URL = "is not a URL"
NO_HOST = "neither an IP address nor a host name"
SCHEME = "callbacks go to http and https URLs only"
ODD = "write it so"
HERE = "refused"  # this machine, where nobody listens

HOSTS = [host for provider in PROVIDERS for host in provider.hosts]


class Network:
    """What would be connected to and what was looked up; names resolve to what `found` says, one list a lookup."""

    def __init__(self) -> None:
        self.connected: list[str] = []
        self.asked: list[str] = []
        self.found: list[list[str]] = [["169.254.169.254"]]

    async def connect(self, _: socket.socket, address: tuple[Any, ...]) -> None:
        """Note an attempt, and refuse it."""
        self.connected.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    async def resolve(self, host: str, port: int, **_: Any) -> list[Any]:
        """Resolve a name."""
        self.asked.append(host)
        found = self.found[min(len(self.asked), len(self.found)) - 1]
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [
            (family[":" in one], socket.SOCK_STREAM, 6, "", (one, port, 0, 0)[: 4 if ":" in one else 2])
            for one in found
        ]


@pytest.fixture
async def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """A network in which nothing is reached, whatever is tried."""
    made = Network()
    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", made.connect)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", made.resolve)
    return made


@pytest.fixture
async def client() -> AsyncIterator[HttpWebhookClient]:
    """A client that may go wherever anything may: `egress: any`, and the real providers' hosts."""
    made = HttpWebhookClient("any", HOSTS)
    yield made
    await made.close()


async def failure(client: HttpWebhookClient, url: str, *, vouched: bool) -> DeliveryError:
    """Return how a callback to a URL fails."""
    with pytest.raises(DeliveryError) as caught:
        await client.post(url, (), BODY, 5, vouched)
    return caught.value


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        # notations of 169.254.169.254
        pytest.param("http://169.254.169.254/latest/meta-data/", NEVER, id="plain"),
        pytest.param("http://169.254.169.254./", NEVER, id="final-dot"),
        pytest.param("http://169.254.169.254.../", NEVER, id="final-dots"),
        pytest.param("http://2852039166/", NEVER, id="decimal"),
        pytest.param("http://0xA9FEA9FE/", NEVER, id="hexadecimal"),
        pytest.param("http://0xa9.0xfe.0xa9.0xfe/", NEVER, id="hexadecimal-parts"),
        pytest.param("http://0251.0376.0251.0376/", NEVER, id="octal-parts"),
        pytest.param("http://025177524776/", NEVER, id="octal"),
        pytest.param("http://0xa9.254.0251.254/", NEVER, id="mixed-parts"),
        pytest.param("http://169.16689662/", NEVER, id="two-parts"),
        pytest.param("http://169.254.43518/", NEVER, id="three-parts"),
        pytest.param("http://425.510.425.510/", NO_HOST, id="overflowing-parts"),
        pytest.param("http://7147006462/", NO_HOST, id="overflowing-decimal"),
        pytest.param("http://00000000251.376.251.376/", NO_HOST, id="leading-zeros"),
        pytest.param("http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/", NEVER, id="circled-digits"),
        pytest.param("http://１６９.２５４.１６９.２５４/", NEVER, id="full-width-digits"),
        pytest.param("http://169。254。169。254/", NEVER, id="ideographic-dots"),
        pytest.param("http://169.254.169%2E254/", NO_HOST, id="percent-encoded-dot"),
        pytest.param("http://%31%36%39.254.169.254/", NO_HOST, id="percent-encoded-digits"),
        # in IPv6
        pytest.param("http://[::ffff:169.254.169.254]/", NEVER, id="mapped"),
        pytest.param("http://[0:0:0:0:0:ffff:a9fe:a9fe]/", NEVER, id="mapped-at-length"),
        pytest.param("http://[::169.254.169.254]/", NEVER, id="compatible"),
        pytest.param("http://[::ffff:0:169.254.169.254]/", NEVER, id="translated"),
        pytest.param("http://[64:ff9b::a9fe:a9fe]/", NEVER, id="nat64"),
        pytest.param("http://[64:ff9b:1::a9fe:a9fe]/", NEVER, id="local-nat64"),
        pytest.param("http://[2002:a9fe:a9fe::]/", NEVER, id="6to4"),
        pytest.param("http://[2001:0:102:304::5601:5601]/", NEVER, id="teredo"),
        pytest.param("http://[::ffff:169.254.169.254%251]/", NEVER, id="mapped-with-a-zone"),
        pytest.param("http://[169.254.169.254]/", NO_URL, id="v4-in-brackets"),
        pytest.param("http://[v1.169.254.169.254]/", NO_HOST, id="another-version-in-brackets"),
        # other places of that kind
        pytest.param("http://169.254.170.2/", NEVER, id="containers-at-aws"),
        pytest.param("http://[fd00:ec2::254]/", NEVER, id="aws-v6"),
        pytest.param("http://[fd00:ec2::23]/", NEVER, id="pods-at-aws-v6"),
        pytest.param("http://100.100.100.200/", NEVER, id="alibaba"),
        pytest.param("http://192.0.0.192/", NEVER, id="oracle"),
        pytest.param("http://168.63.129.16/", NEVER, id="azure"),
        pytest.param("http://[fd20:ce::254]/", NEVER, id="google-v6"),
        pytest.param("http://[fd00:42::42]/", NEVER, id="scaleway-v6"),
        pytest.param("http://[fd00:a9fe:a9fe::1]/", NEVER, id="linode-v6"),
        pytest.param("http://[fe80::a9fe:a9fe]/", NEVER, id="openstack-v6"),
        pytest.param("http://[fe80::1%25lo]/", NEVER, id="link-local-with-a-zone"),
        pytest.param("http://metadata.google.internal/", NEVER, id="google-by-name"),
        pytest.param("http://METADATA.Google.Internal./", NEVER, id="google-by-name-in-capitals"),
        pytest.param("http://metadata。google。internal/", NEVER, id="google-by-name-with-ideographic-dots"),
        pytest.param("http://metadata.google.internal%2e/", NO_HOST, id="google-by-name-with-an-encoded-dot"),
        pytest.param("http://metadata.test/", NEVER, id="a-name-that-resolves-to-it"),
        # addresses of nobody or of many
        pytest.param("http://255.255.255.255/", NEVER, id="broadcast"),
        pytest.param("http://224.0.0.1/", NEVER, id="multicast"),
        pytest.param("http://239.255.255.250:1900/", NEVER, id="multicast-of-discovery"),
        pytest.param("http://[ff02::1]/", NEVER, id="multicast-v6"),
        pytest.param("http://[::ffff:224.0.0.1]/", NEVER, id="multicast-mapped"),
        # what parsers disagree on
        pytest.param("http://127.0.0.1@169.254.169.254/", NEVER, id="loopback-as-userinfo"),
        pytest.param("http://127.0.0.1:80@169.254.169.254:80/", NEVER, id="loopback-and-port-as-userinfo"),
        pytest.param("http://169.254.169.254#@127.0.0.1/", NEVER, id="loopback-in-the-fragment"),
        pytest.param("http://169.254.169.254?@127.0.0.1/", NEVER, id="loopback-in-the-query"),
        pytest.param("http://169.254.169.254%23@127.0.0.1/", HERE, id="it-is-the-userinfo"),
        pytest.param("http://169.254.169.254\\@127.0.0.1/", NO_URL, id="backslash-before-the-at"),
        pytest.param("http://127.0.0.1\\@169.254.169.254/", NO_URL, id="backslash-behind-loopback"),
        pytest.param("http:\\\\169.254.169.254\\latest", NO_HOST, id="backslashes-for-slashes"),
        pytest.param("http://127.0.0.1\t@169.254.169.254/", NEVER, id="tab"),
        pytest.param("http://169.254.\t169.254/", NEVER, id="tab-within"),
        pytest.param("http://169.254.169.254\n/", NEVER, id="newline"),
        pytest.param("ht\ntp://169.254.169.254/", NEVER, id="newline-in-the-scheme"),
        pytest.param("http://127.0.0.1\r\nHost: 169.254.169.254\r\n/", NO_URL, id="a-header-in-the-host"),
        pytest.param(" http://169.254.169.254/", NEVER, id="leading-blank"),
        pytest.param("http://169.254.169.254 /", NO_HOST, id="blank-behind-the-host"),
        pytest.param("http://169.254.169.254%00.example/", NO_HOST, id="null"),
        pytest.param("http://169.254.169.254%20.example/", NO_HOST, id="encoded-blank"),
        pytest.param("http://169.254.169.254:80:80/", NO_URL, id="two-ports"),
        pytest.param("http:169.254.169.254/", NO_HOST, id="no-slashes"),
        pytest.param("http:/169.254.169.254/", NO_HOST, id="one-slash"),
        pytest.param("http:///169.254.169.254/", NO_HOST, id="three-slashes"),
        pytest.param("//169.254.169.254/", SCHEME, id="no-scheme"),
        # odd ways to this machine, which are refused to keep what is written and what is meant one
        pytest.param("http://2130706433/", ODD, id="loopback-in-decimal"),
        pytest.param("http://0x7f.1/", ODD, id="loopback-in-hexadecimal"),
        pytest.param("http://017700000001/", ODD, id="loopback-in-octal"),
        pytest.param("http://0/", ODD, id="unspecified-shortened"),
        # ports and schemes
        pytest.param("http://127.0.0.1:0/", "port 0", id="port-0"),
        pytest.param("http://127.0.0.1:65536/", NO_URL, id="port-too-large"),
        pytest.param("http://127.0.0.1:-1/", NO_URL, id="port-negative"),
        pytest.param("HTTP://169.254.169.254/", NEVER, id="scheme-in-capitals"),
        pytest.param("file:///etc/passwd", SCHEME, id="file"),
        pytest.param("ftp://127.0.0.1/", SCHEME, id="ftp"),
        pytest.param("gopher://127.0.0.1:6379/_FLUSHALL", SCHEME, id="gopher"),
        pytest.param("dict://127.0.0.1:11211/stats", SCHEME, id="dict"),
        pytest.param("ldap://127.0.0.1/", SCHEME, id="ldap"),
        pytest.param("ws://127.0.0.1/", SCHEME, id="websocket"),
        pytest.param("http+unix://%2Fvar%2Frun%2Fdocker.sock/info", SCHEME, id="unix-socket"),
        pytest.param("unix:/var/run/docker.sock", SCHEME, id="unix-path"),
        pytest.param("data:text/plain,hello", SCHEME, id="data"),
        pytest.param("javascript:alert(1)", SCHEME, id="javascript"),
    ],
)
async def test_tricks(client: HttpWebhookClient, network: Network, url: str, detail: str) -> None:
    """Nothing is connected to, whoever supplied the URL and although `egress: any` is set, and the refusal says why."""
    for vouched in (True, False):
        error = await failure(client, url, vouched=vouched)
        if detail == HERE:
            assert (error.reason, network.connected.pop()) == (HERE, "127.0.0.1")
        else:
            assert (error.reason, network.connected) == ("blocked", [])
            assert detail in error.detail
    assert set(network.asked) == ({"metadata.test"} if "metadata.test" in url else set())


@pytest.mark.parametrize("host", [host.lstrip(".") for host in HOSTS])
async def test_real_providers(client: HttpWebhookClient, network: Network, host: str) -> None:
    """The hosts of the real platforms are never called, nor anything below them, however they are written."""
    for form in ("{}", "{}.", "eu.{}", "a.b.{}", "user@{}", "{}:8443"):
        for name in (host, host.upper()):
            error = await failure(client, f"https://{form.format(name)}/in", vouched=True)
            assert (error.reason, "real provider" in error.detail) == ("blocked", True)
    assert (network.asked, network.connected) == ([], [])


@pytest.mark.parametrize(
    ("address", "egress", "vouched", "goes"),
    [
        pytest.param("93.184.216.34", "private", False, False, id="public-from-a-request"),
        pytest.param("93.184.216.34", "any", False, True, id="public-from-a-request-if-any-is-allowed"),
        pytest.param("93.184.216.34", "private", True, True, id="public-from-the-operator"),
        pytest.param("10.1.2.3", "private", False, True, id="private-from-a-request"),
        pytest.param("127.0.0.1", "private", False, True, id="loopback-from-a-request"),
        pytest.param("fd12::1", "private", False, True, id="unique-local-from-a-request"),
        pytest.param("2001:db8::1", "private", False, False, id="public-v6-from-a-request"),
        pytest.param("fe80::1", "any", True, False, id="link-local-for-nobody"),
    ],
)
@pytest.mark.parametrize("by", ["address", "name"])
async def test_two_classes(
    network: Network, by: str, address: str, egress: Literal["private", "any"], vouched: bool, goes: bool
) -> None:
    """URLs of the operator lead anywhere, those of requests to this machine and private networks unless that is lifted."""
    network.found = [[address]]
    host = "webhook.test" if by == "name" else f"[{address}]" if ":" in address else address
    client = HttpWebhookClient(egress, HOSTS)
    error = await failure(client, f"http://{host}:8080/in", vouched=vouched)
    await client.close()
    assert (error.reason, network.connected) == (("refused", [address]) if goes else ("blocked", []))


@pytest.mark.parametrize("second", ["169.254.169.254", "93.184.216.34"])
async def test_rebinding(network: Network, second: str) -> None:
    """A name that leads elsewhere the second time is judged anew, and within one attempt it is looked up but once."""
    network.found = [["127.0.0.1"], [second]]
    client = HttpWebhookClient("private", HOSTS)
    assert (await failure(client, "http://rebinding.test:8080/", vouched=False)).reason == "refused"
    assert (network.asked, network.connected) == (["rebinding.test"], ["127.0.0.1"])
    await client.close()  # forgets what it looked up
    assert (await failure(client, "http://rebinding.test:8080/", vouched=False)).reason == "blocked"
    await client.close()
    assert (len(network.asked), network.connected) == (2, ["127.0.0.1"])


async def test_some_forbidden(client: HttpWebhookClient, network: Network) -> None:
    """Of several addresses those that are forbidden are left out."""
    network.found = [["169.254.169.254", "fe80::1", "127.0.0.1", "100.100.100.200"]]
    await failure(client, "http://many.test/", vouched=False)
    assert network.connected == ["127.0.0.1"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["http://169.254.169.254/", "//169.254.169.254/", "/elsewhere", "file:///etc/passwd"])
async def test_redirects(client: HttpWebhookClient, status: int, to: str) -> None:
    """Nobody is followed anywhere: a redirect is an answer."""
    async with Receiver(after="serve") as receiver:
        receiver.answers(f"HTTP/1.1 {status} Go\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())
        assert (await client.post(receiver.url, (), BODY, 5, vouched=False)).status == status
        assert len(receiver.requests) == 1


async def test_urls_of_requests(network: Network) -> None:
    """What a client gives as its callback URL is of the restricted sort, and what came of it is told with the setting."""
    network.found = [["93.184.216.34"]]
    app = build(Settings(seed="test", clock="virtual"))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:4700") as http:
        key = (await http.post("/_sandbox/accounts/acc_webex_connect/authorization")).json()["headers"]
        sms = {"deliverychannel": "sms", "channels": {"sms": {"text": "Hello"}}, "notifyurl": "http://production.test/"}
        await http.post(
            "/resources/v1/messaging", json={**sms, "destination": [{"msisdn": ["+15550007501"]}]}, headers=key
        )
        await http.post("/_sandbox/clock/advance", json={"seconds": 1})
        (callback,) = (await http.get("/_sandbox/callbacks")).json()["items"]
    await app.sandbox.close()
    assert (callback["state"], callback["attempts"], network.connected) == ("blocked", [], [])
    assert callback["detail"].endswith("the setting egress: any allows it")
