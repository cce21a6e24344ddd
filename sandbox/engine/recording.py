"""Recording: a conversation as the journal has it, as the steps of a scenario that plays the person's part again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NamedTuple, cast

from sandbox.core.account import Account
from sandbox.core.content import Suggestion
from sandbox.core.conversation import Conversation, Message
from sandbox.core.journal import Intervention
from sandbox.engine.actions import Acted, Action, Choice, InvalidActionError
from sandbox.engine.duration import LONGEST
from sandbox.engine.inbox import pick
from sandbox.engine.pattern import LONGEST_GLOB, escaped
from sandbox.engine.scenario import ArmFault, ChangeSettings, Run
from sandbox.engine.template_values import TemplateValues
from sandbox.engine.templates import TemplateError, quoted

MOST_CONTENT = 16 * 1024  # characters of base64: a scenario's file holds 64 kB, and people read it
STAND_IN = "document.pdf"  # the sample that is sent instead of a larger file
PATIENCE = 30.0  # seconds that a message is waited for, or twice as long as it took

_MILLISECOND = timedelta(milliseconds=1)
_OF_A_MESSAGE = ("deliver", "read", "fail", "receipt", "click")
_NOT_THE_PERSONS = ("fault", "settings")  # but part of the scenario that played
_BESIDE = {"do", "after", "user", "sender"}
_OMITTED = "omitted"  # characters of base64 that the journal does not keep

Step = dict[str, Any]


class Recording(NamedTuple):
    """
    What was recorded.

    Attributes:
        steps: of a scenario, as its file has them.
        omitted: what happened and cannot be told in a scenario, a sentence each.
    """

    steps: list[Step]
    omitted: list[str]


class _Deed(NamedTuple):
    """Something that happened: a step, or a message to be expected; `message` is that, or what the step is about."""

    seq: int
    turn: int
    at: datetime
    step: Step | None
    message: Message | None


def deed_of(action: Action, conversation: Conversation, acted: Acted) -> Step:
    """Return what the journal keeps of an action: as it was asked for, and in full where something was left open."""
    deed = {"do": action.do, **action.model_dump(mode="json", exclude_unset=True, exclude=_BESIDE)}
    if action.do in _OF_A_MESSAGE and acted.messages:
        deed["message"] = acted.messages[0].id
    if len(content := deed.get("content") or "") > MOST_CONTENT:
        deed |= {"content": None, _OMITTED: len(content)}
    return {**deed, "sender": conversation.sender}


def record(account: Account, conversation: Conversation) -> Recording:
    """
    Return what a person did in a conversation, and which messages of the business they waited for.

    What happens again by itself when the business sends the same is left out: what was certain from the start to become
    of a message, and what became of those that the platform itself sent.
    """
    tape = _Tape()
    for deed in sorted(_Past(account, conversation).deeds(), key=lambda deed: (deed.seq, deed.turn)):
        tape.take(deed)
    return Recording(tape.steps, tape.omitted)


class _Past:
    """Finds the deeds in an account's journal."""

    def __init__(self, account: Account, conversation: Conversation) -> None:
        self._account = account
        self._conversation = conversation
        self._messages = [each for each in account.journal.messages if each.conversation == conversation]
        self._turns = count()
        # Where in the order of things a step of a run stands, and which message it was about, shows in what came of it.
        self._effects: dict[tuple[str, int], tuple[int, str | None]] = {}
        for message in self._messages:
            if message.cause is not None and message.step is not None:
                self._effects.setdefault((message.cause.id, message.step), (message.seq, None))
        for callback in account.journal.callbacks:
            if callback.cause is not None and callback.step is not None:
                self._effects.setdefault((callback.cause.id, callback.step), (callback.seq, callback.message))

    def deeds(self) -> Iterator[_Deed]:
        """Yield all of them; their order is that of `seq` and `turn`."""
        for message in self._messages:
            if message.direction == "outbound" and message.request is not None:
                yield _Deed(message.seq, next(self._turns), message.at, None, message)
        for run in self._account.journal.runs:
            yield from self._of_run(cast("Run", run))
        for intervention in self._account.journal.interventions:
            yield from self._of_action(intervention)

    def _of_run(self, run: Run) -> Iterator[_Deed]:
        messages = self._account.journal.messages
        current = messages.get(run.origin) if run.origin is not None else None
        if run.chosen == "fate" or (current is not None and current.request is None):
            return
        seq = run.seq
        for ended in run.ended:
            done = run.plan[ended.index].step
            if done.do == "expect" and ended.state == "passed":
                current = messages.get(ended.detail or "")
                seq = seq if current is None else current.seq
            if ended.state != "done" or ended.at is None or not isinstance(done, Action | ArmFault | ChangeSettings):
                continue
            seq, about = self._effects.get((run.cause.id, ended.index), (seq, None))
            if isinstance(done, Action):
                if not self._is_here(done, run.conversation):
                    continue
                if run.templates and done.templated:
                    values = TemplateValues(self._account, run.user, current, ended.at, run.met)
                    with suppress(TemplateError, InvalidActionError):  # what it was filled in from is forgotten by now
                        done = done.rendered(values)
            step = {"do": done.do, **done.model_dump(mode="json", exclude_unset=True, exclude=_BESIDE)}
            known = messages.get(about) if about is not None and done.do in _OF_A_MESSAGE else current
            yield _Deed(seq, next(self._turns), ended.at, step, self._about(step, known, seq))

    def _of_action(self, intervention: Intervention) -> Iterator[_Deed]:
        deed, seq = intervention.deed, intervention.seq
        if deed is None or (deed["sender"], intervention.user) != self._conversation[1:] or deed["do"] == "start":
            return  # what was started is a run
        step = {name: value for name, value in deed.items() if name != "sender"}
        yield _Deed(seq, next(self._turns), intervention.at, step, self._about(step, None, seq))

    def _is_here(self, action: Action, conversation: Conversation) -> bool:
        """Tell whether a step of a run took place in this conversation."""
        try:
            user = conversation.user if action.user is None else self._account.provider.normalise_user(action.user)
        except ValueError:
            return False
        return (action.sender or conversation.sender, user) == self._conversation[1:]

    def _about(self, step: Step, known: Message | None, seq: int) -> Message | None:
        """Return the message that something was done to; of a tap, the one that shows what was tapped."""
        named = next((each for each in self._messages if step.get("message") in (each.id, each.provider_id)), None)
        if step["do"] in _OF_A_MESSAGE:
            return named or known
        wanted = _wanted(step)
        if wanted is None:
            return None
        sent = (each for each in reversed(self._messages) if each.direction == "outbound" and each.seq < seq)
        places = filter(None, (named, known, *sent))
        return next((each for each in places if pick(each.suggestions, wanted) is not None), None)


