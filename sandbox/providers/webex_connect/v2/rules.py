"""Every rule of v2 as a table: how it is known, where it is printed, what answers a violation.

One row is `Rule(id, grade, source, says, error, message)`. A row whose error is 7003 speaks of what is missing; the same
rule answers 7004 where the member is there and wrong, for which `missing` and `invalid` are made. A rule without an
error is kept by the answers and receipts themselves: no request is refused by it.
"""

from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.core.rule import Grade, Rule, Rulebook
from sandbox.providers.webex_connect.v2.errors import (
    AUTHENTICATION_FAILED,
    DOCUMENT,
    INTERNAL_ERROR,
    INVALID,
    INVALID_JSON,
    INVALID_NUMBER,
    INVALID_TEMPLATE,
    MISSING,
    SERVICE_INACTIVE,
    SERVICE_KEY_MISSING,
    TOO_MANY_DESTINATIONS,
    TRANSACTION_LIMIT,
    worded,
)

DOC, OUT, DEC = Grade.DOCUMENTED, Grade.OUTSIDE, Grade.DECISION

# Where a rule from outside the document is to be read.
_V1 = "001_dd3e958a9a894ff5.txt:145"
_SEND = "developers.webexconnect.io/reference/send-message-v2"
_SMS = "developers.webexconnect.io/reference/send-sms-message-api-v2"
_EMAIL = "developers.webexconnect.io/reference/email-api"
_RCS = "developers.webexconnect.io/reference/rcs-api"
_STATUSES = "developers.webexconnect.io/reference/channel-specific-status-codes"
_JWT = "developers.webexconnect.io/reference/using-jwt-for-api-authentication"
_EMAIL_RECEIPTS = "developers.webexconnect.io/reference/email-outbound-webhooks"
_RECORDED = "answers recorded in github.com/seated/apus"


def _lacks(path: str) -> tuple[ErrorSpec, str]:
    return MISSING, worded(MISSING, path)


def _bad(path: str) -> tuple[ErrorSpec, str]:
    return INVALID, worded(INVALID, path)


