"""Conversations: who talks to whom, at a glance."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control import messages
from sandbox.control.described import described
from sandbox.control.filters import Filters
from sandbox.control.listing import ListQuery, Page, Rows, listed
from sandbox.control.messages import MessageView
from sandbox.control.query import Query
from sandbox.core.account import Account
from sandbox.sandbox import ConversationRow, Sandbox


class ConversationQuery(ListQuery, total=False):
    """Which conversations."""

    user: Annotated[str, Field(description="the person's address, in any form that the provider understands")]
    sender: Annotated[str, Field(description="the business's own address")]


class Counts(TypedDict):
    """How many messages are remembered."""

    outbound: int
    inbound: int


class ConversationView(TypedDict):
    """Who talks to whom, at a glance; `session` is the one that is open."""

    account: str
    provider: str
    sender: str
    user: str
    channel: str
    last_message: MessageView
    counts: Counts
    session: str | None


def view(sandbox: Sandbox, row: ConversationRow) -> ConversationView:
    """Return a conversation as JSON."""
    account, sender, user = row.conversation
    owner = sandbox.accounts.get(account.id)
    return {
        "account": account.id,
        "provider": account.provider,
        "sender": sender,
        "user": user,
        "channel": row.last.channel,
        "last_message": messages.view(sandbox, row.last),
        "counts": {"outbound": row.outbound, "inbound": row.inbound},
        "session": None if owner is None else owner.provider.session(row.conversation, owner),
    }


def _place(row: ConversationRow) -> int:
    return row.last.seq


@described(answer=Page[ConversationView], query=ConversationQuery)
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List conversations, each at the place of its newest message: a new one brings it behind the cursor again."""
    query = Query(request, *ConversationQuery.__annotations__)
    wanted: Filters[ConversationRow] = Filters(query)
    wanted.user(sandbox, lambda row: row.conversation.user)
    wanted.exact("sender", lambda row: row.conversation.sender)

    def source(accounts: list[Account], mark: int) -> Rows:
        rows = (row for account in accounts for row in sandbox.conversations(account))
        return Rows(row for row in rows if _place(row) > mark)

    return await listed(sandbox, request, query, source, view, wanted, _place)
