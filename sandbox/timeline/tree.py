"""Tree: an account's records as nodes, the ones that came of others below them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from urllib.parse import unquote

from sandbox.core.account import Account
from sandbox.core.callback import Callback
from sandbox.core.conversation import Message
from sandbox.core.journal import Exchange
from sandbox.core.operation import Operation, RawRequest
from sandbox.core.piecemeal import Steps
from sandbox.engine import telling
from sandbox.engine.scenario import Run
from sandbox.timeline import reasons, summaries
from sandbox.timeline.family import Family, Record, Step
from sandbox.timeline.node import Node, Timeline

_PART = 50  # roots that are looked at in one piece
_FEW = 20  # children that are


class Tree:
    """
    Makes nodes of the records of an account.

    Args:
        account: whose.
        user: a person in wire form, to leave out what is about others; None leaves nothing out.
    """

    def __init__(self, account: Account, user: str | None = None) -> None:
        self._account = account
        self._user = user
        self._family = Family(account)
        self._armed = {each.id: each for each in account.journal.interventions if each.kind == "fault"}
        self._operations = {operation.id: operation for operation in account.provider.operations}
        self._words: dict[int, str] = {}
        self._retries = len(account.provider.delivery(account).retry_waits)

    def timeline(self, after: int | None, limit: int) -> Steps[Timeline]:
        """
        Return the roots behind a place in the order of everything, the first `limit`; without one, the last `limit`.

        What was dropped from the journal is counted.
        """
        account = self._account
        yield from self._family.gather()
        wanted = self._family.roots
        if self._user is not None:
            wanted = []
            for count, root in enumerate(self._family.roots):
                if self._is_wanted(root):
                    wanted.append(root)
                if not count % _PART:
                    yield
        first = max(0, len(wanted) - limit) if after is None else bisect_right(wanted, after, key=attrgetter("seq"))
        chosen = wanted[first : first + limit]
        roots: list[Node] = []
        for record in sorted(chosen, key=_place):
            roots.append((yield from self._node(record)))
            yield
        clock = account.clock
        return Timeline(
            account.id,
            account.provider.name,
            clock.mode,
            clock.now(),
            tuple(roots),
            first,
            {name: feed.dropped for name, feed in account.journal.feeds()},
            chosen[-1].seq if chosen else after or 0,
        )

    def _is_wanted(self, record: Record) -> bool:
        """Tell whether a record, or anything that came of it, is about the person, or else about nobody in particular."""
        if self._user is None:
            return True
        users = self._users(record)
        return not users or self._user in users

    def _users(self, record: Record) -> Collection[str]:
        match record:
            case Exchange(operation=name, request=request):
                operation = self._operations.get(name or "")
                named = set() if operation is None else set(operation.users_of(_with_parts(request, operation)))
                return named.union(*map(self._users, self._family.children(record)))
            case Message():
                return (record.conversation.user,)
            case Callback() | Run():
                return (record.user,)
            case Step():
                return (record.run.user,)
            case _:
                return () if record.user is None else (record.user,)

    def _node(self, record: Record) -> Steps[Node]:
        """Return a record's node, with what came of it in the order of time."""
        node = self._alone(record)
        children = self._family.children(record)
        if children:
            for count, child in enumerate(sorted(filter(self._is_wanted, children), key=_place)):
                node.children.append((yield from self._node(child)))
                if not (count + 1) % _FEW:
                    yield
        return node

    def _alone(self, record: Record) -> Node:
        account, family = self._account, self._family
        match record:
            case Exchange():
                why = reasons.of_request(record, account, self._armed)
                return Node("request", record.id, record.at, summaries.of_request(record), why)
            case Message():
                why = reasons.of_message(record, account, family)
                return Node("message", record.id, record.at, summaries.of_message(record), why)
            case Run():
                return Node("run", record.id, _at(record), summaries.of_run(record), reasons.of_run(record, account))
            case Step(state=state):
                told = state.state == "done" and bool(family.children(record))
                return Node("step", record.id, record.at, summaries.of_step(record, self._told(record)), told=told)
            case Callback():
                return self._callback(record)
            case _:
                armed = account.faults.armed.get(record.id)
                idle = ", and has not fired yet" if armed is not None and not armed.fired else ""
                return Node(record.kind, record.id, record.at, summaries.of_intervention(record) + idle)

    def _told(self, step: Step) -> str:
        """Return what a step does; runs of one scenario share its steps, so that each is put into words once."""
        played = step.run.plan[step.state.index].step
        words = self._words.get(id(played))
        if words is None:
            words = self._words[id(played)] = telling.told(played)
        return words

    def _callback(self, callback: Callback) -> Node:
        attempts = callback.attempts
        at = _at(callback)
        node = Node(
            "callback", callback.id, at, summaries.of_callback(callback), reasons.of_callback(callback, self._family)
        )
        if callback.fault is not None:
            node.children.append(Node("fault", callback.fault, at, reasons.fault(callback.fault, self._armed)))
        for number, attempt in enumerate(attempts):
            why = reasons.of_attempt(attempt, number, self._retries)
            told = len(attempts) == 1 and why is None
            summary = summaries.of_attempt(attempt, number)
            node.children.append(Node("attempt", f"{callback.id}/{number}", attempt.at, summary, why, told=told))
        if callback.state in ("blocked", "recorded"):
            says = summaries.of_unsent(callback)
            node.children.append(Node("attempt", None, at, says, reasons.of_unsent(callback)))
        return node


def _at(record: Record) -> datetime:
    """Return when something happened, on the account's clock."""
    match record:
        case Callback(attempts=attempts):
            return attempts[0].at if attempts else record.due_at
        case Run():
            return record.begun_at or record.due_at
        case _:
            return record.at


def _place(record: Record) -> tuple[datetime, int, int]:
    """Return what records are put into the order of time by."""
    return _at(record), record.seq, record.state.index if isinstance(record, Step) else -1


def _with_parts(request: RawRequest, operation: Operation) -> RawRequest:
    """Return a journaled request with the parts of its path, which are let go of when it is answered."""
    given = request.path.split("/")
    templates = (path.split("/") for path in (operation.path, *operation.aliases))
    names = next(names for names in templates if len(names) == len(given))  # by one of them it came here
    parts = {name[1:-1]: unquote(part) for name, part in zip(names, given, strict=True) if name.startswith("{")}
    return replace(request, params=parts)
