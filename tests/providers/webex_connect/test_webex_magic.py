"""Magic destinations: every row of both tables, on every channel where it means something."""

from __future__ import annotations

from typing import Any

import pytest

import v1_requests
import v2_requests
from sandbox.engine.loader import load
from sandbox.providers.webex_connect import magic
from webex_service import Service

Body = dict[str, Any]


def sms(to: str) -> tuple[str, Body]:
    """Return an SMS with v1."""
    return "v1", v1_requests.request("sms", {"sms": {"text": "Hi"}}, to)


def sms2(to: str, **more: Any) -> tuple[str, Body]:
    """Return an SMS with v2."""
    return "v2", v2_requests.sms(to=[{"msisdn": [to]}], **more)


def voice(to: str) -> tuple[str, Body]:
    """Return a call."""
    return "v1", v1_requests.request("voice", {"voice": {"promptid": "12"}}, to)


def fb(to: str) -> tuple[str, Body]:
    """Return a message on Messenger."""
    block = {"OTT-Messaging": {"fb": {"text": "Hi"}}}
    return "v1", v1_requests.request("fb", block, to, key="psid", appid="a_1")


def apple(to: str) -> tuple[str, Body]:
    """Return a message on Messages."""
    block = {"AppleBusinessChat": {"type": "text", "text": "Hi"}}
    return "v1", v1_requests.request("applebusinesschat", block, to, key="abcUserId", appid="a_1")


def push(to: str) -> tuple[str, Body]:
    """Return a push."""
    block = {"push": {"android": {"text": "Hi"}}}
    return "v1", v1_requests.request("push", block, to, key="android_pushid", appid="a_1")


def wa(to: str) -> tuple[str, Body]:
    """Return a message on WhatsApp."""
    block = {"OTT-Messaging": {"wa": {"type": "text", "text": {"body": "Hi"}}}}
    return "v1", v1_requests.request("whatsapp", block, to, key="waid", appid="a_1")


def rcs(to: str, **more: Any) -> tuple[str, Body]:
    """Return a message over RCS."""
    return "v2", v2_requests.rcs(to=[{"msisdn": [to]}], **more)


def mail(to: str, **more: Any) -> tuple[str, Body]:
    """Return an HTML mail."""
    return "v2", v2_requests.html({"html": '<a href="https://x.test/">x</a>'}, to=[{"email": [to]}], **more)


TRACKED = {"trackOpens": True, "trackClicks": True}
LINK = {"text": "See https://x.test/a"}
SUBMITTED, DELIVERED = ("Submitted", "7501"), ("Delivered", "7500")
ARRIVED = [SUBMITTED, DELIVERED]
CALL = [("OFFERED", "7407"), ("ACCEPTED", "7408"), ("ANSWERED", "7519")]
N = "+1555000"


