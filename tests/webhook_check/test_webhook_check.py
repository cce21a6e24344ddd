"""Webhook check: a good receiver of each provider has nothing to fear, and a broken one is found by what is wrong with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from pydantic_core import to_json

import receivers as r
from sandbox.app import App, build, webhook_client
from sandbox.core.account import Account
from sandbox.core.rehearsal import Cue
from sandbox.providers import PROVIDERS
from sandbox.sandbox import AccountChanges
from sandbox.settings import Settings
from sandbox.webhook_check import transport
from sandbox.webhook_check.catalogue import catalogue, chosen
from sandbox.webhook_check.check import Report
from sandbox.webhook_check.line import Line
from sandbox.webhook_check.replies import OwnReplies
from sandbox.webhook_check.runner import run
from sandbox.webhook_check.stage import Stage

LARGEST = 1024 * 1024 + 1000  # bytes of a file: more than servers take that were not told otherwise
SECRETS = {"webex-connect": "hub", "mehery": "token$$$", "rbm": "user:word"}


class Bench(NamedTuple):
    """A sandbox whose account is ready to be told of."""

    app: App
    account: Account
    line: Line

    def post(self, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[int, bytes]:
        """Make a request of the business."""
        path, _, query = path.partition("?")
        answers: list[tuple[int, bytes]] = []
        self.app.at_once(
            "POST", path, query.encode(), headers, body, lambda status, _, said: answers.append((status, said))
        )
        return answers[0]

    def stage(self, url: str, secret: str | None = None, **options: Any) -> Stage:
        """Return the stage for a webhook."""
        rehearsal = self.account.provider.rehearsal()
        assert rehearsal is not None
        changes = AccountChanges.model_validate(rehearsal.listening(url, secret))
        self.app.sandbox.change_account(self.account, changes)
        options = {"patience": 0.05, "largest": LARGEST, **options}
        replies = OwnReplies(self.app.sandbox, self.account)
        knows = secret is not None
        sandbox, account = self.app.sandbox, self.account
        return Stage(
            sandbox, account, rehearsal, url, self.line, self.post, replies=replies, knows_secret=knows, **options
        )


@asynccontextmanager
async def bench(provider: str, timeout: float | None = None) -> AsyncIterator[Bench]:
    """Hand out a bench of a provider."""
    settings = Settings(clock="virtual", seed="bank")
    line = Line(webhook_client(settings), timeout)
    app = build(settings, client=line)
    account = next(one for one in app.sandbox.accounts if one.provider.name == provider)
    try:
        yield Bench(app, account, line)
    finally:
        await app.sandbox.close(0.1)


async def checked(receiver: r.Receiver, timeout: float | None = None, only: tuple[str, ...] = ()) -> Report:
    """Check a receiver, and return how that went."""
    async with bench(receiver.provider, timeout) as place, receiver:
        stage = place.stage(receiver.url, receiver.secret)
        provider = place.account.provider
        return await run(stage, chosen(catalogue(provider, stage.rehearsal), only), lambda _: None)


def found(report: Report) -> dict[str, str]:
    """Return the checks that found something, and how bad."""
    return {result.check.name: result.outcome for result in report.results if result.outcome in ("failed", "warning")}


def details(report: Report) -> list[str]:
    """Return everything that was found, for a failing test to show."""
    return [f"{one.check.name}: {finding.answer}" for one in report.results for finding in one.findings]


# ------------------------------------------------------------------------------------------------------- good ones


@pytest.mark.parametrize(
    ("provider", "secret"),
    [
        *(pytest.param(provider, None, id=provider) for provider in r.ACKNOWLEDGING),
        *(pytest.param(provider, secret, id=f"{provider}-with-secret") for provider, secret in SECRETS.items()),
    ],
)
async def test_good_receiver(provider: str, secret: str | None) -> None:
    """A good receiver passes every check, and has been told of every kind of callback that there is."""
    if provider == "mehery" and secret is None:
        secret = "s1agenttoken$$$"  # which is always shown, and a good receiver looks at it
    async with bench(provider) as place, r.of(provider, secret=secret) as receiver:
        stage = place.stage(receiver.url, secret)
        report = await run(stage, catalogue(place.account.provider, stage.rehearsal), lambda _: None)
        assert found(report) == {}, details(report)
        told = {callback.kind for callback in place.account.journal.callbacks if callback.state == "delivered"}
        kinds = set(place.account.provider.callback_kinds)
        assert kinds - told <= {"action"}
        assert [kind for kind in told if place.account.provider.no_callback(kind) is not None] == []
        assert any(kind.startswith("action.") for kind in told) == ("action" in kinds)
    unseen = {one.check.name for one in report.results if one.outcome == "not observed"}
    assert {name.partition("/")[0] for name in unseen} <= {"bot", "proof"}
    assert report.count("passed") == len(report.results) - len(unseen)
    assert report.seconds < 30


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_rehearsal_is_whole(provider: Any) -> None:
    """Every kind of callback has a cue, and whatever is said of a provider has its rule."""
    rehearsal = provider.rehearsal()
    assert [cue.kind for cue in rehearsal.cues] == list(provider.callback_kinds)
    named = [rehearsal.text, *(kind for pair in rehearsal.pairs for kind in pair), rehearsal.file or rehearsal.text]
    named += [kind for variant in rehearsal.variants for kind in variant.kinds]
    assert set(named) <= set(provider.callback_kinds)
    rules = [
        *rehearsal.rules.values(),
        *(cue.rule for cue in rehearsal.cues),
        *(one.rule for one in rehearsal.variants),
    ]
    assert [rule for rule in rules if rule not in provider.rules] == []
    checks = catalogue(provider, rehearsal)
    assert len({check.name for check in checks}) == len(checks) >= 35


# ----------------------------------------------------------------------------------------------------- broken ones


# What a bot sends, by provider: path and body, with the person's address in the place of USER.
SENDS: dict[str, tuple[str, Any]] = {
    "link": (
        "/gateway/lmc/v1/phone/USER/conversationMessage?messageId=ID",
        {"messageContent": {"text": "Welcome!"}},
    ),
    "webex-connect": (
        "/resources/v1/messaging",
        {"deliverychannel": "sms", "channels": {"sms": {"text": "Welcome!"}}, "destination": [{"msisdn": ["USER"]}]},
    ),
    "mehery": (
        "/xms/api/v1/message/send",
        {
            "channelId": "wa360:918828218374",
            "type": "text",
            "to": {"phone": "USER"},
            "text": {"body": "Welcome!"},
        },
    ),
}


def sender(place: Bench) -> r.Send:
    """Return how a bot sends its answer to a person."""
    path, body = SENDS[place.account.provider.name]
    given = place.account.provider.authorization(place.account, place.app.sandbox.services)
    headers = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    headers += [(b"content-type", b"application/json"), (b"host", b"localhost")]

    def send(user: str) -> None:
        message_id = str(UUID(int=len(place.account.journal.messages), version=4))
        filled = to_json(body).replace(b"USER", user.encode())
        status, answer = place.post(path.replace("USER", user).replace("ID", message_id), headers, filled)
        assert status == 200, answer

    return send


@pytest.mark.parametrize("provider", SENDS)
@pytest.mark.parametrize(
    ("habit", "wrong"),
    [
        pytest.param("good", set(), id="answers-once"),
        pytest.param("every", {"bot/duplicate", "bot/retry"}, id="answers-every-callback"),
        pytest.param("mute", {"bot/still-answers"}, id="is-mute-after-what-it-does-not-know"),
        pytest.param("moody", set(), id="answers-with-one-or-two"),
    ],
)
async def test_bot(provider: str, habit: r.Habit, wrong: set[str]) -> None:
    """A bot that answers twice what it was told twice is found, and so is one that no longer answers."""
    async with bench(provider) as place, r.bot(provider, habit, sender(place)) as receiver:
        stage = place.stage(receiver.url, patience=0.5 if habit != "mute" else 0.1)
        checks = chosen(catalogue(place.account.provider, stage.rehearsal), ("bot", "variant"))
        report = await run(stage, checks, lambda _: None)
    assert set(found(report)) == wrong, details(report)
    seen = {one.check.name: one.outcome for one in report.results if one.check.name.startswith("bot/")}
    unsteady = habit == "moody"
    assert set(seen.values()) <= {"not observed"} if unsteady else "not observed" not in seen.values()


async def test_no_bot() -> None:
    """Where nobody answers, nothing is said of bots."""
    report = await checked(r.of("link"), only=("bot",))
    assert [result.outcome for result in report.results] == ["not observed"] * 4
    assert "no answer came within 0.05 s" in report.results[0].note
    assert report.results[1].note == "no bot was seen to answer"


class Broken(NamedTuple):
    """A receiver that is broken, and the check that must find it; `timeout` is for those that do not answer."""

    provider: str
    kind: type[r.Receiver]
    by: str
    timeout: float | None = None
    secret: str | None = None
    only: tuple[str, ...] = ()


BANK = (
    Broken("link", r.ForbidsUnknownMembers, "unknown/members"),
    Broken("link", r.HasUniqueIds, "delivery/duplicate"),
    Broken("mehery", r.HasUniqueIds, "delivery/retry"),
    Broken("rbm", r.ReadsAscii, "text/non-ascii"),
    Broken("link", r.LimitsBodies, "file/largest"),
    Broken("rbm", r.HasShortColumn, "text/longest"),
    Broken("link", r.NeedsEverything, "variant/one-spelling"),
    Broken("rbm", r.AnswersNoContent, "kind/text"),
    Broken("webex-connect", r.AnswersAccepted, "kind/inbound.MO"),
    Broken("mehery", r.Redirects, "kind/message.text"),
    Broken("rbm", r.NeverAnswers, "kind/text", timeout=0.1),
    Broken("rbm", r.AnswersLate, "kind/text", timeout=0.1, only=("kind",)),
    Broken("link", r.HangsUp, "kind/message.LOCATION"),
    Broken("webex-connect", r.AnswersFirst, "http/half-a-body"),
    Broken("link", r.LocksItself, "delivery/concurrent", timeout=1.0, only=("kind", "delivery")),
    Broken("rbm", r.Dies, "bad/invalid-json"),
    Broken("link", r.WantsMilliseconds, "variant/no-fraction"),
    Broken("webex-connect", r.WantsMilliseconds, "variant/offset"),
    Broken("rbm", r.CountsSeconds, "delivery/whole-second"),
    Broken("link", r.WantsShortIds, "variant/long-id"),
    Broken("link", r.RejectsMultipart, "kind/message.USER_FILE"),
    Broken("rbm", r.ComparesContentType, "http/content-type"),
    Broken("mehery", r.WantsOrder, "delivery/late"),
    Broken("rbm", r.WantsOrder, "delivery/out-of-order"),
    Broken("link", r.WantsDeliveredFirst, "delivery/event.READ-before-event.DELIVERED"),
    Broken("rbm", r.KeysByTime, "delivery/same-time"),
    Broken("webex-connect", r.IgnoresSecret, "proof/tampered", secret="hub"),
    Broken("webex-connect", r.LooksForSignature, "proof/wrong", secret="hub"),
    Broken("mehery", r.IgnoresSecret, "proof/absent", secret="token$$$"),
    Broken("rbm", r.IgnoresSecret, "proof/wrong", secret="user:word"),
    Broken("mehery", r.ShowsErrorPage, "kind/message.text"),
    Broken("rbm", r.ComplainsInJson, "kind/location"),
    Broken("rbm", r.SaysTooMuch, "kind/suggestion"),
    Broken("rbm", r.SaysTooMuch, "http/framing", only=("http",)),
    Broken("rbm", r.ForgetsConnections, "kind/suggestion", timeout=0.3),
    Broken("rbm", r.ReadsOnce, "http/pieces"),
    Broken("rbm", r.ReadsLength, "http/pieces"),
    Broken("rbm", r.WantsChunksNot, "http/chunked"),
    Broken("rbm", r.CrashesOnGet, "method/GET"),
    Broken("rbm", r.CrashesOnGet, "bad/empty-body"),
    Broken("link", r.KnowsItsEvents, "variant/unknown-event"),
    Broken("link", r.WantsPlainNames, "file/name"),
    Broken("link", r.CutsBoundary, "http/quoted-boundary"),
    Broken("link", r.KnowsPartNames, "variant/part-names"),
)


@pytest.mark.parametrize("broken", BANK, ids=lambda one: f"{one.provider}-{one.kind.__name__}-{one.by}")
async def test_broken_receiver(broken: Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with a receiver is found by the check that is about it, and most other checks find nothing."""
    if broken.by != "http/half-a-body":  # most of a run's time is real time in which that one waits for nothing
        monkeypatch.setattr(transport, "TOO_SOON", 0.02)
    report = await checked(r.of(broken.provider, broken.kind, broken.secret), broken.timeout, broken.only)
    assert broken.by in found(report), details(report)


