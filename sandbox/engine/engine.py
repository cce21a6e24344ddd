"""Engine: hears what the business sends, picks the scenario that answers it, and plays it on the account's clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from sandbox.core.account import Account
from sandbox.core.bounds import BoundReachedError
from sandbox.core.conversation import Conversation, Message
from sandbox.core.events import Cause, Event, MessageAccepted
from sandbox.core.fault import FaultSpec
from sandbox.core.provider import Steps
from sandbox.core.schedule import Action as Timed
from sandbox.core.spelling import meant
from sandbox.core.store import CredentialTakenError
from sandbox.engine import difference
from sandbox.engine.actions import Acted, Action, InvalidActionError, NotPossibleError, Start
from sandbox.engine.complaint import spell
from sandbox.engine.handset import Handset, Publish, no_callback
from sandbox.engine.inbox import Scene, channel_of, last_sender, newest
from sandbox.engine.scenario import (
    ArmFault,
    ChangeSettings,
    Choice,
    Expect,
    ExpectCallback,
    Leaf,
    Pause,
    Run,
    RunState,
    Scenario,
    StepState,
    StepStatus,
)
from sandbox.engine.scenarios import Scenarios
from sandbox.engine.template_values import TemplateValues
from sandbox.engine.templates import TemplateError

Arm = Callable[[FaultSpec, Account], object]
Change = Callable[[Account, Mapping[str, Any]], object]

_UNDER_WAY = ("scheduled", "sending", "retrying")
_ALL = "all"  # where the one `Expecting` of an account lies on its shelf
_RUN_SIZE, _STEP_SIZE = 300, 150  # bytes, about


class Expecting(dict[str, list[Run]]):
    """The runs of an account that wait at an `expect`, by their person, the longest waiting first."""


class Engine:
    """
    Plays scenarios. It keeps nothing of an account but on the account.

    Attributes:
        timed: what it puts on clocks.

    Args:
        scenarios: what there is to play.
        publish: makes an event take effect and returns the callbacks that tell of it.
        sample: finds a shipped sample file by its name.
        arm: arms a fault for an account.
        change: changes an account's settings; raises `ValueError` if they are not valid, and
            `CredentialTakenError` if another account has what must be theirs alone.
    """

    def __init__(
        self, scenarios: Scenarios, publish: Publish, sample: Callable[[str], Path], arm: Arm, change: Change
    ) -> None:
        self._scenarios = scenarios
        self._arm = arm
        self._change = change
        self._handset = Handset(publish, sample)
        self.timed = (self.on, self._take_step, self._too_late, self._still_under_way, self._handset.expire)

    def flaw(self, run: Run) -> str | None:
        """Return why a run cannot be as it is, and so could not go on; None if it can."""
        expecting = run.account.shelf(Expecting).get(_ALL) or Expecting()
        if run.expecting != (run in expecting.get(run.user, ())):
            return "it is not where runs are that expect a message, or should not be there"
        if run.state != "running":
            waits = run.timer is not None or run.expecting or run.awaits is not None
            return "it has ended, and waits" if waits else None
        if run.position >= len(run.plan):
            return "it is behind its last step"
        does: Timed | None = self._take_step
        if run.expecting:
            does = self._too_late if isinstance(_step(run), Expect) else None
        elif run.awaits is not None:
            does = self._still_under_way if isinstance(_step(run), ExpectCallback) else None
        if run.timer is None or run.timer.action != does or run.timer.args != (run,):
            return "it does not wait for what its step needs"
        return None

    def resume(self, run: Run) -> None:
        """Have a run that waits for the end of a callback hear of it again; all else it waits for is on the clock."""
        if run.awaits is not None:
            run.awaits.over = partial(self._judge, run, cast("ExpectCallback", _step(run)))

    def on(self, event: Event, account: Account) -> None:
        """Hear of an event: a message of the business goes to the run that expects it, or starts one."""
        if not isinstance(event, MessageAccepted):
            return
        if event.expires_at is not None:
            message = event.message
            message.expiry = account.clock.call_at(event.expires_at, self._handset.expire, account, message)
        is_expected = self._is_expected(event, account)
        at = event.plays_from or event.at
        if event.fate is None:
            if not is_expected:
                self._answer(event.message, account, at)
        elif event.fate:
            self._play("fate", "fate", _script(event.fate), account, event.conversation, event.message, at)

    def start(
        self, account: Account, scenario: Scenario, user: str, sender: str | None, message: Message | None = None
    ) -> Run:
        """
        Play a scenario to a person, from now on.

        Args:
            account: whose person it is.
            scenario: what to play.
            user: the person's address, in any form that the provider understands.
            sender: the business's address; None if there is only one.
            message: what the run answers, if anything.

        Raises:
            InvalidActionError: `user` or `sender` is none of this account's.
        """
        conversation = _conversation(account, user, sender)
        return self._play(scenario.name, "asked", scenario, account, conversation, message, account.clock.now())

    def cancel(self, run: Run) -> None:
        """Stop a run where it is; one that has ended stays as it ended."""
        if run.state == "running":
            _leave(run)
            _end(run, "cancelled")

    def act(self, account: Account, action: Action, cause: Cause) -> Acted:
        """
        Do what a person does, now.

        Raises:
            NotPossibleError: the person cannot do that now, or the provider tells nobody of it.
            InvalidActionError: a value is wrong.
        """
        if action.user is None:
            raise InvalidActionError.at("user", "is required")
        return self._perform(action, Scene(account, _conversation(account, action.user, action.sender), cause))

    def place(self, account: Account, user: str, sender: str | None) -> tuple[Conversation, str]:
        """Return between whom, and on which channel, an action would be. Raises `InvalidActionError`."""
        conversation = _conversation(account, user, sender)
        return conversation, channel_of(Scene(account, conversation, Cause("action", "")))

    # picking

    def _answer(self, message: Message, account: Account, at: datetime) -> None:
        """Play what answers a message: what a magic address always does, or the scenario that is chosen for it."""
        conversation = message.conversation
        magic = account.provider.user_of_magic(conversation.user)
        if magic is not None and magic.script is not None:
            script = _script(magic.script(message, account))
            self._play(magic.address, "magic", script, account, conversation, message, at)
            return
        chosen, scenario = self._default(message, account) if magic is not None else self._chosen(message, account)
        if scenario is not None:
            self._play(scenario.name, chosen, scenario, account, conversation, message, at)

    def _chosen(self, message: Message, account: Account) -> tuple[Choice, Scenario | None]:
        """Return the account's scenario, else the first that matches, else the default; and which of these it is."""
        scenario = self._scenarios.get(account.scenario) if account.scenario is not None else None
        if scenario is not None:
            return "account", scenario
        scenario = self._scenarios.matching(account.provider.name, message.conversation.user, message)
        return ("match", scenario) if scenario is not None else self._default(message, account)

    def _default(self, message: Message, account: Account) -> tuple[Choice, Scenario | None]:
        name = account.provider.default_scenario(message)
        scenario = self._scenarios.default(name)
        if scenario is None or scenario.name != name:  # the operator wants another one
            return "default", scenario
        steps = account.provider.default_steps(message, account)
        return ("default", scenario) if steps is None else ("settings", _script(steps))

    def _is_expected(self, event: MessageAccepted, account: Account) -> bool:
        """Hand a message to the run that waits for it, the longest waiting first; tell whether one did."""
        waiting = account.shelf(Expecting).get(_ALL)
        if not waiting:
            return False
        for run in waiting.get(event.conversation.user, ()):
            if event.at < run.due_at and _expect_of(run).fits(event.message, run.conversation):
                _leave(run)
                run.message, run.conversation = event.message, event.conversation
                run.due_at = event.at
                self._step_ended(run, "passed", event.message.id)
                return True
        return False

    # playing

    def _play(
        self,
        name: str,
        chosen: Choice,
        scenario: Scenario,
        account: Account,
        conversation: Conversation,
        message: Message | None,
        at: datetime,
    ) -> Run:
        run_id = account.ids.opaque("run")
        run = Run(
            run_id,
            account.journal.next_seq(),
            name,
            account,
            conversation,
            tuple.__new__(Cause, ("scenario", run_id)),  # a call takes twice as long
            scenario.plan(account.ids.random),
            at,
            message,
            # A provider's own steps may quote the business's words, in which braces mean nothing.
            chosen not in ("magic", "fate"),
            chosen,
            message.id if message is not None else None,
            at,
        )
        account.journal.runs.add(run, _RUN_SIZE + _STEP_SIZE * len(run.plan))
        if run.plan:
            self._go_on(run)
        else:
            _end(run, "passed")
        return run

    def _go_on(self, run: Run) -> None:
        """Put the next step on the clock. What is to be expected is expected at once."""
        step, after, *_ = run.plan[run.position]
        if after:
            run.due_at += after
        elif isinstance(step, Expect):
            self._expect(run, step)
            return
        run.timer = run.account.clock.call_at(run.due_at, self._take_step, run)

    def _take_step(self, run: Run) -> None:
        run.timer = None
        step, _, do, is_receipt, status = run.plan[run.position]
        try:
            match step:
                case Action() if is_receipt and run.message is not None:
                    run.told = self._handset.report(step, do, status, run.message, run.account, run.cause)
                    for callback in run.told:
                        callback.step = run.position
                case Action():
                    self._act_in(run, step)
                case Expect():
                    self._expect(run, step)
                    return
                case ExpectCallback():
                    run.due_at += timedelta(seconds=step.within)
                    self._judge(run, step)
                    return
                case ArmFault() | ChangeSettings():
                    self._operate(run, step)
                case Pause():
                    pass
        except (NotPossibleError, InvalidActionError, TemplateError) as error:
            self._step_failed(run, str(error))
        except Exception:
            self._step_failed(run, "the sandbox failed; see its log")
            raise
        else:
            self._step_ended(run, "done")

    def _operate(self, run: Run, step: ArmFault | ChangeSettings) -> None:
        """Do what otherwise an operator does. Raises `InvalidActionError` if the provider does not know such values."""
        try:
            if isinstance(step, ArmFault):
                self._arm(step.spec(), run.account)
            else:
                self._change(run.account, step.set)
        except ValidationError as error:
            wrong = error.errors(include_url=False)
            raise InvalidActionError(
                [{"path": spell(("set", *one["loc"])), "message": one["msg"]} for one in wrong]
            ) from None
        except (BoundReachedError, CredentialTakenError, ValueError) as error:
            raise InvalidActionError.at("", str(error)) from None

    def _act_in(self, run: Run, action: Action) -> None:
        """Do a step's action; unless it says otherwise it is the run's person who does it, about the run's message."""
        if run.templates and action.templated:
            action = action.rendered(
                TemplateValues(run.account, run.user, run.message, run.account.clock.now(), run.met)
            )
        conversation, current = run.conversation, run.message
        if action.user is not None or action.sender is not None:
            user, sender = action.user or conversation.user, action.sender or conversation.sender
            conversation = _conversation(run.account, user, sender)
            current = current if conversation == run.conversation else None
        acted = self._perform(action, Scene(run.account, conversation, run.cause, current))
        run.told = acted.callbacks
        for callback in acted.callbacks:
            callback.step = run.position
        for message in acted.messages:
            if message.cause is run.cause:
                message.step = run.position

    def _perform(self, action: Action, scene: Scene) -> Acted:
        account, user = scene.account, scene.conversation.user
        provider = account.provider
        if action.do not in provider.actions:
            raise no_callback(account, action.do)
        if provider.actions_by_channel:
            channels = provider.actions_by_channel
            channel = action.channel or channel_of(scene)
            if action.channel is not None and channel not in channels:
                raise InvalidActionError.at("channel", f"{channel!r} is none; {meant(channel, channels)}")
            if action.do not in channels.get(channel, provider.actions):
                raise no_callback(account, action.do, channel)
        if not isinstance(action, Start):
            return self._handset.perform(action, scene)
        magic = account.provider.user_of_magic(user)
        if magic is None:
            raise NotPossibleError(f"{user} is no magic address, and nothing else starts by itself")
        if magic.on_start is not None:
            script = _script(magic.on_start)
            self._play(magic.address, "magic", script, account, scene.conversation, None, account.clock.now())
            return Acted()
        message = newest(scene)
        if message is None:
            raise NotPossibleError(f"nothing was sent to {user} yet that it could answer")
        self._answer(message, account, account.clock.now())
        return Acted()

    def _expect(self, run: Run, expect: Expect) -> None:
        """Have the run wait for its message; its time begins now."""
        account = run.account
        shelf = account.shelf(Expecting)
        waiting = shelf.get(_ALL)
        if waiting is None:
            waiting = Expecting()
            shelf.put(_ALL, waiting)
        waiting.setdefault(run.user, []).append(run)
        run.expecting = True
        run.due_at += timedelta(seconds=expect.within)
        run.timer = account.clock.call_at(run.due_at, self._too_late, run)

    def _too_late(self, run: Run) -> None:
        _leave(run)
        self._step_failed(run, difference.of_messages(run, _expect_of(run)))

    def _judge(self, run: Run, expect: ExpectCallback) -> None:
        """Have the run wait for the end of what was told, or say how it fared."""
        _leave(run)
        waits_for = next((callback for callback in run.told if callback.state in _UNDER_WAY), None)
        if waits_for is not None:
            run.awaits = waits_for
            waits_for.over = partial(self._judge, run, expect)
            run.timer = run.account.clock.call_at(run.due_at, self._still_under_way, run)
            return
        run.due_at = run.account.clock.now()
        if not run.told:
            self._step_failed(run, difference.of_callbacks("nobody was told anything", expect, ()))
        elif any(next(expect.unlike(callback), None) for callback in run.told):
            self._step_failed(run, difference.of_callbacks("the webhook took it otherwise", expect, run.told))
        else:
            self._step_ended(run, "passed", run.told[0].id)

    def _still_under_way(self, run: Run) -> None:
        _leave(run)
        expect = cast("ExpectCallback", _step(run))
        headline = f"the webhook had not taken it within {expect.within:g} s"
        self._step_failed(run, difference.of_callbacks(headline, expect, run.told))

    def _step_ended(self, run: Run, state: StepStatus, detail: str | None = None) -> None:
        _note(run, state, detail)
        run.position += 1
        if run.position == len(run.plan):
            _end(run, "passed")
            return
        run.account.journal.runs.changed(run)
        self._go_on(run)

    def _step_failed(self, run: Run, detail: str) -> None:
        _note(run, "failed", detail)
        run.position += 1
        _end(run, "failed")


