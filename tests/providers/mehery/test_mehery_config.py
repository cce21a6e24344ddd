"""MeherY's configuration calls: channels, variables, templates, and the webhook of an app."""

from __future__ import annotations

from typing import Any

import pytest

from mehery_shapes import complaints
from mehery_tenant import JOHN, WEBHOOK, Tenant, refusal
from sandbox.providers.mehery import config
from sandbox.providers.mehery.account import MeherySettings
from sandbox.providers.mehery.config import MOST_URL
from sandbox.sandbox import AccountChanges

pytestmark = pytest.mark.anyio

CHANNELS = [
    "wa360:918828218374",
    "wacfb:919999998888",
    "fb:100200300400500",
    "ig:17841400000000001",
    "tg:sandboxsupportbot",
    "sms:SANDBX",
    "mailto:supportexamplecom",
    "web:sandboxweb",
]
SANDBOX = "wa360:910000000001"


def ids(response: Any) -> list[str]:
    """Return the channelIds of a list of channels."""
    return [channel["channelId"] for channel in response.json()["results"]]


# channels


async def test_meh_chan_01(tenant: Tenant) -> None:
    """MEH-CHAN-01: the list has the channels that are no sandbox, in their order, as the description has them."""
    response = await tenant.get("/config/channels")
    assert ids(response) == CHANNELS
    assert complaints(response.json(), "ApiResultsMetaCompactResponse«MsgChannel,object»") == []
    assert response.json()["results"][0] == {
        "channelId": "wa360:918828218374",
        "contactType": "WHATSAPP",
        "lane": "918828218374",
        "name": "Customer Support",
    }


@pytest.mark.parametrize("name", ["sabdnox", "sandbox"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *[pytest.param(word, True, id=f"MEH-CHAN-02-{word}") for word in ("true", "1", "yes", "on", "TRUE", "Yes")],
        *[pytest.param(word, False, id=f"MEH-CHAN-02-{word}") for word in ("false", "0", "no", "off", "False")],
        pytest.param("", False, id="MEH-CHAN-02-empty"),
        *[pytest.param(word, None, id=f"MEH-CHAN-02-{word}") for word in ("maybe", "2", "truth")],
    ],
)
async def test_meh_chan_02(tenant: Tenant, name: str, value: str, shown: bool | None) -> None:
    """With sabdnox or sandbox true the sandbox channel is on the list too."""
    response = await tenant.get("/config/channels", **{name: value})
    if shown is None:
        entries = [("FIELD_TYPE_MISMATCH", name)]
        assert refusal(response) == (400, "PARAM_TYPE_MISMATCH", "MEH-CHAN-02", entries)
    else:
        assert ids(response) == CHANNELS + [SANDBOX] * shown


# variables


async def test_meh_vars_01(tenant: Tenant) -> None:
    """MEH-VARS-01: the list has all variables, disabled ones too; domain and server are those of callbacks."""
    response = await tenant.get("/config/global/vars")
    body = response.json()
    assert complaints(body, "ApiResponse«CompanyVarsConfigDoc,object»") == []
    assert [(each["key"], each["value"], each["type"], each["disabled"]) for each in body["results"]] == [
        ("company_name", "Sandbox Co", "TEXT", False),
        ("crm_number", "18000000000", "TEXT", False),
        ("support_email", "support@example.com", "TEXT", False),
        ("business_hours", {"open": "09:00", "close": "18:00"}, "JSON", False),
        ("old_promo", "SUMMER", "TEXT", True),
    ]
    assert {(each["domain"], each["server"]) for each in body["results"]} == {("sandbox", "localhost:4700")}
    assert body["data"] is None
    tenant.configure(domain="alex", server="server.com")
    (first, *_) = (await tenant.get("/config/global/vars")).json()["results"]
    assert (first["domain"], first["server"]) == ("alex", "server.com")