# ------------------------------------------------------------------------------------------------ what cannot be seen


async def test_account_that_refuses() -> None:
    """Where the account does not take the business's message, what is about it is not observed, and the rest is."""
    async with bench("link") as place, r.of("link") as receiver:
        stage = place.stage(receiver.url)
        place.app.sandbox.change_account(place.account, AccountChanges(settings={"disabled": True}))
        checks = chosen(catalogue(place.account.provider, stage.rehearsal), ("kind",))
        report = await run(stage, checks, lambda _: None)
    outcomes = {result.check.name: result for result in report.results}
    assert outcomes["kind/message.TEXT"].outcome == "passed"
    assert outcomes["kind/event.READ"].outcome == "not observed"
    assert "the account refused the message that this is about: 401" in outcomes["kind/event.READ"].note


async def test_account_that_tells_nothing() -> None:
    """Where nothing is told, nothing is observed."""
    async with bench("rbm") as place, r.of("rbm") as receiver:
        stage = place.stage(receiver.url)
        place.account.webhook = None
        checks = chosen(catalogue(place.account.provider, stage.rehearsal), ("kind/text", "bad/null"))
        report = await run(stage, checks, lambda _: None)
    assert [(result.outcome, result.note) for result in report.results] == [
        ("not observed", "nothing was told: the account has no callback for it")
    ] * 2
    assert report.latencies == []


