"""Summaries: each thing that happened in one line."""

from __future__ import annotations

from sandbox.core.callback import Attempt, Callback
from sandbox.core.content import readable
from sandbox.core.conversation import Message
from sandbox.core.journal import Exchange, Intervention
from sandbox.engine.scenario import Run
from sandbox.engine.telling import shortened
from sandbox.timeline.family import Step
from sandbox.timeline.reasons import label

_QUOTED = 80  # characters of what was said
_ANSWER = 200  # characters of an error's body
_LONGEST = 400  # characters of a line


def of_request(exchange: Exchange) -> str:
    """`POST /path → 400`, with what else there is to know: how late, what was warned of, why it came to nothing."""
    request = exchange.request
    line = f"{request.method} {request.path} → {exchange.status or 'no answer'}"
    late = (exchange.ended_at - exchange.at).total_seconds()
    if late > 0:
        line += f" after {late:g} s"
    if exchange.detail is not None and exchange.rule is None:
        line += f"; {exchange.detail}"
    if (exchange.status or 0) >= 400 and exchange.response_body:
        line += f" {shortened(exchange.response_body.decode(errors='replace'), _ANSWER)}"
    return shortened("; ".join((line, *exchange.warnings)), _LONGEST)


def of_message(message: Message) -> str:
    """`message to +49… (rcs): text "Hello", read`, with the provider's word or code where that says more."""
    to = "to" if message.direction == "outbound" else "from"
    said = shortened(readable(message.shown.content), _QUOTED)
    line = f'message {to} {message.conversation.user} ({message.channel}): {message.shown.content.kind} "{said}"'
    if message.direction == "inbound":
        return line
    line += f", {message.status}"
    last = message.history[-1] if message.history else None
    if last is None:
        return line
    word = last.provider_status if (last.provider_status or "").casefold() != last.status else None
    return shortened(" ".join(filter(None, (line, word, last.code, last.detail))), _LONGEST)


def of_run(run: Run) -> str:
    """`scenario greeting: passed`."""
    return f"{label(run)}: {run.state}"


def of_step(step: Step, does: str) -> str:
    """`step 2 tap "Yes": done`, with the detail where it failed; `does` is what the step does in words."""
    state = step.state
    detail = f", {state.detail}" if state.detail else ""
    return shortened(f"step {state.index} {does}: {state.state}{detail}", _LONGEST)


def of_intervention(deed: Intervention) -> str:
    """`+49… did say "Hello"`, a fault that was armed, or a change."""
    match deed.kind:
        case "action":
            return f"action for {deed.user}: {deed.text}"
        case "fault":
            return f"fault {deed.id} armed: {deed.text}"
        case _:
            return deed.text


def of_callback(callback: Callback) -> str:
    """`event.READ → http://… 200 in 3 ms`: the last attempt, and the state unless that says it all."""
    line = f"{callback.kind} → {callback.url or 'nobody'}"
    if callback.attempts:
        line += f" {outcome(callback.attempts[-1])}"
    if callback.state != "delivered":
        line += f", {callback.state}"
    if callback.state == "scheduled":
        line += f" for {callback.due_at:%H:%M:%S}"
    return shortened(f"{line}: {callback.detail}" if callback.state == "failed" else line, _LONGEST)


def of_unsent(callback: Callback) -> str:
    """`not sent: no webhook is configured`."""
    return shortened(f"not sent: {callback.detail}", _LONGEST)


def of_attempt(attempt: Attempt, number: int) -> str:
    """`attempt 1: 503 in 3 ms "try later"`."""
    said = f' "{shortened(attempt.response, _QUOTED)}"' if attempt.response else ""
    return f"attempt {number + 1}: {outcome(attempt)}{said}"


def outcome(attempt: Attempt) -> str:
    """`200 in 3 ms`, the time being real."""
    return f"{attempt.status or attempt.error} in {attempt.duration_ms:.0f} ms"