@pytest.mark.parametrize(
    ("request_", "receipts"),
    [
        pytest.param(sms(f"{N}7500"), ARRIVED, id="WX1-CB-08-7500"),
        pytest.param(sms(f"{N}7501"), [SUBMITTED], id="WX1-CB-08-7501"),
        pytest.param(fb("1000007502"), [*ARRIVED, ("Read", "7502")], id="WX1-CB-08-7502"),
        pytest.param(sms(f"{N}7502"), ARRIVED, id="WX1-CB-08-7502-sms-is-never-read"),
        pytest.param(sms(f"{N}7528"), ARRIVED, id="WX1-CB-08-7528-no-link-is-tracked"),
        pytest.param(
            ("v2", v2_requests.sms(LINK, to=[{"msisdn": [f"{N}7528"]}], options={**TRACKED, "shortenLinks": True})),
            [*ARRIVED, ("Clicked", "7528")],
            id="WX2-SMS-05-7528",
        ),
        pytest.param(sms(f"{N}7101"), [("Failed", "7101")], id="WX1-SMS-08-7101"),
        pytest.param(sms(f"{N}7102"), [("Failed", "7102")], id="WX1-DEST-06-7102"),
        *(
            pytest.param(sms(f"{N}{code}"), [SUBMITTED, ("Un-Delivered", str(code))], id=f"WX1-CB-08-{code}")
            for code in (*range(7201, 7212), 7109)
        ),
        pytest.param(sms2(f"{N}7207"), [SUBMITTED, ("Un-Delivered", "7207")], id="WX2-RCPT-04-7207"),
        pytest.param(sms(f"{N}7107"), [("Failed", "7107")], id="WX1-TPL-05-7107"),
        pytest.param(voice(f"{N}7401"), [("DROPPED", "7409"), ("REJECTED", "7401")], id="WX1-VOICE-01-7401-no-answer"),
        pytest.param(voice(f"{N}7402"), [("DROPPED", "7409"), ("REJECTED", "7402")], id="WX1-VOICE-01-7402-busy"),
        pytest.param(
            voice(f"{N}7410"),
            [*CALL, ("Released", "7405"), ("DISCONNECTED", "7410"), ("DROPPED", "7409")],
            id="WX1-VOICE-01-7410-hangs-up",
        ),
        pytest.param(voice(f"{N}7501"), CALL[:1], id="WX1-VOICE-01-7501-offered-then-silence"),
        pytest.param(
            voice(f"{N}7502"), [*CALL, ("DROPPED", "7409"), ("Released", "7405")], id="WX1-VOICE-01-7502-is-never-read"
        ),
        *(
            pytest.param(fb(f"1000{code}"), [("Failed", code)], id=f"WX1-FB-07-{code}")
            for code in ("7005", "7006", "7010", "7105", "9002", "9006")
        ),
        pytest.param(push("token-0007513"), [("Failed", "7513")], id="WX1-PUSH-09-7513"),
        pytest.param(push("token-0007502"), [*ARRIVED, ("Read", "7502")], id="WX1-PUSH-09-7502"),
        pytest.param(wa("15550007710"), [("Failed", "7710")], id="WX1-WA-07-7710"),
        pytest.param(wa("15550007801"), [("Failed", "7801")], id="WX1-WA-07-7801-of-the-provider"),
        pytest.param(apple("urn:mbid:0007316"), [("Failed", "7316")], id="WX1-ABC-02-7316"),
        pytest.param(apple("urn:mbid:0007502"), [SUBMITTED], id="WX1-ABC-02-7502-is-never-read"),
        pytest.param(sms(f"{N}7999"), [("Failed", "7200")], id="WX1-CB-08-a-code-that-is-not-listed"),
        pytest.param(sms(f"{N}9055"), [("Failed", "7200")], id="WX1-CB-08-another-code-that-is-not-listed"),
        pytest.param(rcs(f"{N}7323"), [("Failed", "7323")], id="WX2-RCS-19-7323"),
        pytest.param(rcs(f"{N}7502"), [*ARRIVED, ("Read", "7502")], id="WX2-RCS-01-7502"),
        pytest.param(rcs(f"{N}7207"), [("Failed", "7207")], id="WX2-RCS-19-a-code-of-sms"),
        pytest.param(mail("code-7520@x.test"), [SUBMITTED, ("Bounce", "7520")], id="WX2-EMAIL-09-7520"),
        pytest.param(mail("code-7521@x.test"), [*ARRIVED, ("Complaint", "7521")], id="WX2-EMAIL-09-7521"),
        pytest.param(mail("code-7522@x.test"), [("Not Verified", "7522")], id="WX2-EMAIL-09-7522"),
        pytest.param(mail("code-7523@x.test"), [("Failed", "7523")], id="WX2-TO-06-7523"),
        pytest.param(
            mail("code-7502@x.test", options=TRACKED), [*ARRIVED, ("Read", "7502")], id="WX2-EMAIL-11-7502-tracked"
        ),
        pytest.param(mail("code-7502@x.test"), ARRIVED, id="WX2-EMAIL-11-7502-not-tracked"),
        pytest.param(
            mail("code-7528@x.test", options=TRACKED), [*ARRIVED, ("Clicked", "7528")], id="WX2-EMAIL-11-7528-tracked"
        ),
        pytest.param(mail("code-7528@x.test"), ARRIVED, id="WX2-EMAIL-11-7528-not-tracked"),
        pytest.param(mail("code-9002@x.test"), [("Failed", "9002")], id="WX2-CP-01-9002"),
        pytest.param(mail("Code-7523@X.test"), [("Failed", "7523")], id="WX2-TO-06-in-any-case"),
        pytest.param(mail("code-75230@x.test"), ARRIVED, id="WX2-TO-06-five-digits-are-a-name"),
        pytest.param(mail("a.code-7523@x.test"), ARRIVED, id="WX2-TO-06-not-the-whole-name"),
        pytest.param(sms("+15550107207"), ARRIVED, id="WX1-CB-08-two-zeros-are-a-number"),
        pytest.param(sms("+15550008207"), ARRIVED, id="WX1-CB-08-codes-begin-with-seven"),
    ],
)
async def test_table(service: Service, request_: tuple[str, Body], receipts: list[tuple[str, str]]) -> None:
    """A magic destination always gets its receipts, whatever the version."""
    await service.sends(*request_)
    await service.advance(3600)
    assert service.receipts() == receipts