async def test_cue_that_does_not_come() -> None:
    """What cannot be brought about, or is told as something else, is not observed."""
    async with bench("rbm") as place, r.of("rbm") as receiver:
        stage = place.stage(receiver.url)
        action = {"type": "tap", "suggestion": "Yes"}
        cues = (
            Cue("suggestion", "RBM-CB-02", None, action),
            Cue("file", "RBM-CB-02", None, {"type": "say", "text": "Hello"}),
            *stage.rehearsal.cues[:1],
        )
        stage.rehearsal = replace(stage.rehearsal, cues=cues)
        checks = chosen(catalogue(place.account.provider, stage.rehearsal), ("kind",))
        report = await run(stage, checks, lambda _: None)
    outcomes = {result.check.name: (result.outcome, result.note) for result in report.results}
    assert outcomes["kind/text"] == ("passed", "")
    assert outcomes["kind/file"] == ("not observed", "text was told in its place")
    assert outcomes["kind/suggestion"][1].startswith("suggestion cannot be brought about: RBM shows people nothing")
    with pytest.raises(KeyError):
        stage.rehearsal.cue("location")


async def test_webhook_that_goes_away() -> None:
    """A webhook that no longer answers is told once, by the check after which it was gone."""
    report = await checked(r.of("rbm", r.Dies), only=("bad", "end"))
    first, *others = report.results
    assert (first.check.name, first.outcome) == ("bad/invalid-json", "failed")
    assert {(other.outcome, other.note) for other in others} == {
        ("skipped", "the webhook no longer answers since bad/invalid-json")
    }