@pytest.mark.parametrize(
    ("channel", "count"),
    [
        pytest.param("wa360:918828218374", 5, id="MEH-VARS-02-a-known-channel"),
        pytest.param("wa360:910000000001", 5, id="MEH-VARS-02-a-sandbox-channel"),
        pytest.param("", 5, id="MEH-VARS-02-empty"),
        pytest.param("wa360:1", 0, id="MEH-VARS-02-an-unknown-channel"),
    ],
)
async def test_meh_vars_02(tenant: Tenant, channel: str, count: int) -> None:
    """An unknown channel empties the list, and is not an error."""
    response = await tenant.get("/config/global/vars", channelId=channel)
    assert (response.status_code, len(response.json()["results"])) == (200, count)


# templates

EVERY_TEMPLATE = [
    *("FEEDBACK.en", "FEEDBACK.hi", "transaction_acknowledgment.en", "otp_code.en"),
    *("promo_image.en", "rejected_offer.en", "email_welcome.en"),
]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        pytest.param(
            {},
            EVERY_TEMPLATE,
            id="MEH-TMPL-01-all",
        ),
        pytest.param(
            {"channelId": "wacfb:919999998888"},
            ["transaction_acknowledgment.en", "otp_code.en"],
            id="MEH-TMPL-01-of-a-channel",
        ),
        pytest.param({"channelStatus": "PENDING"}, ["promo_image.en"], id="MEH-TMPL-01-of-a-status"),
        pytest.param({"channelStatus": "rejected"}, ["rejected_offer.en"], id="MEH-TMPL-01-in-any-letter-case"),
        pytest.param(
            {"channelId": "wa360:918828218374", "channelStatus": "APPROVED"},
            ["FEEDBACK.en", "FEEDBACK.hi", "transaction_acknowledgment.en"],
            id="MEH-TMPL-01-both-on-one-entry",
        ),
        pytest.param(
            {"channelId": "wacfb:919999998888", "channelStatus": "PENDING"}, [], id="MEH-TMPL-01-not-on-one-entry"
        ),
        pytest.param({"channelId": "wa360:1"}, [], id="MEH-TMPL-01-an-unknown-channel"),
        pytest.param({"channelStatus": "MAYBE"}, [], id="MEH-TMPL-01-an-unknown-status"),
    ],
)  # fmt: skip
async def test_meh_tmpl_01(tenant: Tenant, query: dict[str, str], codes: list[str]) -> None:
    """Channel and status keep the templates that have one such approval."""
    response = await tenant.get("/config/tmpl/hsm", **query)
    body = response.json()
    assert response.status_code == 200
    assert [f"{each['code']}.{each['lang']}" for each in body["results"]] == codes
    assert complaints(body, "ApiResponse«HSMTemplateDoc,object»") == []


async def test_meh_tmpl_01_a_template(tenant: Tenant) -> None:
    """A template shows its approvals, its buttons and its attachments, all in the document's shapes."""
    found = (await tenant.get("/config/tmpl/hsm")).json()["results"]
    feedback, promo = found[0], found[4]
    assert feedback["id"] == "60d236c6142e53561cb7716c"
    assert feedback["approved"] == [
        {"channelId": "wa360:918828218374", "status": "APPROVED", "templateId": "60d236c6142e53561cb7716c"}
    ]
    assert [(each["code"], each["name"], each["label"], each["type"]) for each in feedback["options"]["buttons"]] == [
        ("good", "good", "Good", "QUICK_REPLY"),
        ("bad", "bad", "Bad", "QUICK_REPLY"),
    ]
    (picture,) = promo["attachments"]
    assert (picture["mediaType"], picture["mediaSubType"], picture["mediaCode"]) == ("IMAGE", "IMAGE", None)


async def test_approvals_can_be_changed(tenant: Tenant) -> None:
    """The operator approves and rejects templates, by code or id, on any channel."""
    promo = next(each for each in tenant.world.templates.values() if each.code == "promo_image")
    tenant.configure(
        approvals={
            "promo_image": {"wa360:918828218374": "APPROVED"},
            promo.id: {"wacfb:919999998888": "REJECTED"},
        }
    )
    approvals = {"wa360:918828218374": "APPROVED", "wacfb:919999998888": "REJECTED"}
    assert tenant.world.approvals(promo) == approvals
    (found,) = (await tenant.get("/config/tmpl/hsm", channelStatus="rejected", channelId="wacfb:919999998888")).json()[
        "results"
    ]
    assert {each["channelId"]: each["status"] for each in found["approved"]} == approvals