# Laid out by hand, so that it reads as the table it is.
# fmt: off
RULES: Rulebook = Rulebook(DOCUMENT, (
    # Authentication and body
    Rule("WX2-AUTH-01", DOC, "9", "A request carries a service key or a JWT; a blank header is none.",
         SERVICE_KEY_MISSING),
    Rule("WX2-AUTH-02", OUT, _RECORDED, "The key equals one of the service's keys.", AUTHENTICATION_FAILED),
    Rule("WX2-AUTH-03", DOC, "9", "Of a JWT and a key only the JWT counts."),
    Rule("WX2-AUTH-04", DOC, "302-303", "The token is signed with HS256, and no other algorithm is tried.",
         AUTHENTICATION_FAILED),
    Rule("WX2-AUTH-05", DOC, "311", "The signature verifies with the base64-decoded service secret.",
         AUTHENTICATION_FAILED),
    Rule("WX2-AUTH-06", DOC, "305-306", "The token's iss is the service's id, a string.", AUTHENTICATION_FAILED),
    Rule("WX2-AUTH-07", DOC, "308-309", "The token's iat is a whole number of seconds, at most 60 s ahead.",
         AUTHENTICATION_FAILED),
    Rule("WX2-AUTH-08", OUT, _JWT, "The token's iat is at most 3600 s old, and an exp, if any, is not past.",
         AUTHENTICATION_FAILED),
    Rule("WX2-AUTH-09", OUT, _SEND, "The Authorization header is the word Bearer and a token of three parts.",
         AUTHENTICATION_FAILED),
    Rule("WX2-SVC-01", DEC, "", "The service is active.", SERVICE_INACTIVE),
    Rule("WX2-SVC-02", DEC, "", "An internal error happens only when a fault asks for it.", INTERNAL_ERROR),
    Rule("WX2-JSON-01", OUT, _SMS, "The body is one well-formed JSON object in UTF-8.", INVALID_JSON),
    Rule("WX2-JSON-02", DEC, "", "Unknown fields are ignored and listed, or refused in the strict mode.",
         *_bad("{path}")),

    # Envelope
    Rule("WX2-ENV-01", DOC, "335-339", "channel is there.", *_lacks("channel")),
    Rule("WX2-ENV-02", DOC, "341-343", "channel is sms, email or rcs, in any letter case.", *_bad("channel")),
    Rule("WX2-ENV-03", DOC, "345-349", "from is there, a string.", *_lacks("from")),
    Rule("WX2-ENV-04", DOC, "352", "An e-mail comes from an address of a registered domain.", *_bad("from")),
    Rule("WX2-ENV-05", DOC, "351", "An SMS of a sender that the service does not know is accepted, and fails with 7101."),
    Rule("WX2-ENV-06", DOC, "353", "An RCS message of an app that the service does not know is accepted, and fails "
         "with 7322."),
    Rule("WX2-ENV-07", DOC, "459, 467", "One of content and template is there, an object.", *_lacks("content")),
    Rule("WX2-ENV-08", DOC, "92", "content and template do not stand together.", *_bad("template")),
    Rule("WX2-ENV-09", DOC, "463-469", "template.id is a string; declared templates have it for this channel.",
         *_lacks("template.id")),
    Rule("WX2-ENV-10", DOC, "411-413", "priority is 1, 2 or 3.", *_bad("priority")),
    Rule("WX2-ENV-11", OUT, _SMS, "callbackData is a string of at most 2000 characters.", *_bad("callbackData")),
    Rule("WX2-ENV-12", DOC, "437", "A notifyUrl that is no proper URL is accepted, and nothing is ever sent there."),

    # Destinations and rate
    Rule("WX2-TO-01", DOC, "355-361", "to is an array of objects, at least one.", *_lacks("to")),
    Rule("WX2-TO-02", DOC, "363-367", "Each destination object has the key of the channel, with a value at least.",
         *_lacks("{path}")),
    Rule("WX2-TO-03", DOC, "107-110", "The addresses are strings in an array.", *_bad("{path}")),
    Rule("WX2-TO-04", DOC, "11", "A request has at most 1000 destinations; cc and bcc are not counted.",
         TOO_MANY_DESTINATIONS),
    Rule("WX2-TO-05", OUT, _RECORDED, "A phone number has 7 to 15 digits, the first not 0, and a + where the tenant wants it.",
         INVALID_NUMBER),
    Rule("WX2-TO-06", OUT, _EMAIL_RECEIPTS, "A malformed e-mail address is accepted, and fails with 7523, a long one with 7524."),
    Rule("WX2-TO-07", OUT, _V1, "A correlationId is a string of at most 50 bytes.", *_bad("{path}")),
    Rule("WX2-TO-08", DOC, "166, 176", "Addresses and correlation ids may come again."),
    Rule("WX2-RATE-01", DOC, "11", "A service that is limited has so many destinations a second, v1 and v2 together.",
         TRANSACTION_LIMIT),

    # Time and receipts
    Rule("WX2-TIME-01", DOC, "377-403", "sendAt and expireAt are ISO 8601 with a zone, or epoch seconds.",
         *_bad("{path}")),
    Rule("WX2-TIME-02", DOC, "75, 383", "sendAt is at most seven days ahead.", *_bad("sendAt")),
    Rule("WX2-TIME-03", DEC, "", "sendAt is not past by more than 60 s.", *_bad("sendAt")),
    Rule("WX2-TIME-04", DOC, "76-78", "expireAt and validity do not stand together.", *_bad("validity")),
    Rule("WX2-TIME-05", DEC, "", "expireAt is ahead, and after sendAt.", *_bad("expireAt")),
    Rule("WX2-TIME-06", DOC, "78", "validity is a whole number of seconds, at least one; for SMS at most 72 hours.",
         *_bad("validity")),
    Rule("WX2-TIME-07", OUT, _SEND, "validity counts from sendAt, or else from now."),
    Rule("WX2-TIME-08", DOC, "397", "A message that is not delivered by then fails: SMS with 7208, the rest with 7301."),
    Rule("WX2-TIME-09", DOC, "383", "A scheduled message is queued at once, and its receipts begin at sendAt."),
    Rule("WX2-RCPT-01", DOC, "445-451", "requestedReceipts is an array of the channel's receipt names.",
         *_bad("requestedReceipts")),
    Rule("WX2-RCPT-02", DOC, "445", "Only requested receipts go to notifyUrl; an absent or empty list is all of them."),
    Rule("WX2-RCPT-03", DOC, "445", "The service's own webhooks get every receipt."),
    Rule("WX2-RCPT-04", DOC, "449-450", "Each receipt has its own name: failed is not undelivered, invalid or bounced."),
    Rule("WX2-RCPT-05", OUT, _EMAIL_RECEIPTS, "invalid is the receipt of code 7523, whose status reads Failed."),

    # SMS
    Rule("WX2-SMS-01", DOC, "516-522", "content.type is text or unicode.", *_lacks("content.type")),
    Rule("WX2-SMS-02", DOC, "524-528", "content.text is there, a string.", *_lacks("content.text")),
    Rule("WX2-SMS-03", DOC, "530", "content.text has at most 1024 characters, placeholders as written.",
         *_bad("content.text")),
    Rule("WX2-SMS-04", OUT, _STATUSES, "A text of more than 4000 characters after substitution fails with 7107."),
    Rule("WX2-SMS-05", DOC, "497", "Clicks are told only when links are shortened, too."),
    Rule("WX2-SMS-06", DOC, "485", "shortenLinks makes every https link a short one; http links stay."),
    Rule("WX2-SMS-07", DOC, "473-497", "SMS options have their documented types.", *_bad("{path}")),

    # E-mail
    Rule("WX2-EMAIL-01", DOC, "581-587", "content.type is text or html.", *_lacks("content.type")),
    Rule("WX2-EMAIL-02", DOC, "589-593", "content.subject is there, a string; it may be empty.",
         *_lacks("content.subject")),
    Rule("WX2-EMAIL-03", DOC, "617", "An e-mail of type text has a text.", *_lacks("content.text")),
    Rule("WX2-EMAIL-04", DOC, "626", "An e-mail of type html has html.", *_lacks("content.html")),
    Rule("WX2-EMAIL-05", DOC, "628", "html has at most 350 KB of UTF-8.", *_bad("content.html")),
    Rule("WX2-EMAIL-06", DOC, "640-650", "An attachment has a MIME type, a name and the URL of its content.",
         *_lacks("{path}")),
    Rule("WX2-EMAIL-07", DOC, "611, 634", "An e-mail beyond 10 MiB after MIME encoding is accepted, and fails with 7535."),
    Rule("WX2-EMAIL-08", DOC, "187-192, 597-603", "replyTo, cc and bcc are addresses.", *_bad("{path}")),
    Rule("WX2-EMAIL-09", OUT, _EMAIL_RECEIPTS, "Each of to, cc and bcc has receipts, of the same transid."),
    Rule("WX2-EMAIL-10", OUT, _EMAIL, "multipleToRecipients joins the addresses of an object to one e-mail with one id.",
         *_bad("multipleToRecipients")),
    Rule("WX2-EMAIL-11", DOC, "551, 557", "Opens and clicks are told when tracked, in html only.", *_bad("{path}")),
    Rule("WX2-EMAIL-12", DOC, "212", "$(unsubscribe) is a link to unsubscribe, whatever the substitutions say."),
    Rule("WX2-EMAIL-13", DEC, "", "cc, bcc and multipleToRecipients are ignored on another channel."),

    # RCS
    Rule("WX2-RCS-01", DOC, "730-736", "content.type is text, media, standalone, carousel or agentEvent.",
         *_lacks("content.type")),
    Rule("WX2-RCS-02", DOC, "744", "A text has at most 3072 characters.", *_lacks("content.text")),
    Rule("WX2-RCS-03", DOC, "752", "mediaContentUrl is an http(s) URL whose path ends in a file extension.",
         *_lacks("content.mediaContentUrl")),
    Rule("WX2-RCS-04", DOC, "760, 896-902", "A rich card is complete, its choices made.", *_lacks("{path}")),
    Rule("WX2-RCS-05", DOC, "768", "A carousel's width is SMALL or MEDIUM.", *_lacks("content.width")),
    Rule("WX2-RCS-06", DOC, "776", "A carousel has two to ten cards, each complete.", *_lacks("{path}")),
    Rule("WX2-RCS-07", DOC, "792", "A message has at most ten suggestions.", *_bad("content.suggestions")),
    Rule("WX2-RCS-08", DOC, "792", "A rich card has at most four suggestions.", *_bad("content.richCard.suggestions")),
    Rule("WX2-RCS-09", DOC, "792, 937-977", "A card of a carousel has at most two suggestions.", *_bad("{path}")),
    Rule("WX2-RCS-10", DOC, "794-799", "A suggestion is of a known type and has a displayText.", *_lacks("{path}")),
    Rule("WX2-RCS-11", DOC, "803-842", "A suggestion has what its type needs.", *_lacks("{path}")),
    Rule("WX2-RCS-12", DOC, "254", "A fileSize is a whole number above 0.", *_bad("{path}")),
    Rule("WX2-RCS-13", DOC, "784", "An agent event is IS_TYPING or READ.", *_lacks("content.event")),
    Rule("WX2-RCS-14", DOC, "1033-1037", "READ names the message that was read.", *_lacks("content.messageId")),
    Rule("WX2-RCS-15", DEC, "", "Nothing comes of an agent event but Submitted, and its suggestions are ignored."),
    Rule("WX2-RCS-16", OUT, _RCS, "smsFallback needs smsSenderId and text.", *_lacks("{path}")),
    Rule("WX2-RCS-17", DOC, "701", "The text of the fallback has at most 1024 characters.", *_bad("options.text")),
    Rule("WX2-RCS-18", DOC, "689", "With smsFallback an RCS message that fails is followed by an SMS."),
    Rule("WX2-RCS-19", DOC, "689", "Without smsFallback a failed RCS message stays failed."),

    # Substitutions, smart links, contact policy
    Rule("WX2-SUB-01", DOC, "155, 375, 534", "$(name) is replaced by the destination's value, or else by the request's."),
    Rule("WX2-SUB-02", DEC, "", "$(name) without a value stays and is listed, or is refused where the service wants that.",
         *_bad("substitutions")),
    Rule("WX2-SUB-03", DOC, "534", "${name} and {{name}} are no placeholders."),
    Rule("WX2-SUB-04", DOC, "212", "Placeholders stand in the texts of SMS, RCS and e-mail, and nowhere else."),
    Rule("WX2-SUB-05", DOC, "373-375", "Substitutions are an object of texts, put in once.", *_bad("{path}")),
    Rule("WX2-SUB-06", DEC, "", "Every parameter of a declared template has a value.", *_lacks("substitutions.{name}")),
    Rule("WX2-LINK-01", DOC, "117-122", "{{link_N}} in an SMS needs an entry of smartlinks with that id.",
         *_lacks("smartlinks")),
    Rule("WX2-LINK-02", DOC, "117-122", "smartlinkId and validity are positive whole numbers; an id comes once.",
         *_lacks("{path}")),
    Rule("WX2-CP-01", OUT, _SMS, "contactPolicy is as in v1: a group, and at least one of its two flags.",
         *_lacks("{path}")),
))
# fmt: on


def missing(rule_id: str, path: str, *, detail: str | None = None) -> ApiError:
    """Return the 7003 of a rule: `path` is absent, null or empty; `detail` is for the journal only."""
    return ApiError(MISSING, worded(MISSING, path), rule=RULES[rule_id].id, detail=detail)


def invalid(rule_id: str, path: str, *, detail: str | None = None) -> ApiError:
    """Return the 7004 of a rule: `path` is there and wrong; `detail` is for the journal only."""
    return ApiError(INVALID, worded(INVALID, path), rule=RULES[rule_id].id, detail=detail)


def unknown_template(template_id: str) -> ApiError:
    """Return the 7108 of WX2-ENV-09."""
    return ApiError(INVALID_TEMPLATE, rule=RULES["WX2-ENV-09"].id, detail=template_id[:200])
