"""Request: checks one request of v2, from its envelope to its contact policy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from sandbox.core.content import Other
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.addresses import is_email_address
from sandbox.providers.webex_connect.checked import Addressed, Checked, Fate, no_fate
from sandbox.providers.webex_connect.v2 import (
    contact_policy,
    destinations,
    email,
    rcs,
    receipts,
    shape,
    smart_links,
    sms,
    substitutions,
    times,
)
from sandbox.providers.webex_connect.v2.fields import members
from sandbox.providers.webex_connect.v2.rules import RULES, invalid, unknown_template
from sandbox.providers.webex_connect.v2.submission import Submission
from sandbox.providers.webex_connect.values import given

CALLBACK_DATA_LIMIT = 2000  # characters

Admit = Callable[[int], None]

PRIORITIES = frozenset({"1", "2", "3"})
_EMAIL_ONLY = frozenset({"cc", "bcc", "multipleToRecipients"})


class _Channel(NamedTuple):
    """
    What a channel is called, where its addresses stand, and what checks and reads its messages and options.

    `links` is None where clicks are not tracked.
    """

    name: str
    key: str
    options_rule: str
    check: Callable[[Submission], None]
    fate: Callable[[Submission, Addressed], Fate | None]
    content: Callable[[Submission, Addressed], Body]
    links: Callable[[Submission, Addressed], tuple[str, ...]] | None


# "v2 API currently supports sms, email and rcs" (41)
CHANNELS: dict[str, _Channel] = {
    "sms": _Channel("sms", "msisdn", "WX2-SMS-07", sms.check, sms.fate, sms.content, sms.links),
    "email": _Channel("email", "email", "WX2-EMAIL-11", email.check, email.fate, email.content, email.links),
    "rcs": _Channel("rcs", "msisdn", "WX2-RCS-16", rcs.check, rcs.fate, rcs.content, None),
}


def _anybody(_count: int) -> None:
    return None


def _no_link(_addressed: Addressed) -> str | None:
    return None


def _no_links(_addressed: Addressed) -> tuple[str, ...]:
    return ()


def read(raw: bytes) -> dict[str, Any]:
    """Return the object that a body holds. Raises WX2-JSON-01."""
    try:
        data: Any = from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise RULES.broken("WX2-JSON-01", detail=str(error)) from None
    if not isinstance(data, dict):
        raise RULES.broken("WX2-JSON-01", detail="the body is no object")
    return data


def check(data: Any, settings: ServiceSettings, now: datetime, admit: Admit = _anybody) -> Checked:
    """
    Check a request, in the order of the contract: the first failing check answers.

    Args:
        data: the parsed JSON.
        settings: the service's.
        now: the account's time, aware.
        admit: takes the number of destinations, and raises WX2-RATE-01 if they are too many for now.

    Returns:
        What is to be sent. One message for each address, or for each destination object of a joined e-mail; the fate of
        an address in `Addressed.joined` is asked for by putting it in the place of `value`.

    Raises:
        ApiError: the rule that it breaks.

    Source: 325-473.
    """
    if not isinstance(data, dict):
        raise RULES.broken("WX2-JSON-01", detail="the body is no object")
    name = data.get("channel")
    channel = CHANNELS.get(name.lower()) if isinstance(name, str) else None
    warnings = _unknown_fields(data, channel, settings)
    if channel is None:
        raise RULES.broken("WX2-ENV-01" if given(data, "channel") is None else "WX2-ENV-02")
    submission = Submission(data, settings, now, channel.name, _sender(data, channel.name, settings), warnings=warnings)
    _find_content(submission)
    _check_priority(data)
    callback_data = _callback_data(data)

    correlation_id = _correlation_id(data)
    stated, count = destinations.read(data, channel.key, settings)
    admit(count)
    send_at, expires_at = times.check(data, channel.name, now)
    wanted = receipts.check(data, channel.name)

    submission.options = members(data, "options", "", channel.options_rule)
    channel.check(submission)
    if submission.copies:
        _check_copies(submission, len(stated) if submission.joins else count)
    if channel.name != "email" and not _EMAIL_ONLY.isdisjoint(data):
        for name in sorted(_EMAIL_ONLY.intersection(data)):
            submission.warn("WX2-EMAIL-13", f"{name} is ignored: the channel is {channel.name}")
    of_request, own = substitutions.read(data, stated)
    substitutions.check(submission, of_request, own)
    smart_links.check(data, submission.content.get("text") if channel.name == "sms" else None)
    policy = contact_policy.check(data)

    return Checked(
        channel=channel.name,
        sender=submission.sender,
        addressed=_addressed(stated, channel.key, correlation_id, of_request, own, submission),
        body=data,
        content=partial(channel.content if submission.texts or submission.content else _by_template, submission),
        fate=partial(channel.fate, submission) if _may_fail(submission, of_request, own) else no_fate,
        notify_url=_notify_url(data),
        notify_auth_id=_text_or_none(data.get("notifyUrlAuthId")),
        callback_data=callback_data,
        expires_at=expires_at,
        send_at=send_at,
        receipts=wanted,
        contact_policy=policy,
        by_template=submission.template_id is not None,
        silent=submission.silent,
        clicks=submission.clicks,
        opens=submission.opens,
        links=partial(channel.links, submission)
        if channel.links and submission.clicks and submission.texts
        else _no_links,
        unsubscribe=partial(email.unsubscribe, submission) if channel.name == "email" else _no_link,
        carrier=submission.carrier,
        fallback=submission.fallback,
        warnings=tuple(submission.warnings),
    )


def _unknown_fields(data: dict[str, Any], channel: _Channel | None, settings: ServiceSettings) -> list[str]:
    """Return the warning that lists the fields nobody documents (WX2-JSON-02). Raises it in the strict mode."""
    unknown, more = shape.unknown_in(data, shape.REQUEST["sms" if channel is None else channel.name])
    if not unknown or channel is None:
        return []
    if settings.strict_unknown_fields:
        raise RULES.broken("WX2-JSON-02", path=unknown[0])
    return [f"WX2-JSON-02: ignored_fields: {', '.join(unknown)}{f' and {more} more' if more else ''}"]


def _sender(data: dict[str, Any], channel: str, settings: ServiceSettings) -> str:
    """Return who it comes from. Raises WX2-ENV-03 or -04."""
    sender = given(data, "from")
    if sender is None:
        raise RULES.broken("WX2-ENV-03")
    if not isinstance(sender, str):
        raise invalid("WX2-ENV-03", "from", detail="from is a string")
    if channel == "email":
        if not is_email_address(sender):
            raise RULES.broken("WX2-ENV-04", detail="from is no e-mail address")
        domains = settings.email_domains
        if domains and sender.rpartition("@")[2].lower() not in {domain.lower() for domain in domains}:
            raise RULES.broken("WX2-ENV-04", detail="the domain is not registered")
    return sender


def _find_content(submission: Submission) -> None:
    """Take content or template. Raises WX2-ENV-07 to -09."""
    data = submission.body
    content, template = given(data, "content"), given(data, "template")
    if content is not None:
        if template is not None:
            raise RULES.broken("WX2-ENV-08", detail="only one of content and template may stand")
        if not isinstance(content, dict):
            raise invalid("WX2-ENV-07", "content", detail="content is an object")
        submission.content = content
        return
    if template is None:
        raise RULES.broken("WX2-ENV-07")
    if not isinstance(template, dict):
        raise invalid("WX2-ENV-09", "template", detail="template is an object")
    template_id = given(template, "id")
    if template_id is None:
        raise RULES.broken("WX2-ENV-09")
    if not isinstance(template_id, str):
        raise invalid("WX2-ENV-09", "template.id", detail="id is a string")
    declared = submission.settings.templates
    if declared and (template_id not in declared or declared[template_id].channel != submission.channel):
        raise unknown_template(template_id)
    subject = template.get("subject")
    if subject is not None and not isinstance(subject, str):
        raise invalid("WX2-ENV-09", "template.subject", detail="subject is a string")
    submission.template_id, submission.template = template_id, declared.get(template_id)


def _check_priority(data: dict[str, Any]) -> None:
    """Raises WX2-ENV-10. A sample quotes the number and puts a blank before it: `" <priority number>"` (80)."""
    priority = data.get("priority")
    if priority is None:
        return
    if isinstance(priority, str):
        if priority.strip() in PRIORITIES:
            return
    elif priority.__class__ is int and 1 <= priority <= 3:  # neither true nor 1.0
        return
    raise RULES.broken("WX2-ENV-10")


def _callback_data(data: dict[str, Any]) -> str:
    """Return what the callbacks echo. Raises WX2-ENV-11."""
    value = data.get("callbackData")
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > CALLBACK_DATA_LIMIT:
        raise RULES.broken("WX2-ENV-11")
    return value


def _correlation_id(data: dict[str, Any]) -> str:
    """Return the correlation id of objects without one. Raises WX2-TO-07."""
    name = "correlationId" if data.get("correlationId") is not None else "correlationid"
    value = data.get(name)
    if value is None:
        return ""
    destinations.check_correlation_id(value, name)
    return str(value)


def _check_copies(submission: Submission, messages: int) -> None:
    """Hold in bounds what cc and bcc bring about, which are no destinations themselves. Raises WX2-TO-04."""
    copies = messages * len(submission.copies)
    if copies > email.COPIES_LIMIT:
        raise RULES.broken("WX2-TO-04", detail=f"cc and bcc would get {copies} copies, more than {email.COPIES_LIMIT}")


def _notify_url(data: dict[str, Any]) -> str | None:
    """Return the request's callback address as it was given, a valid one or not (WX2-ENV-12). Empty is absent."""
    value = data.get("notifyUrl") or data.get("notifyurl") or None
    return value if value is None or isinstance(value, str) else to_json(value)[:200].decode("utf-8", "replace")


