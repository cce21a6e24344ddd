"""Stage: one account whose callbacks go to the webhook in question, its people, and what checks can have them do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from pydantic_core import to_json

from sandbox.chaos import Delivery
from sandbox.core.account import Account
from sandbox.core.callback import Attempt, Callback, Encoded, headers_of
from sandbox.core.fault import FaultSpec
from sandbox.core.rehearsal import Cue, Rehearsal, Sending
from sandbox.engine.actions import InvalidActionError, NotPossibleError, action_from_json
from sandbox.engine.scenario import Scenario
from sandbox.sandbox import AccountChanges, Sandbox
from sandbox.webhook_check.check import NotObservedError, Shot
from sandbox.webhook_check.judge import Judge
from sandbox.webhook_check.line import Line
from sandbox.webhook_check.replies import Replies
from sandbox.webhook_check.wire import Wire, WireAnswer
from sandbox.webhook_client import DeliveryError

SHOWN = 2000  # characters of a request's body that are kept
TICK = timedelta(milliseconds=137)  # of the account's clock between one thing that happens and the next

Post = Callable[[str, list[tuple[bytes, bytes]], bytes], tuple[int, bytes]]
"""Makes a request to an emulated API: path with query, headers in lower case, body; returns status and body."""


class Stage:
    """
    Where checks play.

    Args:
        sandbox: the emulator.
        account: whose callbacks go to the webhook. Its clock stands still but for the checks.
        rehearsal: what its provider can be made to tell.
        url: of the webhook.
        line: what the sandbox calls it through.
        post: makes the requests of the business.
        replies: where a bot's messages are seen.
        patience: seconds of real time in which a bot answers, if there is one.
        largest: most bytes of a file.
        knows_secret: whether the webhook was said to know its provider by a secret.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        account: Account,
        rehearsal: Rehearsal,
        url: str,
        line: Line,
        post: Post,
        *,
        replies: Replies,
        patience: float = 1.0,
        largest: int = 10 * 1024 * 1024,
        knows_secret: bool = False,
    ) -> None:
        self.sandbox = sandbox
        self.account = account
        self.rehearsal = rehearsal
        self.url = url
        self.line = line
        self.replies = replies
        self.patience = patience
        self.largest = min(largest, rehearsal.largest_file)
        self.knows_secret = knows_secret
        self.policy = account.provider.delivery(account)
        self.timeout = min(self.policy.timeout, line.timeout or self.policy.timeout)
        self.judge = Judge(self.policy, self.timeout)
        self.wire = Wire(url, (*(account.webhook.pairs if account.webhook else ()), *line.headers), self.timeout)
        self.usual: tuple[int, float] | None = None
        self._post = post
        self._authorization: list[tuple[bytes, bytes]] = []
        self._people = account.ids.random.randrange(111_111, 899_999)
        sandbox.scenarios.put(Scenario(name="nothing-happens", steps=[]))
        account.scenario = "nothing-happens"

    # ------------------------------------------------------------------------------------------------------- people

    def person(self, cue: Cue | None = None) -> str:
        """Return somebody who was never heard of before."""
        self._people += 1
        while "000" in str(self._people):  # some addresses with three zeros are magic
            self._people += 1
        form = (cue.user if cue is not None else None) or self.rehearsal.user
        return form.format(n=self._people)

    # ---------------------------------------------------------------------------------------------- what is told

    async def tell(self, kind: str, *, user: str | None = None, tick: bool = True, **changes: Any) -> list[Shot]:
        """
        Have one kind of callback told, and return what the webhook made of it, and of whatever came with it.

        Args:
            kind: one that the rehearsal has a cue for.
            user: who does it; None is a new person.
            tick: whether time moves on before.
            changes: members of the action, such as `text` or `callback`.

        Raises:
            NotObservedError: the provider would not let it happen.
        """
        cue = self.rehearsal.cue(kind)
        with self.configured(cue.settings):
            mark = self.mark()
            self.bring_about(cue, user or self.person(cue), tick=tick, **changes)
            return await self.shots(mark)

    def bring_about(self, cue: Cue, user: str, *, tick: bool = True, sends: bool = True, **changes: Any) -> None:
        """Have something happen that is told, without waiting; see `tell`. `sends` is whether its message goes before."""
        if tick:
            self.account.clock.freeze(self.account.clock.now() + TICK)
        if sends:
            self.prepare(cue, user)
        if cue.action is not None:
            self._act(cue, {**cue.action, **changes}, user)

    def prepare(self, cue: Cue, user: str) -> None:
        """Have happen what something is about: the business's message, and what becomes of it before."""
        if cue.sends is not None:
            self._send(cue.sends, user)
        for action in cue.before:
            self._act(cue, action, user)

    def _act(self, cue: Cue, action: Mapping[str, Any], user: str) -> None:
        try:
            self.sandbox.act(self.account, action_from_json({**action, "user": user}))
        except (NotPossibleError, InvalidActionError) as error:
            raise NotObservedError(f"{cue.kind} cannot be brought about: {error}") from None

    def mark(self) -> int:
        """Return the place of now in the order of all things, for `shots`."""
        return self.account.journal.next_seq()

    async def shots(self, mark: int, without: Collection[Attempt] = ()) -> list[Shot]:
        """
        Wait until the attempts at all callbacks since a mark are over, and return them; retries are not waited for.

        Args:
            mark: see `mark`.
            without: attempts that are known already.

        Raises:
            NotObservedError: there were none.
        """
        await self.account.clock.settle()
        found = []
        for callback in self.account.journal.callbacks.after(mark):
            if callback.url != self.url:
                continue
            body = _shown(callback.encoded)
            if callback.state == "blocked":
                refused = Attempt(callback.due_at, None, "blocked", 0.0, callback.detail or "")
                found.append(Shot(callback.kind, body, refused))
            attempts = [attempt for attempt in callback.attempts if attempt not in without]
            found += [Shot(callback.kind, body, self._told(callback, attempt)) for attempt in attempts]
        self.sandbox.give_up(self.account)
        if not found:
            raise NotObservedError("nothing was told: the account has no callback for it")
        return found

    @staticmethod
    def _told(callback: Callback, attempt: Attempt) -> Attempt:
        """Return an attempt with what its callback knows of the reason, where no answer came."""
        if attempt.status is not None or attempt.error in ("closed", "refused"):
            return attempt
        return attempt._replace(response=(callback.detail or "").rpartition(" (attempt")[0])

    @contextmanager
    def configured(self, settings: Mapping[str, Any]) -> Iterator[None]:
        """Have the account other settings while the block lasts."""
        before = self.account.settings
        if settings:
            changes = AccountChanges(settings=_filled(settings, {"{url}": self.url}))
            self.sandbox.change_account(self.account, changes)
        try:
            yield
        finally:
            self.account.settings = before

    @contextmanager
    def at(self, when: datetime) -> Iterator[None]:
        """Have it be another time while the block lasts, in which nothing can be waited for."""
        now = self.account.clock.now()
        self.account.clock.freeze(when)
        try:
            yield
        finally:
            self.account.clock.freeze(now)

    def arm(self, effect: Mapping[str, Any], user: str, times: int | None = 1) -> None:
        """Arm a fault on the callbacks of one person."""
        spec = {"on": "callback", "match": {"user": user}, "effect": effect, "times": times}
        self.sandbox.arm(FaultSpec.model_validate(spec), self.account)

    def _send(self, sending: Sending, user: str) -> None:
        """Send what the business sends. Raises `NotObservedError` if it is refused."""
        if not self._authorization:
            given = self.account.provider.authorization(self.account, self.sandbox.services)
            self._authorization = [(name.lower().encode(), value.encode()) for name, value in given.items()]
        words = {"{user}": user, "{id}": self.account.ids.uuid4()}
        body = to_json(_filled(sending.body, words))
        headers = [*self._authorization, (b"content-type", b"application/json"), (b"host", b"localhost")]
        status, answer = self._post(str(_filled(sending.path, words)), headers, body)
        if not 200 <= status < 300:
            said = answer[:200].decode(errors="replace")
            raise NotObservedError(f"the account refused the message that this is about: {status} {said}")

    # --------------------------------------------------------------------------------------- bytes of our own making

    def unsent(self, kind: str) -> tuple[Callback, Encoded]:
        """Return a good callback that was not sent, with its bytes."""
        cue = self.rehearsal.cue(kind)
        user = self.person(cue)
        mark = self.mark()
        self.arm({"type": "drop"}, user, None)
        self.bring_about(cue, user)
        self.account.faults.clear()
        for callback in self.account.journal.callbacks.after(mark):
            if callback.kind == kind and callback.url == self.url:
                return callback, Delivery(callback, callback).encoded(self.account)
        raise NotObservedError("nothing was told: the account has no callback for it")

    def signed(self, callback: Callback, encoded: Encoded) -> Encoded:
        """Return bytes of one's own in the place of a callback's, with what shows that the provider sends them."""
        provider = self.account.provider
        standing = provider.encode(callback, self.account).headers
        return provider.sign(encoded._replace(headers=standing), callback, self.account)

    async def post(self, what: str, callback: Callback, encoded: Encoded) -> Shot:
        """Post bytes in the place of a callback's, and return what the webhook made of them."""
        began = perf_counter()
        status, error, response = None, None, ""
        try:
            status, response = await self.line.post(
                self.url, headers_of(callback.headers, encoded), encoded, self.timeout, vouched=True
            )
        except DeliveryError as failure:
            error = failure.reason
        took = (perf_counter() - began) * 1000
        attempt = Attempt(self.account.clock.now(), status, error, took, response[:1024])
        return Shot(what, _shown(encoded), attempt)

    def seen(self, what: str, body: str, answer: WireAnswer) -> Shot:
        """Return an answer that came over the wire in the form of the others."""
        said = answer.body if answer.status is not None else answer.detail
        attempt = Attempt(self.account.clock.now(), answer.status, answer.error, answer.duration_ms, said)
        return Shot(what, body[:SHOWN], attempt)

    async def answers(self) -> bool:
        """Tell whether the webhook answers a plain callback at all."""
        return any(shot.attempt.status is not None for shot in await self.tell(self.rehearsal.text))


def tweak(**members: Any) -> dict[str, Any]:
    """Return what an action does to its callbacks, as `changes` of `tell`."""
    return {"callback": {name: value for name, value in members.items() if value}}


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """Return JSON with words put in for blanks, in every string of it."""
    match value:
        case str():
            for blank, word in words.items():
                value = value.replace(blank, word)
            return value
        case Mapping():
            return {name: _filled(member, words) for name, member in value.items()}
        case list() | tuple():
            return [_filled(member, words) for member in value]
        case _:
            return value


def _shown(encoded: Encoded | None) -> str:
    """Return the beginning of what was sent, as people read it: the JSON alone where files come along, and decoded."""
    if encoded is None:
        return ""
    is_wrapped = bool(encoded.parts or encoded.base64_at)
    decoded = encoded.decoded if is_wrapped else None
    body = encoded.body if decoded is None else to_json(decoded)
    return body[:SHOWN].decode(errors="replace")
