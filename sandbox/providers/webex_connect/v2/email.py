"""E-mail: text and html messages with attachments, cc and bcc."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator
from html import unescape
from typing import Any

from sandbox.core.content import Other
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.addresses import is_email_address, is_origin, is_too_long, is_url
from sandbox.providers.webex_connect.checked import Addressed, Fate
from sandbox.providers.webex_connect.v2.fields import flag, members, needed, optional_text, text
from sandbox.providers.webex_connect.v2.rules import invalid, missing
from sandbox.providers.webex_connect.v2.sms import DEFAULT_DOMAIN, short_link
from sandbox.providers.webex_connect.v2.submission import Submission
from sandbox.providers.webex_connect.v2.substitutions import Wording
from sandbox.providers.webex_connect.values import given

HTML_LIMIT = 350 * 1024  # bytes; "Up to 350 kbps in size" (628), which is a rate
SIZE_LIMIT = 10 * 1024 * 1024  # bytes after MIME encoding, "about 137% of the original file size" (634)
COPIES_LIMIT = (
    20_000  # cc and bcc get every message of a request: no document tells of a limit, but there has to be one
)

TYPES = frozenset({"text", "html"})
_OPTIONAL_TEXTS = (
    "fromName",
    "tag1",
    "tag2",
    "listUnsubscribeUrl",
    "unsubscribeEmailAddress",
    "unsubscribeEmailSubject",
)
_MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+*-]+(?:\s*;.*)?", re.ASCII)
_INVALID_ADDRESS = Fate("Failed", "7523")
_LONG_ADDRESS = Fate("Failed", "7524")
_TOO_LARGE = Fate("Failed", "7535")

# An anchor's start, or that of a comment, in which no anchor counts.
_OPENING = re.compile(r"<!--|<a(?=[\s/])", re.IGNORECASE)
_BLANKS = re.compile(r"[\s/]*")
_ATTRIBUTE = re.compile(r"(?P<name>[^\s=>/]+|=)(?:\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s>]*))?")
_TAG = re.compile(r"<[^<>]*>")
_UNTRACKED = "no-track-connect"


def check(submission: Submission) -> None:
    """Check content, addresses and options of an e-mail. Source: 187-192, 537-672; WX2-EMAIL-01 to -11."""
    html = _check_template(submission) if submission.template_id is not None else _check_content(submission)
    reply_to = submission.content.get("replyTo")
    if reply_to is not None and not is_email_address(reply_to):
        raise invalid("WX2-EMAIL-08", "content.replyTo")
    submission.copies = (*_copies(submission.body, "cc"), *_copies(submission.body, "bcc"))
    submission.joins = flag(submission.body, "multipleToRecipients", "", "WX2-EMAIL-10")
    _check_options(submission.options, html, submission)


def _check_content(submission: Submission) -> bool:
    """Check the content, and tell whether it is html. Raises WX2-EMAIL-01 to -06."""
    content, texts = submission.content, submission.texts
    kind = text(content, "type", "content", "WX2-EMAIL-01").lower()
    if kind not in TYPES:
        raise invalid("WX2-EMAIL-01", "content.type")
    subject = optional_text(content, "subject", "content", "WX2-EMAIL-02")
    if subject is None:
        raise missing("WX2-EMAIL-02", "content.subject")
    if not subject:  # as both samples have it (638, 656)
        submission.warn("WX2-EMAIL-02", "content.subject is empty")
    texts["subject"] = Wording.of(subject)
    if kind == "text":
        texts["text"] = Wording.of(text(content, "text", "content", "WX2-EMAIL-03"))
        if content.get("html") is not None:
            submission.warn("WX2-EMAIL-04", "content.html is ignored in an e-mail of type text")
    else:
        if plain := optional_text(content, "text", "content", "WX2-EMAIL-03"):
            texts["text"] = Wording.of(plain)
        html = text(content, "html", "content", "WX2-EMAIL-04")
        if _bytes_of(html) > HTML_LIMIT:
            raise invalid("WX2-EMAIL-05", "content.html", detail=f"html has more than {HTML_LIMIT} bytes")
        texts["html"] = Wording.of(html)
    _check_attachments(submission)
    return kind == "html"


def _check_template(submission: Submission) -> bool:
    """Take the texts of a declared template, and tell whether it is html; one that is not declared may be."""
    template, own = submission.template, members(submission.body, "template", "", "WX2-ENV-09")
    subject = own.get("subject")
    if template is None:
        return True
    texts = {"subject": template.subject if subject is None else subject, "text": template.text, "html": template.html}
    submission.texts.update((name, Wording.of(words)) for name, words in texts.items() if words)
    return template.html is not None


def _check_attachments(submission: Submission) -> None:
    """Check the attachments (WX2-EMAIL-06); known sizes beyond the limit make the e-mail fail (WX2-EMAIL-07)."""
    attachments = given(submission.content, "attachments")
    if attachments is None:
        return
    if not isinstance(attachments, list):
        raise invalid("WX2-EMAIL-06", "content.attachments")
    sizes, total = submission.settings.media_sizes, 0
    for index, attachment in enumerate(attachments):
        path = f"content.attachments[{index}]"
        if not isinstance(attachment, dict):
            raise invalid("WX2-EMAIL-06", path)
        kind = "mimetype" if given(attachment, "mimeType") is None and "mimetype" in attachment else "mimeType"
        if not _MIME_TYPE.fullmatch(text(attachment, kind, path, "WX2-EMAIL-06")):
            raise invalid("WX2-EMAIL-06", f"{path}.{kind}")
        text(attachment, "name", path, "WX2-EMAIL-06")
        url = needed(attachment, "mediaUrl", path, "WX2-EMAIL-06")
        if not is_url(url):
            raise invalid("WX2-EMAIL-06", f"{path}.mediaUrl")
        optional_text(attachment, "cid", path, "WX2-EMAIL-06")
        total += sizes.get(url, 0)
    words = sum(_bytes_of(word) for name in ("text", "html") for word in _literals(submission, name))
    if total and total * 137 > (SIZE_LIMIT - words) * 100:
        submission.will(_TOO_LARGE)


def _literals(submission: Submission, name: str) -> tuple[str, ...]:
    value = submission.content.get(name)
    return (value,) if name in submission.texts and isinstance(value, str) else ()


def _bytes_of(words: str) -> int:
    return len(words) if words.isascii() else len(words.encode("utf-8", "surrogatepass"))


def _copies(body: dict[str, Any], name: str) -> list[str]:
    """Return the addresses of cc or bcc. Raises WX2-EMAIL-08."""
    addresses = given(body, name)
    if addresses is None:
        return []
    if not isinstance(addresses, list):
        raise invalid("WX2-EMAIL-08", name)
    for index, address in enumerate(addresses):
        if not is_email_address(address):
            raise invalid("WX2-EMAIL-08", f"{name}[{index}]")
    return addresses


def _check_options(options: dict[str, Any], html: bool, submission: Submission) -> None:
    """Find what is tracked: opens and clicks, in html only (WX2-EMAIL-11)."""
    rule = "WX2-EMAIL-11"
    clicks, opens = flag(options, "trackClicks", "options", rule), flag(options, "trackOpens", "options", rule)
    flag(options, "shortenLinks", "options", rule)
    domain = given(options, "domain")
    if domain is not None and not is_origin(domain):
        raise invalid(rule, "options.domain", detail="a domain is an http(s) URL of scheme and host")
    for name in _OPTIONAL_TEXTS:
        optional_text(options, name, "options", rule)
    if not isinstance(options.get("allowFallbackURL"), bool):
        optional_text(options, "allowFallbackURL", "options", rule)
    submission.clicks, submission.opens = clicks and html, opens and html
    submission.domain = (domain or DEFAULT_DOMAIN).rstrip("/")


def fate(submission: Submission, addressed: Addressed) -> Fate | None:
    """Return what becomes of the message at one address: a malformed or long one fails (WX2-TO-06)."""
    if is_too_long(addressed.value):
        return _LONG_ADDRESS
    return submission.fate if is_email_address(addressed.value) else _INVALID_ADDRESS


def content(submission: Submission, addressed: Addressed) -> Body:
    """Return the e-mail as a mailbox has it: `text` is subject and words, the rest stands beside it."""
    shown, own = _shown(submission, addressed), submission.content
    words = shown.get("text") or _plain(shown.get("html", ""))
    subject = shown.get("subject", "")
    details: dict[str, Any] = {
        "type": "email",
        "subject": subject,
        "html": shown.get("html"),
        "from_name": submission.options.get("fromName"),
        "reply_to": own.get("replyTo"),
        "copies": list(submission.copies),
        "attachments": [_attachment(attachment) for attachment in own.get("attachments") or ()],
    }
    return Body(
        Other("\n\n".join(filter(None, (subject, words))), {name: value for name, value in details.items() if value})
    )


def links(submission: Submission, addressed: Addressed) -> tuple[str, ...]:
    """Return the links of the html that are tracked, in their order; each once."""
    html = _shown(submission, addressed).get("html", "")
    unsubscribe = _unsubscribe_link(submission, addressed)
    tracked = dict.fromkeys(link for link in tracked_links(html) if link != unsubscribe)
    return tuple(tracked)


def tracked_links(html: str) -> Iterator[str]:
    """
    Yield the http(s) links of anchors that are not marked `no-track-connect`, in time that grows with the text only.

    Source: 212, 551, 672.
    """
    place = 0
    while (opening := _OPENING.search(html, place)) is not None:
        place = opening.end()
        if opening[0] == "<!--":
            end = html.find("-->", place)
            if end < 0:
                return
            place = end
            continue
        attributes, place = _attributes(html, place)
        link = attributes.get("href", "").strip()
        if _UNTRACKED not in attributes and is_url(link):
            yield link


def _attributes(html: str, place: int) -> tuple[dict[str, str], int]:
    """Return the attributes of the tag that is open at that place, names in lower case, and where it ends."""
    found: dict[str, str] = {}
    while True:
        place = _skip_blanks(html, place)
        attribute = _ATTRIBUTE.match(html, place)
        if attribute is None:  # the end of the tag, or of the text
            return found, place
        place = attribute.end()
        value = attribute["value"] or ""
        if value[:1] in ("'", '"') and value[-1:] == value[:1]:
            value = value[1:-1]
        found.setdefault(attribute["name"].lower(), unescape(value))


def _skip_blanks(html: str, place: int) -> int:
    blanks = _BLANKS.match(html, place)
    return place if blanks is None else blanks.end()


def _shown(submission: Submission, addressed: Addressed) -> dict[str, str]:
    """Return subject, text and html with values put in; the unsubscribe link beats a value of its name (WX2-EMAIL-12)."""
    own = {"unsubscribe": _unsubscribe_link(submission, addressed)}
    values = ChainMap(own, addressed.substitutions)  # type: ignore[arg-type]  # nothing is ever written to it
    return {name: wording.filled(values) for name, wording in submission.texts.items()}


def _unsubscribe_link(submission: Submission, addressed: Addressed) -> str:
    return short_link(f"{submission.domain}/unsubscribe", "", addressed)


def unsubscribe(submission: Submission, addressed: Addressed) -> str | None:
    """Return the link that `$(unsubscribe)` became in text or html; None where neither has it (WX2-EMAIL-12)."""
    link, shown = _unsubscribe_link(submission, addressed), _shown(submission, addressed)
    return link if any(link in shown.get(name, "") for name in ("text", "html")) else None


def _plain(html: str) -> str:
    """Return the words of a piece of html, its tags left out."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _attachment(attachment: dict[str, Any]) -> dict[str, Any]:
    kind = attachment.get("mimeType") or attachment.get("mimetype")
    described = {"name": attachment["name"], "mime_type": kind, "url": attachment["mediaUrl"]}
    return {**described, "cid": attachment["cid"]} if attachment.get("cid") else described