def _text_or_none(value: Any) -> str | None:
    return value if value and isinstance(value, str) else None


def _may_fail(submission: Submission, of_request: substitutions.Texts, own: list[substitutions.Texts]) -> bool:
    """Tell whether fates need to be looked at one by one: not for the usual SMS, which no value can make too long."""
    if submission.fate is not None or submission.channel == "email":
        return True
    words = submission.texts.get("text")
    if submission.channel != "sms" or words is None:
        return False
    if not words.names:
        return len(words.literals[0]) > sms.FILLED_LIMIT
    return words.length({}) + len(words.names) * substitutions.longest(of_request, own) > sms.FILLED_LIMIT


def _addressed(
    stated: list[destinations.Stated],
    key: str,
    correlation_id: str,
    of_request: substitutions.Texts,
    own: list[substitutions.Texts],
    submission: Submission,
) -> tuple[Addressed, ...]:
    """Return a destination for each address, or for each object where the addresses are joined (WX2-EMAIL-10)."""
    found: list[Addressed] = []
    copies = submission.copies
    for one, texts in zip(stated, own, strict=True):
        correlation = one.correlation_id or correlation_id
        values = substitutions.joined(of_request, texts)
        if submission.joins:
            others = (*one.values[1:], *copies) if len(one.values) > 1 else copies
            found.append(Addressed(key, one.values[0], correlation, values, others))
        else:
            for value in one.values:
                found.append(Addressed(key, value, correlation, values, copies))  # noqa: PERF401 - few have two values
    return tuple(found)


def _by_template(submission: Submission, addressed: Addressed) -> Body:
    """Return what is known of a message whose template is not declared."""
    return Body(Other("", {"template": submission.template_id, "substitutions": dict(addressed.substitutions)}))
