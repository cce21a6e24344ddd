"""Curl: what the page offers to copy does in a shell what was done before."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from business import PERSON, Business
from listener import Listener
from live_server import LiveServer
from sandbox.client import Client
from watch import Watch

Open = Callable[..., Page]

NASTY = "it's \"quoted\" `id` $(id) $HOME \\ \\' ; & | > < * ? [a] {b} ! # ~ %20 \t\n end é ☃ 🛳"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Whom the commands are for."""
    with Listener() as listening:
        yield listening


@pytest.fixture
def bare(page: Page, server: LiveServer, watch: Watch) -> Page:
    """A file of the server in a window, where a module of the page is tried by itself: that is there much sooner."""
    watch.allow("favicon")
    page.goto(f"{server.url}/_sandbox/ui/curl.js")
    return page


def in_shell(command: str) -> str:
    """Run a command by the system's shell and return what it printed."""
    done = subprocess.run(["sh"], input=command, capture_output=True, text=True, timeout=30, check=True)
    return done.stdout


def command_of(page: Page, function: str, *values: Any) -> dict[str, Any]:
    """Return what a function of the page's own makes."""
    script = f"async (values) => (await import('/_sandbox/ui/curl.js')).{function}(...values)"
    made: dict[str, Any] = page.evaluate(script, list(values))
    return made


def request(**changes: Any) -> dict[str, Any]:
    """Return a request as the control API tells it."""
    return {"method": "POST", "path": "/a", "query": {}, "headers": {}, "body": None, **changes}


@pytest.mark.parametrize(
    ("given", "target", "headers", "body"),
    [
        pytest.param(request(method="GET"), "/a", {}, b"", id="nothing-but-a-path"),
        pytest.param(request(method="DELETE"), "/a", {}, b"", id="delete"),
        pytest.param(request(method="HEAD"), "/a", {}, b"", id="head"),
        pytest.param(
            request(path="/phone/+49%20170/../x;y='z'/[1-3]{a,b}"),
            "/phone/+49%20170/../x;y='z'/[1-3]{a,b}",
            {},
            b"",
            id="path-as-it-came",
        ),
        pytest.param(
            request(query={"messageId": "a&b=c d", "again": ["1", "2'"]}),
            "/a?messageId=a%26b%3Dc%20d&again=1&again=2'",
            {},
            b"",
            id="query",
        ),
        pytest.param(
            request(headers={"x-nasty": 'it\'s $HOME `id` "x" ; @file', "x-empty": "", "content-type": "text/plain"}),
            "/a",
            {"x-nasty": 'it\'s $HOME `id` "x" ; @file', "x-empty": "", "content-type": "text/plain"},
            b"",
            id="headers",
        ),
        pytest.param(
            request(headers={"content-type": "application/json"}, body={"text": NASTY, "n": [1, None, True]}),
            "/a",
            {"content-type": "application/json"},
            json.dumps({"text": NASTY, "n": [1, None, True]}, ensure_ascii=False, separators=(",", ":")).encode(),
            id="json",
        ),
        pytest.param(request(body=NASTY), "/a", {"content-type": None}, NASTY.encode(), id="text-of-no-type"),
        pytest.param(request(body="@/etc/hostname"), "/a", {}, b"@/etc/hostname", id="no-file-is-read"),
        pytest.param(request(body="-"), "/a", {}, b"-", id="a-dash"),
        pytest.param(request(body="%s\\n'" * 50_000), "/a", {}, b"%s\\n'" * 50_000, id="larger-than-an-argument"),
        pytest.param(
            request(headers={"host": "elsewhere", "content-length": "999", "connection": "close"}, body="x"),
            "/a",
            {"content-length": "1"},
            b"x",
            id="what-curl-does-itself",
        ),
    ],
)
def test_a_request_comes_as_it_came(
    bare: Page,
    listener: Listener,
    given: dict[str, Any],
    target: str,
    headers: dict[str, str | None],
    body: bytes,
) -> None:
    """Method, path, query, headers and body arrive byte for byte, whatever a shell would make of them."""
    made = command_of(bare, "curlOfRequest", given, listener.url)
    in_shell(made["text"])
    heard = listener.next()
    assert (heard.method, heard.target, heard.body) == (given["method"], target, body)
    assert {name: heard.header(name) for name in headers} == headers
    assert made["notes"] == []


