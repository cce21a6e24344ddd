"""Bar: what is set about accounts, their time and what goes wrong, as the control API takes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

import hostile
from business import PERSON, Business
from live_server import LiveServer
from sandbox.client import Client
from sandbox.client.resources import Webhook
from watch import Watch

Open = Callable[..., Page]

DIALOGS = ["Credentials", "Webhook", "Clock", "Faults", "Scenarios", "Record", "Coverage"]


def tool(page: Page, name: str) -> Locator:
    """Return a button of the bar; some tell how things stand instead of their name."""
    return page.locator(f"[data-tool={name.lower().replace('record', 'recording')}]")


def dialog_of(page: Page, name: str) -> Locator:
    """Open a dialog of the bar."""
    tool(page, name).click()
    return page.get_by_role("dialog", name=name)


def choose(page: Page, account: str) -> None:
    """Look at one account."""
    page.get_by_label("Account", exact=True).select_option(account)
    expect(page.get_by_label("What the wire shows")).to_have_value("account")


def copied_by(button: Locator) -> str:
    """Press a button that copies, and return what it copied."""
    button.click()
    expect(button.locator("xpath=following-sibling::*")).to_have_text("Copied")
    text: str = button.page.evaluate("navigator.clipboard.readText()")
    return text


def test_the_chooser_lists_accounts_as_they_come_and_go(inspector: Open, server: LiveServer, sandbox: Client) -> None:
    """Every account can be chosen, those made meanwhile too, and all of them together."""
    page = inspector()
    chooser = page.get_by_label("Account", exact=True)
    expect(chooser.locator("option")).to_have_count(1 + len(sandbox.accounts()))
    made = httpx.post(
        f"{server.url}/_sandbox/accounts", json={"provider": "link", "name": "Mine"}, trust_env=False
    ).json()
    expect(chooser.locator("option").last).to_have_text(f"Mine ({made['id']})")
    chooser.select_option(made["id"])
    expect(page.get_by_label("What the wire shows").locator("option").first).to_have_text(f"all of {made['id']}")
    chooser.select_option("")
    expect(page.get_by_label("What the wire shows").locator("option")).to_have_count(1)
    httpx.delete(f"{server.url}/_sandbox/accounts/{made['id']}", trust_env=False)
    expect(chooser.locator("option")).to_have_count(1 + len(sandbox.accounts()))


def test_credentials_are_copied(inspector: Open, context: BrowserContext, sandbox: Client, server: LiveServer) -> None:
    """Each credential, keys as PEM, the base URL, and headers that work, by a button each."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = inspector()
    choose(page, "acc_link")
    dialog = dialog_of(page, "Credentials")
    credentials = sandbox.account("acc_link")["credentials"]
    wanted = {
        "base URL": server.url,
        "customer_id": credentials["customer_id"],
        "private_key": credentials["private_key"],
        "public_keys[0]": credentials["public_keys"][0],
    }
    for name, value in wanted.items():
        assert copied_by(dialog.get_by_role("button", name=f"Copy {name}", exact=True)) == value
    settings = f"{server.url}/gateway/lmc/v1/admin/settings"
    name, _, value = copied_by(dialog.get_by_role("button", name="Copy authorization headers")).partition(": ")
    assert httpx.get(settings, headers={name: value}, trust_env=False).status_code == 200
    for_curl = copied_by(dialog.get_by_role("button", name="Copy authorization for curl"))
    assert re.fullmatch(r"-H 'Authorization: Bearer [\w.-]+'", for_curl)


def test_credentials_of_another_account(inspector: Open) -> None:
    """The dialog has a choice of its own; what is nested is named by its path."""
    dialog = dialog_of(inspector(), "Credentials")
    dialog.get_by_label("Account").select_option("acc_mehery")
    expect(dialog.get_by_role("button", name="Copy apps.billing_bot.api_key")).to_be_visible()
    expect(dialog.get_by_text("sandbox-mehery-key-1")).to_be_visible()


