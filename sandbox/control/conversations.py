"""Conversations: who talks to whom, at a glance."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control import messages
from sandbox.control.filters import Filters
from sandbox.control.listing import PARAMETERS, Rows, listed
from sandbox.control.query import Query
from sandbox.core.account import Account
from sandbox.sandbox import ConversationRow, Sandbox


def view(sandbox: Sandbox, row: ConversationRow) -> dict[str, Any]:
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


async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List conversations, each at the place of its newest message: a new one brings it behind the cursor again."""
    query = Query(request, *PARAMETERS, "user", "sender")
    wanted: Filters[ConversationRow] = Filters(query)
    wanted.user(sandbox, lambda row: row.conversation.user)
    wanted.exact("sender", lambda row: row.conversation.sender)

    def source(accounts: list[Account], mark: int) -> Rows:
        rows = (row for account in accounts for row in sandbox.conversations(account))
        return Rows(row for row in rows if _place(row) > mark)

    return await listed(sandbox, request, query, source, view, wanted, _place)