@dataclass(slots=True)
class _Tape:
    """
    Takes deeds in order and makes steps of them.

    Attributes:
        met: the messages that were expected so far.
        elapsed: milliseconds from the first step to the last.
    """

    steps: list[Step] = field(default_factory=list)
    omitted: list[str] = field(default_factory=list)
    met: list[Message] = field(default_factory=list)
    begun_at: datetime | None = None
    elapsed: int = 0

    def take(self, deed: _Deed) -> None:
        """Make a step of a deed."""
        self.begun_at = self.begun_at or deed.at
        waited = max(0, (deed.at - self.begun_at) // _MILLISECOND - self.elapsed)
        if deed.step is None:
            message = cast("Message", deed.message)
            self.steps.append(_expecting(message, waited / 1000))
            self.met.append(message)
        else:
            step = self._told(deed.step, deed.message)
            if step is None:
                return
            if waited and self.steps:
                step["after"] = min(waited / 1000, LONGEST)
            self.steps.append(step)
        self.elapsed += waited

    def _told(self, deed: Step, message: Message | None) -> Step | None:
        """Return a deed in words that hold for another conversation too; None if there are none."""
        do = deed["do"]
        if do in _NOT_THE_PERSONS:
            return dict(deed)
        step: Step = {name: value for name, value in deed.items() if name not in ("message", _OMITTED)}
        omitted = deed.get(_OMITTED, 0) or max(0, len(step.get("content") or "") - MOST_CONTENT)
        if omitted:
            del step["content"]
            step["sample"] = STAND_IN
            self.omitted.append(f"the bytes of {step['name']}, in whose place {STAND_IN} is sent")
        wanted = _wanted(step)
        if wanted is not None and message is not None:
            step["suggestion"] = _named(message.suggestions, wanted)
        try:
            step = quoted(step)
        except TemplateError as error:
            self.omitted.append(f"{do}: {error}")
            return None
        if message is not None and message is not self._meant(wanted):
            if message not in self.met:
                self.omitted.append(f"{do} of {message.id}, which the business did not send")
                return None
            step["message"] = f"{{{{ messages[{self.met.index(message)}].id }}}}"
        return step

    def _meant(self, wanted: str | Choice | None) -> Message | None:
        """Return which message a step is about that names none: the last one or, for a tap, the last that shows it."""
        fits = (each for each in reversed(self.met) if wanted is None or pick(each.suggestions, wanted) is not None)
        return next(fits, None)


def _expecting(message: Message, waited: float) -> Step:
    step: Step = {"do": "expect", "kind": message.content.kind}
    if message.text and message.disclosed is None:
        step["text"] = escaped(message.text, LONGEST_GLOB)
    return {**step, "within": min(max(PATIENCE, float(round(2 * waited))), LONGEST)}


def _wanted(step: Mapping[str, Any]) -> str | Choice | None:
    """Return which suggestion of a message a step taps; None if it taps none."""
    match step:
        case {"do": "tap", "suggestion": str(text)}:
            return text
        case {"do": "tap", "suggestion": dict(choice)} if "text" not in choice:
            return Choice(**choice)
        case _:
            return None


def _named(suggestions: Sequence[Suggestion], wanted: str | Choice) -> str | dict[str, Any]:
    """Return how to call a suggestion: by its text, by its postback where several read the same, or by its place."""
    found = cast("Suggestion", pick(tuple(suggestions), wanted))
    if found.text and [each.text for each in suggestions].count(found.text) == 1:
        return found.text
    if found.postback and [each.postback for each in suggestions].count(found.postback) == 1:
        return {"postback": found.postback}
    return {"index": next(index for index, each in enumerate(suggestions) if each is found)}
