"""Every rule of v1 as a table: how it is known, where it is printed, what answers a violation.

One row is `Rule(id, grade, source, says, error, message)`. A row whose error is 7003 speaks of what is missing; the same
rule answers 7004 where the member is there and wrong, for which `missing` and `invalid` are made. A rule without an
error is kept by the answers and receipts themselves: no request is refused by it.
"""

from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.core.rule import Grade, Rule, Rulebook
from sandbox.providers.webex_connect.v1.errors import (
    AUTHENTICATION_FAILED,
    DOCUMENT,
    INTERNAL_ERROR,
    INVALID,
    INVALID_APP,
    INVALID_JSON,
    INVALID_TEMPLATE,
    INVALID_VALUE,
    MISSING,
    PARAMETER_TOO_LARGE,
    SERVICE_INACTIVE,
    SERVICE_KEY_MISSING,
    TOO_MANY_DESTINATIONS,
    TOO_MANY_QUICK_REPLIES,
    TRANSACTION_LIMIT,
    worded,
)

DOC, OUT, DEC = Grade.DOCUMENTED, Grade.OUTSIDE, Grade.DECISION

# Where a rule from outside the document is to be read.
_SEND = "developers.webexconnect.io/reference/send-message-v1"
_SEND_API = "developers.webexconnect.io/reference/send-message-api-v1"
_CODES = "help.webexconnect.io/docs/references-api-codes"
_STATUSES = "developers.webexconnect.io/reference/channel-specific-status-codes"
_WEBHOOKS = "developers.webexconnect.io/reference/outbound-webhooks-api-ref"
_PUSH_RECEIPTS = "developers.webexconnect.io/reference/push-outbound-webhooks"
_APPLE_RECEIPTS = "developers.webexconnect.io/reference/amb-outbound-webhooks"
_JWT = "developers.webexconnect.io/reference/using-jwt-for-api-authentication"
_AUTHENTICATION = "developers.webexconnect.io/reference/api-authentication"
_PUSH = "developers.webexconnect.io/reference/push-api"
_IN_APP = "developers.webexconnect.io/reference/live-chat-in-app-messaging-api"
_WHATSAPP = "developers.webexconnect.io/reference/whatsapp-apis"
_APPLE = "developers.webexconnect.io/reference/apple-message-for-business-_text"


def _lacks(detail: str) -> tuple[ErrorSpec, str]:
    return MISSING, worded(MISSING, detail)


def _bad(detail: str) -> tuple[ErrorSpec, str]:
    return INVALID, worded(INVALID, detail)