@pytest.mark.parametrize(
    ("mailbox", "kind"),
    [
        pytest.param("code-7520@x.test", "Permanent_General", id="WX2-EMAIL-09-usual-bounce"),
        pytest.param("code-7520-Transient_MailboxFull@x.test", "Transient_MailboxFull", id="WX2-EMAIL-09-full-mailbox"),
        pytest.param("code-7520-nonsense@x.test", "Permanent_General", id="WX2-EMAIL-09-unknown-bounce"),
        pytest.param("code-7521-auth-failure@x.test", "auth-failure", id="WX2-EMAIL-09-complaint"),
    ],
)
async def test_sorts(service: Service, mailbox: str, kind: str) -> None:
    """A mailbox may name the sort of bounce or complaint."""
    await service.sends(*mail(mailbox))
    await service.advance(5)
    assert service.infos()[-1]["Description"] == kind
    await service.sends(*mail(mailbox))  # and does so again: no bounce is remembered of it
    await service.advance(5)
    assert service.infos()[-1]["Description"] == kind


async def test_magic_beats_scenarios(service: Service) -> None:
    """A magic destination does what it does, whatever the account's scenario."""
    service.silence()
    await service.sends(*sms(f"{N}7501"))
    await service.advance(1)
    assert service.receipts() == [SUBMITTED]


async def test_what_is_known_beats_magic(service: Service) -> None:
    """WX1-SMS-08: what the platform knows from the start beats magic, scenario and match alike."""
    service.app.sandbox.scenarios.put(load("name: all\nmatch: {user: '*'}\nsteps: [{do: deliver}]"))
    service.configure(senders=["BRAND"])
    body = v1_requests.request("sms", {"sms": {"text": "Hi", "senderid": "OTHER"}}, f"{N}7501", "+447700900123")
    await service.sends("v1", body)
    await service.advance(1)
    assert service.receipts() == [("Failed", "7101"), ("Failed", "7101")]


async def test_matching_scenarios_play(service: Service) -> None:
    """A scenario that matches plays in the place of the channel's own series, and the server's default does so too."""
    service.app.sandbox.scenarios.put(load("name: all\nmatch: {provider: webex-connect}\nsteps: [{do: deliver}]"))
    await service.sends(*sms("+447700900123"))
    await service.advance(1)
    assert service.receipts() == [DELIVERED]


async def test_start_again(service: Service) -> None:
    """`start` has a magic destination do again what it does, for the newest message."""
    await service.sends(*sms(f"{N}7501"))
    await service.advance(1)
    await service.does("start", f"{N}7501")
    await service.advance(1)
    runs = [run.scenario for run in service.account.journal.runs]  # type: ignore[attr-defined]  # they are runs
    assert runs == [f"{N}7501", f"{N}7501"]


def test_listed() -> None:
    """What is listed for people is magic, every row of it."""
    assert all(magic.is_magic(address) for address in magic.EXAMPLES)
    assert not magic.is_magic("+447700900123")


@pytest.mark.parametrize(
    "user", ["000", "0007", "000720", "code-", "code-72@x", "code-7207", "x" * 5000 + "000", "\n0007207", "0007207\n"]
)
def test_nearly_magic(user: str) -> None:
    """What nearly is a magic destination is looked at without harm."""
    assert magic.is_magic(user) is (user == "\n0007207")
