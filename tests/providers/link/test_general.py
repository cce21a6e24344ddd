"""LINK-GEN: what holds for every operation: the form of errors, the order of checks, paths, methods and tenants."""

import json
from typing import Any

import httpx
import pytest

from harness import GATEWAY, USER, LinkClient, assert_refused, broken_rule
from sandbox.app import App
from sandbox.providers.link import routes
from sandbox.sandbox import AccountSpec

ID = "610fddb9-6420-49e6-9549-2842f4588411"
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
MESSAGE = f"{GATEWAY}/phone/{USER}/conversationMessage"
SETTINGS = f"{GATEWAY}/admin/settings"
TROUBLE = "The Conversational Platform is currently experiencing problems"
TEXT = {"messageContent": {"text": "Hello"}}
JSON_TYPE = {"Content-Type": "application/json"}

ONE_ERROR_OF_EACH_STATUS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("POST", MESSAGE, {"json": TEXT}, 400, "LINK-MSG-02"),
    ("GET", SETTINGS, {"headers": {"Authorization": "Basic x"}}, 401, "LINK-AUTH-31"),
    ("GET", f"{GATEWAY}/nothing", {}, 404, "LINK-GEN-08"),
    ("DELETE", SETTINGS, {}, 405, "LINK-GEN-09"),
    ("POST", f"{GATEWAY}/registerFile", {"content": b" " * (2**20 + 1)}, 413, "LINK-GEN-22"),
    ("PUT", SETTINGS, {"content": b"{}"}, 415, "LINK-GEN-10"),
    ("GET", f"{SETTINGS}/{UNKNOWN_ID}", {}, 422, "LINK-SET-07"),
]


def each_error(rule_id: str) -> pytest.MarkDecorator:
    """Parametrize a test that proves a rule by one error of each status."""
    cases = [pytest.param(*case, id=f"{rule_id}-{case[3]}") for case in ONE_ERROR_OF_EACH_STATUS]
    return pytest.mark.parametrize(("method", "path", "options", "status", "rule"), cases)


