"""Statuses: the words for what became of a message, which follow which, and what a callback says of each."""

from __future__ import annotations

from collections.abc import Mapping

# Source: 6854-6869; the order is our decision (MEH-STAT-01). What follows nothing is terminal.
LADDER = ("CRTD", "INIT", "SENT", "DLVRD", "READ")
_REFUSALS = ("FAILD", "CCWIN", "BLCKD", "LIMIT", "NSENT", "SENT_ERR", "SENT_EXC")
_SCRIPTED = ("SCHLD", "SENTX", "SENTX_ERR")  # only a script says so
FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "SCHLD": ("INIT", "SENT", *_REFUSALS, "SENTX", "SENTX_ERR"),
    "CRTD": ("INIT",),
    "INIT": ("SENT", *_REFUSALS, *_SCRIPTED),
    "SENTX": ("SENT", "FAILD"),
    "SENT": ("DLVRD", "FAILD", "DELTD", *_SCRIPTED),
    "DLVRD": ("READ", "DELTD"),
    "READ": ("DELTD",),
}

# What each is to the sandbox: `note` changes nothing of its own status.
DEEDS: Mapping[str, str] = {
    "SENT": "sent",
    "DLVRD": "deliver",
    "READ": "read",
    "DELTD": "note",
    **dict.fromkeys(_REFUSALS, "fail"),
    **dict.fromkeys(_SCRIPTED, "note"),
}

# What a callback calls it (MEH-STAT-02); those that are not here are not told.
TOLD: Mapping[str, str] = {
    **{word: word for word in ("SENT", "DLVRD", "READ", "DELTD")},
    **dict.fromkeys(_REFUSALS, "FAILD"),
}

HREF = "https://developers.facebook.com/docs/whatsapp/api/errors#error"  # 2151
OUTSIDE_WINDOW, OPTED_OUT, TEMPLATE_MISMATCH, GENERIC = "470", "OPTOUT", "2000", "500"
# Source: 2152 for 470, which is one line; the others are WhatsApp's public ones or our own (MEH-STAT-03).
TITLES: Mapping[str, str] = {
    "402": "Message failed to send because there were one or more errors related to your payment method.",
    "408": "Message is not valid.",
    "410": "Message expired.",
    "429": "Rate limit hit.",
    OUTSIDE_WINDOW: (
        "Failed to send message because you are outside the support window for freeform messages to this user."
        " Please use a valid HSM notification or reconsider."
    ),
    "471": "Spam rate limit hit.",
    "472": "User's number is part of an experiment.",
    GENERIC: "Generic error.",
    TEMPLATE_MISMATCH: "Template parameters do not match the approved format",
    OPTED_OUT: "Recipient has opted out",
}
_CODES: Mapping[str, str] = {
    "CCWIN": OUTSIDE_WINDOW,
    "BLCKD": OPTED_OUT,
    "LIMIT": "429",
    "NSENT": "408",
    "SENT_ERR": GENERIC,
    "SENT_EXC": GENERIC,
    "FAILD": GENERIC,
}


def path_to(word: str, at: str) -> tuple[str, ...]:
    """
    Return the statuses that a message passes on its way to one; none if that is behind it already.

    Args:
        word: where it goes.
        at: where it is.

    Raises:
        ValueError: it cannot get there: what it is at is final, or comes in another order.
    """
    if word in FOLLOWS.get(at, ()):
        return (word,)
    if word in LADDER and at in LADDER:
        # What is missing in between is told first, as READ is by DLVRD.
        return LADDER[LADDER.index(at) + 1 : LADDER.index(word) + 1]
    if at == word:
        return ()
    why = "is final" if at not in FOLLOWS else f"is followed by {', '.join(FOLLOWS[at])}"
    raise ValueError(f"a message that is {at} does not become {word}: {at} {why}")


def error_of(word: str, code: str | None, title: str | None) -> dict[str, str]:
    """Return the `MessageReportError` of a failure (6093-6096): what a script says, else what the status stands for."""
    code = code or _CODES[word]
    return {"code": code, "title": title or TITLES.get(code, TITLES[GENERIC]), "details": "", "href": HREF}
