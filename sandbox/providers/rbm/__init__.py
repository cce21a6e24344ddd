"""RBM: the incoming messages of RCS Business Messaging as its document tells a webhook of them, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from sandbox.core.account import Account
from sandbox.core.answers import NoAnswers
from sandbox.core.callback import Callback, DeliveryPolicy, Draft, Encoded
from sandbox.core.content import Suggestion
from sandbox.core.conversation import Conversation
from sandbox.core.events import Event
from sandbox.core.ids import Person
from sandbox.core.kept import Kept
from sandbox.core.keys import Keys
from sandbox.core.provider import Provider
from sandbox.core.services import Services
from sandbox.providers.rbm import callbacks, phones, sessions, suggestions
from sandbox.providers.rbm.account import AgentCredentials, AgentSettings, credentials_of
from sandbox.providers.rbm.rules import RULES

if TYPE_CHECKING:
    from sandbox.core.description import Description
    from sandbox.core.rehearsal import Rehearsal


class Rbm(NoAnswers, Provider):
    """RCS Business Messaging, one direction: what people write to an agent. An account is one agent."""

    name = "rbm"
    title = "RBM"
    prefixes = ()
    hosts = ("enablex.io",)
    rules = RULES
    callback_kinds = callbacks.KINDS
    actions = frozenset(["say", "tap", "send_file", "share_location", "end_session", "start"])
    magic = phones.MAGIC
    account_settings = AgentSettings
    account_credentials = AgentCredentials
    default_channel = "rcs"
    serves_files = True
    suggestion_types = tuple(suggestions.TYPES)
    kept = Kept(shelves=(sessions.Session,), payloads=(callbacks.IncomingMessage,))

    def describe(self, fixtures: Path) -> Description:
        """See `description.describe`."""
        from sandbox.providers.rbm.description import describe  # noqa: PLC0415 - few ask

        return describe(fixtures / "rbm")

    # accounts

    def credentials(self, given: Mapping[str, Any], number: int, keys: Keys) -> AgentCredentials:  # noqa: ARG002
        """Make a name for the agent where none is given (RBM-CFG-01)."""
        return AgentCredentials.model_validate({"agent": f"Agent{number + 1:04d}", **given})

    def identities(self, credentials: BaseModel, settings: BaseModel) -> tuple[str, ...]:  # noqa: ARG002 - no part of it
        """No two agents have one name (RBM-CFG-01)."""
        return (f"agent={cast('AgentCredentials', credentials).agent}",)

    def authorization(self, account: Account, services: Services) -> dict[str, str]:  # noqa: ARG002 - there is none
        """Nobody calls RBM, so nobody needs a header."""
        return {}

    def senders(self, account: Account) -> tuple[str, ...]:
        """The agent."""
        return (credentials_of(account).agent,)

    def normalise_user(self, address: str) -> str:
        """See `phones.normalise` (RBM-IN-01)."""
        return phones.normalise(address)

    # callbacks

    def callbacks_for(self, event: Event, account: Account) -> tuple[Draft, ...]:
        """See `callbacks.callbacks_for`."""
        return callbacks.callbacks_for(event, account)

    def encode(self, callback: Callback, account: Account) -> Encoded:  # noqa: ARG002 - the same for all
        """See `callbacks.encode`."""
        return callbacks.encode(callback)

    def sign(self, encoded: Encoded, callback: Callback, account: Account) -> Encoded:  # noqa: ARG002 - whatever it is
        """See `callbacks.sign` (RBM-CB-09)."""
        return callbacks.sign(encoded, account)

    def delivery(self, account: Account) -> DeliveryPolicy:
        """See `callbacks.delivery`."""
        return callbacks.delivery(account)

    def rehearsal(self) -> Rehearsal:
        """See `rehearsal.REHEARSAL`."""
        from sandbox.providers.rbm.rehearsal import REHEARSAL  # noqa: PLC0415 - only for those who try out a webhook

        return REHEARSAL

    # the person at the other end

    def inbound_id(self, account: Account) -> str:
        """Return the `request_id`, which no other message has (RBM-CB-03)."""
        return account.ids.uuid_of("request")

    def suggestion(self, kind: str | None, text: str, postback: str) -> Suggestion:
        """See `suggestions.suggestion`."""
        return suggestions.suggestion(kind, text, postback)

    def session(self, conversation: Conversation, account: Account) -> str | None:
        """See `sessions.open_session`."""
        return sessions.open_session(conversation, account)

    def person(self, user: str, account: Account) -> Person:
        """The published numbers belong to people with a name."""
        person = account.ids.person(user)
        if user not in phones.PEOPLE:
            return person
        first_name, last_name = phones.PEOPLE[user]
        return replace(person, first_name=first_name, last_name=last_name)

    def media_for(self, mime_type: str) -> str:
        """Images and videos; everything else, recordings too, is a document (RBM-IN-03)."""
        family = mime_type.partition("/")[0].lower()
        return family if family in ("image", "video") else "document"


PROVIDER = Rbm()
