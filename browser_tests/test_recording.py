"""Recording: what is done on the page is written down there, and plays the same conversation again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from business import PERSON, Business
from hand import Phone
from sandbox.client import Client

QUESTION = "Shall we go on? [yes/no]"


@pytest.mark.sandbox(clock="virtual")
def test_recorded_exported_and_played(
    inspector: Callable[..., Page], business: Business, sandbox: Client, tmp_path: Path
) -> None:
    """A conversation held by clicks, downloaded and put back, is the same once more: what was said and called back."""
    page = inspector()
    business.say(QUESTION, "Yes", "No")
    sandbox.advance(2, account="acc_link")
    Phone(page, PERSON)
    page.get_by_role("list", name="Messages").get_by_role("button", name="Yes").click()
    expect(page.locator("message-view")).to_have_count(2)
    sandbox.advance(1.5, account="acc_link")
    page.get_by_label("Message", exact=True).fill("At seven, please {{ really }}")
    page.get_by_label("Message", exact=True).press("Enter")
    expect(page.locator("message-view")).to_have_count(3)
    page.get_by_role("button", name="Record", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    before = _transcript(sandbox)
    sandbox.reset("acc_link")
    sandbox.put_scenario(file.stem, file.read_bytes())
    sandbox.start_run(file.stem, "acc_link", PERSON)
    business.say(QUESTION, "Yes", "No")
    sandbox.advance(10, account="acc_link")
    [run] = sandbox.runs(account="acc_link").items
    assert run["state"] == "passed", run["steps"]
    assert _transcript(sandbox) == before
    assert len(before) == 3 + 4


def _transcript(sandbox: Client) -> list[Any]:
    said = [(each["direction"], each["kind"], each["text"], each["status"]) for each in sandbox.messages().items]
    return [*said, *(each["kind"] for each in sandbox.callbacks().items)]