async def answer(link: LinkClient, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
    """Send a request with a token, unless it brings an Authorization header of its own."""
    headers = {**await link.headers(), **options.get("headers", {})}
    return await link.http.request(method, path, **{**options, "headers": headers})


@each_error("LINK-GEN-01")
async def test_an_error_has_the_form_of_api_error(
    link: LinkClient, method: str, path: str, options: Any, status: int, rule: str
) -> None:
    """JSON of exactly status, error and message, in that order, all of them strings."""
    response = await answer(link, method, path, options)
    assert response.headers["content-type"] == "application/json"
    assert list(response.json()) == ["status", "error", "message"]
    assert all(isinstance(value, str) and value for value in response.json().values())
    assert response.json()["status"] == str(response.status_code) == str(status)


@each_error("LINK-GEN-02")
async def test_an_error_has_the_fixed_reason_phrase(
    link: LinkClient, method: str, path: str, options: Any, status: int, rule: str
) -> None:
    """The phrase is from the table, whatever the language runtime calls the status."""
    phrases = {
        400: "Bad Request",
        401: "Unauthorized",
        404: "Not Found",
        405: "Method Not Allowed",
        413: "Payload Too Large",
        415: "Unsupported Media Type",
        422: "Unprocessable Entity",
    }
    assert (await answer(link, method, path, options)).json()["error"] == phrases[status]


@each_error("LINK-GEN-07")
async def test_an_error_names_its_rule_in_a_header(
    link: LinkClient, method: str, path: str, options: Any, status: int, rule: str
) -> None:
    """The header names the rule; the body does not."""
    response = await answer(link, method, path, options)
    assert broken_rule(response) == rule
    assert "LINK-" not in response.text


@pytest.mark.parametrize(
    ("number", "status", "phrase"),
    [
        pytest.param("+99900003101", 400, "Bad Request", id="LINK-GEN-20-trouble-is-a-bad-request"),
        pytest.param("+99900003102", 500, "Internal Server Error", id="LINK-GEN-02-500"),
        pytest.param("+99900003103", 503, "Service Unavailable", id="LINK-GEN-02-503"),
    ],
)
async def test_scripted_trouble(link: LinkClient, number: str, status: int, phrase: str) -> None:
    """A scripted outage has the same form as every error, and names the number that did it in place of a rule."""
    response = await link.send(to=number, text="Hello")
    assert response.status_code == status
    assert response.json() == {"status": str(status), "error": phrase, "message": TROUBLE}
    assert broken_rule(response) is None
    assert response.headers["x-sandbox-fault"] == number
    assert not link.account.journal.messages


async def test_a_failure_of_ours_is_trouble_of_the_platform(
    link: LinkClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """LINK-GEN-20: even a bug of the sandbox is answered with the documented 400, and is told in the log."""

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(routes, "check_content", broken)
    response = await link.send(text="Hello")
    assert response.json() == {"status": "400", "error": "Bad Request", "message": TROUBLE}
    assert "ZeroDivisionError" in caplog.text
    assert not link.account.journal.messages


async def test_success_names_no_rule(link: LinkClient) -> None:
    """LINK-GEN-07: the header is for errors."""
    response = await link.send(text="Hello")
    assert response.status_code == 200
    assert broken_rule(response) is None


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("POST", f"{MESSAGE}?messageId={ID}&settingsId={UNKNOWN_ID}", 400, id="LINK-GEN-03-message"),
        pytest.param("GET", f"{SETTINGS}/{UNKNOWN_ID}", 422, id="LINK-GEN-03-admin"),
        pytest.param("GET", f"{SETTINGS}/no-uuid", 422, id="LINK-GEN-03-admin-no-uuid"),
        pytest.param("DELETE", f"{SETTINGS}/no-uuid", 422, id="LINK-GEN-03-admin-delete-no-uuid"),
        pytest.param("POST", "/auth/oauth2/token?grant_type=x&assertion=y", 400, id="LINK-GEN-03-token"),
    ],
)
async def test_a_documented_status_is_preferred(link: LinkClient, method: str, path: str, status: int) -> None:
    """Unknown settings are a 422 where that is documented and a 400 where it is not; the token endpoint has no 401."""
    body = TEXT if method == "POST" else None
    response = await link.http.request(method, path, headers=await link.headers(), json=body)
    assert response.status_code == status


def two_defects(
    rule: str,
    what: str,
    *,
    method: str = "POST",
    path: str = MESSAGE,
    query: str = f"messageId={ID}",
    body: Any = TEXT,
    headers: dict[str, str] | None = None,
    token: bool = True,
) -> Any:
    """Return a case of a request with two things wrong, and the rule that is checked first."""
    return pytest.param(method, f"{path}?{query}", body, headers or JSON_TYPE, token, rule, id=f"LINK-GEN-04-{what}")


