"""The inspector's files as a browser gets them, and what each provider can do."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

import sandbox.inspector
from calls import ask, sandbox_with
from sandbox.app import App
from sandbox.control.guard import COOKIE

PAGE = Path(sandbox.inspector.__file__).parent / "page"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
FILES = sorted(file.name for file in PAGE.iterdir() if not file.name.startswith((".", "_")))


async def test_the_start_leads_to_the_page(http: httpx.AsyncClient) -> None:
    """Whoever asks for the root is led to the page; what stands behind the question mark comes along, as it is."""
    for path in ("/", "/_sandbox/ui"):
        response = await http.get(path)
        assert (response.status_code, response.headers["location"]) == (307, "/_sandbox/ui/")
    response = await http.get("/?play=booking&x=%22%3E")
    assert response.headers["location"] == "/_sandbox/ui/?play=booking&x=%22%3E"


async def test_the_page_is_its_index(http: httpx.AsyncClient) -> None:
    """Without a name the page itself is given."""
    response = await http.get("/_sandbox/ui/")
    assert response.text == (PAGE / "index.html").read_text(encoding="utf-8")
    assert response.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", FILES)
async def test_file(http: httpx.AsyncClient, name: str) -> None:
    """Every file has its type, a policy that lets nothing in from anywhere else, and is asked for anew each time."""
    response = await http.get(f"/_sandbox/ui/{name}")
    assert response.status_code == 200
    assert response.content == (PAGE / name).read_bytes()
    headers = response.headers
    assert headers["content-type"].partition(";")[0] == TYPES[Path(name).suffix]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = dict(each.strip().split(" ", 1) for each in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert "*" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "nowhere.js",
        "../__init__.py",
        "..%2f__init__.py",
        "%2e%2e/%2e%2e/app.py",
        "....//app.py",
        "page/index.html",
        "__init__.py",
        "index.html%00.js",
        "INDEX.HTML",
        "%2fetc%2fpasswd",
    ],
)
async def test_what_is_no_file_of_the_page(app: App, path: str) -> None:
    """Nothing is given but what lies in the page's folder, by its very name."""
    raw = f"/_sandbox/ui/{path}".encode()
    url = httpx.URL("http://localhost:4700/").copy_with(raw_path=raw)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        response = await http.send(httpx.Request("GET", url))
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_the_page_is_only_read(http: httpx.AsyncClient, method: str) -> None:
    """Nothing is sent to the page."""
    await ask(http, method, "/ui/index.html", expects=405)


async def test_the_page_needs_no_token_and_all_else_does() -> None:
    """The page is there before a token is known, which it asks for; what it then reads takes the token as a cookie."""
    async with sandbox_with(control_token="s3cret") as (_, http):
        for path in ("/", "/_sandbox/ui/", "/_sandbox/ui/app.js"):
            assert (await http.get(path)).status_code in (200, 307), path
        for path in ("/_sandbox/providers", "/_sandbox/recording", "/_sandbox/events", "/_sandbox/accounts"):
            assert (await http.get(path)).status_code == 401, path
        http.cookies.set(COOKIE, "s3cret")
        assert (await http.get("/_sandbox/providers")).status_code == 200


async def test_other_pages_cannot_have_it(http: httpx.AsyncClient) -> None:
    """A page of another origin is refused, as everywhere, and so is one that has rebound its name."""
    assert (await http.get("/_sandbox/ui/app.js", headers={"Origin": "http://evil.example"})).status_code == 403
    assert (await http.get("/_sandbox/ui/", headers={"Host": "evil.example"})).status_code == 403


async def test_nothing_secret_is_in_the_page(app: App) -> None:
    """The files hold no credential of any account, and name no server but this one."""
    text = "".join((PAGE / name).read_text(encoding="utf-8") for name in FILES)
    secrets = [
        value
        for account in app.sandbox.accounts
        for value in account.credentials.model_dump(mode="json").values()
        if isinstance(value, str) and len(value) > 8
    ]
    assert secrets
    assert not any(secret in text for secret in secrets)
    hosts = set(re.findall(r"https?://([\w.-]+)", text)) - {"www.w3.org"}
    assert all(host.endswith(".example") or host in ("127.0.0.1", "localhost") for host in hosts), hosts


@pytest.mark.parametrize(
    "word", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"]
)
def test_the_page_reads_no_html_and_runs_no_text(word: str) -> None:
    """What a message says can only ever be text: nothing in the page makes elements or code of a string."""
    assert [name for name in FILES if word in (PAGE / name).read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("sign", [r"<script(?! type=\"module\" src=)", r"\sstyle=", r"\son[a-z]+="])
def test_nothing_stands_inline(sign: str) -> None:
    """The one HTML file has no script, style or handler of its own: the policy would not let them be."""
    assert re.search(sign, (PAGE / "index.html").read_text(encoding="utf-8")) is None


async def test_providers(http: httpx.AsyncClient, app: App) -> None:
    """Each provider tells what its people can do and what its rules are, with their sources."""
    found = {each["name"]: each for each in (await ask(http, "GET", "/providers"))["items"]}
    assert list(found) == [provider.name for provider in app.sandbox.providers]
    link = found["link"]
    assert {"say", "tap", "read", "error"} <= set(link["actions"])
    assert "agent" not in link["actions"]
    rule = next(each for each in link["rules"] if each["id"] == "LINK-MSG-12")
    assert set(rule) == {"id", "says", "grade", "source"}
    assert rule["source"]
    assert found["rbm"]["suggestion_types"]
    await ask(http, "GET", "/providers", expects=422, account="acc_link")
