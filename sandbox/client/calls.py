"""Calls: everything that the control API can be asked, each described once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Unpack

from sandbox.client.asking import Asking, Request, call, place
from sandbox.client.parameters import (
    AccountChanges,
    AccountValues,
    CallbackFilters,
    ConversationFilters,
    FaultSpec,
    MessageFilters,
    RequestFilters,
    RunFilters,
    RunValues,
    TimelineFilters,
)
from sandbox.client.resources import (
    Acted,
    Advanced,
    AnyAccount,
    ApiRequest,
    Callback,
    Clock,
    Conversation,
    Coverage,
    Fault,
    Health,
    MagicList,
    Message,
    Page,
    Place,
    Provider,
    ProviderName,
    Recording,
    Run,
    Sample,
    Scenario,
    Sender,
    Timeline,
)

T = TypeVar("T")

MOST = 1000  # items that a list tells at once
LONG = 60.0  # seconds more for calls that move days of time, or the whole state


class Calls:
    """Every call; an instance of this class has no network and returns what it would ask (see `asking`)."""

    # ----------------------------------------------------------------------------------------- server and accounts

    @call
    def health(self) -> Asking[Health]:
        """Return version, providers, clock and seed."""
        return _json(Request("GET", "/health"))

    @call
    def accounts(self) -> Asking[list[AnyAccount]]:
        """Return every account, the first ones first."""
        page: Page[AnyAccount] = yield from _list("/accounts", {})
        found = list(page.items)
        while page.items:
            page = yield from _list("/accounts", {"after": page.cursor})
            found += page.items
        return found

    @call
    def account(self, account_id: str) -> Asking[AnyAccount]:
        """Return an account with its credentials."""
        return _json(Request("GET", place("/accounts/{}", account_id)))

    @call
    def create_account(self, provider: ProviderName, **values: Unpack[AccountValues]) -> Asking[AnyAccount]:
        """Make an account and return it; credentials that are not given are generated."""
        return _json(Request("POST", "/accounts", body={"provider": provider, **values}))

    @call
    def change_account(self, account_id: str, **changes: Unpack[AccountChanges]) -> Asking[AnyAccount]:
        """Change what is given of an account, and return it."""
        return _json(Request("PATCH", place("/accounts/{}", account_id), body=changes))

    @call
    def remove_account(self, account_id: str) -> Asking[None]:
        """Let an account go, with everything of it."""
        return _done(Request("DELETE", place("/accounts/{}", account_id)))

    @call
    def authorization(self, account_id: str) -> Asking[dict[str, str]]:
        """Return the headers that a client of this account sends to its provider's API."""
        answer: dict[str, dict[str, str]] = yield from _json(
            Request("POST", place("/accounts/{}/authorization", account_id))
        )
        return answer["headers"]

    @call
    def revoke_authorization(self, account_id: str) -> Asking[None]:
        """Make every token issued to an account so far invalid."""
        return _done(Request("DELETE", place("/accounts/{}/authorization", account_id)))

    @call
    def reset(self, account: str | None = None) -> Asking[None]:
        """Forget what happened to an account; without one, return to the state at the start."""
        return _done(Request("POST", "/reset", {"account": account}))

    @call
    def snapshot(self) -> Asking[dict[str, Any]]:
        """Return the whole state as one JSON document."""
        return _json(Request("GET", "/snapshot", wait=LONG))

    @call
    def restore(self, snapshot: Mapping[str, Any]) -> Asking[None]:
        """Return to the state of a snapshot."""
        return _done(Request("PUT", "/snapshot", body=snapshot, wait=LONG))

    @call
    def senders(self, account_id: str) -> Asking[list[Sender]]:
        """Return the addresses that the business of an account has; none if any will do."""
        return (yield from _list(place("/accounts/{}/senders", account_id), {})).items

    @call
    def place(self, account_id: str, user: str, sender: str | None = None) -> Asking[Place]:
        """Return between whom, and on which channel, an action of a person would be."""
        return _json(Request("GET", place("/accounts/{}/place", account_id), {"user": user, "sender": sender}))

    # ------------------------------------------------------------------------------------------------ what happened

    @call
    def messages(self, **filters: Unpack[MessageFilters]) -> Asking[Page[Message]]:
        """Return messages; with `wait=` seconds, as soon as `count=` of them are there."""
        return _list("/messages", filters)

    @call
    def message(self, message_id: str) -> Asking[Message]:
        """Return one message."""
        return _json(Request("GET", place("/messages/{}", message_id)))

    @call
    def requests(self, **filters: Unpack[RequestFilters]) -> Asking[Page[ApiRequest]]:
        """Return the journal of calls to emulated APIs; see `messages`."""
        return _list("/requests", filters)

    @call
    def request(self, request_id: str) -> Asking[ApiRequest]:
        """Return one call of an emulated API."""
        return _json(Request("GET", place("/requests/{}", request_id)))

    @call
    def callbacks(self, **filters: Unpack[CallbackFilters]) -> Asking[Page[Callback]]:
        """Return callbacks with all their attempts; see `messages`."""
        return _list("/callbacks", filters)

    @call
    def callback(self, callback_id: str) -> Asking[Callback]:
        """Return one callback."""
        return _json(Request("GET", place("/callbacks/{}", callback_id)))

    @call
    def part(self, callback_id: str, index: int) -> Asking[bytes]:
        """Return the bytes of a part of a multipart callback, a file that a person sent."""
        answer = yield Request("GET", place("/callbacks/{}/parts/{}", callback_id, str(index)))
        return answer.content

    @call
    def redeliver(self, callback_id: str) -> Asking[Callback]:
        """Send a callback once more, byte for byte, and return the new one."""
        return _json(Request("POST", place("/callbacks/{}/redeliver", callback_id)))

    @call
    def conversations(self, **filters: Unpack[ConversationFilters]) -> Asking[Page[Conversation]]:
        """Return who talks to whom; see `messages`."""
        return _list("/conversations", filters)

    @call
    def recording(self, account: str, user: str, sender: str | None = None) -> Asking[Recording]:
        """Return a remembered conversation as a scenario that plays it again."""
        return _json(Request("GET", "/recording", {"account": account, "user": user, "sender": sender}))

    @call
    def timeline(self, account: str, **filters: Unpack[TimelineFilters]) -> Asking[Timeline]:
        """Return what happened to an account as trees: causes above their effects, each thing with its reason."""
        return _json(Request("GET", "/timeline", {"account": account, **filters}))

    @call
    def timeline_text(self, account: str, **filters: Unpack[TimelineFilters]) -> Asking[str]:
        """Return the same for people to read."""
        return _text(Request("GET", "/timeline", {"account": account, **filters, "format": "text"}))

    @call
    def coverage(self, account: str | None = None) -> Asking[Coverage]:
        """Return what of each provider's catalogue an account has met; without one, all have met together."""
        return _json(Request("GET", "/coverage", {"account": account}))

    @call
    def coverage_as(self, form: str, account: str | None = None) -> Asking[str]:
        """Return the same as a document: `markdown`, `html` or `junit`."""
        return _text(Request("GET", "/coverage", {"account": account, "format": form}))

    @call
    def metrics(self) -> Asking[str]:
        """Return the metrics in the text form of Prometheus."""
        return _text(Request("GET", "/metrics"))

    # ---------------------------------------------------------------------------------------- the person's handset

    @call
    def act(self, /, account: str, kind: str, *, user: str, wait: float | None = None, **values: Any) -> Asking[Acted]:
        """
        Do something as the person; `user` offers every action by its name.

        With `wait` it returns when the first attempts of the callbacks are done, or when so many seconds are over.
        """
        body = {"account": account, "user": user, "type": kind, **values}
        return _json(Request("POST", "/actions", {"wait": wait}, body, wait=wait or 0.0))

    @call
    def magic(self, provider: ProviderName | None = None) -> Asking[MagicList]:
        """Return every magic address with what it does, or those of one provider."""
        return _json(Request("GET", "/magic", {"provider": provider}))

    @call
    def samples(self) -> Asking[list[Sample]]:
        """Return the shipped files that a person can send by their name."""
        return (yield from _list("/samples", {})).items

    # --------------------------------------------------------------------------------------------------- scenarios

    @call
    def scenarios(self) -> Asking[list[Scenario]]:
        """Return every scenario."""
        return (yield from _list("/scenarios", {})).items

    @call
    def scenario(self, name: str) -> Asking[Scenario]:
        """Return one scenario."""
        return _json(Request("GET", place("/scenarios/{}", name)))

    @call
    def put_scenario(self, name: str, text: bytes | str, media_type: str = "application/yaml") -> Asking[Scenario]:
        """Add or replace a scenario, given as the text of its file, and return it."""
        content = text.encode() if isinstance(text, str) else text
        request = Request("PUT", place("/scenarios/{}", name), content=content, headers={"Content-Type": media_type})
        return _json(request)

    @call
    def remove_scenario(self, name: str) -> Asking[None]:
        """Take a scenario away; runs of it go on."""
        return _done(Request("DELETE", place("/scenarios/{}", name)))

    @call
    def start_run(self, scenario: str, account: str, user: str, **values: Unpack[RunValues]) -> Asking[Run]:
        """Play a scenario with a person and return the run."""
        body = {"account": account, "user": user, **values}
        return _json(Request("POST", place("/scenarios/{}/runs", scenario), body=body))

    @call
    def runs(self, **filters: Unpack[RunFilters]) -> Asking[Page[Run]]:
        """Return runs; see `messages`."""
        return _list("/runs", filters)

    @call
    def run(self, run_id: str) -> Asking[Run]:
        """Return a run with its steps."""
        return _json(Request("GET", place("/runs/{}", run_id)))

    @call
    def cancel_run(self, run_id: str) -> Asking[None]:
        """Stop a run; one that has ended stays as it ended."""
        return _done(Request("DELETE", place("/runs/{}", run_id)))

    # --------------------------------------------------------------------------------------------- faults and time

    @call
    def faults(self, account: str | None = None) -> Asking[list[Fault]]:
        """Return the faults that are armed, for one account or for all."""
        return (yield from _list("/faults", {"account": account, "limit": MOST})).items

    @call
    def arm(self, fault: FaultSpec) -> Asking[Fault]:
        """Arm a fault and return it with its id."""
        return _json(Request("POST", "/faults", body=fault))

    @call
    def disarm(self, fault_id: str) -> Asking[None]:
        """Take a fault away."""
        return _done(Request("DELETE", place("/faults/{}", fault_id)))

    @call
    def disarm_all(self, account: str | None = None) -> Asking[None]:
        """Take all faults of an account away, or all there are."""
        return _done(Request("DELETE", "/faults", {"account": account}))

    @call
    def clock(self, account: str | None = None) -> Asking[Clock]:
        """Return the time of an account, or of those to come."""
        return _json(Request("GET", "/clock", {"account": account}))

    @call
    def freeze(self, now: str | None = None, account: str | None = None) -> Asking[Clock]:
        """Stop time, at `now` or where it is; without account for all there are and those to come."""
        body = {"mode": "virtual"} if now is None else {"mode": "virtual", "now": now}
        return _json(Request("PUT", "/clock", {"account": account}, body))

    @call
    def unfreeze(self, account: str | None = None) -> Asking[Clock]:
        """Let time run again."""
        return _json(Request("PUT", "/clock", {"account": account}, {"mode": "real"}))

    @call
    def advance(
        self,
        seconds: float | None = None,
        account: str | None = None,
        *,
        until: Literal["idle", "next"] | None = None,
        limit: float | None = None,
    ) -> Asking[Advanced]:
        """
        Move frozen time on; everything due has happened when this returns.

        Args:
            seconds: how far; or else `until`.
            account: whose time; that of all, if not given.
            until: nothing waits any more (`idle`), or the next thing that waits has happened.
            limit: seconds that `until="idle"` may move at most, a week if not given.
        """
        wish = {"seconds": seconds, "until": until, "limit": limit}
        body = {name: value for name, value in wish.items() if value is not None}
        return _json(Request("POST", "/clock/advance", {"account": account}, body, wait=LONG))

    # ------------------------------------------------------------------------------------------- descriptions of APIs

    @call
    def providers(self) -> Asking[list[Provider]]:
        """Return what each emulated API can do and knows."""
        return (yield from _list("/providers", {})).items

    @call
    def openapi(self, provider: ProviderName | None = None) -> Asking[dict[str, Any]]:
        """Return the OpenAPI document of an emulated API, or of the control API."""
        return _json(Request("GET", place("/openapi/{}.json", provider) if provider else "/openapi.json"))


def _json(request: Request) -> Asking[T]:
    """Ask for a JSON object, whose members are known to be those of the type."""
    answer = yield request
    result: T = answer.json()
    return result


def _text(request: Request) -> Asking[str]:
    answer = yield request
    return answer.text()


def _done(request: Request) -> Asking[None]:
    yield request


def _list(path: str, filters: Mapping[str, Any]) -> Asking[Page[T]]:
    answer: dict[str, Any] = yield from _json(Request("GET", path, filters, wait=filters.get("wait") or 0.0))
    return Page(answer["items"], answer.get("cursor"), answer.get("satisfied"), answer.get("hint"))
