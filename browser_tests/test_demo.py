"""Demo mode: a conversation played back on a phone that fills the screen."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from business import PERSON, Business
from patience import rest, wait_until
from sandbox.client import Client

Open = Callable[..., Page]

ENDED = "demo-phone[data-ended=true]"


def test_one_link_plays_a_conversation(inspector: Open, sandbox: Client) -> None:
    """On a fresh sandbox one link shows a whole conversation, which really happened: it is in the journal, and passed."""
    page = inspector(play="booking", speed="10")
    phone = page.get_by_role("region", name="Phone")
    expect(phone.get_by_text("Would you like to continue with your booking?")).to_be_visible()
    page.locator(ENDED).wait_for()
    expect(phone.get_by_text("Thanks, see you soon!")).to_be_in_viewport()
    [run] = sandbox.runs(account="acc_demo_booking").items
    assert (run["scenario"], run["state"]) == ("confirm-booking", "passed")
    assert {request["status"] for request in sandbox.requests(account="acc_demo_booking").items} == {200}
    texts = [message["text"] for message in sandbox.messages(account="acc_demo_booking").items]
    assert texts[0] == "Would you like to continue with your booking?"
    assert texts[-1] == "Thanks, see you soon!"


def test_opened_again_it_plays_what_is_there(inspector: Open, sandbox: Client) -> None:
    """The link leaves one account behind, whose conversation is played however often it is opened; a reset begins anew."""
    for _ in range(2):
        page = inspector(play="booking", speed="10")
        page.locator(ENDED).wait_for()
    assert len(sandbox.runs(account="acc_demo_booking").items) == 1
    sandbox.reset("acc_demo_booking")
    inspector(play="booking", speed="10").locator(ENDED).wait_for()
    assert len(sandbox.runs(account="acc_demo_booking").items) == 1


def test_what_plays_it(inspector: Open) -> None:
    """It is paused and goes on, begins again, is played at another speed, and is looked at anywhere."""
    page = inspector(play="booking", speed="0.5")
    expect(page.get_by_label("Speed")).to_have_value("0.5")
    first = page.get_by_text("Would you like to continue with your booking?")
    expect(first).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    where = page.get_by_label("Position").input_value()
    rest(page)
    assert page.get_by_label("Position").input_value() == where
    page.get_by_label("Position").fill("1000")
    expect(page.get_by_text("Thanks, see you soon!")).to_be_visible()
    page.get_by_role("button", name="Again").click()
    expect(page.get_by_text("Thanks, see you soon!")).to_be_hidden()
    expect(first).to_be_visible()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.keyboard.press(" ")
    page.get_by_label("Speed").select_option("10")
    page.locator(ENDED).wait_for()
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("link", name="Inspector").click()
    expect(page.get_by_role("region", name="Conversations")).to_be_visible()


def test_one_sees_what_the_person_does(inspector: Open) -> None:
    """Before something is tapped one sees what, and before something is said one sees it being written."""
    page = inspector(play="booking", speed="0.5")
    wait_until(page, "document.querySelector('.chip[data-pressed]')?.textContent === 'Yes'")
    page.get_by_label("Position").fill("800")
    page.locator("main h1").click()
    wait_until(page, "'Thanks, see you soon!'.startsWith(document.querySelector('.writes').textContent || '?')")


def test_a_conversation_of_ones_own(inspector: Open, business: Business, sandbox: Client) -> None:
    """Any conversation is played by account and person; what is said meanwhile is played too."""
    business.say("Hello", "Yes")
    sandbox.act("acc_link", "tap", user=PERSON, suggestion="Yes", wait=5)
    page = inspector(play="", account="acc_link", user=PERSON, speed="10")
    page.locator(ENDED).wait_for()
    expect(page.get_by_role("listitem").filter(has_text="Hello")).to_be_visible()
    business.say("One more thing")
    expect(page.get_by_text("One more thing")).to_be_visible()


def test_a_scenario_that_somebody_plays(inspector: Open, sandbox: Client) -> None:
    """A scenario's newest run is played; where there is none, that is said, and it begins as soon as there is."""
    scenario = {"name": "greet", "steps": [{"do": "say", "text": "Anybody there?"}]}
    sandbox.put_scenario("greet", json.dumps(scenario).encode(), "application/json")
    page = inspector(play="greet", account="acc_link", speed="10")
    expect(page.get_by_role("status")).to_contain_text("Nobody has played greet yet")
    sandbox.start_run("greet", "acc_link", PERSON)
    expect(page.get_by_text("Anybody there?").first).to_be_visible()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        pytest.param(
            {"play": "no-such-thing"},
            "no-such-thing yet, and there is no scenario of that name; the page itself has booking. It begins",
            id="scenario",
        ),
        pytest.param({"play": "x", "account": "acc_link", "user": "+49170"}, "Nothing was said to +49170", id="person"),
        pytest.param({"play": "<img src=x>", "speed": "1e9"}, "Nobody has played <img src=x> yet", id="markup"),
    ],
)
def test_what_there_is_not(inspector: Open, query: dict[str, str], says: str) -> None:
    """What cannot be played is said in words, as it was asked for."""
    page = inspector(**query)
    expect(page.get_by_role("status")).to_contain_text(says)
    expect(page.get_by_label("Speed")).to_have_value("1")


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800), (2560, 1440)])
def test_it_fits_any_screen(
    inspector: Open, page: Page, assert_accessible: Callable[[], None], width: int, height: int
) -> None:
    """Phone and keys are seen whole on any screen, without a fault of contrast, name or role."""
    page.set_viewport_size({"width": width, "height": height})
    inspector(play="booking", speed="10")
    page.locator(ENDED).wait_for()
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    expect(page.get_by_role("button", name="Again")).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Thanks, see you soon!")).to_be_in_viewport(ratio=1)
    assert_accessible()