# Laid out by hand, so that it reads as the table it is.
# fmt: off
RULES: Rulebook = Rulebook(DOCUMENT, (
    # Authentication and transport
    Rule("WX1-AUTH-01", DOC, "1997", "A request carries a service key or an Authorization header; a blank one is none.",
         SERVICE_KEY_MISSING),
    Rule("WX1-AUTH-02", DOC, "1996", "The key equals one of the service's keys, byte for byte.", AUTHENTICATION_FAILED),
    Rule("WX1-AUTH-03", OUT, _AUTHENTICATION, "Beside an Authorization header the key is not even looked at."),
    Rule("WX1-AUTH-04", OUT, _SEND, "The Authorization header is the word Bearer and a token of three parts.",
         AUTHENTICATION_FAILED),
    Rule("WX1-AUTH-05", OUT, _JWT, "The token is signed with HS256, and no other algorithm is tried.",
         AUTHENTICATION_FAILED),
    Rule("WX1-AUTH-06", OUT, _JWT, "The signature verifies with the base64-decoded service secret.",
         AUTHENTICATION_FAILED),
    Rule("WX1-AUTH-07", OUT, _JWT, "The token's iss is the service's id.", AUTHENTICATION_FAILED),
    Rule("WX1-AUTH-08", OUT, _JWT, "The token's iat is a whole number of seconds, at most 60 s ahead.",
         AUTHENTICATION_FAILED),
    Rule("WX1-AUTH-09", OUT, _JWT, "The token's iat is at most 3600 s old, and an exp, if any, is not past.",
         AUTHENTICATION_FAILED),
    Rule("WX1-AUTH-10", DEC, "", "Other claims of the token and its typ are ignored."),
    Rule("WX1-AUTH-11", DEC, "", "A key in the body or the query does not authenticate.", SERVICE_KEY_MISSING),
    Rule("WX1-SVC-01", DOC, "2001", "The service is active.", SERVICE_INACTIVE),
    Rule("WX1-SVC-02", DOC, "2000", "An internal error is answered when one is asked for.", INTERNAL_ERROR),
    Rule("WX1-JSON-01", DOC, "1995", "The body is well-formed JSON in UTF-8: an object, or an array of objects.",
         INVALID_JSON),
    Rule("WX1-JSON-02", DEC, "",
         "An array has elements (7003), each of which is an object (7004); a value without a rule of its own has the "
         "JSON type that it is documented with (7004).", *_lacks("request objects")),
    Rule("WX1-JSON-03", DEC, "", "Unknown fields are ignored and listed, or refused in the strict mode.",
         *_bad("{path} is an unknown field")),

    # Envelope
    Rule("WX1-ENV-01", DOC, "138", "A request names its delivery channel.",
         *_lacks("param 'deliverychannel' missing")),
    Rule("WX1-ENV-02", OUT, _CODES, "The delivery channel is not empty.",
         *_lacks("No destination channel information found in request")),
    Rule("WX1-ENV-03", DOC, "138-144", "The delivery channel is one of the seven or their aliases, in any letter case.",
         *_bad("deliverychannel")),
    Rule("WX1-ENV-04", DOC, "158", "Channels are given unless a template is.", *_lacks("channels")),
    Rule("WX1-ENV-05", DOC, "158-165", "Channels hold the object of the chosen channel.",
         *_lacks("param '{name}' missing for channel {channel}")),
    Rule("WX1-ENV-06", DOC, "35", "An app is named for push, in-app, Messenger, WhatsApp and Apple.", *_lacks("appid")),
    Rule("WX1-ENV-07", OUT, _CODES, "The app is one of those declared, where any are.", INVALID_APP,
         worded(INVALID_APP, "appid")),
    Rule("WX1-ENV-08", DOC, "92, 145", "A correlation id is a string of at most 50 bytes.", *_bad("correlationid")),
    Rule("WX1-ENV-09", OUT, _SEND_API, "Callback data are a string of at most 2000 characters.", *_bad("callbackData")),
    Rule("WX1-ENV-10", DOC, "148", "An expiry is a time in ISO 8601 with an offset.", *_bad("expiry")),
    Rule("WX1-ENV-11", DOC, "148", "A request past its expiry is accepted, and fails by receipt 7005 (push: 7503)."),
    Rule("WX1-ENV-12", DOC, "95-96", "There are as many gtr ids as destination objects.", *_bad("gtrId")),
    Rule("WX1-ENV-13", DOC, "38", "An invalid notifyurl is accepted; no notification is attempted."),

    # Destinations and rate
    Rule("WX1-DEST-01", DOC, "157", "A request has destinations.", *_lacks("destination")),
    Rule("WX1-DEST-02", DOC, "88-94, 157", "Destinations are an array of objects with arrays of non-empty strings.",
         *_bad("destination")),
    Rule("WX1-DEST-03", DOC, "91", "Each destination has a key that its channel knows.",
         *_lacks("any one of [customerid,msisdn,email, userid,pushid,psid, etc.] is mandatory")),
    Rule("WX1-DEST-04", DEC, "", "Of several keys that fit, the first in the document's order is used."),
    Rule("WX1-DEST-05", DOC, "24, 157, 2002", "A request has at most 1000 destinations in all.",
         TOO_MANY_DESTINATIONS),
    Rule("WX1-DEST-06", DOC, "118", "A msisdn that is no phone number is accepted, and fails by receipt 7102."),
    Rule("WX1-DEST-07", DEC, "", "A destination given twice gets the message twice."),
    Rule("WX1-RATE-01", DEC, "", "Without a configured rate only the limit of 1000 destinations holds."),
    Rule("WX1-RATE-02", DOC, "24", "No more destinations than the configured rate are addressed in any second.",
         TRANSACTION_LIMIT),

    # Templates
    Rule("WX1-TPL-01", DOC, "149", "A template is named by a string (7004), and known for the channel where declared.",
         INVALID_TEMPLATE, worded(INVALID_TEMPLATE, "message.template")),
    Rule("WX1-TPL-02", DOC, "155", "Every parameter of a declared template is supplied under its exact name.",
         *_lacks("message.parameters.{name}")),
    Rule("WX1-TPL-03", DOC, "155", "The channel's parameters override those of the message."),
    Rule("WX1-TPL-04", DOC, "175", "The channel's own text wins over a template."),
    Rule("WX1-TPL-05", DOC, "156", "A template of more than 1024 bytes on SMS is not delivered: receipt 7107."),

    # SMS
    Rule("WX1-SMS-01", DOC, "202", "An SMS has a text unless it is binary.",
         *_lacks("param 'text' missing for channel sms")),
    Rule("WX1-SMS-02", DOC, "202", "The text of an SMS has at most 1024 characters.", *_bad("text")),
    Rule("WX1-SMS-03", DOC, "206-213", "The type of an SMS is 1, 2, 3 or 4.",
         *_bad("invalid value of param 'type' , only [1,2,3,4] are allowed")),
    Rule("WX1-SMS-04", DOC, "214", "A binary SMS has a body.", *_lacks("param 'body' missing for channel sms")),
    Rule("WX1-SMS-05", DOC, "214", "The body of a binary SMS is an even number of hexadecimal digits.", *_bad("body")),
    Rule("WX1-SMS-06", DEC, "", "The body of an SMS of another type is ignored with a warning."),
    Rule("WX1-SMS-07", DOC, "203-205", "An SMS without a sender comes from CONNCT.", *_bad("senderid")),
    Rule("WX1-SMS-08", DOC, "205", "An undeclared sender is accepted where senders are declared: receipt 7101."),

    # Voice
    Rule("WX1-VOICE-01", DOC, "235-246", "A call has a call flow or a prompt.",
         *_lacks("either param 'callflowid' or param 'media' is required")),
    Rule("WX1-VOICE-02", DOC, "239, 246", "A call flow and a prompt exclude each other.", *_bad("callflowid")),
    Rule("WX1-VOICE-03", DEC, "", "A prompt goes by one of its names, promptid or media.", *_bad("media")),
    Rule("WX1-VOICE-04", DOC, "256-260", "Ids are non-empty strings or integers, and the caller id is digits.",
         *_bad("{path}")),

    # Push
    Rule("WX1-PUSH-01", DOC, "296", "A push has a block for android, ios or web.",
         *_lacks("either android or ios information is mandatory for push channel")),
    Rule("WX1-PUSH-02", DOC, "307, 389", "A block for android or ios has a text.",
         *_lacks("param 'text' is missing for {platform}")),
    Rule("WX1-PUSH-03", DOC, "470-474", "A block for web has a title, a text and platform types.",
         *_lacks("web.{name}")),
    Rule("WX1-PUSH-04", DOC, "474, 484-502", "Platform types are chrome, safari and firefox, each once.",
         *_bad("platform_types")),
    Rule("WX1-PUSH-05", DOC, "473", "A push to safari has an action text.", *_lacks("web.actiontext")),
    Rule("WX1-PUSH-06", DOC, "302", "A push has at most 4096 bytes as compact JSON.",
         *_bad("push payload exceeds 4KB")),
    Rule("WX1-PUSH-07", DOC, "337, 421, 524", "A time to live is a whole number.", *_bad("time_to_live")),
    Rule("WX1-PUSH-08", DOC, "505", "The time to live of a web push is at most 51840000 seconds.",
         *_bad("time_to_live")),
    Rule("WX1-PUSH-09", OUT, _PUSH,
         "A time to live beyond 2419200 s (android: 7506) or 2592000 s (ios: 7511) is accepted, and fails by receipt."),
    Rule("WX1-PUSH-10", DOC, "372-378", "The action of a notification is one of those listed.",
         *_bad("notificationaction.action")),
    Rule("WX1-PUSH-11", DOC, "379-385", "The action of a notification has a value, unless it opens the app.",
         *_lacks("notificationaction.{name}")),
    Rule("WX1-PUSH-12", DOC, "348-349", "Custom tags are an object, and an imageurl among them is a string.",
         *_bad("customtags")),
    Rule("WX1-PUSH-13", DOC, "343-347, 415, 422", "A badge is an integer; a flag is true or false.", *_bad("{path}")),
    Rule("WX1-PUSH-14", OUT, _PUSH_RECEIPTS, "A destination for which the push has no block fails by receipt 7003."),
    Rule("WX1-PUSH-15", OUT, _PUSH_RECEIPTS, "A customer or user without a declared profile fails by receipt 7105."),
    Rule("WX1-PUSH-20", DOC, "532", "An interactive push names its device types.",
         *_lacks("mandatory param device_types missing")),
    Rule("WX1-PUSH-21", DOC, "532-536", "A device type is android, ios or windows.",
         *_bad("invalid device type {value}, only ios or android is allowed")),
    Rule("WX1-PUSH-22", OUT, _CODES, "A device type is named once.", *_bad("duplicate device type {value}")),
    Rule("WX1-PUSH-23", DOC, "538", "An interactive push has a category.", *_lacks("mandatory param category missing")),
    Rule("WX1-PUSH-24", DOC, "538-556", "The category is one of the seventeen.",
         *_bad("Invalid value of param category or no identifiers mapped to this category")),
    Rule("WX1-PUSH-25", DOC, "557", "An interactive push has actions.", *_lacks("mandatory param actions missing")),
    Rule("WX1-PUSH-26", OUT, _CODES, "There are as many actions as the category says.",
         *_bad("Invalid number of actions, expected actions size {expected}, but found {found}")),
    Rule("WX1-PUSH-27", DOC, "566", "An action has a position.", *_lacks("mandatory param pos missing")),
    Rule("WX1-PUSH-28", DOC, "567", "The position is one that the category has.",
         *_bad("Invalid value of param pos, only positions {positions} are allowed for this category")),
    Rule("WX1-PUSH-29", OUT, _CODES, "A position is taken once.",
         *_bad("invalid value of param pos, duplicate values for pos are not allowed")),
    Rule("WX1-PUSH-30", DOC, "568-576", "An action says what it does (7003), in a word that is listed (7004).",
         *_bad("invalid value of param action or action is invalid for this channel")),
    Rule("WX1-PUSH-31", DOC, "578-580", "An identifier belongs to the category and the position.",
         *_bad("invalid identifier or no actions mapped for this identifier")),
    Rule("WX1-PUSH-32", DOC, "572-576", "An action that opens or shares has a value.",
         *_lacks("mandatory param value missing for action {value}")),
    Rule("WX1-PUSH-33", DOC, "379", "The value of an action that opens a URL looks like one.",
         *_bad("invalid value of param value, specified value is invalid for action {value}")),

    # Facebook Messenger
    Rule("WX1-FB-01", DOC, "752, 758", "A Messenger message has a text, an attachment or a sender action.",
         *_lacks("param 'text' missing for channel fb")),
    Rule("WX1-FB-02", DOC, "752", "A Messenger message has one of the three only.",
         *_bad("text, attachment and sender_action are exclusive")),
    Rule("WX1-FB-03", DOC, "763-767", "A sender action is one of those listed.", *_bad("sender_action")),
    Rule("WX1-FB-04", DOC, "727, 759-762", "A notification type is one of those listed.", *_bad("notification_type")),
    Rule("WX1-FB-05", DOC, "772-778", "A messaging type is one of those listed.", *_bad("messaging_type")),
    Rule("WX1-FB-06", DOC, "779", "A tagged message has a tag.", *_lacks("tag")),
    Rule("WX1-FB-07", DOC, "729", "A tag that Messenger does not know is accepted, and fails by receipt 7526."),
    Rule("WX1-FB-08", DOC, "784-791", "An attachment has a known type, and a payload that is an object.",
         *_lacks("attachment.{name}")),
    Rule("WX1-FB-09", DOC, "815", "The payload of a file has its http(s) address.", *_lacks("attachment.payload.url")),
    Rule("WX1-FB-10", DOC, "793-800", "A template has one of the listed types.", *_lacks("template_type")),
    Rule("WX1-FB-11", DOC, "902", "A generic template has 1 to 10 elements.", *_lacks("elements")),
    Rule("WX1-FB-12", DOC, "905", "The title of an element is given, and has at most 80 characters.",
         *_lacks("{path}")),
    Rule("WX1-FB-13", DOC, "908", "The subtitle of an element has at most 80 characters.", *_bad("{path}")),
    Rule("WX1-FB-14", DOC, "909, 1033", "An element and a button template have at most 3 buttons.", *_bad("buttons")),
    Rule("WX1-FB-15", DOC, "1014, 1036-1042", "A button has a known type, a title, and the url or payload of its type.",
         *_bad("{path}")),
    Rule("WX1-FB-16", DOC, "989", "A button template has a text, which may be empty.", *_lacks("text")),
    Rule("WX1-FB-17", DOC, "1048-1068", "A receipt has its six mandatory fields.", *_lacks("{path}")),
    Rule("WX1-FB-18", DOC, "1154-1177", "An item of a receipt has a title; quantities, prices and sums are numbers.",
         *_bad("{path}")),
    Rule("WX1-FB-19", DOC, "1164-1169", "The address of a receipt is complete, its country in two letters.",
         *_lacks("address.{name}")),
    Rule("WX1-FB-20", DOC, "1191, 1434, 1521, 1733", "An airline template is accepted, and fails by receipt 7010."),
    Rule("WX1-FB-21", DOC, "1840", "A message has at most 10 quick replies.", *_bad("quick_replies")),
    Rule("WX1-FB-22", DOC, "1843-1846", "The content type of a quick reply is text or location.",
         *_lacks("{path}")),
    Rule("WX1-FB-23", DOC, "1847", "A text quick reply has a title of at most 20 characters.", *_lacks("{path}")),
    Rule("WX1-FB-24", DOC, "1848", "A text quick reply has a payload of at most 1000 characters.", *_lacks("{path}")),
    Rule("WX1-FB-25", DEC, "", "Quick replies hang on a message, not on a sender action.", *_bad("quick_replies")),
    Rule("WX1-FB-26", DEC, "", "A sender action is submitted, but neither delivered nor read."),

    # WhatsApp
    Rule("WX1-WA-01", OUT, _WHATSAPP, "A WhatsApp message without a template has a known type.", *_lacks("type")),
    Rule("WX1-WA-02", OUT, _WHATSAPP, "The object that the type names is there with its mandatory fields.", *_lacks("{path}")),
    Rule("WX1-WA-03", OUT, _WHATSAPP, "A list or a reply keeps its limits.", *_bad("{path}")),
    Rule("WX1-WA-04", OUT, _WHATSAPP, "Audio and stickers have no caption.", *_bad("caption")),
    Rule("WX1-WA-05", DOC, "2003", "The namespace of an hsm is that of the app.", INVALID_VALUE,
         worded(INVALID_VALUE, "namespace")),
    Rule("WX1-WA-06", OUT, _STATUSES, "A text of more than 4096 characters is accepted, and fails by receipt 7714."),
    Rule("WX1-WA-07", OUT, _STATUSES, "Where the 24 hours' window is enforced, a message outside it fails by receipt 7710."),
    Rule("WX1-WA-08", DEC, "", "A message.text is no message.", *_lacks("channels")),

    # Apple Messages for Business
    Rule("WX1-ABC-01", OUT, _APPLE, "An Apple message has a known type and what that type needs.", *_lacks("{path}")),
    Rule("WX1-ABC-02", OUT, _APPLE_RECEIPTS, "An Apple message is submitted or fails; it is neither delivered nor read."),

    # In-app
    Rule("WX1-APP-01", OUT, _IN_APP, "An in-app message has a thread and a message.", *_lacks("thread_id")),
    Rule("WX1-APP-02", OUT, _IN_APP, "The message has a text or an attachment.",
         *_lacks("param 'text' missing for channel rt")),
    Rule("WX1-APP-03", OUT, _IN_APP, "An attachment has a known content type (7004) and what that needs (7003).",
         *_lacks("param 'mediaid' or type based attachment is required")),
    Rule("WX1-APP-04", OUT, _STATUSES, "A message has at most 5 quick replies (7706), each with its own identifier (7704).",
         TOO_MANY_QUICK_REPLIES, worded(TOO_MANY_QUICK_REPLIES, "quickreplies.options")),
    # Its limits are left out: nobody tells what the template looks like, so there is nothing to count.
    Rule("WX1-APP-05", OUT, _STATUSES, "A generic template is passed on as it is."),
    Rule("WX1-APP-06", OUT, _STATUSES, "A notification has a title and a text.",
         *_bad("param '{name}' in notification, is missed or empty")),
    Rule("WX1-APP-07", OUT, _IN_APP, "An in-app message has at most 4096 bytes as compact JSON.", PARAMETER_TOO_LARGE),

    # Smart links
    Rule("WX1-LINK-01", DOC, "103, 182, 230", "Each placeholder of a link has an entry among the smart links.",
         *_lacks("smartlinks entry for linkid {link}")),
    Rule("WX1-LINK-02", DEC, "", "An entry needs no placeholder, but a link has one entry.", *_bad("smartlinks")),
    Rule("WX1-LINK-03", DOC, "104-109", "An entry has a link id and a validity, both positive integers.",
         *_lacks("smartlinks[{index}].{name}")),
    Rule("WX1-LINK-04", DOC, "171", "Links are put into texts of SMS, in-app, Messenger and WhatsApp messages only."),

    # Contact policy
    Rule("WX1-CP-01", DOC, "60", "A contact policy that checks anything names its group.", *_lacks("contactPolicyGroup")),
    Rule("WX1-CP-02", DOC, "62-64", "A contact policy checks consent or the frequency cap.", *_bad("contactPolicy")),
    Rule("WX1-CP-03", OUT, _STATUSES, "An undeclared group fails by receipt 9005, where groups are declared."),
    Rule("WX1-CP-04", OUT, _STATUSES, "A recipient who has not consented fails by receipt 9002."),
    Rule("WX1-CP-05", OUT, _STATUSES, "A recipient who has had enough messages today fails by receipt 9006."),

    # Callbacks
    Rule("WX1-CB-01", DOC, "146", "The request's notifyurl beats the service's; without either nobody is notified."),
    Rule("WX1-CB-02", DOC, "38", "An invalid notifyurl gets no attempt, and the service's does not stand in for it."),
    Rule("WX1-CB-03", OUT, _WEBHOOKS, "A notification is taken when HTTP 200 comes within 10 s."),
    Rule("WX1-CB-04", OUT, _WEBHOOKS, "A notification that failed is tried again up to three times, 60 s apart."),
    Rule("WX1-CB-05", OUT, _WEBHOOKS, "A listed set of final statuses is never tried again."),
    Rule("WX1-CB-06", OUT, _WEBHOOKS, "Subscribers get the same bodies, signed with their secret where they have one."),
    Rule("WX1-CB-07", OUT, _SEND, "An authorization named by notifyurlAuthId adds its header; an unknown one adds nothing."),
    Rule("WX1-CB-08", DEC, "", "Statuses of one destination leave in order; a retry holds back nothing."),
))
# fmt: on


def missing(rule_id: str, what: str, *, detail: str | None = None) -> ApiError:
    """Return the 7003 of a rule; `what` is the path or sentence behind the label, `detail` is for the journal only."""
    return _refusal(MISSING, rule_id, what, detail)


def invalid(rule_id: str, what: str, *, detail: str | None = None) -> ApiError:
    """Return the 7004 of a rule; `what` is the path or sentence behind the label, `detail` is for the journal only."""
    return _refusal(INVALID, rule_id, what, detail)


def refused(error: ErrorSpec, rule_id: str, what: str, *, detail: str | None = None) -> ApiError:
    """Return another error of a rule than the one in its row."""
    return _refusal(error, rule_id, what, detail)


def _refusal(error: ErrorSpec, rule_id: str, what: str, detail: str | None) -> ApiError:
    return ApiError(error, worded(error, what), rule=RULES[rule_id].id, detail=detail)