def test_the_webhook_is_changed(inspector: Open, sandbox: Client, watch: Watch) -> None:
    """URL, headers and timeout are set, taken away, and refused beside the field that they stand in."""
    watch.allow("422")
    page = inspector()
    choose(page, "acc_link")
    expect(tool(page, "webhook")).to_have_text("No webhook")
    dialog = dialog_of(page, "Webhook")
    save = dialog.get_by_role("button", name="Save")
    dialog.get_by_label("URL").fill("ftp://nowhere")
    save.click()
    expect(dialog.locator("[data-path='webhook.url'] .complaint")).to_contain_text("absolute http or https URL")
    expect(dialog.get_by_label("URL")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("URL").fill("http://127.0.0.1:9/hook")
    dialog.get_by_label("Headers").fill("bad name: x")
    save.click()
    expect(dialog.locator("[data-path='webhook.headers'] .complaint")).to_contain_text("is no name of a header")
    dialog.get_by_label("Headers").fill("X-One: 1\nX-Two: a: b\n\n")
    dialog.get_by_label("Timeout").fill("2.5")
    save.click()
    expect(dialog.get_by_text("Saved")).to_be_visible()
    expected: Webhook = {"url": "http://127.0.0.1:9/hook", "headers": {"X-One": "1", "X-Two": "a: b"}, "timeout": 2.5}
    assert sandbox.account("acc_link")["webhook"] == expected
    expect(tool(page, "webhook")).to_have_text("Webhook 127.0.0.1:9")
    dialog.get_by_label("Headers").fill("X-Two: c")
    save.click()
    expect(dialog.get_by_text("Saved")).to_be_visible()
    assert sandbox.account("acc_link")["webhook"] == {**expected, "headers": {"X-Two": "c"}}
    dialog.get_by_label("URL").fill("")
    save.click()
    expect(dialog.get_by_text("Callbacks are only recorded now")).to_be_visible()
    assert sandbox.account("acc_link")["webhook"] is None


def test_the_clock(inspector: Open, sandbox: Client, watch: Watch) -> None:
    """Time is stopped, moved on in every way, and let go again; what is pending is seen."""
    watch.allow("422")
    page = inspector()
    choose(page, "acc_link")
    dialog = dialog_of(page, "Clock")
    fact = {name: dialog.locator(f"[data-fact='{name}']") for name in ("mode", "now", "pending", "next at")}
    expect(fact["mode"]).to_have_text("real")
    expect(dialog.get_by_role("button", name="+1s")).to_be_disabled()
    dialog.get_by_label("Freeze at, UTC").fill("2030-01-02T12:00:00")
    dialog.get_by_role("button", name="Freeze then").click()
    expect(fact["now"]).to_have_text("2030-01-02T12:00:00.000Z")
    for name, now in (
        ("+1s", "01-02T12:00:01"),
        ("+1m", "01-02T12:01:01"),
        ("+1h", "01-02T13:01:01"),
        ("+24h", "01-03T13:01:01"),
    ):
        dialog.get_by_role("button", name=name, exact=True).click()
        expect(fact["now"]).to_have_text(f"2030-{now}.000Z")
    dialog.get_by_label("Advance by").fill("1.5m")
    dialog.get_by_role("button", name="Advance", exact=True).click()
    expect(fact["now"]).to_have_text("2030-01-03T13:02:31.000Z")
    with Business(sandbox) as business:  # its token is of that day
        business.say("Hello")
    expect(fact["pending"]).to_have_text("1")
    expect(fact["next at"]).to_have_text("2030-01-03T13:02:31.200Z")
    expect(tool(page, "clock")).to_have_text("virtual 13:02:31, 1 pending")
    dialog.get_by_role("button", name="To the next thing due").click()
    expect(fact["now"]).to_have_text("2030-01-03T13:02:31.200Z")
    expect(dialog.get_by_text("1 thing happened")).to_be_visible()
    dialog.get_by_role("button", name="Until nothing waits").click()
    expect(fact["next at"]).to_have_text("nothing waits")
    for wrong, said in (("soon", "give a time such as"), ("1000000d", "seconds")):
        dialog.get_by_label("Advance by").fill(wrong)
        dialog.get_by_role("button", name="Advance", exact=True).click()
        expect(dialog.get_by_role("alert")).to_contain_text(said)
    dialog.get_by_role("button", name="Thaw").click()
    expect(fact["mode"]).to_have_text("real")
    assert sandbox.clock("acc_mehery")["mode"] == "real"
    dialog.get_by_label("Account").select_option("")
    dialog.get_by_role("button", name="Freeze", exact=True).click()
    expect(fact["mode"]).to_have_text("virtual")
    assert sandbox.clock("acc_mehery")["mode"] == "virtual"


@pytest.mark.parametrize(
    ("on", "effect", "fields", "armed"),
    [
        pytest.param("request", "latency", {"Seconds": "0.5"}, {"seconds": 0.5}, id="latency"),
        pytest.param(
            "request",
            "status",
            {"Status": "418", "Body (JSON)": '{"a": [1]}'},
            {"status": 418, "body": {"a": [1]}},
            id="status",
        ),
        pytest.param("request", "status", {}, {"status": 503, "body": None}, id="status-as-offered"),
        pytest.param("request", "code", {"Code": "429"}, {"code": "429"}, id="code"),
        pytest.param("request", "reset", {}, {}, id="reset"),
        pytest.param("request", "hang", {}, {}, id="hang"),
        pytest.param("request", "drop_answer", {}, {}, id="drop_answer"),
        pytest.param("request", "rate_limit", {"Requests a second": "3"}, {"per_second": 3}, id="rate_limit"),
        pytest.param("callback", "drop", {}, {}, id="drop"),
        pytest.param("callback", "duplicate", {"Further copies": "2"}, {"copies": 2}, id="duplicate"),
        pytest.param("callback", "delay", {"Seconds": "60"}, {"seconds": 60.0}, id="delay"),
        pytest.param("callback", "reorder", {"Callbacks": "4"}, {"window": 4}, id="reorder"),
        pytest.param("callback", "corrupt", {}, {}, id="corrupt"),
        pytest.param("callback", "unknown_fields", {}, {}, id="unknown_fields"),
    ],
)
def test_every_effect_is_armed(
    inspector: Open, sandbox: Client, on: str, effect: str, fields: dict[str, str], armed: dict[str, Any]
) -> None:
    """The form arms each effect that there is, with its parameters."""
    page = inspector()
    choose(page, "acc_link")
    dialog = dialog_of(page, "Faults")
    dialog.get_by_label("On", exact=True).select_option(on)
    dialog.get_by_label("Effect").select_option(effect)
    for label, value in fields.items():
        dialog.get_by_label(label, exact=True).fill(value)
    dialog.get_by_role("button", name="Arm", exact=True).click()
    row = dialog.get_by_role("list", name="Armed faults").get_by_role("listitem")
    expect(row).to_contain_text(f"acc_link: {effect}")
    expect(row).to_contain_text("fired 0")
    (fault,) = sandbox.faults()
    assert (fault["on"], fault["effect"], fault["match"], fault["times"], fault["probability"], fault["account"]) == (
        on,
        {"type": effect, **armed},
        {},
        None,
        1.0,
        "acc_link",
    )


def test_a_fault_fires_and_is_disarmed(inspector: Open, sandbox: Client, business: Business) -> None:
    """It matches what it is told to, counts, is told of in the bar, and goes with a press."""
    page = inspector()
    choose(page, "acc_link")
    dialog = dialog_of(page, "Faults")
    dialog.get_by_label("Effect").select_option("status")
    dialog.get_by_label("Operation").fill("sendMessage")
    dialog.get_by_label("Person").fill("+4917*")
    dialog.get_by_label("Times").fill("3")
    dialog.get_by_role("button", name="Arm", exact=True).click()
    row = dialog.get_by_role("list", name="Armed faults").get_by_role("listitem")
    expect(row).to_contain_text("status 503 on request: operation sendMessage, user +4917*; fired 0, 3 left")
    expect(tool(page, "faults")).to_have_text("1 fault armed")
    assert business.post({"text": "Hello"}).status_code == 503
    expect(row).to_contain_text("fired 1, 2 left")
    row.get_by_role("button", name="Disarm").click()
    expect(dialog.get_by_text("Nothing is armed")).to_be_visible()
    expect(tool(page, "faults")).to_have_text("Faults")
    assert sandbox.faults() == []


def test_faults_for_all(inspector: Open, sandbox: Client) -> None:
    """One armed for all is asked about before it is disarmed for all."""
    page = inspector()
    dialog = dialog_of(page, "Faults")
    dialog.get_by_label("On", exact=True).select_option("callback")
    dialog.get_by_role("button", name="Arm", exact=True).click()
    rows = dialog.get_by_role("list", name="Armed faults").get_by_role("listitem")
    expect(rows).to_have_count(1 + len(sandbox.accounts()))
    expect(tool(page, "faults")).to_have_text("1 fault armed")
    rows.first.get_by_role("button", name="Disarm").click()
    question = page.get_by_role("dialog", name="Disarm it everywhere?")
    question.get_by_role("button", name="Cancel").click()
    assert len(sandbox.faults()) == 7
    rows.first.get_by_role("button", name="Disarm").click()
    question.get_by_role("button", name="Disarm it").click()
    expect(rows).to_have_count(0)
    assert sandbox.faults() == []


def test_the_fault_form_offers_what_the_provider_has(inspector: Open) -> None:
    """Operations, kinds and codes are those of the chosen account's provider."""
    page = inspector()
    choose(page, "acc_link")
    dialog = dialog_of(page, "Faults")

    def offered(label: str) -> list[str]:
        listed = dialog.get_by_label(label, exact=True).get_attribute("list")
        found: list[str] = dialog.locator(f"#{listed} option").evaluate_all(
            "(options) => options.map((option) => option.value)"
        )
        return found

    assert "sendMessage" in offered("Operation")
    dialog.get_by_label("Effect").select_option("code")
    assert "429" in offered("Code")
    dialog.get_by_label("Account").select_option("acc_webex_connect")
    assert "sendMessageV2" in offered("Operation")
    assert "sendMessage" not in offered("Operation")
    dialog.get_by_label("Effect").select_option("code")
    assert "7006" in offered("Code")
    dialog.get_by_label("On", exact=True).select_option("callback")
    assert "receipt.Delivered" in offered("Kind")
    dialog.get_by_label("Account").select_option("")
    assert {"receipt.Delivered", "event.READ"} <= set(offered("Kind"))


@pytest.mark.parametrize(
    ("effect", "fields", "complaint"),
    [
        pytest.param("latency", {"Seconds": "0"}, "greater than 0", id="too-short"),
        pytest.param("latency", {"Seconds": ""}, "number", id="nothing"),
        pytest.param("latency", {"Times": "0"}, "greater than or equal to 1", id="never"),
        pytest.param("latency", {"Probability": "2"}, "less than or equal to 1", id="more-than-sure"),
        pytest.param("code", {"Code": "7006"}, "is none of LINK's", id="code-of-another"),
        pytest.param("latency", {"Person": "nobody"}, "", id="no-person"),
        pytest.param("status", {"Body (JSON)": "{"}, "is no JSON", id="no-json"),
    ],
)
def test_a_fault_that_does_not_fit(
    inspector: Open, sandbox: Client, watch: Watch, effect: str, fields: dict[str, str], complaint: str
) -> None:
    """What is wrong is told in the form, and nothing is armed."""
    watch.allow("422")
    page = inspector()
    choose(page, "acc_link")
    dialog = dialog_of(page, "Faults")
    dialog.get_by_label("Effect").select_option(effect)
    for label, value in fields.items():
        dialog.get_by_label(label, exact=True).fill(value)
    dialog.get_by_role("button", name="Arm", exact=True).click()
    told = dialog.locator(".complaint:not(:empty), .problem:not(:empty)")
    expect(told).to_have_count(1)
    expect(told).to_contain_text(complaint)
    assert sandbox.faults() == []


@pytest.mark.sandbox(clock="virtual")
def test_a_scenario_is_played(inspector: Open, sandbox: Client, watch: Watch) -> None:
    """It is started with a person, its steps are followed, and it is stopped."""
    watch.allow("422")
    sandbox.put_scenario(
        "wait-and-see",
        b"name: wait-and-see\ndescription: Waits.\nsteps:\n- {do: say, text: Hi}\n- {do: pause, seconds: 60}\n- {do: say, text: Bye}\n",
    )
    page = inspector()
    choose(page, "acc_link")
    dialog = dialog_of(page, "Scenarios")
    dialog.get_by_label("Scenario").select_option("wait-and-see")
    expect(dialog.get_by_text("Waits. 3 steps.")).to_be_visible()
    dialog.get_by_role("button", name="Start").click()
    expect(dialog.locator("[data-path=user] .complaint")).not_to_be_empty()
    dialog.get_by_label("Person").fill(PERSON)
    dialog.get_by_label("Sender").fill("eap00001")
    dialog.get_by_role("button", name="Start").click()
    run = dialog.get_by_role("list", name="Runs").locator(":scope > li")
    expect(run).to_contain_text(f"wait-and-see with {PERSON}: running")
    expect(tool(page, "scenarios")).to_have_text("Scenarios, 1 running")
    run.get_by_text("Steps", exact=True).click()
    expect(run.locator("ol li").first).to_have_text("say: done")
    progress = run.get_by_role("progressbar")
    expect(progress).to_have_js_property("value", 1)
    expect(progress).to_have_js_property("max", 3)
    run.get_by_role("button", name="Stop").click()
    expect(run).to_contain_text("cancelled")
    expect(run.get_by_role("button", name="Stop")).to_be_hidden()
    expect(run.locator("details")).to_have_attribute("open", "")
    dialog.get_by_role("button", name="Start").click()
    expect(run).to_have_count(2)
    expect(run.first).to_contain_text("running")
    sandbox.advance(120, "acc_link")
    expect(run.first).to_contain_text("passed, 3 of 3 steps")
    expect(tool(page, "scenarios")).to_have_text("Scenarios")


def test_scenarios_of_others_are_not_offered(inspector: Open) -> None:
    """What is meant for one provider can not be started with an account of another."""
    page = inspector()
    choose(page, "acc_link")
    dialog = dialog_of(page, "Scenarios")
    options = dialog.get_by_label("Scenario").locator("option")
    expect(options.filter(has_text="confirm-booking")).to_have_count(1)
    dialog.get_by_label("Account").select_option("acc_mehery")
    expect(options.filter(has_text="confirm-booking")).to_have_count(0)
    expect(options.filter(has_text="default")).not_to_have_count(0)


@pytest.mark.sandbox(clock="virtual")
def test_a_conversation_is_recorded(
    inspector: Open, context: BrowserContext, business: Business, sandbox: Client, tmp_path: Path
) -> None:
    """Its scenario is shown as YAML, copied, and downloaded by its name."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    business.say("Hello", "Yes")
    sandbox.act("acc_link", "say", user=PERSON, text="<b>Hi</b>", wait=5)
    sandbox.advance(5, "acc_link")
    query = {"account": "acc_link", "user": PERSON, "sender": "eap00001"}
    recorded = httpx.get(f"{sandbox.url}/_sandbox/recording", params=query, trust_env=False).json()
    assert "<b>Hi</b>" in recorded["yaml"]
    page = inspector()
    dialog = dialog_of(page, "Record")
    shown = dialog.get_by_label("The scenario as YAML")
    expect(shown).to_contain_text("<b>Hi</b>")
    assert shown.text_content() == recorded["yaml"]
    assert copied_by(dialog.get_by_role("button", name="Copy YAML")) == recorded["yaml"]
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == f"{recorded['name']}.yaml"
    download.value.save_as(tmp_path / "recorded.yaml")
    assert (tmp_path / "recorded.yaml").read_text() == recorded["yaml"]


def test_nothing_to_record(inspector: Open, page: Page, business: Business, watch: Watch) -> None:
    """Without a conversation that is said, and so is what the sandbox refuses."""
    watch.allow("409")
    page.route(
        "**/_sandbox/recording?*",
        lambda route: route.fulfill(status=409, json={"title": "Conflict", "detail": "too long"}),
    )
    inspector()
    dialog = dialog_of(page, "Record")
    expect(dialog.get_by_text("Nothing was said yet.")).to_be_visible()
    business.say("Hello")
    expect(dialog.get_by_role("alert")).to_have_text("too long")
    expect(dialog.get_by_role("button", name="Download")).to_be_hidden()


def test_coverage(inspector: Open, business: Business, page: Page, sandbox: Client) -> None:
    """The share that was met, live; what is missing, by name; and the reports."""
    inspector()
    choose(page, "acc_link")
    expect(tool(page, "coverage")).to_have_text(re.compile(r"Coverage \d+ %"))
    dialog = dialog_of(page, "Coverage")
    report = dialog.get_by_role("region", name="link")
    expect(report.get_by_text("operations: 0 of 8 met")).to_be_visible()
    report.get_by_text("operations:").click()
    missing = report.locator("details[open] li")
    expect(missing.filter(has_text="sendMessage")).to_have_count(1)
    business.say("Hello")
    expect(report.get_by_text("operations: 1 of 8 met")).to_be_visible()
    expect(missing.filter(has_text="sendMessage")).to_have_count(0)
    percent = sandbox.coverage("acc_link")["providers"]["link"]["percent"]
    expect(report.get_by_role("heading")).to_have_text(f"link: {percent:.1f} %")
    for form in ("html", "markdown", "junit", "json"):
        href = dialog.get_by_role("link", name=form).get_attribute("href")
        assert page.request.get(f"{sandbox.url}{href}").status == 200
    dialog.get_by_label("Account").select_option("")
    expect(dialog.get_by_role("region")).to_have_count(4)


def test_reset(inspector: Open, business: Business, sandbox: Client) -> None:
    """It is asked first; one account is reset, or all of them."""
    business.say("Hello")
    sandbox.act("acc_rbm", "say", user=PERSON, text="Hi")
    page = inspector()
    choose(page, "acc_link")
    tool(page, "reset").click()
    question = page.get_by_role("dialog", name="Reset acc_link?")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    assert len(sandbox.messages().items) == 2
    tool(page, "reset").click()
    question.get_by_role("button", name="Reset it").click()
    expect(question).to_have_count(0)
    assert [message["account"] for message in sandbox.messages().items] == ["acc_rbm"]
    expect(page.get_by_text("Nothing happened yet.")).to_be_visible()
    page.get_by_label("Account", exact=True).select_option("")
    tool(page, "reset").click()
    page.get_by_role("dialog", name="Reset the whole sandbox?").get_by_role("button", name="Reset everything").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert sandbox.messages().items == []


def test_the_connection_and_the_demo(inspector: Open, page: Page, server: LiveServer, watch: Watch) -> None:
    """The bar tells whether the page is live, and leads to the demo."""
    watch.allow("ERR_CONNECTION_REFUSED")
    inspector()
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Demo")).to_have_attribute("href", "?play=booking")
    server.stop()
    expect(page.get_by_text("connection lost, trying again")).to_be_visible()


@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs_by_keyboard(inspector: Open, page: Page, name: str) -> None:
    """A dialog is opened by a key, keeps the focus inside, is closed by Escape, and gives the focus back."""
    inspector()
    page.route("**/_sandbox/recording?*", lambda route: route.fulfill(json={"name": "x", "yaml": "x"}))
    tool(page, name).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        # Behind the last element, before the first, the browser's own controls have the focus.
        assert page.evaluate(
            "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(tool(page, name)).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs_are_accessible(
    inspector: Open, business: Business, page: Page, sandbox: Client, assert_accessible: Callable[[], None], name: str
) -> None:
    """None has a fault of contrast, name or role, with something in each."""
    page.route("**/_sandbox/recording?*", lambda route: route.fulfill(json={"name": "x", "yaml": "steps: []\n"}))
    business.say("Hello")
    sandbox.arm({"account": "acc_link", "on": "request", "effect": {"type": "latency", "seconds": 1}, "times": 2})
    inspector()
    choose(page, "acc_link")
    dialog = dialog_of(page, name)
    for summary in dialog.locator("summary").all():
        summary.click()
    assert_accessible()


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_dialogs_fit_the_window(inspector: Open, page: Page, width: int) -> None:
    """On a phone and on a wide screen every dialog is in the window, and nothing in it is cut off sideways."""
    page.set_viewport_size({"width": width, "height": 740})
    page.route("**/_sandbox/recording?*", lambda route: route.fulfill(json={"name": "x", "yaml": f"{'long ' * 200}\n"}))
    inspector()
    for name in DIALOGS:
        box = dialog_of(page, name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 740
        assert page.evaluate(
            "(() => { const it = document.querySelector('dialog .content'); return it.scrollWidth <= it.clientWidth })()"
        )
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_text_is_only_text(inspector: Open, server: LiveServer, sandbox: Client, page: Page, text: str) -> None:
    """Whatever stands in names, webhooks, faults, scenarios and recordings, it is shown and never run."""
    changes = {
        "name": text,
        "webhook": {"url": "http://127.0.0.1:9/" + text.replace(" ", ""), "headers": {"X-Text": text}},
    }
    assert httpx.patch(f"{server.url}/_sandbox/accounts/acc_link", json=changes, trust_env=False).status_code == 200
    sandbox.arm(
        {
            "account": "acc_link",
            "on": "request",
            "match": {"operation": f"{text}*"},  # a pattern: names alone are looked up
            "effect": {"type": "status", "status": 500, "body": text},
        }
    )
    scenario = {"name": "hostile", "description": text, "steps": [{"do": "expect", "text": text, "within": 0.01}]}
    httpx.put(f"{server.url}/_sandbox/scenarios/hostile", json=scenario, trust_env=False).raise_for_status()
    sandbox.start_run("hostile", "acc_link", PERSON)
    sandbox.act("acc_link", "say", user=PERSON, text=text)
    page.route("**/_sandbox/recording?*", lambda route: route.fulfill(json={"name": text, "yaml": text}))
    inspector()
    choose(page, "acc_link")
    shown = {
        "Webhook": "",
        "Faults": text,
        "Scenarios": "hostile",
        "Record": text,
        "Credentials": "",
        "Clock": "",
        "Coverage": "",
    }
    for name, part in shown.items():
        dialog = dialog_of(page, name)
        expect(dialog).to_contain_text(part)
        page.keyboard.press("Escape")
    expect(page.get_by_label("Account", exact=True).locator("option").nth(1)).to_have_text(f"{text} (acc_link)")
    hostile.assert_harmless(page)