async def test_nothing_listens_on_the_wire() -> None:
    """Checks on raw connections find what the others find where nothing listens."""
    async with bench("rbm") as place:
        async with r.of("rbm") as receiver:
            url = receiver.url
        stage = place.stage(url)
        for name in ("http/framing", "http/keep-alive", "http/half-a-body", "method/GET", "bad/null"):
            (check,) = chosen(catalogue(place.account.provider, stage.rehearsal), (name,))
            verdict = await check.play(stage)
            assert [finding.severity for finding in verdict.findings][:1] == ["failed"], name


async def test_no_check_leaves_retries_behind() -> None:
    """What was not acknowledged is not tried again while other checks are made, and keeps its state."""
    async with bench("rbm") as place, r.of("rbm", r.AnswersNoContent) as receiver:
        stage = place.stage(receiver.url)
        await stage.tell("text")
        await place.app.sandbox.advance(seconds=60, account=place.account)
        assert place.app.sandbox.undelivered == 0
        assert [(one.state, len(one.attempts)) for one in place.account.journal.callbacks] == [("retrying", 1)]


async def test_people() -> None:
    """No person has three zeros in a row, by which some addresses are magic."""
    async with bench("webex-connect") as place:
        stage = place.stage("http://127.0.0.1:9/")
        stage._people = 100_999
        assert [stage.person(), stage.person()] == ["+4915510100177", "+4915510100277"]