# the webhook


async def test_meh_hook_01(tenant: Tenant) -> None:
    """MEH-HOOK-01: the webhook is that of the calling app, from the next callback on; the answer is the app, its key masked."""
    given = {"url": "https://hooks.example.com/in?a=1"}
    response = await tenant.post("/config/webhook", given)
    body = response.json()
    assert complaints(body, "ApiResponse«ClientApp,object»") == []
    assert (body["meta"], body["results"]) == (given, [body["data"]])
    app = body["data"]
    assert (app["id"], app["queue"], app["appType"], app["agentApp"]) == (
        *("61ec7d9c2ce85742b201c5ab", "external_bot", "WEBHOOK", False),
    )
    assert (app["webhook"], app["key"], app["secret"]) == (given["url"], "sand****", {})
    await tenant.does("say", text="Hello")
    assert len(tenant.told(given["url"])) == 1
    assert tenant.told(WEBHOOK) == []
    (callback,) = tenant.callbacks
    assert callback.vouched is False  # a request supplied the address, and the egress rule wants to know


async def test_meh_hook_01_another_app_keeps_its_own(tenant: Tenant) -> None:
    """MEH-HOOK-01: each app has its own webhook, and the platform key sets that of the app it acts for."""
    await tenant.post("/config/webhook", {"url": "https://one.example.com/"}, tenant.key("billing_bot"))
    headers = {"x-api-key": "sandbox-mehery-platform-key", "x-api-id": "61ec7d9c2ce85742b201c5ab"}
    await tenant.post("/config/webhook", {"url": "https://two.example.com/"}, headers)
    world = tenant.world
    assert world.webhook_of(world.apps["billing_bot"]) == ("https://one.example.com/", False)
    assert world.webhook_of(world.apps["external_bot"]) == ("https://two.example.com/", False)


async def test_meh_hook_01_the_operators_later_word_wins(tenant: Tenant) -> None:
    """MEH-HOOK-01: a webhook that the operator configures after the call replaces it; one configured before does not."""
    world, bot = tenant.world, tenant.world.apps["external_bot"]
    assert world.webhook_of(bot) == (WEBHOOK, True)
    await tenant.post("/config/webhook", {"url": "https://one.example.com/"})
    tenant.configure(domain="alex")
    assert world.webhook_of(bot) == ("https://one.example.com/", False)
    tenant.app.sandbox.change_account(tenant.account, AccountChanges(webhook={"url": "http://127.0.0.1:9/new"}))
    assert world.webhook_of(bot) == ("http://127.0.0.1:9/new", True)
    tenant.configure(apps={"billing_bot": {"webhook": "http://127.0.0.1:9/bills"}})
    assert world.webhook_of(world.apps["billing_bot"]) == ("http://127.0.0.1:9/bills", True)


