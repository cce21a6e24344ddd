"""Handset: how an action of the person becomes events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from sandbox.core.account import Account
from sandbox.core.callback import Callback
from sandbox.core.content import Content, File, Location, Media, Other, Suggestion, SuggestionResponse, Text, readable
from sandbox.core.conversation import Body, Message
from sandbox.core.events import (
    ActionReported,
    AgentActed,
    Cause,
    ErrorReported,
    Event,
    EventReported,
    MessageDelivered,
    MessageExpired,
    MessageFailed,
    MessageRead,
    MessageSent,
    ReceiptReported,
    SessionEnded,
    UrlClicked,
    UserReplied,
    UserTyped,
)
from sandbox.core.provider import Provider
from sandbox.engine.actions import (
    Acted,
    Action,
    Agent,
    Click,
    Deliver,
    EndSession,
    Fail,
    InvalidActionError,
    NotPossibleError,
    Place,
    Read,
    Receipt,
    ReportAction,
    ReportError,
    ReportEvent,
    Say,
    SendFile,
    ShareLocation,
    StartTyping,
    System,
    Tap,
    Unshown,
)
from sandbox.engine.attachment import attachment
from sandbox.engine.inbox import Scene, channel_of, demand_fit, linked, shown, target

Publish = Callable[[Event, Account], tuple[Callback, ...]]

_Report = MessageSent | MessageDelivered | MessageRead | MessageFailed | MessageExpired | ReceiptReported
_PLAIN: Mapping[str, type[MessageSent | MessageDelivered | MessageRead | MessageExpired]] = {
    "sent": MessageSent,
    "deliver": MessageDelivered,
    "read": MessageRead,
    "expire": MessageExpired,
}

HOME = Place(latitude=59.90765, longitude=10.746597)  # where a person is who does not say otherwise


class Handset:
    """
    A person's phone, and the network that it hangs on.

    Args:
        publish: makes an event take effect and returns the callbacks that tell of it.
        sample: finds a shipped sample file by its name.
    """

    def __init__(self, publish: Publish, sample: Callable[[str], Path]) -> None:
        self._publish = publish
        self._sample = sample

    def perform(self, action: Action, scene: Scene) -> Acted:
        """Do it now. Raises `NotPossibleError` and `InvalidActionError`."""
        match action:
            case Deliver() | Read():
                happened = MessageDelivered if isinstance(action, Deliver) else MessageRead
                return self._report(
                    happened(**_facts(action, scene, target(action.message, action.do, scene))), scene.account
                )
            case Fail(code=code, detail=detail):
                message = target(action.message, "fail", scene)
                return self._report(
                    MessageFailed(**_facts(action, scene, message), code=code, detail=detail), scene.account
                )
            case Receipt():
                return self._report(self._receipt(action, scene), scene.account)
            case Say(text=text):
                return self._reply(Text(text), action, scene)
            case Tap():
                return self._tap(action, scene)
            case SendFile():
                return self._send_file(action, scene)
            case ShareLocation(latitude=latitude, longitude=longitude, name=name, address=address, url=url):
                return self._reply(Location(latitude, longitude, name, address, url), action, scene)
            case StartTyping():
                channel = action.channel or channel_of(scene)
                return Acted(callbacks=self._tell(UserTyped(**_facts(action, scene), channel=channel), scene.account))
            case Click():
                return self._click(action, scene)
            case System(text=text):
                return self._reply(Other(text, {"type": "system"}), action, scene)
            case Agent():
                return self._agent(action, scene)
            case ReportError() | ReportEvent() | ReportAction():
                return Acted(callbacks=self._tell(_reported(action, scene), scene.account))
            case EndSession():
                return self._end_session(action, scene)
            case _:
                raise no_callback(scene.account, action.do)

    def report(
        self, action: Action, do: str, status: str | None, message: Message, account: Account, cause: Cause
    ) -> tuple[Callback, ...]:
        """
        Let a message arrive or be seen: what `perform` does for an action that says no more than that, without ado.

        Nearly everything that ever plays is such.

        Args:
            action: a receipt that says no more.
            do: what it does, by name.
            status: the word for it, if it has one.
            message: what it is about.
            account: whose message that is.
            cause: why it happens.

        Raises:
            NotPossibleError: as `perform`.
            InvalidActionError: as `perform`.
        """
        provider = account.provider
        if do not in provider.actions:
            raise no_callback(account, do)
        deed = do if status is None else _deed(provider, status)
        happened = _PLAIN.get(deed)
        if happened is not None:
            if message.history or message.status != "accepted":  # else anything may happen to it
                demand_fit(deed, message, status)
            now = account.clock.now()
            event = happened(now, message.conversation, cause, message)
            if status is None or provider.status_word(event) == status:
                try:
                    return self._publish(event, account)
                except ValueError as error:
                    raise _unspeakable(error) from error
        scene = Scene(account, message.conversation, cause, message)
        return self.perform(action, scene).callbacks

    def _report(self, event: _Report, account: Account) -> Acted:
        return Acted((event.message,), self._tell(event, account))

    def expire(self, account: Account, message: Message) -> None:
        """Let the time of a message be up, unless it was delivered before."""
        message.expiry = None
        if message.status in ("accepted", "sent"):
            cause = Cause("scenario", message.id)
            now = account.clock.now()
            self._publish(MessageExpired(now, message.conversation, cause, message), account)

    def _click(self, action: Click, scene: Scene) -> Acted:
        message, url = linked(action.message, action.url, scene)
        event = UrlClicked(**_facts(action, scene, message), url=url)
        return Acted((message,), self._tell(event, scene.account))

    def _receipt(self, action: Receipt, scene: Scene) -> _Report:
        """Return the event that the status word stands for, if that says as much as the receipt; else the receipt."""
        provider = scene.account.provider
        deed = _deed(provider, action.status)
        facts = _facts(action, scene, target(action.message, deed, scene, action.status))
        plain: _Report | None = None
        if deed == "fail":
            plain = MessageFailed(**facts, code=action.code, detail=action.detail)
        elif deed in _PLAIN and action.code is None and action.detail is None:
            plain = _PLAIN[deed](**facts)
        if plain is not None and provider.status_word(plain) == action.status:
            return plain
        return ReceiptReported(**facts, status=action.status, code=action.code, detail=action.detail)

    def _end_session(self, action: EndSession, scene: Scene) -> Acted:
        if scene.account.provider.session(scene.conversation, scene.account) is None:
            raise NotPossibleError(f"no session with {scene.conversation.user} is open")
        return Acted(callbacks=self._tell(SessionEnded(**_facts(action, scene)), scene.account))

    def _tap(self, action: Tap, scene: Scene) -> Acted:
        message, suggestion = _tapped(action, scene)
        asks = suggestion.action is not None and suggestion.action.kind == "request_location"
        if isinstance(action.location, Place) and not asks:
            raise InvalidActionError.at("location", f"the suggestion {suggestion.text!r} asks for no location")
        provider = scene.account.provider
        if message is not None and (receipt := provider.told_of_tap(message, suggestion)) is not None:
            facts = _facts(action, scene, message)
            return self._report(ReceiptReported(**facts, status=receipt[0], detail=receipt[1]), scene.account)
        if provider.keeps_tap(suggestion):
            return Acted()
        response = SuggestionResponse(suggestion.text, suggestion.postback)
        acted = self._reply(response, action, scene, answered=message, tapped=suggestion)
        if not asks or action.location is False:
            return acted
        place = action.location or HOME
        shared = self._reply(Location(place.latitude, place.longitude), action, scene)
        return Acted(acted.messages + shared.messages, acted.callbacks + shared.callbacks)

    def _send_file(self, action: SendFile, scene: Scene) -> Acted:
        name, mime_type, data = attachment(action, self._sample)
        try:
            media = scene.account.provider.media_for(mime_type)
        except ValueError as error:
            raise InvalidActionError.at("mime_type", str(error)) from None
        if action.voice and media == "audio" and scene.account.provider.has_voice:
            media = "voice"
        url, size = action.url, action.size
        if data is not None:
            size = len(data)
            if scene.account.provider.serves_files:
                url = scene.account.media.put(name, mime_type, data)
        file = File(media, url=url, mime_type=mime_type, name=name, size=size)
        return self._reply(Media(file, action.caption), action, scene, data=data)

    def _reply(
        self,
        content: Content,
        action: Action,
        scene: Scene,
        *,
        answered: Message | None = None,
        tapped: Suggestion | None = None,
        data: bytes | None = None,
    ) -> Acted:
        account = scene.account
        facts = _facts(action, scene)
        channel, size = action.channel or channel_of(scene), len(readable(content))
        inbound_id = account.provider.inbound_id(account)
        reply = account.message(scene.conversation, channel, inbound_id, facts["at"], Body(content), size)
        reply.direction, reply.status, reply.cause = "inbound", "received", scene.cause
        event = UserReplied(**facts, reply=reply, answered=answered, tapped=tapped, data=data)
        return Acted((reply,), self._tell(event, scene.account))

    def _agent(self, action: Agent, scene: Scene) -> Acted:
        facts = _facts(action, scene)
        if action.reply is None:
            deed: Literal["assign", "resolve", "close"] = (
                "assign" if action.assign is not None else "resolve" if action.resolve else "close"
            )
            return Acted(callbacks=self._tell(AgentActed(**facts, deed=deed, name=action.assign), scene.account))
        account = scene.account
        try:
            accepted = account.provider.agent_message(action.reply, scene.conversation, account)
        except ValueError as error:
            raise InvalidActionError.at("reply", str(error)) from None
        accepted.message.cause = scene.cause
        account.journal.messages.add(accepted.message, accepted.message.size)
        self._tell(accepted, scene.account)
        return Acted((accepted.message,))

    def _tell(self, event: Event, account: Account) -> tuple[Callback, ...]:
        try:
            return self._publish(event, account)
        except ValueError as error:
            raise _unspeakable(error) from error


def _unspeakable(error: ValueError) -> InvalidActionError:
    """Return the error for what the provider cannot word as a callback."""
    return InvalidActionError.at("", str(error))


def _tapped(action: Tap, scene: Scene) -> tuple[Message | None, Suggestion]:
    """Return what is tapped, and the message that shows it, if people are shown any. Raises as `shown`, or as invalid."""
    provider, wanted = scene.account.provider, action.suggestion
    if not provider.suggestion_types:
        if isinstance(wanted, Unshown):
            raise InvalidActionError.at("suggestion", f"{provider.title} shows what can be tapped: name it by its text")
        return shown(action.message, wanted, scene)
    if not isinstance(wanted, Unshown):
        whole = f'{{"type": {" | ".join(provider.suggestion_types)}, "text", "postback"}}'
        raise NotPossibleError(f"{provider.title} shows people nothing; give the suggestion whole: {whole}")
    if wanted.type not in (None, *provider.suggestion_types):
        types = ", ".join(provider.suggestion_types)
        raise InvalidActionError.at("suggestion.type", f"{wanted.type!r} is none of {types}")
    try:
        return None, provider.suggestion(wanted.type, wanted.text, wanted.postback)
    except ValueError as error:
        raise InvalidActionError.at("suggestion", str(error)) from None


def _reported(
    action: ReportError | ReportEvent | ReportAction, scene: Scene
) -> ErrorReported | EventReported | ActionReported:
    """Return what the platform tells of itself, by a code that the provider has; actions have whatever codes they like."""
    provider = scene.account.provider
    if isinstance(action, ReportAction):
        return ActionReported(**_facts(action, scene), code=action.action_code)
    if isinstance(action, ReportError):
        name, code, known = "code", action.code, provider.error_codes()
    else:
        name, code, known = "event_code", action.event_code, provider.event_codes()
    if code not in known:
        raise InvalidActionError.at(name, f"{code!r} is none of {', '.join(known)}")
    if isinstance(action, ReportError):
        return ErrorReported(**_facts(action, scene), code=code)
    return EventReported(**_facts(action, scene), code=code, channel=action.channel or channel_of(scene))


def no_callback(account: Account, do: str, channel: str | None = None) -> NotPossibleError:
    """Return the error for an action that the provider tells nobody of, or not on that channel."""
    provider = account.provider
    has, where = provider.actions, ""
    if channel is not None and do in has:
        has, where = provider.actions_by_channel.get(channel, has), f" on {channel}"
    return NotPossibleError(f"{provider.title} has no callback for {do}{where}; it has: {', '.join(sorted(has))}")


def _deed(provider: Provider, status: str) -> str:
    """Return what a receipt of that status word is. Raises `InvalidActionError`."""
    try:
        return provider.receipt_event(status)
    except ValueError as error:
        raise InvalidActionError.at("status", str(error)) from None


def _facts(action: Action, scene: Scene, message: Message | None = None) -> dict[str, Any]:
    """Return what every event of an action has; one on a message belongs to that message's conversation."""
    facts = {
        "at": scene.account.clock.now(),
        "conversation": scene.conversation if message is None else message.conversation,
        "cause": scene.cause,
        "tweak": None if action.callback is None else action.callback.tweak(),
    }
    return facts if message is None else {**facts, "message": message}
