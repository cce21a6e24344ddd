"""Listing: how lists are answered, page by page, at once or when enough has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, islice
from operator import attrgetter
from typing import Annotated, Any, Generic, NamedTuple, NotRequired, TypeVar

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer, stamp
from sandbox.control.problem import missing
from sandbox.control.query import LONGEST_WAIT, Query
from sandbox.control.waiting import wait_until
from sandbox.core.account import Account
from sandbox.core.journal import Feed, Record
from sandbox.sandbox import Sandbox

MOST = 1000

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class ListQuery(TypedDict, total=False):
    """What every list takes."""

    account: Annotated[str, Field(description="id of an account: only what is its own")]
    after: Annotated[int, Field(ge=0, description="cursor of an earlier answer: only what came since")]
    limit: Annotated[int, Field(ge=1, le=MOST, description="most items of one answer; 100 if not given")]
    wait: Annotated[
        float,
        Field(ge=0, le=LONGEST_WAIT, description="seconds of real time to wait until `count` items match"),
    ]
    count: Annotated[
        int, Field(ge=0, description="how many items are waited for, 1 if not given; 0 asserts that none comes")
    ]


PARAMETERS = tuple(ListQuery.__annotations__)


class Page(TypedDict, Generic[T]):
    """A part of a list, the oldest item first; `dropped` older ones are no longer kept."""

    items: list[T]
    cursor: Annotated[str, Field(description="give it as `after` for what comes next")]
    dropped: int
    satisfied: NotRequired[Annotated[bool, Field(description="whether as many came as were waited for")]]
    hint: NotRequired[Annotated[str, Field(description="why what is asked for is not there, or cannot be")]]


class Collection(TypedDict, Generic[T]):
    """All there is, at once."""

    items: list[T]


class Rows(NamedTuple):
    """What there is behind a mark, in any order, and how many older ones are no longer kept."""

    items: Iterable[Any]
    dropped: int = 0


Source = Callable[[list[Account], int], Rows]


def of_feeds(pick: Callable[[Account], Feed[R]]) -> Source:
    """Return a source that reads one feed of each account."""
    return lambda accounts, mark: behind(map(pick, accounts), mark)


def behind(feeds: Iterable[Feed[R]], mark: int) -> Rows:
    """Return what some feeds have behind a mark."""
    kept = tuple(feeds)
    records = chain.from_iterable(feed.after(mark) if mark else feed for feed in kept)
    return Rows(records, sum(feed.dropped for feed in kept))


async def listed(
    sandbox: Sandbox,
    request: Request,
    query: Query,
    source: Source,
    view: Callable[[Sandbox, Any], Mapping[str, Any]],
    wanted: Callable[[Iterable[Any]], Iterable[Any]] = iter,
    seq: Callable[[Any], int] = attrgetter("seq"),
    hint: str | None = None,
) -> Response:
    """
    Return a page of a list, the oldest items first, once it has `count` items or `wait` is over.

    A cursor is a place in the order of everything the sandbox remembers: an answer's is that of its last item, so that
    the next call goes on there. With no item it is where the call began, or else the end of all there is.

    Args:
        sandbox: is asked again after every change, if need be.
        request: goes on waiting as long as its client does.
        query: has the parameters of `PARAMETERS`.
        source: of the accounts that are asked for, those made meanwhile too.
        view: makes the JSON of an item.
        wanted: picks items.
        seq: an item's place.
        hint: goes out with the answer.
    """
    query.account(sandbox)
    mark = query.integer("after", 0, 0)
    limit = query.integer("limit", 100, 1, MOST)
    count = query.integer("count", 1, 0)
    name = query.text("account")

    def rows() -> Rows:
        accounts = [account for account in sandbox.accounts if name in (None, account.id)]
        return source(accounts, mark)

    def met() -> bool:
        if name is not None and sandbox.accounts.get(name) is None:  # it was removed: nothing more comes
            return True
        return any(True for _ in islice(wanted(rows().items), max(count, 1) - 1, None))

    await wait_until(sandbox, request, met, query.wait())
    now = rows()
    found = sorted(wanted(now.items), key=seq)
    items = found[:limit]
    cursor = seq(items[-1]) if items else mark if "after" in query else sandbox.next_seq()
    body = {"items": [view(sandbox, item) for item in items], "cursor": str(cursor), "dropped": now.dropped}
    if "wait" in query or "count" in query:
        body["satisfied"] = satisfied = len(found) >= count if count else not found
        if count and not satisfied and hint is None and name is not None:
            hint = _standing(sandbox.accounts.get(name))
    if hint is not None:
        body["hint"] = hint
    return answer(body)


def _standing(account: Account | None) -> str | None:
    """Return what there is to say of the clock of an account where something was waited for in vain."""
    if account is None or account.clock.mode == "real" or not (pending := account.clock.pending):
        return None
    told = f"time stands still at {stamp(account.clock.now())} while {pending} wait{'s' if pending == 1 else ''} for it"
    return f"{told}: POST /_sandbox/clock/advance moves it on"


def one_of(sandbox: Sandbox, what: str, name: str, pick: Callable[[Account], Feed[R]]) -> tuple[Account, R]:
    """Return a record and the account that it is of. Raises `ProblemError`."""
    for account in sandbox.accounts:
        record = pick(account).get(name)
        if record is not None:
            return account, record
    raise missing(what, name)