LONGEST = "https://example.com/" + "x" * (MOST_URL - 20)


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        pytest.param("https://example.com", None, id="MEH-HOOK-02-a-host"),
        pytest.param("https://example.com:8443/a/b?c=d#e", None, id="MEH-HOOK-02-port-path-query-fragment"),
        pytest.param("HTTPS://EXAMPLE.COM/", None, id="MEH-HOOK-02-in-capitals"),
        pytest.param("https://[::1]:8443/", None, id="MEH-HOOK-02-an-ipv6-address"),
        pytest.param(LONGEST, None, id="MEH-HOOK-02-2048-characters"),
        pytest.param(LONGEST + "x", "MEH-HOOK-02", id="MEH-HOOK-02-2049-characters"),
        pytest.param("example.com/webhook", "MEH-HOOK-02", id="MEH-HOOK-02-no-scheme"),
        pytest.param("/webhook", "MEH-HOOK-02", id="MEH-HOOK-02-a-path"),
        pytest.param("https://", "MEH-HOOK-02", id="MEH-HOOK-02-no-host"),
        pytest.param("https:///webhook", "MEH-HOOK-02", id="MEH-HOOK-02-an-empty-host"),
        pytest.param("https://bob@example.com/", "MEH-HOOK-02", id="MEH-HOOK-02-a-user"),
        pytest.param("https://bob:secret@example.com/", "MEH-HOOK-02", id="MEH-HOOK-02-user-and-password"),
        pytest.param("https://@example.com/", "MEH-HOOK-02", id="MEH-HOOK-02-an-empty-user"),
        pytest.param("ftp://example.com/", "MEH-HOOK-02", id="MEH-HOOK-02-no-web-scheme"),
        pytest.param("javascript:alert(1)", "MEH-HOOK-02", id="MEH-HOOK-02-a-script"),
        pytest.param("https://example.com:99999/", "MEH-HOOK-02", id="MEH-HOOK-02-no-such-port"),
        pytest.param("https://example.com:x/", "MEH-HOOK-02", id="MEH-HOOK-02-no-port"),
        pytest.param("https://exa mple.com/", "MEH-HOOK-02", id="MEH-HOOK-02-a-blank"),
        pytest.param("https://example.com/\n", "MEH-HOOK-02", id="MEH-HOOK-02-a-line-break"),
        pytest.param("https://[::1/", "MEH-HOOK-02", id="MEH-HOOK-02-half-an-address"),
        pytest.param("http://example.com/", "MEH-HOOK-03", id="MEH-HOOK-03-http"),
        pytest.param("http://10.0.0.1/", "MEH-HOOK-03", id="MEH-HOOK-03-http-in-the-house"),
        pytest.param("http://localhost.example.com/", "MEH-HOOK-03", id="MEH-HOOK-03-http-to-a-pretender"),
        pytest.param("http://xlocalhost/", "MEH-HOOK-03", id="MEH-HOOK-03-http-to-another-pretender"),
        pytest.param("http://localhost:8080/", None, id="MEH-HOOK-03-http-to-localhost"),
        pytest.param("http://LOCALHOST/", None, id="MEH-HOOK-03-http-to-localhost-in-capitals"),
        pytest.param("http://bot.localhost/", None, id="MEH-HOOK-03-http-below-localhost"),
        pytest.param("http://127.0.0.1:9/", None, id="MEH-HOOK-03-http-to-loopback"),
        pytest.param("http://127.255.255.254/", None, id="MEH-HOOK-03-http-to-the-end-of-loopback"),
        pytest.param("http://128.0.0.1/", "MEH-HOOK-03", id="MEH-HOOK-03-http-past-loopback"),
        pytest.param("http://[::1]/", None, id="MEH-HOOK-03-http-to-ipv6-loopback"),
        pytest.param("http://[::2]/", "MEH-HOOK-03", id="MEH-HOOK-03-http-past-ipv6-loopback"),
    ],
)
async def test_meh_hook_02_03(tenant: Tenant, url: str, rule: str | None) -> None:
    """A webhook is an absolute https URL of at most 2048 characters without a user; http is for loopback."""
    response = await tenant.post("/config/webhook", {"url": url})
    if rule is None:
        assert response.status_code == 200
        assert response.json()["data"]["webhook"] == url
    else:
        key = {"MEH-HOOK-02": "WEBHOOK_URL_INVALID", "MEH-HOOK-03": "WEBHOOK_HTTPS_REQUIRED"}[rule]
        assert refusal(response) == (400, "PARAM_INVALID", rule, [(key, "url")])
        assert tenant.world.webhook_of(tenant.world.apps["external_bot"]) == (WEBHOOK, True)