def _script(steps: Steps) -> Scenario:
    """Return a provider's own steps as something to play; the same few are asked for again and again."""
    return _compiled(to_json([dict(step) for step in steps]))


@lru_cache(maxsize=256)
def _compiled(steps: bytes) -> Scenario:
    return Scenario.model_validate({"name": "script", "steps": from_json(steps)})


def _conversation(account: Account, user: str, sender: str | None) -> Conversation:
    """Return who talks to whom. Raises `InvalidActionError`."""
    if sender is None:
        sender = account.provider.sender_in(user, account)
    try:
        user = account.provider.normalise_user(user)
    except ValueError as error:
        raise InvalidActionError.at("user", str(error)) from None
    senders = account.provider.senders(account)
    if sender is not None:
        if senders and sender not in senders:
            raise InvalidActionError.at("sender", f"{sender!r} is none of {', '.join(senders)}")
        return Conversation(account.key, sender, user)
    if len(senders) > 1:
        raise InvalidActionError.at("sender", f"is required here; one of {', '.join(senders)}")
    return Conversation(account.key, senders[0] if senders else last_sender(account, user), user)


def _step(run: Run) -> Leaf:
    return run.plan[run.position].step


def _expect_of(run: Run) -> Expect:
    return cast("Expect", _step(run))


def _leave(run: Run) -> None:
    """Take a run off the clock, and from among those that wait for a message or a callback."""
    if run.timer is not None:
        run.timer.cancel()
        run.timer = None
    if run.awaits is not None:
        run.awaits.over = None
        run.awaits = None
    if run.expecting:
        run.expecting = False
        waiting = run.account.shelf(Expecting).get(_ALL)
        if waiting is not None and run in (here := waiting.get(run.user, [])):
            here.remove(run)
            if not here:
                del waiting[run.user]


def _note(run: Run, state: StepStatus, detail: str | None) -> None:
    """Write down what became of the step that the run is at."""
    index = run.position
    run.ended.append(StepState(index, run.plan[index].do, state, run.account.clock.now(), detail))


def _end(run: Run, state: RunState) -> None:
    run.state = state
    run.told = ()  # which may be large
    run.account.journal.runs.changed(run)
