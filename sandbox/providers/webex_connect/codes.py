"""Codes: the receipt codes of every channel, with their descriptions and the status that each stands for."""

from __future__ import annotations

SUBMITTED, DELIVERED, READ, CLICKED = "7501", "7500", "7502", "7528"
UNKNOWN = "7200"

# Labels that every channel shares, as public status pages have them.
_SHARED: dict[str, str] = {
    "7003": "Mandatory parameters missing.",
    "7004": "Invalid parameters/Values",
    "7005": "Request expired",
    "7006": "Internal server error",
    "7010": "Service provider exception",
    "7011": "Unknown Exception",
    "7101": "Invalid Sender ID",
    "7102": "Invalid address",
    "7104": "Invalid app id",
    "7105": "Customer profile not found",
    "7107": "Message length exceeded",
    "7108": "Invalid template ID",
    "7109": "User in DnD",
    "7200": "Unknown Status",
    "7301": "Message expired",
    "7307": "Endpoint not reachable",
    "7312": "Invalid thread id",
    "7313": "Message sending failed",
    "7314": "Invalid destination",
    "7316": "Invalid application details",
    "7317": "Merchant API session failed",
    "7322": "Provider not configured for chatbot",
    "7323": "Destination not reachable over RCS",
    "7334": "Destination does not support RCS",
    "7404": "Others",
    "7500": "Delivered",
    "7501": "Submitted",
    "7502": "Read",
    "7526": "Invalid message tag",
    "7710": "Re-engagement message",
    "7714": "Message too long",
    "7738": "Failed to upload media",
    "9002": "Recipient has not consented to message",
    "9005": "Invalid or unknown group ID or channel",
    "9006": "Frequency cap: Recipient has exceeded frequency cap",
}

_OF_CHANNEL: dict[str, dict[str, str]] = {
    "sms": {
        "7201": "Delivery failed at Operator",
        "7202": "Delivery failed at platform",
        "7203": "Unknown Subscriber address",
        "7204": "Insufficient Credits in subscriber account",
        "7205": "Error in Binary message",
        "7206": "Can't deliver. Subscriber SIM Full",
        "7207": "Subscriber out of coverage area or not reachable",
        "7208": "Message expired",
        "7209": "Unable to deliver multipart message",
        "7210": "Billing Configuration error",
        "7211": "Billing error at operator",
    },
    "voice": {
        "7401": "No answer",
        "7402": "Customer busy",
        "7405": "Release",
        "7407": "Call offered",
        "7408": "Call accepted",
        "7409": "Call dropped",
        "7410": "Call disconnected",
        "7411": "Trombone connected",
        "7412": "Trombone released",
        "7519": "Answered",
    },
    "push": {
        "7503": "Request expired",
        "7504": "Authentication error",
        "7505": "Payload too large",
        "7506": "Invalid time to live value",
        "7507": "Device unregistered",
        "7508": "Invalid registration",
        "7509": "Missing registration",
        "7510": "Payload too large",
        "7511": "Invalid time to live value",
        "7512": "Missing device token",
        "7513": "Invalid device token",
        "7514": "Invalid topic",
        "7515": "Invalid package name",
        "7516": "Device message rate exceeded",
        "7517": "Provider not available",
        "7518": "Provider internal error",
    },
    "email": {
        "7522": "Account in sandbox mode. Destination email address is not verified",
        "7523": "Invalid email address",
        "7524": "Email address max length reached",
        "7535": "attachment length exceeded",
    },
}

# Codes whose description is made of the message or of the detail: bounce and complaint types, addresses, links.
BOUNCED, COMPLAINED, ALREADY_BOUNCED, UNSUBSCRIBED = "7520", "7521", "7240", "7241"
BOUNCE_TYPES = (
    "Permanent_General",
    "Permanent_NoEmail",
    "Permanent_Suppressed",
    "Transient_General",
    "Transient_MailboxFull",
    "Transient_MessageTooLarge",
    "Transient_ContentRejected",
    "Transient_AttachmentRejected",
)
COMPLAINT_TYPES = ("abuse", "auth-failure", "fraud", "not-spam", "other", "virus")

# `deliveryStatus` of the codes that are not simply `Failed`. 7203 stands in both lists of the status page's readers: it
# is an SMS that was submitted, so that it comes back undelivered.
_STATUS_OF_CHANNEL: dict[str, dict[str, str]] = {
    "sms": dict.fromkeys(("7109", *(str(code) for code in range(7201, 7212))), "Un-Delivered"),
    "voice": {
        "7401": "REJECTED",
        "7402": "REJECTED",
        "7405": "Released",
        "7407": "OFFERED",
        "7408": "ACCEPTED",
        "7409": "DROPPED",
        "7410": "DISCONNECTED",
        "7411": "TROMBONE_CONNECTED",
        "7412": "TROMBONE_RELEASED",
        "7519": "ANSWERED",
    },
    "email": {BOUNCED: "Bounce", COMPLAINED: "Complaint", "7522": "Not Verified"},
}

# The code of a status that is told without one.
_CODE_OF_STATUS: dict[str, str] = {
    "Submitted": SUBMITTED,
    "Delivered": DELIVERED,
    "Read": READ,
    "Clicked": CLICKED,
    "Failed": UNKNOWN,
    "Un-Delivered": "7201",
    "Bounce": BOUNCED,
    "Complaint": COMPLAINED,
    "Not Verified": "7522",
    "OFFERED": "7407",
    "ACCEPTED": "7408",
    "ANSWERED": "7519",
    "DROPPED": "7409",
    "Released": "7405",
    "DISCONNECTED": "7410",
    "REJECTED": "7402",
    "TROMBONE_CONNECTED": "7411",
    "TROMBONE_RELEASED": "7412",
}


def is_listed(code: str) -> bool:
    """Tell whether any channel has the code, or may have it: WhatsApp's 7701 to 7874 are its provider's own."""
    return (
        code in _SHARED
        or any(code in table for table in _OF_CHANNEL.values())
        or code in (CLICKED, BOUNCED, COMPLAINED, ALREADY_BOUNCED, UNSUBSCRIBED)
        or "7701" <= code <= "7874"
    )


def description(channel: str, code: str) -> str:
    """Return what a code reads on a channel; another channel's words for it where this one has none."""
    own = _OF_CHANNEL.get(channel)
    if own is not None and code in own:
        return own[code]
    if code in _SHARED:
        return _SHARED[code]
    others = (table[code] for table in _OF_CHANNEL.values() if code in table)
    return next(others, _SHARED["7010"] if "7701" <= code <= "7874" else _SHARED[UNKNOWN])


def status(channel: str, code: str) -> str:
    """Return the `deliveryStatus` that a code of something gone wrong stands for."""
    return _STATUS_OF_CHANNEL.get(channel, {}).get(code, "Failed")


def code(word: str) -> str:
    """Return the code of a `deliveryStatus` that is told without one."""
    return _CODE_OF_STATUS[word]
