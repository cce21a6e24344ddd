"""Reasons: why something happened, as far as the records tell, and what would help where nothing came of it."""

from __future__ import annotations

from sandbox.core.account import Account
from sandbox.core.callback import Attempt, Callback
from sandbox.core.conversation import Message
from sandbox.core.journal import Exchange, Intervention
from sandbox.engine.scenario import Run
from sandbox.engine.telling import shortened
from sandbox.timeline import remedies
from sandbox.timeline.family import Family
from sandbox.timeline.node import Why, WhyType

# What a run's steps are because of, by why it is the one that plays.
_KINDS: dict[str, WhyType] = {
    "asked": "scenario",
    "account": "scenario",
    "match": "scenario",
    "default": "default",
    "settings": "setting",
    "magic": "magic",
    "fate": "schedule",
}


def of_request(exchange: Exchange, account: Account, armed: dict[str, Intervention]) -> Why | None:
    """Return the rule that a request broke, or the fault or magic address that decided its answer; None if nothing did."""
    if exchange.fault is not None:
        magic = account.provider.user_of_magic(exchange.fault)
        if magic is not None:
            return Why("magic", magic.address, f"magic address {magic.address}: {magic.does}")
        return Why("fault", exchange.fault, fault(exchange.fault, armed))
    rules = account.provider.rules
    if exchange.rule is None or exchange.rule not in rules:
        return None
    detail = f" ({shortened(exchange.detail)})" if exchange.detail else ""
    text = f"{exchange.rule}: {rules[exchange.rule].says.removesuffix('.')}{detail}"
    return Why("rule", exchange.rule, text, rules.source_of(exchange.rule))


def of_message(message: Message, account: Account, family: Family) -> Why | None:
    """Return what sent a message, if no request did, or who was waiting for it."""
    if message.replaces is not None:
        lost = account.journal.messages.get(message.replaces)
        became = "" if lost is None else f", which {lost.status}"
        return Why("setting", message.replaces, f"in the place of {message.replaces}{became}, as its request asked")
    waited = family.expected.get(message.id)
    if waited is not None:
        text = f"{label(waited.run)}, step {waited.state.index} expect was waiting for it"
        return Why("scenario", waited.run.id, text)
    return _of_cause(message, family)


def of_run(run: Run, account: Account) -> Why:
    """Return why it is this run that plays."""
    match run.chosen:
        case "asked":
            return Why("action", None, "it was asked for by name")
        case "account":
            return Why("setting", None, f"the account's scenario is {run.scenario}")
        case "match":
            return Why("scenario", None, f"the match of {run.scenario} fits the message")
        case "default":
            return Why("default", None, "nothing else answers such a message")
        case "settings":
            return Why(
                "setting", None, "nothing else answers such a message, and the account's settings say how it fares"
            )
        case "magic":
            magic = account.provider.user_of_magic(run.scenario)
            return Why("magic", run.scenario, magic.does if magic is not None else "it always behaves so")
        case _:  # fate
            return Why("schedule", None, "what becomes of the message was certain when it was accepted")


def of_callback(callback: Callback, family: Family) -> Why | None:
    """Return what made the business be told."""
    cause = callback.cause
    if cause is None:
        if callback.request is not None:
            return Why("action", callback.request, "the request made the platform tell of it")
        return Why("schedule", None, "the platform tells of it by itself")
    if cause.type == "redelivery":
        return Why("redelivery", cause.id, f"{cause.id} was sent once more on demand")
    why = _of_cause(callback, family)
    tweak = callback.tweak
    if why is None or tweak is None:
        return why
    done = (
        *(f"set {name}" for name in tweak.set),
        *(f"drop {name}" for name in tweak.drop),
        *([f"duplicate {tweak.duplicate}"] if tweak.duplicate else ()),
        *([f"delay {tweak.delay:g} s"] if tweak.delay else ()),
    )
    return why._replace(text=shortened(f"{why.text}, with {', '.join(done)}")) if done else why


def of_unsent(callback: Callback) -> Why:
    """Return what would help where a callback was never sent."""
    what, text = remedies.of_unsent(callback.state, callback.detail, named=callback.to is not None)
    return Why("setting", what, text)


def of_attempt(attempt: Attempt, number: int, retries: int) -> Why | None:
    """Return why an attempt was made again, or what would have helped the one that failed."""
    if number:
        return Why("schedule", None, f"retry {number} of {retries}")
    would_help = remedies.of_attempt(attempt.status, attempt.error)
    return Why("setting", "webhook", would_help) if would_help is not None else None


def label(run: Run) -> str:
    """Return what a run is called."""
    match run.chosen:
        case "default":
            return "default series" if run.scenario == "default" else f"default series {run.scenario}"
        case "settings":
            return "series of the settings"
        case "magic":
            return f"magic address {run.scenario}"
        case "fate":
            return "certain outcome"
        case _:
            return f"scenario {run.scenario}"


def fault(fault_id: str, armed: dict[str, Intervention]) -> str:
    """Return what a fault does, as far as that is remembered."""
    known = armed.get(fault_id)
    return f"fault {fault_id}" + (f": {known.text}" if known is not None else "")


def _of_cause(record: Message | Callback, family: Family) -> Why | None:
    cause = record.cause
    if cause is None:
        return None
    if cause.type == "action":
        return Why("action", cause.id, "somebody acted as the person")
    run = family.run_of(cause)
    if run is None:
        if isinstance(record, Callback) and cause.id == record.message:
            return Why("schedule", cause.id, "the time of the message was up")
        return Why("scenario", cause.id, f"scenario run {cause.id}, which is kept no more")
    index = family.step_of(record, run)
    which = "" if index is None else f", step {index} {run.plan[index].do}"
    return Why(_KINDS[run.chosen], run.id, label(run) + which)
