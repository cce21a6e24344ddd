"""Inbox: what a person has been sent, and which message or suggestion of it an action is about."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from sandbox.core.account import Account
from sandbox.core.content import Suggestion
from sandbox.core.conversation import Conversation, Message
from sandbox.core.events import Cause
from sandbox.engine.actions import Choice, NotPossibleError

_MOST_LISTED = 50
_status = attrgetter("status")
_ON_ITS_WAY = ("accepted", "sent")
# What a message may be for something to happen to it, and what it becomes then, which it may not have been already.
_BEFORE: dict[str, tuple[tuple[str, ...], str]] = {
    "sent": (("accepted",), "sent"),
    "deliver": ((*_ON_ITS_WAY, "read"), "delivered"),
    "read": ((*_ON_ITS_WAY, "delivered"), "read"),
}


class Scene(NamedTuple):
    """
    Where an action takes place, and why.

    Attributes:
        current: the message that a run is about; actions that name no message mean this one.
    """

    account: Account
    conversation: Conversation
    cause: Cause
    current: Message | None = None


def channel_of(scene: Scene) -> str:
    """Return where the two talk: the channel of the run's message, else of the newest, else the provider's own."""
    if scene.current is not None:
        return scene.current.channel
    for message in reversed(scene.account.journal.messages):
        if message.conversation == scene.conversation:
            return message.channel
    return scene.account.provider.channel_of(scene.conversation.sender, scene.account)


def last_sender(account: Account, user: str) -> str:
    """Return the sender that this person last had to do with; "" if there was none."""
    for message in reversed(account.journal.messages):
        if message.conversation.user == user:
            return message.conversation.sender
    return ""


def newest(scene: Scene) -> Message | None:
    """Return the run's message, else the newest that this person was sent; None if there is none."""
    return next(_sent(scene), None)


def target(named: str | None, deed: str, scene: Scene, word: str | None = None) -> Message:
    """
    Return the message that an action is about: the one it names, else the run's, else the newest that fits.

    Args:
        named: an id of ours or the provider's; what is named need not fit.
        deed: `deliver`, `read`, `fail`, `sent`, `expire`, or `note`, which fits always.
        scene: where it takes place.
        word: what the deed was called, where the provider's word was used.

    Raises:
        NotPossibleError: there is no such message, or none that fits.
    """
    if named is not None:
        return named_message(named, scene)
    if scene.current is not None:
        demand_fit(deed, scene.current, word)
        return scene.current
    for message in _sent(scene):
        if _fits(deed, message):
            return message
    user = scene.conversation.user
    raise NotPossibleError(f"no message to {user} is there that {word or deed} fits; name one to insist")


def demand_fit(deed: str, message: Message, word: str | None = None) -> None:
    """Raise `NotPossibleError` if that cannot happen to a message."""
    if not _fits(deed, message):
        raise NotPossibleError(
            f"{word or deed} does not fit {message.id}, which is {message.status}; name it to insist"
        )


def named_message(name: str, scene: Scene) -> Message:
    """Return the message to this person of that id, ours or the provider's. Raises `NotPossibleError`."""
    messages = scene.account.journal.messages
    ours = messages.get(name)
    for message in reversed(messages) if ours is None else (ours,):
        if name in (message.id, message.provider_id) and _is_to(scene, message):
            return message
    raise NotPossibleError(f"no message {name!r} was sent to {scene.conversation.user}")


def shown(named: str | None, wanted: str | Choice, scene: Scene) -> tuple[Message, Suggestion]:
    """
    Return a suggestion and the message that shows it: the one named, else the run's, else the newest that has it.

    Raises:
        NotPossibleError: the person was never shown it; the text lists what there is.
    """
    seen: list[str] = []
    for message in _sent(scene) if named is None else (named_message(named, scene),):
        if message.status in ("failed", "expired"):
            continue
        if (found := pick(message.suggestions, wanted)) is not None:
            return message, found
        if len(seen) < _MOST_LISTED:
            seen += [f"{one.text!r} (postback {one.postback!r})" for one in message.suggestions]
    what = repr(wanted if isinstance(wanted, str) else wanted.model_dump(exclude_none=True))
    there = f"there are: {', '.join(seen[:_MOST_LISTED])}" if seen else "there are none"
    raise NotPossibleError(f"{scene.conversation.user} was never shown the suggestion {what}; {there}")


def linked(named: str | None, url: str | None, scene: Scene) -> tuple[Message, str]:
    """
    Return a tracked link and its message: the one named, else the run's, else the newest that has such a link.

    Raises:
        NotPossibleError: there is no such link, or no click on it is told of.
    """
    provider, seen = scene.account.provider, list[str]()
    for message in _sent(scene) if named is None else (named_message(named, scene),):
        links = provider.links(message, scene.account)
        if links and url in (None, *links):
            return message, url or links[0]
        seen += links[: _MOST_LISTED - len(seen)]
    there = f"there are: {', '.join(seen)}" if seen else "there are none"
    what = "no URL" if url is None else f"no URL {url}"
    raise NotPossibleError(f"{scene.conversation.user} was sent {what} whose clicks are tracked; {there}")


def _sent(scene: Scene) -> Iterator[Message]:
    """Return what this person was sent, the run's message first, then the newest first."""
    if scene.current is not None:
        yield scene.current
    for message in reversed(scene.account.journal.messages):
        if message is not scene.current and message.conversation == scene.conversation and _is_to(scene, message):
            yield message


def _is_to(scene: Scene, message: Message) -> bool:
    return message.direction == "outbound" and message.conversation.user == scene.conversation.user


def _fits(deed: str, message: Message) -> bool:
    """Tell whether that can happen to a message, which does not happen twice; READ may come before DELIVERED."""
    if message.status == "accepted" and not message.history:
        return True
    if deed not in _BEFORE:
        return deed == "note" or message.status in _ON_ITS_WAY
    before, becomes = _BEFORE[deed]
    return message.status in before and becomes not in map(_status, message.history)


def pick(suggestions: tuple[Suggestion, ...], wanted: str | Choice) -> Suggestion | None:
    """Return the suggestion that is meant by its text, its postback or its place; None if it is not there."""
    match wanted:
        case Choice(index=int(index)):
            return suggestions[index] if index < len(suggestions) and suggestions else None
        case Choice(postback=postback):
            return next((one for one in suggestions if one.postback == postback), None)
        case text:
            return next((one for one in suggestions if one.text == text), None)
