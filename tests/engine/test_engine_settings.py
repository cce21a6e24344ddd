"""Steps that do what otherwise an operator does: settings change and faults are armed in the middle of a story."""

from __future__ import annotations

from typing import cast

import pytest

from harness import USER
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.engine.loader import load
from sandbox.engine.scenario import Run
from sandbox.providers.link.account import settings_of
from stage import script


async def play(app: App, account: Account, *steps: str) -> Run:
    """Play steps to their end."""
    run = app.sandbox.start_run(account, load(script(*steps)), USER)
    await account.clock.advance(60)
    return run


async def test_settings_change(app: App, account: Account) -> None:
    """Settings change when it is their turn, merged with the others, until null takes one back to its default."""
    run = app.sandbox.start_run(
        account,
        load(
            script(
                "do: settings, after: 5s, set: {disabled: true, expires_in: 60}",
                "do: settings, after: 5s, set: {disabled: null}",
            )
        ),
        USER,
    )
    told = []
    for seconds in (4.9, 0.1, 4.9, 0.1):
        await account.clock.advance(seconds)
        told.append((settings_of(account).disabled, settings_of(account).expires_in))
    assert told == [(False, 3600), (True, 60), (True, 60), (False, 60)]
    assert run.state == "passed"


@pytest.mark.parametrize(
    ("step", "detail"),
    [
        pytest.param("do: settings, set: {no_such: 1}", "set.no_such: Extra inputs are not permitted", id="unknown"),
        pytest.param(
            "do: settings, set: {expires_in: soon}", "set.expires_in: Input should be a valid", id="no-number"
        ),
        pytest.param(
            "do: settings, set: {featureset: poor}", "set.featureset: Value error, must be one of", id="no-word"
        ),
        pytest.param("do: fault, on: request, effect: {type: code, code: '9'}", "'9' is none of LINK's", id="no-code"),
    ],
)
async def test_values_that_the_provider_does_not_know(
    app: App, account: Account, step: str, detail: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The run fails and says what is wrong; nothing changes, and it is no fault of ours."""
    before = account.settings
    run = await play(app, account, step, "do: say, text: never")
    assert (run.state, [one.state for one in run.steps]) == ("failed", ["failed", "skipped"])
    assert cast("str", run.steps[0].detail).startswith(detail)
    assert (account.settings, bool(account.faults.armed)) == (before, False)
    assert [record.getMessage() for record in caplog.records] == []


async def test_braces_are_plain_signs(app: App, account: Account) -> None:
    """What a setting holds is no template: Webex Connect's blanks and MeherY's have braces of their own."""
    run = await play(app, account, 'do: settings, set: {web_recipients: ["{{ nobody }}"]}')
    assert (run.state, settings_of(account).web_recipients) == ("passed", ["{{ nobody }}"])
