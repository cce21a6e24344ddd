"""Every rule of MeherY's messaging APIs as a table: how it is known, where it is printed, what answers a violation.

One row is `Rule(id, grade, source, says, error)`. A rule that is answered in more than one way has its commonest error;
the `codeKey` and the sentence stand where the rule is enforced, since they name the field. A rule without an error is
kept by the answers and callbacks themselves: no request can break it.
"""

from sandbox.core.rule import Grade, Rule, Rulebook
from sandbox.providers.mehery.errors import (
    ACCESS_DENIED,
    HTTP_NOT_FOUND,
    METHOD_NOT_ALLOWED,
    PARAM_INVALID,
    PARAM_MISSING,
    PARAM_TYPE_MISMATCH,
    PAYLOAD_TOO_LARGE,
    UNAUTHORIZED,
    UNSUPPORTED_MEDIA_TYPE,
)
from sandbox.providers.mehery.vocabulary import DOCUMENT

DOC, OUT, DEC = Grade.DOCUMENTED, Grade.OUTSIDE, Grade.DECISION

# Where a rule from outside the document is to be read.
_LIBRARIES = "the vendor's published libraries"
_CLIENTS = "published clients of this API"
_DESCRIPTION = "the vendor's published API description"
_GUIDES = "docs.mehery.com"
_WHATSAPP = "Meta's documentation of WhatsApp Business"

