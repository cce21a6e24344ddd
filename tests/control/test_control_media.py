"""Files of an account over HTTP: open to whoever has the link, exact in bytes and type, and harmless."""

from __future__ import annotations

import httpx
import pytest

from calls import sandbox_with
from harness import account_of
from sandbox.app import App

DATA = b"<script>alert(1)</script>"


@pytest.fixture
def link(app: App) -> str:
    """The link to a page that somebody sent."""
    return account_of(app).media.put("a b\u00e9.html", "text/html", DATA)


async def test_bytes_and_type(http: httpx.AsyncClient, link: str) -> None:
    """The very bytes come under the very type, and the name beside them."""
    response = await http.get(link)
    assert (response.status_code, response.content) == (200, DATA)
    assert response.headers["content-type"] == "text/html"
    assert response.headers["content-length"] == str(len(DATA))
    assert response.headers["content-disposition"] == "inline; filename*=UTF-8''a%20b%C3%A9.html"


async def test_head(http: httpx.AsyncClient, link: str) -> None:
    """HEAD tells type and size."""
    response = await http.head(link)
    assert (response.status_code, response.content) == (200, b"")
    assert (response.headers["content-type"], response.headers["content-length"]) == ("text/html", str(len(DATA)))


async def test_nothing_runs(http: httpx.AsyncClient, link: str) -> None:
    """A page among the files shares the origin of the control API, and may do nothing there."""
    headers = (await http.get(link)).headers
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no-token"),
        pytest.param({"Host": "sandbox.internal:4700"}, id="another-host"),
        pytest.param({"Origin": "http://shop.test"}, id="another-origin"),
    ],
)
async def test_anybody_may_read(headers: dict[str, str]) -> None:
    """Whoever gets the link from a callback needs no token and may know the server by any name."""
    async with sandbox_with(control_token="secret", public_url="https://sandbox.test/") as (app, http):
        link = account_of(app).media.put("a.txt", "text/plain", b"a")
        assert link.startswith("https://sandbox.test/_sandbox/media/acc_link/")
        path = link.removeprefix("https://sandbox.test")
        assert (await http.get(path, headers=headers)).content == b"a"
        assert (await http.get("/_sandbox/accounts", headers=headers)).status_code in (401, 403)


@pytest.mark.parametrize(
    ("settings", "port", "base"),
    [
        pytest.param({}, None, "http://127.0.0.1:4700", id="by-default"),
        pytest.param({"port": 0}, 5000, "http://127.0.0.1:5000", id="the-port-that-was-free"),
        pytest.param({"host": "0.0.0.0"}, None, "http://127.0.0.1:4700", id="every-address"),
        pytest.param({"host": "::1"}, None, "http://[::1]:4700", id="ipv6"),
    ],
)
async def test_links_begin_where_the_server_is(settings: dict[str, object], port: int | None, base: str) -> None:
    """A link leads to the address and port that the server listens on."""
    from sandbox.app import build
    from sandbox.settings import Settings

    app = build(Settings.model_validate({"seed": "test", **settings}), port=port)
    assert account_of(app).media.put("a", "text/plain", b"").startswith(f"{base}/_sandbox/media/acc_link/")
    await app.sandbox.close()


def test_links_are_https_with_tls() -> None:
    """With a certificate, links are https."""
    from pathlib import Path

    from sandbox.settings import Settings

    here = Path(__file__)
    assert Settings(tls_cert=here, tls_key=here).base_url(443) == "https://127.0.0.1:443"


@pytest.mark.parametrize(
    ("mime_type", "served"),
    [
        pytest.param("application/x.y+z", "application/x.y+z", id="as-it-is"),
        pytest.param("text/plain; charset=utf-8", "text/plain; charset=utf-8", id="with-a-parameter"),
        pytest.param("text/\u56fe", "application/octet-stream", id="not-ascii"),
        pytest.param("text/x\r\nX-Evil: 1", "application/octet-stream", id="two-lines"),
        pytest.param("", "application/octet-stream", id="none"),
    ],
)
async def test_types_that_no_header_can_have(app: App, http: httpx.AsyncClient, mime_type: str, served: str) -> None:
    """A type that is not fit for a header is served as bytes of no known type."""
    response = await http.get(account_of(app).media.put("a\ud800", mime_type, b"a"))
    assert (response.status_code, response.headers["content-type"]) == (200, served)
    assert "x-evil" not in response.headers


async def test_files_of_another_account(http: httpx.AsyncClient, link: str) -> None:
    """A link leads to one account's file only, and after a reset to nothing."""
    assert (await http.get(link.replace("acc_link", "acc_webex_connect"))).status_code == 404
    assert (await http.get(link.replace("acc_link", "acc_none"))).status_code == 404
    await http.post("/_sandbox/reset", params={"account": "acc_link"})
    gone = await http.get(link)
    assert (gone.status_code, gone.headers["content-type"]) == (404, "application/problem+json")
