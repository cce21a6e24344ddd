"""Sessions: which messages of a phone to an agent belong to one follow-up conversation (39)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.core.account import Account
from sandbox.core.conversation import Conversation
from sandbox.providers.rbm.phones import ALWAYS_NEW

LASTS = timedelta(hours=24)  # without a message


@dataclass(slots=True)
class Session:
    """A session: its id, and when its latest message was sent."""

    id: str
    latest: datetime

    def is_open(self, at: datetime) -> bool:
        """Tell whether a message sent then belongs to it (RBM-SES-01)."""
        return at - self.latest < LASTS


def session_id(conversation: Conversation, account: Account, at: datetime) -> str:
    """Return the id for a message sent at a time: that of the open session, else a new one (RBM-SES-01)."""
    session = _at(conversation, account)
    if session is None or not session.is_open(at) or conversation.user == ALWAYS_NEW:
        session = Session(account.ids.uuid_of("session"), at)
        account.shelf(Session).put(_name(conversation), session)
    session.latest = max(session.latest, at)
    return session.id


def open_session(conversation: Conversation, account: Account) -> str | None:
    """Return the id of the session that is open now; None if none is."""
    session = _at(conversation, account)
    return session.id if session is not None and session.is_open(account.clock.now()) else None


def end(conversation: Conversation, account: Account) -> None:
    """End a session; the next message begins another (RBM-SES-03)."""
    account.shelf(Session).remove(_name(conversation))


def _at(conversation: Conversation, account: Account) -> Session | None:
    return account.shelf(Session).get(_name(conversation))


def _name(conversation: Conversation) -> str:
    """Return what a session is kept under: the phone and the agent, who share it with nobody (RBM-SES-02)."""
    return f"{conversation.user} {conversation.sender}"
