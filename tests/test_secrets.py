"""Secrets: neither journal nor events, logs or error texts give one away; only what an account is asked for does."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import httpx
import pytest
import structlog

from calls import ask
from harness import USER, FakeWebhook, LinkClient, account_of
from sandbox import logs
from sandbox.app import App
from sandbox.control import events
from sandbox.core.secret import is_secret, shortened, without_secrets
from sandbox.webhook_client import DeliveryError

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _loggers() -> Iterator[None]:
    """Leave logging as it was found."""
    root, ours = logging.getLogger(), logging.getLogger("sandbox")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (name, True)
            for name in ("Authorization", "Proxy-Authorization", "key", "X-Api-Key", "Cookie", "set-cookie")
        ),
        *((name, True) for name in ("x-verify-token", "apiKey", "api_key", "accessToken", "client_secret", "X-SECRET")),
        *((name, True) for name in ("assertion", "password", "X-Goog-Credentials")),
        *((name, False) for name in ("content-type", "x-hub-signature", "user", "keyboard", "monkey", "tokenizer", "")),
    ],
)
def test_names(name: str, expected: bool) -> None:
    """A name tells by its words."""
    assert is_secret(name) is expected


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("https://a.test/in?x=1", "https://a.test/in?x=1", id="none"),
        pytest.param("https://user:pass@a.test/in", "https://…@a.test/in", id="userinfo"),
        pytest.param("https://u:p@ss@a.test/", "https://…@a.test/", id="userinfo-with-an-at"),
        pytest.param("https://a.test/@x?y=z@w", "https://a.test/@x?y=z@w", id="at-elsewhere"),
        pytest.param("https://a.test/?token=1234567890123&a=b", "https://a.test/?token=123456789012…&a=b", id="query"),
        pytest.param("https://a.test/?a=b&api_key=1234567890123#x", "https://a.test/?a=b&api_key=123456789012…#x", id="last"),
        pytest.param("http://u:p@[::1/", "http://…@[::1/", id="no-url"),
        pytest.param("", "", id="nothing"),
    ],
)  # fmt: skip
def test_urls(url: str, shown: str) -> None:
    """Of a URL the userinfo is left out, and secrets in its query are cut."""
    assert without_secrets(url) == shown


def test_length() -> None:
    """Twelve characters are shown."""
    assert (shortened("123456789012"), shortened("1234567890123")) == ("123456789012", "123456789012…")


@pytest.mark.parametrize("form", ["text", "json"])
async def test_nowhere(
    app: App,
    http: httpx.AsyncClient,
    link: LinkClient,
    webhook: FakeWebhook,
    capsys: pytest.CaptureFixture[str],
    form: str,
) -> None:
    """What a conversation with every provider leaves in journal, events and logs, at `debug` too, holds no secret."""
    logs.configure("json" if form == "json" else "text", "debug")
    mark = app.sandbox.stream.last
    stop = logs.log_requests(app.sandbox.stream)
    hook = "http://someone:open-sesame-hook@127.0.0.1:9/in?token=query-token-of-the-hook"
    given = {"url": hook, "headers": {"X-Hook-Secret": "header-secret-of-the-hook"}}
    for name in ("acc_link", "acc_webex_connect", "acc_mehery", "acc_rbm"):
        await ask(http, "PATCH", f"/accounts/{name}", {"webhook": given})
    webhook.answers = [DeliveryError("closed", "the connection was closed"), LookupError("an accident"), 200]
    assertion = link.assertion()
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    token = (await link.request_token(grant_type=grant, assertion=assertion)).json()["access_token"]
    await http.post("/auth/oauth2/token", params={"assertion": assertion}, json={"assertion": assertion})
    await link.send(text="Hello")
    webex = account_of(app, "acc_webex_connect").credentials.model_dump()
    mehery = account_of(app, "acc_mehery").credentials.model_dump()
    sms = {"deliverychannel": "sms", "channels": {"sms": {"text": "Hello"}}, "destination": [{"msisdn": [USER]}]}
    await http.post("/resources/v1/messaging", json=sms, headers={"key": webex["service_key"]})
    await http.post("/v2/messages?key=wrong-key-in-the-query", content=b"{", headers={"key": "wrong-key-in-the-header"})
    for headers in ({"x-api-key": mehery["api_key"]}, {"x-verify-token": mehery["verify_token"]}):
        await http.post("/xms/api/v1/contact/info", json={"csid": "919988776655"}, headers=headers)
    for name, user in (("acc_link", USER), ("acc_rbm", "+919988776655"), ("acc_webex_connect", USER)):
        await ask(http, "POST", "/actions", {"account": name, "user": user, "type": "say", "text": "Hello"}, 202)
    await ask(http, "POST", "/clock/advance", {"seconds": 60})
    stop()
    seen = [(await http.get(f"/_sandbox/{what}", params={"limit": 1000})).text for what in ("requests", "callbacks")]
    seen += [
        events._data(app.sandbox, change).decode()
        for change in app.sandbox.stream.after(mark)
        if change.kind != "account"  # which is asked for its credentials, and published
    ]
    log = capsys.readouterr().err
    assert "an accident" in log
    secrets = [
        *("open-sesame-hook", "query-token-of-the-hook", "header-secret-of-the-hook"),
        *(assertion, token, webex["service_key"], webex["service_secret"]),
        *("wrong-key-in-the-query", "wrong-key-in-the-header", mehery["api_key"], mehery["verify_token"]),
    ]
    for text in (*seen, log):
        assert [secret for secret in secrets if secret in text] == []
    assert any("query-token-…" in text for text in seen)


async def test_error_texts(http: httpx.AsyncClient) -> None:
    """What is wrong with credentials is told without them."""
    key = (await ask(http, "GET", "/accounts/acc_webex_connect"))["credentials"]["service_key"]
    body = {"provider": "webex-connect", "credentials": {"service_key": key}}
    taken = await ask(http, "POST", "/accounts", body, 409)
    assert taken["detail"] == f"service_key={key[:12]}… is taken by acc_webex_connect"
    for credentials in (
        {"service_secret": "no-base64-but-a-secret!"},
        {"service_key": ["a-secret-in-a-list"]},
        {"nothing-of-that-name": "a-secret-nonetheless"},
    ):
        problem = await ask(http, "POST", "/accounts", {"provider": "webex-connect", "credentials": credentials}, 422)
        assert "secret-" not in json.dumps(problem)
        assert "a-secret" not in json.dumps(problem)
    private = "-----BEGIN PRIVATE KEY-----\nnothing-but-a-secret\n-----END PRIVATE KEY-----"
    problem = await ask(http, "POST", "/accounts", {"provider": "link", "credentials": {"private_key": private}}, 422)
    assert "nothing-but" not in json.dumps(problem)


def test_tracebacks_as_text(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback is the plain one, without values of variables, whatever makes prettier ones here."""
    monkeypatch.setattr(structlog.dev, "plain_traceback", lambda to, _: to.write("the plain one"))
    logs.configure("text", "info")
    try:
        int("gone")
    except ValueError:
        logging.getLogger("sandbox").exception("failed")
    assert "the plain one" in capsys.readouterr().err


def test_tracebacks_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback tells lines, and no values of variables."""
    logs.configure("json", "info")
    held = "a-secret-" + str(sys.maxsize)
    try:
        held.index("x-not-there")
    except ValueError:
        logging.getLogger("sandbox").exception("failed")
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert held not in told
