"""Stage: an account of a made-up provider on a frozen clock, an engine that plays there, and a record of what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sandbox.core.account import Account
from sandbox.core.callback import Callback, DeliveryPolicy, Draft, Encoded
from sandbox.core.clock import Clock
from sandbox.core.content import Content, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import AccountKey, Body, Conversation, Message, Status, StatusChange
from sandbox.core.errors import ApiError
from sandbox.core.events import (
    Cause,
    Event,
    MessageAccepted,
    MessageDelivered,
    MessageFailed,
    MessageRead,
    MessageSent,
    UserReplied,
)
from sandbox.core.fault import Fault, FaultSpec
from sandbox.core.ids import Ids
from sandbox.core.journal import Journal
from sandbox.core.keys import Keys
from sandbox.core.operation import Reply
from sandbox.core.provider import Magic, Provider
from sandbox.core.rule import Rulebook
from sandbox.core.services import Services
from sandbox.core.stream import Stream
from sandbox.engine.actions import Acted, Action, action_from_json
from sandbox.engine.engine import Engine
from sandbox.engine.loader import load
from sandbox.engine.scenario import Run, Scenario
from sandbox.engine.scenarios import Scenarios

NOON = datetime(2030, 1, 2, 12, 0, 0, tzinfo=UTC)
USER = "+4915112345678"
OTHER = "+4915187654321"
SHOP = "shop"
REPO = Path(__file__).parents[2]

YES = Suggestion("Yes", "yes-1")
NO = Suggestion("No", "no-1")
WHERE = Suggestion("Share location", "where-1", SuggestedAction("request_location"))

_STATUSES: dict[type[Event], Status] = {
    MessageSent: "sent",
    MessageDelivered: "delivered",
    MessageRead: "read",
    MessageFailed: "failed",
}
_WORDS = {MessageSent: "SENT", MessageDelivered: "DELIVERED", MessageRead: "SEEN", MessageFailed: "LOST"}


class Nothing(BaseModel):
    """Credentials and settings of an account that needs none."""


class StubProvider(Provider):
    """A provider with a callback for most things; tests change what they need on the instance."""

    name = "stub"
    title = "Stub Messaging"
    prefixes = ()
    rules = Rulebook("", ())
    operations = ()
    callback_kinds = ("stub",)
    actions = frozenset(
        {*("say", "tap", "send_file", "share_location", "start_typing", "start", "click")}
        | {*("deliver", "read", "fail", "receipt", "error")}
    )
    receipts = ("SENT", "DELIVERED", "READ", "LOST", "GONE")
    magic = ()
    account_settings = Nothing
    account_credentials = Nothing
    default_channel = "chat"
    known_senders: tuple[str, ...] = (SHOP,)
    addresses: tuple[Magic, ...] = ()

    def credentials(self, given: Mapping[str, Any], number: int, keys: Keys) -> BaseModel:
        """None are needed."""
        return Nothing()

    def identities(self, credentials: BaseModel, settings: BaseModel) -> tuple[str, ...]:
        """Nothing selects it."""
        return ()

    def authorization(self, account: Account, services: Services) -> dict[str, str]:
        """Nothing is signed."""
        return {}

    def senders(self, account: Account) -> tuple[str, ...]:
        """One shop, unless a test says otherwise."""
        return self.known_senders

    def normalise_user(self, address: str) -> str:
        """Numbers begin with a plus; spaces go."""
        number = address.replace(" ", "")
        if not number.startswith("+"):
            raise ValueError(f"{address!r} is no number")
        return number

    def render(self, error: ApiError, account: Account | None, ids: Ids) -> Reply:
        """Not asked for here."""
        return Reply(400)

    def not_found(self, path: str) -> ApiError:
        """Not asked for here."""
        raise NotImplementedError

    def method_not_allowed(self, allowed: Sequence[str]) -> ApiError:
        """Not asked for here."""
        raise NotImplementedError

    def too_large(self) -> ApiError:
        """Not asked for here."""
        raise NotImplementedError

    def broken_down(self) -> ApiError:
        """Not asked for here."""
        raise NotImplementedError

    def rate_limited(self) -> ApiError:
        """Not asked for here."""
        raise NotImplementedError

    def of_status(self, status: int) -> ApiError:
        """Not asked for here."""
        raise NotImplementedError

    def of_code(self, code: str) -> ApiError:
        """Not asked for here."""
        raise NotImplementedError

    def callbacks_for(self, event: Event, account: Account) -> tuple[Draft, ...]:
        """One for everything, but none for a file without its bytes."""
        if isinstance(event, UserReplied) and event.reply.content.kind == "media" and event.data is None:
            raise ValueError("the bytes of a file are needed")
        return (Draft("stub", None),)

    def encode(self, callback: Callback, account: Account) -> Encoded:
        """Not asked for here."""
        raise NotImplementedError

    def delivery(self, account: Account) -> DeliveryPolicy:
        """Not asked for here."""
        raise NotImplementedError

    def status_word(self, event: Event) -> str | None:
        """Words of its own."""
        return _WORDS.get(type(event))

    def receipt_event(self, status: str) -> str:
        """Two words for having been read."""
        deeds = {
            "SENT": "sent",
            "DELIVERED": "deliver",
            "READ": "read",
            "SEEN": "read",
            "LOST": "fail",
            "GONE": "expire",
            "NOTED": "note",
        }
        if status not in deeds:
            raise ValueError(f"{status!r} is no receipt")
        return deeds[status]

    def inbound_id(self, account: Account) -> str:
        """A UUID."""
        return account.ids.uuid4()

    def error_codes(self) -> tuple[str, ...]:
        """Two."""
        return ("BROKEN", "LATE")

    def media_for(self, mime_type: str) -> str:
        """Everything but a zip."""
        if mime_type == "application/zip":
            raise ValueError("a zip cannot be sent")
        return super().media_for(mime_type)

    def user_of_magic(self, address: str) -> Magic | None:
        """The addresses that the test gave."""
        return next((magic for magic in self.addresses if magic.address == address), None)


def arm(spec: FaultSpec, account: Account) -> None:
    """Arm a fault as the sandbox does."""
    account.faults.arm(Fault(account.ids.opaque("flt"), spec, spec.times))


def change(account: Account, settings: Mapping[str, Any]) -> None:
    """Take settings that the account of a stage, which has none, cannot have."""
    account.provider.account_settings.model_validate(settings)


class Stage:
    """
    One account and its engine; `events` is what was published, in order.

    Args:
        scenarios: what there is to play; texts of YAML.
        magic: the provider's magic addresses.
        seed: of the account's ids and chance.
        provider: whose account it is.
    """

    def __init__(
        self,
        *scenarios: str,
        magic: tuple[Magic, ...] = (),
        seed: str = "test",
        provider: StubProvider | None = None,
    ) -> None:
        self.provider = provider or StubProvider()
        self.provider.addresses = magic
        self.key = AccountKey("stub", "acc_stub")
        self.stream = Stream()
        assert self.stream.last == 0  # which has it keep what comes
        self.account = Account(
            self.key,
            self.provider,
            "Stub account",
            Nothing(),
            Nothing(),
            clock=Clock(frozen_at=NOON),
            ids=Ids(seed, "acc_stub"),
            journal=Journal("acc_stub", 1000, count(1), self.stream),
        )
        self.events: list[Event] = []
        self.scenarios = Scenarios()
        for text in scenarios:
            self.scenarios.put(load(text))
        self.engine = Engine(self.scenarios, self.publish, (REPO / "fixtures" / "samples").joinpath, arm, change)

    @property
    def told(self) -> list[Run]:
        """The runs that were begun or have changed, as often as they did."""
        return [change.subject for change in self.stream.after(0) if change.kind == "run"]

    def publish(self, event: Event, _account: Account | None = None) -> tuple[Callback, ...]:
        """Do with an event what the sandbox does with it, as far as the engine can see."""
        drafts = self.provider.callbacks_for(event, self.account)
        self.events.append(event)
        if isinstance(event, UserReplied):
            self.account.journal.messages.add(event.reply)
        status = _STATUSES.get(type(event))
        message = getattr(event, "message", None)
        if status is not None and message is not None:
            message.history += (StatusChange(status, None, event.at),)
            if (message.status, status) != ("read", "delivered"):
                message.status = status
        made = tuple(self._callback(draft.kind, event) for draft in drafts)
        self.engine.on(event, self.account)
        return made

    def _callback(self, kind: str, event: Event) -> Callback:
        user = event.conversation.user
        return Callback(
            self.account.ids.opaque("cbk"), 0, self.key, kind, user, None, event.cause, None, (), None, event.at
        )

    def accept(
        self,
        said: str | Content = "Hello",
        *suggestions: Suggestion,
        user: str = USER,
        sender: str = SHOP,
        channel: str = "chat-1",
        fate: tuple[dict[str, Any], ...] | None = None,
        plays_from: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> Message:
        """Have the business send a message."""
        journal = self.account.journal
        message = Message(
            id=self.account.ids.opaque("msg"),
            seq=journal.next_seq(),
            conversation=Conversation(self.key, sender, user),
            direction="outbound",
            channel=channel,
            provider_id=f"theirs-{len(journal.messages) + 1}",
            at=self.now,
            status="accepted",
            body=Body(Text(said) if isinstance(said, str) else said, suggestions),
        )
        journal.messages.add(message)
        self.publish(
            MessageAccepted(
                self.now,
                message.conversation,
                None,
                message,
                fate=fate,
                plays_from=plays_from,
                expires_at=expires_at,
            )
        )
        return message

    def act(self, do: str, **members: Any) -> Acted:
        """Do something as the person, as the control API asks for it."""
        return self.engine.act(self.account, action(do, **members), Cause("action", "act_1"))

    def start(self, text: str, message: Message | None = None, user: str = USER) -> Run:
        """Play a scenario."""
        return self.engine.start(self.account, load(text), user, None, message)

    @property
    def now(self) -> datetime:
        """The account's time."""
        return self.account.clock.now()

    @property
    def runs(self) -> list[Run]:
        """Every run, the oldest first."""
        return [run for run in self.account.journal.runs if isinstance(run, Run)]

    @property
    def done(self) -> list[str]:
        """The events but for what the business sent, by name."""
        return [type(event).__name__ for event in self.events if not isinstance(event, MessageAccepted)]

    @property
    def timed(self) -> list[tuple[str, float]]:
        """The events but for what the business sent, by name and by seconds since noon."""
        return [
            (type(event).__name__, round((event.at - NOON).total_seconds(), 6))
            for event in self.events
            if not isinstance(event, MessageAccepted)
        ]

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.account.clock.advance(seconds)

    def replies(self) -> list[Message]:
        """What the person sent."""
        return [event.reply for event in self.events if isinstance(event, UserReplied)]


def action(do: str, **members: Any) -> Action:
    """Return an action of the person, as the control API asks for it."""
    return action_from_json({"type": do, "user": USER, **members})


def script(*steps: str, name: str = "test", match: str | None = None) -> str:
    """Return the text of a scenario, its steps given in flow style without the braces: `do: say, text: Hi`."""
    lines = [f"name: {name}", *([f"match: {{{match}}}"] if match is not None else []), "steps:"]
    return (
        "\n".join([*lines, *(f"  - {{{step}}}" for step in steps)]) if steps else "\n".join([*lines[:-1], "steps: []"])
    )


def states(run: Run) -> list[tuple[str, str]]:
    """Return what a run's steps do and how they stand."""
    return [(step.do, step.state) for step in run.steps]


def after(seconds: float) -> datetime:
    """Return the time so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def scenario(text: str) -> Scenario:
    """Return the scenario of a text."""
    return load(text)
