"""SMS: text and unicode messages, with shortened links and a smart link here and there."""

from __future__ import annotations

import re
from hashlib import blake2s
from typing import Any

from sandbox.core.content import Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.addresses import is_origin
from sandbox.providers.webex_connect.checked import Addressed, Fate
from sandbox.providers.webex_connect.v2 import smart_links
from sandbox.providers.webex_connect.v2.fields import flag, limited_text, members, optional_text, text
from sandbox.providers.webex_connect.v2.rules import invalid
from sandbox.providers.webex_connect.v2.submission import Submission
from sandbox.providers.webex_connect.v2.substitutions import Wording
from sandbox.providers.webex_connect.values import given

TEXT_LIMIT = 1024  # characters as written
FILLED_LIMIT = 4000  # characters after substitution
DEFAULT_DOMAIN = "https://s.sandbox.invalid"

TYPES = frozenset({"text", "unicode"})
_STORED = ("tag1", "tag2", "allowFallbackURL")
_DIGITS = re.compile(r"[0-9]{1,100}")
_HTTPS_LINK = re.compile(r"https://[^\s<>\"'{}]*[^\s<>\"'{}.,;:!?)]", re.IGNORECASE)
_UNKNOWN_SENDER = Fate("Failed", "7101")
_TOO_LONG = Fate("Failed", "7107")


def check(submission: Submission) -> None:
    """Check content and options of an SMS. Source: 471-535; WX2-SMS-01 to -07, WX2-ENV-05."""
    settings = submission.settings
    if settings.senders and submission.sender not in settings.senders:
        submission.will(_UNKNOWN_SENDER)
    if submission.template_id is None:
        content = submission.content
        if text(content, "type", "content", "WX2-SMS-01").lower() not in TYPES:
            raise invalid("WX2-SMS-01", "content.type")
        words = limited_text(content, "text", "content", "WX2-SMS-02", TEXT_LIMIT, "WX2-SMS-03")
        submission.texts["text"] = Wording.of(words)
    elif submission.template is not None:
        submission.texts["text"] = Wording.of(submission.template.text)
    if submission.options:
        _check_options(submission.options, submission)


def _check_options(options: dict[str, Any], submission: Submission) -> None:
    shortens = flag(options, "shortenLinks", "options", "WX2-SMS-07")
    domain = given(options, "domain")
    if domain is not None and not is_origin(domain):
        raise invalid("WX2-SMS-07", "options.domain", detail="a domain is an http(s) URL of scheme and host")
    tracks = flag(options, "trackClicks", "options", "WX2-SMS-07")
    extras = members(options, "extras", "options", "WX2-SMS-07")
    template = given(extras, "dlt_templateid")
    if template is not None and (isinstance(template, bool) or not _DIGITS.fullmatch(str(template))):
        raise invalid("WX2-SMS-07", "options.extras.dlt_templateid", detail="dlt_templateid is digits")
    for name in _STORED:
        if not isinstance(options.get(name), bool):
            optional_text(options, name, "options", "WX2-SMS-07")
    if shortens:
        submission.domain = (domain or DEFAULT_DOMAIN).rstrip("/")
        submission.clicks = tracks
    elif tracks:
        # "When shortenLinks is true, you can receive CLICKED receipts ... if trackClicks is true." (497)
        submission.warn("WX2-SMS-05", "no click is told, as links are not shortened")


def fate(submission: Submission, addressed: Addressed) -> Fate | None:
    """Return what becomes of a destination's message: a text that its values make too long fails (WX2-SMS-04)."""
    if submission.fate is not None:
        return submission.fate
    words = submission.texts.get("text")
    if words is not None and words.length(addressed.substitutions) > FILLED_LIMIT:
        return _TOO_LONG
    return None


def content(submission: Submission, addressed: Addressed) -> Body:
    """Return the text as a person sees it: values put in (WX2-SUB-01), links shortened (WX2-SMS-06), smart links set."""
    shown = submission.texts["text"].filled(addressed.substitutions)
    if (domain := submission.domain) is not None:
        shown = _HTTPS_LINK.sub(lambda found: short_link(domain, found[0], addressed), shown)
    return Body(Text(smart_links.put_into(shown, addressed)))


def links(submission: Submission, addressed: Addressed) -> tuple[str, ...]:
    """Return the links that are shortened, as the request has them."""
    return tuple(_HTTPS_LINK.findall(submission.texts["text"].filled(addressed.substitutions)))


def short_link(domain: str, link: str, addressed: Addressed) -> str:
    """Return the short form of a link: made up of it and the destination, so always the same."""
    seed = f"{link}|{addressed.value}|{addressed.correlation_id}".encode("utf-8", "surrogatepass")
    return f"{domain}/{blake2s(seed, digest_size=5).hexdigest()}"