def callback(url: str, **changes: Any) -> dict[str, Any]:
    """Return a callback as the control API tells it."""
    return {"method": "POST", "url": url, "headers": {}, "body": None, "parts": None, **changes}


def test_a_callback_comes_as_it_came(bare: Page, listener: Listener) -> None:
    """A callback's body arrives byte for byte, with its headers."""
    headers = {"content-type": "application/json", "x-signature": "a'b"}
    made = command_of(bare, "curlOfCallback", callback(f"{listener.url}/hook?x=1", headers=headers, body=NASTY))
    in_shell(made["text"])
    heard = listener.next()
    assert (heard.target, heard.body, heard.header("x-signature")) == ("/hook?x=1", NASTY.encode(), "a'b")


def test_a_callback_in_parts(bare: Page, listener: Listener, tmp_path: Any) -> None:
    """A multipart callback is sent in parts; the notes tell which files it needs, which the journal has not."""
    text = '{"a": "it\'s; \\"x\\", @b"}'
    parts = [
        {"name": "message", "content_type": "application/json", "filename": None, "size": 9, "text": text},
        {"name": "file", "content_type": "image/jpeg", "filename": "ph;oto.jpg", "size": 3, "text": None},
    ]
    headers = {"content-type": "multipart/form-data; boundary=old"}
    made = command_of(bare, "curlOfCallback", callback(listener.url, headers=headers, parts=parts))
    assert made["notes"] == ["put ph;oto.jpg into the folder first"]
    (tmp_path / "ph;oto.jpg").write_bytes(b"jpg")
    in_shell(f"cd '{tmp_path}' && {made['text']}")
    heard = listener.next()
    assert (heard.header("content-type") or "").startswith("multipart/form-data; boundary=---")
    assert text.encode() in heard.body
    assert b"Content-Type: application/json" in heard.body
    assert b"\r\n\r\njpg\r\n" in heard.body


def test_nobody_to_call(bare: Page) -> None:
    """A callback that went nowhere has no command."""
    assert command_of(bare, "curlOfCallback", {**callback("x"), "url": None}) is None


def copied(page: Page) -> str:
    """Return what is in the clipboard."""
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_the_button_copies_a_command_that_works(
    inspector: Open, context: BrowserContext, business: Business, sandbox: Client
) -> None:
    """The command of a request's row repeats it; its secret is shortened, as is said, and needs to be put in."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    business.say("It's $HOME", "Yes")
    page = inspector()
    page.locator(".wire-row[data-type=request] .line").click()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_text("secrets are shortened")).to_be_visible()
    command = copied(page)
    in_shell(command)
    first, shortened = sandbox.requests().items
    assert shortened["body"] == first["body"]
    assert (first["status"], shortened["status"], shortened["account"]) == (200, 401, None)
    secret = sandbox.authorization("acc_link")["Authorization"]
    in_shell(command.replace(first["headers"]["authorization"], secret).replace(first["query"]["messageId"], "another"))
    answered = [each["status"] for each in sandbox.requests().items]
    assert answered[2] in (200, 400), "the credentials were taken"
    assert sandbox.requests().items[2]["account"] == "acc_link"


def test_the_button_copies_a_callback(
    inspector: Open, context: BrowserContext, business: Business, sandbox: Client, listener: Listener
) -> None:
    """The command of a callback's row sends the same bytes to the webhook again."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = inspector()
    page.request.patch(f"{sandbox.url}/_sandbox/accounts/acc_link", data={"webhook": {"url": f"{listener.url}/hook"}})
    business.say("Hello")
    sandbox.act("acc_link", "say", user=PERSON, text="It's $HOME", wait=5)
    page.get_by_label("Account", exact=True).select_option("acc_link")
    sent = {heard.body for heard in (listener.next(), listener.next(), listener.next())}
    page.locator(".wire-row[data-type=callback] .line").first.click()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    in_shell(copied(page))
    assert listener.next().body in sent