# Laid out by hand, so that it reads as the table it is.
# fmt: off
RULES: Rulebook = Rulebook(DOCUMENT, (
    # General
    Rule("MEH-GEN-01", DEC, "", "Checks run from route, method and key over faults, type, size and JSON to the fields;"
         " the first stage that fails answers with all its faults."),
    Rule("MEH-GEN-02", DOC, "223", "An unknown path is not found, and no field is at fault.", HTTP_NOT_FOUND),
    Rule("MEH-GEN-03", DEC, "", "A known path refuses other methods, and Allow lists its own.", METHOD_NOT_ALLOWED),
    Rule("MEH-GEN-04", DOC, "649", "A body is announced as application/json or a kind of it, or not at all.",
         UNSUPPORTED_MEDIA_TYPE),
    Rule("MEH-GEN-05", OUT, _LIBRARIES, "A body is a JSON object.", PARAM_INVALID),
    Rule("MEH-GEN-06", DEC, "", "A body has at most 1 MiB.", PAYLOAD_TOO_LARGE),
    Rule("MEH-GEN-07", OUT, _LIBRARIES, "Unknown keys and query parameters are ignored without a word."),
    Rule("MEH-GEN-08", DOC, "1672, 2854, 2884", "Scalars turn into the type of their field; objects and arrays do not.",
         PARAM_TYPE_MISMATCH),
    Rule("MEH-GEN-09", DEC, "", "A null is as good as nothing, and so is a blank in a required string.", PARAM_MISSING),
    Rule("MEH-GEN-10", OUT, _LIBRARIES, "A required field is there.", PARAM_MISSING),
    Rule("MEH-GEN-11", DEC, "", "An enumerated value is one of the document's, in any letter case.", PARAM_INVALID),
    Rule("MEH-GEN-12", OUT, _LIBRARIES, "An error has the full envelope, whatever its operation answers with."),
    Rule("MEH-GEN-13", DOC, "7536", "The envelope's status is the HTTP status, and no error is a 200."),
    Rule("MEH-GEN-14", OUT, _CLIENTS, "Browsers may call from any origin, and ask beforehand."),
    Rule("MEH-GEN-15", DEC, "", "The same calls give the same ids."),

    # Authentication
    Rule("MEH-AUTH-01", DOC, "8, 221", "A request carries an x-api-key.", UNAUTHORIZED),
    Rule("MEH-AUTH-02", DOC, "221", "The x-api-key is one that is known.", UNAUTHORIZED),
    Rule("MEH-AUTH-03", DOC, "222", "The x-api-id is that of the key's app, and the app is not disabled.",
         ACCESS_DENIED),
    Rule("MEH-AUTH-04", DOC, "211", "The x-api-id may be left out."),
    Rule("MEH-AUTH-05", OUT, _CLIENTS, "The platform key acts for the app that x-api-id names.", UNAUTHORIZED),
    Rule("MEH-AUTH-06", DOC, "27-29", "Of a header that comes more than once the last counts."),
    Rule("MEH-AUTH-07", DOC, "8", "A key in the query, a cookie or the body does not count.", UNAUTHORIZED),
    Rule("MEH-AUTH-08", DEC, "", "A bad key is told before a bad body."),
    Rule("MEH-AUTH-09", DOC, "1907, 1662", "The inbound requests take a verify token, which must be right if it is there.",
         UNAUTHORIZED),

    # Configuration
    Rule("MEH-CHAN-01", DOC, "204", "The list has the channels that are no sandbox, in their order."),
    Rule("MEH-CHAN-02", DOC, "204, 209", "With sabdnox or sandbox true the sandbox channels are on it too.",
         PARAM_TYPE_MISMATCH),
    Rule("MEH-VARS-01", DOC, "409", "The list has all global variables, disabled ones too."),
    Rule("MEH-VARS-02", DOC, "414", "An unknown channelId empties the list of variables, a known one changes nothing."),
    Rule("MEH-TMPL-01", DOC, "614, 619-620", "channelId and channelStatus keep the templates with one such approval."),
    Rule("MEH-HOOK-01", DOC, "868", "The webhook is that of the calling app, from the next callback on."),
    Rule("MEH-HOOK-02", DOC, "7430", "A webhook is an absolute URL of at most 2048 characters without a user.",
         PARAM_INVALID),
    Rule("MEH-HOOK-03", DOC, "846", "A webhook is https, but on hosts that are listed.", PARAM_INVALID),
    Rule("MEH-HOOK-04", DOC, "846", "Certificates of webhooks are verified unless that is switched off."),
    Rule("MEH-HOOK-05", OUT, _CLIENTS, "An empty URL takes the webhook away; none at all is a fault.", PARAM_MISSING),
    Rule("MEH-HOOK-06", DEC, "", "Only apps of the type WEBHOOK have one.", PARAM_INVALID),
    Rule("MEH-HOOK-07", DEC, "", "Nothing is sent to a webhook when it is set."),

    # Contact preferences and analytics
    Rule("MEH-PREF-01", DOC, "1117, 1095", "The contact is known by contactId or alias.", HTTP_NOT_FOUND),
    Rule("MEH-PREF-02", DOC, "1096, 4999-5183", "A language is one of the list, with a region or without.",
         PARAM_INVALID),
    Rule("MEH-PREF-03", DOC, "1113", "The answer is one CONTACT_UPDATE event, which no callback tells."),
    Rule("MEH-PREF-04", DEC, "", "The preference is the language of templates that name none."),
    Rule("MEH-DATA-01", DOC, "1351, 5301", "An object replaces the one of the same type and id.", PARAM_MISSING),
    Rule("MEH-DATA-02", DOC, "1614, 5276", "An event is added, were it the same as another.", PARAM_MISSING),
    Rule("MEH-DATA-03", DOC, "5315", "A link has name, type and value; data is an object, links an array.",
         PARAM_MISSING),

    # Sending: envelope, content, addressing
    Rule("MEH-SEND-01", DOC, "6351, 6360-6361", "A message has channelId, type and to.", PARAM_MISSING),
    Rule("MEH-SEND-02", DOC, "3392, 3264", "The channel is known by its id, or by a lane that is unique.",
         HTTP_NOT_FOUND),
    Rule("MEH-SEND-03", DOC, "6542, 5770", "The receipt has the id that later statuses name; a repeat is a new message."),
    Rule("MEH-SEND-04", DEC, "", "The content object of the type is there and usable.", PARAM_INVALID),
    Rule("MEH-SEND-05", OUT, _CLIENTS, "Content objects of other types are ignored with a warning."),
    Rule("MEH-SEND-06", OUT, _GUIDES, "A media object beside a template is its header."),
    Rule("MEH-SEND-07", DOC, "6516", "A media link is an absolute http or https URL, which is not fetched.",
         PARAM_INVALID),
    Rule("MEH-SEND-08", DOC, "4813-4814", "Latitude and longitude are on the globe.", PARAM_INVALID),
    Rule("MEH-SEND-09", OUT, _WHATSAPP, "A contact card has a formatted or a first name.", PARAM_INVALID),
    Rule("MEH-SEND-10", DOC, "6222-6225", "The recipient is named in a way that the channel can reach.", PARAM_INVALID),
    Rule("MEH-SEND-11", DOC, "3392", "A contactId is known, and of that channel.", HTTP_NOT_FOUND),
    Rule("MEH-SEND-12", DOC, "2882, 2920", "A phone has 7 to 15 digits, an e-mail address one @ inside.",
         PARAM_INVALID),
    Rule("MEH-SEND-13", DOC, "6224", "A person not heard of becomes a contact, and a name given counts for the message."),
    Rule("MEH-SEND-14", OUT, _WHATSAPP, "A WhatsApp text has at most 4096 characters.", PARAM_INVALID),
    Rule("MEH-SEND-15", DEC, "", "A message of the type system is a note in the session, which nobody is sent."),

    # Sending: buttons
    Rule("MEH-SEND-20", DEC, "", "Buttons go with text, image, video, document, location and template.",
         PARAM_TYPE_MISMATCH),
    Rule("MEH-SEND-21", DOC, "7415-7417", "A button is a quick reply unless it says what else it is.", PARAM_INVALID),
    Rule("MEH-SEND-22", DOC, "7406", "A button has a label of at most 24 characters, or 20 as one of up to three replies.",
         PARAM_INVALID),
    Rule("MEH-SEND-23", DOC, "7410, 7408", "A URL button has a URL, a phone button a number.", PARAM_INVALID),
    Rule("MEH-SEND-24", DEC, "", "There are at most ten buttons, two URLs and one number among them, each with its code.",
         PARAM_INVALID),
    Rule("MEH-SEND-25", DOC, "7404", "A button's code is its label unless it has one, and its name is the code."),

    # Sending: mask, opt-in and opt-out
    Rule("MEH-SEND-30", DOC, "6356", "A masked message is readable on the handset alone."),
    Rule("MEH-OPT-01", DOC, "6377-6378", "optin and optout set the contact's flag and send nothing."),
    Rule("MEH-OPT-02", DOC, "6865", "A message to somebody who opted out fails with OPTOUT."),
    Rule("MEH-OPT-03", DEC, "", "A new contact is opted in."),

    # Sending: templates
    Rule("MEH-SEND-40", OUT, _DESCRIPTION, "A template is found by id, else by code."),
    Rule("MEH-SEND-41", DOC, "3392", "The template is known.", HTTP_NOT_FOUND),
    Rule("MEH-SEND-42", DEC, "", "The template is for the channel's contact type.", HTTP_NOT_FOUND),
    Rule("MEH-SEND-43", OUT, _DESCRIPTION, "The language falls back to what there is: preference, English, the only one.",
         HTTP_NOT_FOUND),
    Rule("MEH-SEND-44", DOC, "4860", "Placeholders are filled; a missing value is an empty string."),
    Rule("MEH-SEND-45", DOC, "4860", "A template's data is an object.", PARAM_TYPE_MISMATCH),
    Rule("MEH-SEND-46", DOC, "4861", "A strict template fails later when one of its variables is blank."),
    Rule("MEH-SEND-47", OUT, _GUIDES, "A template that is not approved is sent while the window is open."),

    # Support window
    Rule("MEH-WIN-01", DOC, "2152", "WhatsApp's window is open for 24 hours from what the person last wrote."),
    Rule("MEH-WIN-02", DOC, "2146-2158", "Freeform outside the window is accepted, and fails with 470."),
    Rule("MEH-WIN-03", OUT, _WHATSAPP, "Whatever the person sends opens the window; a template does not."),
    Rule("MEH-WIN-04", DEC, "", "The window can be switched off, and is WhatsApp's alone."),

    # Sessions
    Rule("MEH-SESS-01", OUT, _DESCRIPTION, "A contact has one session, which the first message starts and 24 idle hours end."),
    Rule("MEH-SESS-02", OUT, _CLIENTS, "The person's first message routes a session to the channel's queue, and tells so."),
    Rule("MEH-SESS-03", DOC, "4338, 7301-7327", "Routing moves a session to a queue and answers with the event."),
    Rule("MEH-SESS-04", DOC, "4372", "The queue is known, and its app not disabled.", HTTP_NOT_FOUND),
    Rule("MEH-SESS-05", DOC, "7301, 7305-7306", "Agent, team and skills matter to the queue of an agent app alone."),
    Rule("MEH-SESS-06", DOC, "5508-5514", "An agent desk's agent and team are known; skills find somebody who has them.",
         HTTP_NOT_FOUND),
    Rule("MEH-SESS-07", DOC, "4084", "Resolving a session tells so once; the person's next message reopens it."),
    Rule("MEH-SESS-08", DOC, "3608", "Closing a session tells so once; the next message starts another."),
    Rule("MEH-SESS-09", DEC, "", "A closed session is not routed, but its messages are told.", PARAM_INVALID),
    Rule("MEH-SESS-10", DOC, "3634, 3872, 4110, 4372", "The session is known.", HTTP_NOT_FOUND),
    Rule("MEH-SESS-11", DEC, "", "An idle session is closed as if it had been asked for."),
    Rule("MEH-SESS-12", DOC, "3846, 4658-4684", "A session's messages are told oldest first, in and out."),
    Rule("MEH-SESS-13", OUT, _GUIDES, "Sending does not move a session to the sender's queue."),

    # Statuses
    Rule("MEH-STAT-01", DOC, "6854-6869", "A message goes through its statuses in order, and terminal ones stay."),
    Rule("MEH-STAT-02", DOC, "5778-5782", "Callbacks know five statuses, and every failure is FAILD."),
    Rule("MEH-STAT-03", OUT, _WHATSAPP, "A failure has an error, and nothing else has."),
    Rule("MEH-STAT-04", DEC, "", "Statuses come 0.2, 0.5 and 1.5 seconds after acceptance, one callback each."),
    Rule("MEH-STAT-05", DOC, "5771", "The channel's own id is known from SENT on."),
    Rule("MEH-STAT-06", DEC, "", "Statuses go to the app that sent the message."),
    Rule("MEH-STAT-07", DOC, "6870-6873", "What a person wrote is RECEIVD, then FORWARDED or FORWARD_ERR."),

    # Callbacks
    Rule("MEH-CB-01", DOC, "1934-1936", "A callback is a POST of JSON with the verify token."),
    Rule("MEH-CB-02", DOC, "4338", "Messages and routings go to the webhook of the queue's app, if it has one."),
    Rule("MEH-CB-03", DEC, "", "Other events go there too, or else to the app of the channel's own queue."),
    Rule("MEH-CB-04", DEC, "", "A callback has one thing, in the array that its type names."),
    Rule("MEH-CB-05", OUT, _CLIENTS, "A callback has the one contact that it is about."),
    Rule("MEH-CB-06", DEC, "", "A 2xx acknowledges; one attempt is made unless settings say more."),
    Rule("MEH-CB-07", DEC, "", "Callbacks about one contact are sent one after the other."),
    Rule("MEH-CB-08", DOC, "5560", "meta names the app that is told."),
    Rule("MEH-CB-09", DOC, "7404", "A tapped quick reply is a text with its label, and input has its code."),

    # contact/info and message/receive
    Rule("MEH-INFO-01", DOC, "1881", "Before a session starts, an app with a contact-info URL is asked who it is."),
    Rule("MEH-INFO-02", DOC, "4939-4943", "What it answers is merged into the contact, and the next callback shows it."),
    Rule("MEH-INFO-03", DEC, "", "An answer of no use is ignored, and so is a bad label."),
    Rule("MEH-INFO-04", DOC, "1917", "Called by a client, contact/info asks that URL and answers with what it says.",
         PARAM_MISSING),
    Rule("MEH-RECV-01", DOC, "2810", "Called by a client, message/receive echoes the body and forwards it."),
    Rule("MEH-RECV-02", DOC, "6044-6047, 6025", "The type names an array that is not empty, or is inferred from one.",
         PARAM_INVALID),
))