def test_long_silences_are_cut_short(inspector: Open) -> None:
    """What took days is played in seconds, in the order in which it happened, each message with its receipts so far."""
    page = inspector()
    seen = page.evaluate(
        """async () => {
          const { Playback } = await import("/_sandbox/ui/playback.js");
          const at = (day, second) => `2030-01-0${day}T12:00:0${second}.000Z`;
          const change = (status, when) => ({ status, at: when });
          const messages = [
            { id: "m1", at: at(1, 0), direction: "outbound", status: "read", content: { kind: "text", text: "One" },
              history: [change("accepted", at(1, 0)), change("delivered", at(1, 1)), change("read", at(3, 0))] },
            { id: "m2", at: at(4, 0), direction: "inbound", status: "received", content: { kind: "text", text: "Two" },
              history: [change("received", at(4, 0))] },
          ];
          const playback = new Playback();
          playback.show(messages);
          const told = (offset) => playback.messagesAt(offset).map(({ id, status }) => `${id} ${status}`).join();
          return {
            length: playback.length,
            told: [0, 600, 1599, 1600, 5599, 5600, 9600].map(told),
            same: playback.messagesAt(700) === playback.messagesAt(900),
            whole: playback.messagesAt(9600)[0] === messages[0],
            time: playback.timeAt(1600 + 2000),
            writes: [9400, 9500, 9570].map((offset) => playback.comingAt(offset).writes ?? null),
            nothing: new Playback().length,
          };
        }"""
    )
    assert seen == {
        "length": 600 + 1000 + 4000 + 4000 + 1500,
        "told": ["", "m1 accepted", "m1 accepted", "m1 delivered", "m1 delivered", "m1 read", "m1 read,m2 received"],
        "same": True,
        "whole": True,
        "time": "2030-01-01T12:00:03.000Z",
        "writes": [None, None, "Tw"],
        "nothing": 0,
    }
