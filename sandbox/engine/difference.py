"""Difference: what a step expected and what came in its place, member by member, in words for whoever wrote the step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from difflib import SequenceMatcher
from itertools import islice, product, takewhile

from sandbox.core.callback import Callback
from sandbox.core.conversation import Conversation, Message
from sandbox.engine.scenario import Expect, ExpectCallback, Run

MOST = 5  # messages, callbacks or conditions that are told of one by one
_LONGEST = 200  # characters shown of a text
# What is nearest is looked for in so many characters of a text, with so many of a piece, for so few pieces: it takes the
# cube of their lengths at worst, and everybody waits meanwhile.
_SEARCHED, _SOUGHT, _PIECES = 500, 60, 3
_NEAR = 0.6  # how alike two texts are, from 0 to 1, for the one to be taken for a slip of the other
_WILDCARD = re.compile(r"\[[^\]]+\]|[*?]")


def of_messages(run: Run, expect: Expect) -> str:
    """
    Return what a run waited for in vain, and every message to its person since it began that was not the one.

    Args:
        run: stands at the step; its time is up.
        expect: the step.
    """
    others = _others(run, expect)
    first = "no message that fits came" if others else "no message came"
    lines = [f"{first} within {expect.within:g} s", f"expected  {_wanted(expect) or 'any message'}"]
    for message in others[:MOST]:
        seconds = expect.within - (run.due_at - message.at).total_seconds()
        when = f"{seconds:g} s into the wait" if seconds >= 0 else f"{-seconds:g} s before the wait"
        lines.append(f"came      {message.id}, {when}: {message.content.kind} {visible(message.text)}")
        unlike = list(_unlike(expect, message, run.conversation))
        lines += [f"  {line}" for line in unlike or [_fits_but(seconds, expect.within)]]
    if len(others) > MOST:
        lines.append(f"and {len(others) - MOST} more")
    return "\n".join(lines)


def of_callbacks(headline: str, expect: ExpectCallback, told: Sequence[Callback]) -> str:
    """Return how callbacks fared otherwise than a step expected, each with the members that differ."""
    wanted = {name: getattr(expect, name) for name in ("state", "status", "attempts")}
    wanted["latency"] = None if expect.latency is None else f"at most {expect.latency:g} s"
    named = ", ".join(f"{name} {value}" for name, value in wanted.items() if value is not None)
    lines = [headline, f"expected  {named}"]
    unlike = [(callback, list(expect.unlike(callback))) for callback in told]
    for callback, differences in [pair for pair in unlike if pair[1]][:MOST]:
        why = f" ({callback.detail})" if callback.detail else ""
        lines.append(f"came      {callback.id}, {callback.kind} to {callback.url or 'nobody'}{why}")
        lines += [f"  {name.ljust(8)}  got {got}, expected {wanted[name]}" for name, got in differences]
    return "\n".join(lines)


def visible(text: str) -> str:
    """Return a text in quotes, clipped, with every sign that cannot be told from another or from nothing spelt out."""
    clipped = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
    return f'"{"".join(map(_spelt, clipped))}"'


def _spelt(sign: str) -> str:
    plain = sign.isprintable() and sign not in '"\\'
    return sign if plain else {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}.get(sign, f"\\u{ord(sign):04x}")


def _others(run: Run, expect: Expect) -> list[Message]:
    """Return what the person was sent meanwhile, the oldest first, and before that what fits and was not taken yet."""
    taken = {step.detail for step in run.ended if step.do == "expect"}
    began = run.due_at - timedelta(seconds=expect.within)
    recent = takewhile(lambda message: message.seq > run.seq, reversed(run.account.journal.messages))
    sent = [one for one in recent if one.direction == "outbound" and one.conversation.user == run.user]
    untaken = [one for one in reversed(sent) if one.id not in taken]
    return [one for one in untaken if one.at >= began or expect.fits(one, run.conversation)]


def _wanted(expect: Expect) -> str:
    given = (("channel", expect.channel, str), ("kind", expect.kind, str), ("text", expect.text, visible))
    return ", ".join(f"{name} {_any_of(map(shown, values))}" for name, values, shown in given if values)


def _any_of(words: Iterable[str]) -> str:
    few = list(islice(words, MOST + 1))
    return " or ".join([*few[:MOST], "…"] if len(few) > MOST else few)


def _unlike(expect: Expect, message: Message, conversation: Conversation) -> Iterator[str]:
    for name in expect.unlike(message, conversation):
        match name:
            case "sender":
                yield f"sender   got {message.conversation.sender}, expected {conversation.sender}"
            case "channel":
                yield f"channel  got {message.channel}, expected {_any_of(expect.channel or ())}"
            case "kind":
                yield f"kind     got {message.content.kind}, expected {_any_of(expect.kind or ())}"
            case _:
                patterns = expect.text or []
                yield f"text     got {visible(message.text)}"
                yield f"         expected {_any_of(map(visible, patterns))}"
                yield from (f"         {line}" for line in _hint(patterns, message.text))


def _fits_but(seconds: float, within: float) -> str:
    if 0 <= seconds < within:
        return "it fits, but another run that waited longer took it"
    return f"it fits, but came too {'early' if seconds < 0 else 'late'}"


def _hint(patterns: Iterable[str], text: str) -> list[str]:
    """Return what in a text is nearest to what it lacks of a pattern, one above the other."""
    lacking: list[str] = []
    for pattern in patterns:
        pieces = [piece for piece in _WILDCARD.split(pattern) if piece.strip()]
        missing = [piece for piece in pieces if piece.casefold() not in text.casefold()]
        if pieces and not missing:
            return ["all of it is there, but other text as well: * stands for any text, at either end too"]
        lacking += missing
    pairs = [(_nearest(piece[:_SOUGHT], text[:_SEARCHED]), piece[:_SOUGHT]) for piece in lacking[:_PIECES]]
    near, piece = max(pairs, key=lambda pair: _alikeness(*pair), default=("", ""))
    return _above(visible(near), visible(piece)) if _alikeness(near, piece) >= _NEAR and piece else []


def _nearest(piece: str, text: str) -> str:
    """Return the part of a text that is most like a piece: where most of it is in one go, or a little beside that."""
    common = SequenceMatcher(None, text.casefold(), piece.casefold(), autojunk=False).find_longest_match()
    begin, size = common.a - common.b, len(piece)
    parts = [
        text[max(0, begin + shift) : max(0, begin + shift + size + longer)]
        for shift, longer in product((0, -1, 1, -2, 2), (0, -1, 1, -2, 2))
    ]
    return max(parts, key=lambda part: _alikeness(piece, part))


def _alikeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()


def _above(near: str, piece: str) -> list[str]:
    """Return two texts in lines, and a mark below the first sign in which they differ."""
    pairs = zip(near.casefold(), piece.casefold(), strict=False)
    place = next((index for index, (one, other) in enumerate(pairs) if one != other), min(len(near), len(piece)))
    return [f"nearest  {near}", f"to       {piece}", f"         {' ' * place}^"]