LONG_SUGGESTION = [{"text": "x" * 26, "callbackData": "a"}]
ORDER = [
    two_defects("LINK-GEN-08", "path-before-token", path=f"{GATEWAY}/nothing", token=False),
    two_defects("LINK-GEN-09", "method-before-token", method="PATCH", token=False),
    two_defects("LINK-AUTH-30", "token-before-content-type", headers={"Content-Type": "text/plain"}, token=False),
    two_defects("LINK-AUTH-30", "token-before-body", body=b"{", token=False),
    two_defects("LINK-AUTH-30", "token-before-size", body=b" " * (2**20 + 1), token=False),
    two_defects(
        "LINK-GEN-10",
        "content-type-before-recipient",
        headers={"Content-Type": "text/plain"},
        path=f"{GATEWAY}/phone/1/conversationMessage",
    ),
    two_defects("LINK-GEN-10", "content-type-before-query", headers={"Content-Type": "text/plain"}, query=""),
    two_defects("LINK-GEN-10", "content-type-before-body", headers={"Content-Type": "text/plain"}, body=b"{"),
    two_defects("LINK-MSG-01", "path-before-query", path=f"{GATEWAY}/phone/1/conversationMessage", query=""),
    two_defects("LINK-MSG-02", "message-id-before-body", query="", body=b"{"),
    two_defects("LINK-MSG-03", "message-id-before-settings-id", query="messageId=x&settingsId=y"),
    two_defects("LINK-MSG-07", "settings-id-before-body", query=f"messageId={ID}&settingsId=y", body=b"{"),
    two_defects("LINK-GEN-11", "json-before-reference", query=f"messageId={ID}&settingsId={UNKNOWN_ID}", body=b"{"),
    two_defects(
        "LINK-GEN-12",
        "shape-before-reference",
        query=f"messageId={ID}&settingsId={UNKNOWN_ID}",
        body={"messageContent": {"text": 5}},
    ),
    two_defects(
        "LINK-MSG-14",
        "value-before-settings",
        query=f"messageId={ID}&settingsId={UNKNOWN_ID}",
        body={"messageContent": {"text": "x" * 2001}},
    ),
    two_defects(
        "LINK-SUG-03", "value-before-file", body={"messageContent": {"fileId": "x", "suggestions": LONG_SUGGESTION}}
    ),
    two_defects(
        "LINK-MSG-08",
        "settings-before-file",
        query=f"messageId={ID}&settingsId={UNKNOWN_ID}",
        body={"messageContent": {"fileId": "x"}},
    ),
    two_defects(
        "LINK-MSG-12",
        "message-content-before-suggestions",
        body={"messageContent": {"text": "a", "fileId": "b", "suggestions": [{"text": "Yes"}]}},
    ),
    two_defects(
        "LINK-MSG-17",
        "conversation-card-before-cards",
        body={"messageContent": {"conversationCard": {"carouselCard": {}, "standaloneCard": {}}}},
    ),
    two_defects(
        "LINK-SUG-05",
        "suggestion-before-actions",
        body={
            "messageContent": {
                "text": "a",
                "suggestions": [{"text": "b", "callbackData": "c", "callAction": {}, "openUrlAction": {}}],
            }
        },
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "headers", "token", "rule"), ORDER)
async def test_checks_have_an_order(
    link: LinkClient, method: str, path: str, body: Any, headers: dict[str, str], token: bool, rule: str
) -> None:
    """Of two defects the one whose check comes first is answered."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    all_headers = {**headers, **(await link.headers() if token else {})}
    response = await link.http.request(method, path, headers=all_headers, content=content)
    assert broken_rule(response) == rule
    assert not link.account.journal.messages


@pytest.mark.parametrize(
    ("content", "settings_id", "rule"),
    [
        pytest.param({"text": "Another"}, UNKNOWN_ID, "LINK-MSG-08", id="LINK-GEN-04-settings-before-repeat"),
        pytest.param({"fileId": "x"}, None, "LINK-MSG-15", id="LINK-GEN-04-file-before-repeat"),
        pytest.param({"text": "Another"}, None, "LINK-MSG-05", id="LINK-GEN-04-repeat-comes-last"),
    ],
)
async def test_a_repeated_id_is_looked_at_last(
    link: LinkClient, content: dict[str, Any], settings_id: str | None, rule: str
) -> None:
    """References are checked before a message id is looked up."""
    await link.send(text="Hello", message_id=ID)
    query = {"settingsId": settings_id} if settings_id is not None else {}
    response = await link.post_message({"messageContent": content}, message_id=ID, **query)
    assert broken_rule(response) == rule


@pytest.mark.parametrize(
    ("token", "status"),
    [
        pytest.param(True, 500, id="LINK-GEN-04-faults-strike-before-the-body"),
        pytest.param(False, 401, id="LINK-GEN-04-faults-strike-after-the-token"),
    ],
)
async def test_a_fault_strikes_right_after_the_token(link: LinkClient, token: bool, status: int) -> None:
    """A scripted fault answers a request whose body is bad, and not one whose token is bad."""
    headers = {**JSON_TYPE, **(await link.headers() if token else {})}
    path = f"{GATEWAY}/phone/+99900003102/conversationMessage"
    assert (await link.http.post(path, content=b"{", headers=headers)).status_code == status


@pytest.mark.parametrize(
    ("query", "content", "rule", "message"),
    [
        pytest.param(
            {},
            {"text": "a", "suggestions": [{"text": ""}, {"callbackData": 5}, {}]},
            "LINK-SUG-02",
            "messageContent.suggestions[0].text: is required",
            id="LINK-GEN-05-body",
        ),
        pytest.param(
            {"settingsId": "x"},
            {"text": 5, "suggestions": {}},
            "LINK-MSG-07",
            "settingsId: must be a UUID",
            id="LINK-GEN-05-parameter-and-body",
        ),
    ],
)
async def test_one_error_an_answer(
    link: LinkClient, query: dict[str, str], content: dict[str, Any], rule: str, message: str
) -> None:
    """Of many defects the answer names one, the first."""
    assert_refused(await link.post_message({"messageContent": content}, **query), 400, rule, message)


CARD = {"title": "A", "suggestions": [{"text": "a", "callbackData": "b"}]}


@pytest.mark.parametrize(
    ("content", "query", "message"),
    [
        pytest.param(
            {"text": "a", "suggestions": [{"text": "a", "callbackData": "b"}] * 2 + [{"callbackData": "b"}]},
            {},
            "messageContent.suggestions[2].text: is required",
            id="LINK-GEN-06-suggestion",
        ),
        pytest.param(
            {
                "conversationCard": {
                    "carouselCard": {"cardWidth": "SMALL", "cardContents": [CARD, {"suggestions": [{"text": "a"}]}]}
                }
            },
            {},
            "messageContent.conversationCard.carouselCard.cardContents[1].suggestions[0].callbackData: is required",
            id="LINK-GEN-06-deep-inside",
        ),
        pytest.param({"text": "a"}, {"settingsId": "x"}, "settingsId: must be a UUID", id="LINK-GEN-06-parameter"),
    ],
)
async def test_an_error_names_the_place(
    link: LinkClient, content: dict[str, Any], query: dict[str, str], message: str
) -> None:
    """Body errors name the JSON path, parameter errors the parameter."""
    response = await link.post_message({"messageContent": content}, **query)
    assert response.json()["message"] == message


@pytest.mark.parametrize("token", [True, False], ids=["with-token", "without-token"])
@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/gateway/", id="LINK-GEN-08-prefix"),
        pytest.param("/auth/", id="LINK-GEN-08-auth-prefix"),
        pytest.param("/auth/oauth2/tokens", id="LINK-GEN-08-misspelt"),
        pytest.param("/auth/oauth2/token/", id="LINK-GEN-08-trailing-slash"),
        pytest.param(f"{GATEWAY}/featureset/", id="LINK-GEN-08-trailing-slash-featureset"),
        pytest.param(f"{SETTINGS}/", id="LINK-GEN-08-trailing-slash-settings"),
        pytest.param(f"{SETTINGS}/{ID}/", id="LINK-GEN-08-trailing-slash-settings-id"),
        pytest.param(f"{MESSAGE}/", id="LINK-GEN-08-trailing-slash-message"),
        pytest.param(f"{GATEWAY}/FeatureSet", id="LINK-GEN-08-letter-case"),
        pytest.param(f"{GATEWAY}//featureset", id="LINK-GEN-08-double-slash"),
        pytest.param(f"{GATEWAY}/phone//conversationMessage", id="LINK-GEN-08-no-msisdn"),
        pytest.param("/gateway/lmc/v2/featureset", id="LINK-GEN-08-other-version"),
    ],
)
async def test_an_unknown_path(link: LinkClient, path: str, token: bool) -> None:
    """What is no documented path is a 404, never a redirect, with or without a token."""
    response = await link.http.get(path, headers=await link.headers() if token else {})
    assert_refused(response, 404, "LINK-GEN-08", "No such resource")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        pytest.param("/auth/oauth2/token", ["POST"], id="LINK-GEN-09-token"),
        pytest.param(SETTINGS, ["GET", "PUT"], id="LINK-GEN-09-all-settings"),
        pytest.param(f"{SETTINGS}/{ID}", ["GET", "DELETE"], id="LINK-GEN-09-settings"),
        pytest.param(f"{GATEWAY}/featureset", ["GET"], id="LINK-GEN-09-featureset"),
        pytest.param(MESSAGE, ["POST"], id="LINK-GEN-09-message"),
        pytest.param(f"{GATEWAY}/registerFile", ["POST"], id="LINK-GEN-09-file"),
    ],
)
async def test_another_method(link: LinkClient, path: str, allowed: list[str]) -> None:
    """A known path answers 405 to every other method and lists its own, token or not."""
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - set(allowed):
        response = await link.http.request(method, path)
        assert_refused(response, 405, "LINK-GEN-09", "Method not allowed")
        assert response.headers["allow"] == ", ".join(allowed)


@pytest.fixture
def other(app: App, http: httpx.AsyncClient) -> LinkClient:
    """A client of another customer of the same sandbox."""
    return LinkClient(http, app.sandbox.create_account(AccountSpec(provider="link", id="acc_other")))


def in_card(file_id: str) -> dict[str, Any]:
    """Return the content of a card that shows a file."""
    content = {"cardMedia": {"cardHeight": "TALL", "fileId": file_id}}
    card = {"cardContent": content, "cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT"}
    return {"conversationCard": {"standaloneCard": card}}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda file_id: {"fileId": file_id}, id="LINK-GEN-16-file"),
        pytest.param(in_card, id="LINK-GEN-16-file-in-a-card"),
    ],
)
async def test_a_file_is_its_customers_own(link: LinkClient, other: LinkClient, content: Any) -> None:
    """Another customer's file is unknown, as any other string is."""
    file_id = (await link.register(url="https://example.com/a.jpg")).json()["fileId"]
    assert broken_rule(await other.send(**content(file_id))) == "LINK-MSG-15"
    assert (await link.send(**content(file_id))).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "rule"),
    [
        pytest.param("GET", f"/admin/settings/{ID}", None, "LINK-SET-07", id="LINK-GEN-16-settings-read"),
        pytest.param("DELETE", f"/admin/settings/{ID}", None, "LINK-SET-07", id="LINK-GEN-16-settings-deleted"),
        pytest.param(
            "POST",
            f"/phone/{USER}/conversationMessage?messageId={ID}&settingsId={ID}",
            TEXT,
            "LINK-MSG-08",
            id="LINK-GEN-16-settings-used",
        ),
        pytest.param(
            "PUT", "/admin/settings", {"id": ID, "webSmsTemplate": "Theirs"}, None, id="LINK-GEN-16-settings-put"
        ),
    ],
)
async def test_settings_are_their_customers_own(
    link: LinkClient, other: LinkClient, method: str, path: str, body: Any, rule: str | None
) -> None:
    """Another customer's settings are unknown and not listed, and their id is free; nothing done to it touches them."""
    await link.call("PUT", "/admin/settings", json={"id": ID, "webSmsTemplate": "Mine"})
    assert (await other.call("GET", "/admin/settings")).json() == []
    assert broken_rule(await other.call(method, path, json=body)) == rule
    assert (await link.call("GET", f"/admin/settings/{ID}")).json()["webSmsTemplate"] == "Mine"


async def test_a_message_id_is_its_customers_own(link: LinkClient, other: LinkClient) -> None:
    """LINK-GEN-16: two customers may use the same message id, and each journal holds its own message alone."""
    assert (await link.send(text="Mine", message_id=ID)).status_code == 200
    assert (await other.send(text="Theirs", message_id=ID)).status_code == 200
    assert [message.text for message in link.account.journal.messages] == ["Mine"]
    assert [message.text for message in other.account.journal.messages] == ["Theirs"]
    assert not any(exchange.account == "acc_other" for exchange in link.account.journal.requests)


@pytest.mark.parametrize(
    "accept",
    [
        pytest.param("text/html", id="LINK-GEN-19-html"),
        pytest.param("application/xml;q=0.9", id="LINK-GEN-19-xml"),
        pytest.param("nonsense", id="LINK-GEN-19-nonsense"),
        pytest.param("", id="LINK-GEN-19-empty"),
    ],
)
async def test_accept_is_not_looked_at(link: LinkClient, accept: str) -> None:
    """Success is JSON whatever the client says it accepts."""
    for path in ("/featureset", "/admin/settings"):
        response = await link.call("GET", path, headers={"Accept": accept})
        assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