@pytest.mark.parametrize(
    ("hosts", "host", "may"),
    [
        pytest.param(["ci.internal"], "ci.internal", True, id="MEH-HOOK-03-a-listed-name"),
        pytest.param(["ci.internal"], "CI.internal.", True, id="MEH-HOOK-03-the-same-name-written-otherwise"),
        pytest.param(["ci.internal"], "a.ci.internal", False, id="MEH-HOOK-03-a-name-below"),
        pytest.param(["*.internal"], "a.b.internal", True, id="MEH-HOOK-03-a-name-below-a-star"),
        pytest.param(["*.internal"], "internal", False, id="MEH-HOOK-03-the-name-of-a-star-itself"),
        pytest.param(["10.0.0.0/8"], "10.1.2.3", True, id="MEH-HOOK-03-in-a-network"),
        pytest.param(["10.0.0.0/8"], "11.1.2.3", False, id="MEH-HOOK-03-outside-a-network"),
        pytest.param(["not/a/network"], "10.1.2.3", False, id="MEH-HOOK-03-no-network"),
        pytest.param([], "localhost", False, id="MEH-HOOK-03-an-empty-list"),
    ],
)
def test_meh_hook_03_the_list(hosts: list[str], host: str, may: bool) -> None:
    """Which hosts may do without TLS is a setting: names, stars, addresses and networks."""
    assert MeherySettings(http_webhook_hosts=hosts).is_http_host(host) is may


@pytest.mark.parametrize("verify", [True, False], ids=lambda verify: f"MEH-HOOK-04-{verify}")
async def test_meh_hook_04(tenant: Tenant, verify: bool) -> None:
    """Certificates of webhooks are verified unless that is switched off."""
    tenant.configure(verify_tls=verify)
    await tenant.does("say", text="Hello")
    assert [received.verify for received in tenant.told()] == [verify]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({"url": ""}, None, id="MEH-HOOK-05-empty"),
        pytest.param({}, "url", id="MEH-HOOK-05-absent"),
        pytest.param({"url": None}, "url", id="MEH-HOOK-05-null"),
    ],
)
async def test_meh_hook_05(tenant: Tenant, body: Any, expected: str | None) -> None:
    """An empty URL takes the webhook away, so that callbacks are only recorded; none at all is a fault."""
    response = await tenant.post("/config/webhook", body)
    if expected is None:
        assert response.json()["data"]["webhook"] is None
        await tenant.does("say", text="Hello")
        assert tenant.told() == []
        assert [callback.state for callback in tenant.callbacks] == ["recorded"]
    else:
        assert refusal(response) == (400, "PARAM_MISSING", "MEH-HOOK-05", [("FIELD_MISSING", "url")])


@pytest.mark.parametrize(
    ("queue", "may"),
    [
        pytest.param("external_bot", True, id="MEH-HOOK-06-a-webhook-app"),
        pytest.param("billing_bot", True, id="MEH-HOOK-06-another-webhook-app"),
        pytest.param("agent_desk", False, id="MEH-HOOK-06-an-agent-app"),
        pytest.param("basic_bot", False, id="MEH-HOOK-06-a-bot-app"),
    ],
)
async def test_meh_hook_06(tenant: Tenant, queue: str, may: bool) -> None:
    """Only apps of the type WEBHOOK have a webhook, and the URL is judged first."""
    response = await tenant.post("/config/webhook", {"url": "https://example.com/"}, tenant.key(queue))
    if may:
        assert response.json()["data"]["queue"] == queue
    else:
        assert refusal(response) == (400, "PARAM_INVALID", "MEH-HOOK-06", [("INCORRECT_APP_TYPE", "appType")])
        bad = await tenant.post("/config/webhook", {"url": "nowhere"}, tenant.key(queue))
        assert refusal(bad)[2] == "MEH-HOOK-02"


async def test_meh_hook_07(tenant: Tenant) -> None:
    """MEH-HOOK-07: nothing is sent to a webhook when it is set."""
    await tenant.post("/config/webhook", {"url": "http://127.0.0.1:9/mine"})
    await tenant.settle()
    assert (tenant.webhook.received, tenant.callbacks) == ([], [])


async def test_meh_hook_01_a_reset_forgets_it(tenant: Tenant) -> None:
    """MEH-HOOK-01: a reset brings the operator's webhook back."""
    await tenant.post("/config/webhook", {"url": "http://127.0.0.1:9/mine"})
    tenant.app.sandbox.reset(tenant.account)
    await tenant.does("say", JOHN, text="Hello")
    assert len(tenant.told()) == 1


def test_the_longest_url_is_what_it_says() -> None:
    """The two URLs around the limit are 2048 and 2049 characters long."""
    assert (len(LONGEST), config.MOST_URL) == (2048, 2048)
