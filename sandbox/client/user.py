"""User: a person's handset; everything that can be done with it is a method."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Literal, Unpack

from sandbox.client.asking import Asking, AsyncBorrowing, Asynchronous, Borrowing, Synchronous, call
from sandbox.client.calls import Calls
from sandbox.client.parameters import ActionOptions, Choice, Place, UnshownSuggestion
from sandbox.client.resources import Acted

_CALLS = Calls()


class Actions:
    """
    What a person does; every method returns the ids of the messages and callbacks that come of it.

    Every method also takes `sender`, `channel`, `callback` and `wait` (see `ActionOptions`). Where a message can be
    given, by its id or the provider's, the newest that fits is meant if it is not.

    Attributes:
        account: id of the account that they talk to.
        address: a phone number mostly; `str()` gives it, too.
    """

    def __init__(self, account: str, address: str) -> None:
        self.account = account
        self.address = address

    def __str__(self) -> str:
        return self.address

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address} of {self.account}>"

    @call
    def say(self, text: str, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """Write a text."""
        return self._act("say", options, text=text)

    @call
    def tap(
        self,
        suggestion: str | Choice | UnshownSuggestion,
        *,
        message: str | None = None,
        location: Place | Literal[False] | None = None,
        **options: Unpack[ActionOptions],
    ) -> Asking[Acted]:
        """
        Tap a suggestion.

        Args:
            suggestion: its text, `{"postback": …}` or `{"index": 0}`.
            message: whose suggestion.
            location: what is shared where the suggestion asks for it; nothing, if False.
            options: see `ActionOptions`.
        """
        return self._act("tap", options, suggestion=suggestion, message=message, location=location)

    @call
    def send_file(
        self,
        *,
        sample: str | None = None,
        content: bytes | None = None,
        url: str | None = None,
        name: str | None = None,
        mime_type: str | None = None,
        caption: str | None = None,
        voice: bool = False,
        size: int | None = None,
        **options: Unpack[ActionOptions],
    ) -> Asking[Acted]:
        """
        Send a file: a `sample` that comes with the sandbox, its `content` with a `name`, or a `url`.

        Args:
            sample: its name, such as `photo.jpg`.
            content: its bytes.
            url: where it lies; it is never fetched, `size` tells how many bytes are there.
            name: what it is called.
            mime_type: its type, if its name does not tell.
            caption: a text beside it.
            voice: whether it is a voice message.
            size: in bytes.
            options: see `ActionOptions`.
        """
        file = {
            "sample": sample,
            "content": None if content is None else b64encode(content).decode("ascii"),
            "url": url,
            "name": name,
            "mime_type": mime_type,
            "caption": caption,
            "voice": voice or None,
            "size": size,
        }
        return self._act("send_file", options, **file)

    @call
    def share_location(
        self,
        latitude: float,
        longitude: float,
        *,
        name: str | None = None,
        address: str | None = None,
        url: str | None = None,
        **options: Unpack[ActionOptions],
    ) -> Asking[Acted]:
        """Share a place, in degrees."""
        values = {"latitude": latitude, "longitude": longitude, "name": name, "address": address, "url": url}
        return self._act("share_location", options, **values)

    @call
    def start_typing(self, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """Begin to write."""
        return self._act("start_typing", options)

    @call
    def deliver(self, message: str | None = None, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """Let a message arrive."""
        return self._act("deliver", options, message=message)

    @call
    def read(self, message: str | None = None, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """Read a message."""
        return self._act("read", options, message=message)

    @call
    def fail(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        detail: str | None = None,
        **options: Unpack[ActionOptions],
    ) -> Asking[Acted]:
        """Let a message fail, with the provider's own code."""
        return self._act("fail", options, message=message, code=code, detail=detail)

    @call
    def receipt(
        self,
        status: str,
        message: str | None = None,
        *,
        code: str | None = None,
        detail: str | None = None,
        **options: Unpack[ActionOptions],
    ) -> Asking[Acted]:
        """Report a status of a message in the provider's own word."""
        values = {"status": status, "message": message, "code": code, "detail": detail}
        return self._act("receipt", options, **values)

    @call
    def click(
        self, url: str | None = None, *, message: str | None = None, **options: Unpack[ActionOptions]
    ) -> Asking[Acted]:
        """Follow a link of a message: the `url`, or the first that is tracked."""
        return self._act("click", options, url=url, message=message)

    @call
    def error(self, code: str, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """Report trouble of the platform that belongs to no message, by the provider's own code."""
        return self._act("error", options, code=code)

    @call
    def system(self, text: str, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """Note something in the conversation."""
        return self._act("system", options, text=text)

    @call
    def event(self, event_code: str, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """Report an event of the platform, by its code."""
        return self._act("event", options, event_code=event_code)

    @call
    def action(self, action_code: str, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """Report an action of the platform, by its code."""
        return self._act("action", options, action_code=action_code)

    @call
    def agent(
        self,
        *,
        reply: str | None = None,
        assign: str | None = None,
        resolve: bool = False,
        close: bool = False,
        **options: Unpack[ActionOptions],
    ) -> Asking[Acted]:
        """Let a human agent of the business reply, be assigned by name, resolve or close; exactly one of them."""
        deed = {"reply": reply, "assign": assign, "resolve": resolve or None, "close": close or None}
        return self._act("agent", options, **deed)

    @call
    def end_session(self, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """End the session between business and person."""
        return self._act("end_session", options)

    @call
    def start(self, **options: Unpack[ActionOptions]) -> Asking[Acted]:
        """Do what a magic address does by itself, or again what it does when a message is accepted."""
        return self._act("start", options)

    def _act(self, kind: str, options: ActionOptions, **values: Any) -> Asking[Acted]:
        given = {name: value for name, value in values.items() if value is not None}
        return _CALLS.act(self.account, kind, user=self.address, **options, **given)


class User(Actions, Borrowing):
    """A person who waits until what they do is done."""

    def __init__(self, client: Synchronous, account: str, address: str) -> None:
        super().__init__(account, address)
        self.network = client


class AsyncUser(Actions, AsyncBorrowing):
    """A person whose every action is awaited."""

    def __init__(self, client: Asynchronous, account: str, address: str) -> None:
        super().__init__(account, address)
        self.network = client
