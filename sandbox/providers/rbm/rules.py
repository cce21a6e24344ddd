"""Every rule of RBM's incoming messages as a table: how it is known, where it is printed, and what it says.

One row is `Rule(id, grade, source, says)`. No request can break any of them, as the document knows no operation: what a
trigger must not be is refused by the control API, and the rest is kept by the callbacks themselves.
"""

from sandbox.core.rule import Grade, Rule, Rulebook

DOCUMENT = "002_d75509f13cd52d15.txt"
DOC, OUT, DEC = Grade.DOCUMENTED, Grade.OUTSIDE, Grade.DECISION

# Where a rule from outside the document is to be read.
_WEBHOOKS = "developer.enablex.io, rcs-webhooks"
_UNIFIED = "developer.enablex.io, unified-webhooks"

# Laid out by hand, so that it reads as the table it is.
# fmt: off
RULES: Rulebook = Rulebook(DOCUMENT, (
    # Configuration
    Rule("RBM-CFG-01", DEC, "", "The name of an agent has 1 to 100 characters and is nobody else's, letter case counted."),
    Rule("RBM-CFG-02", OUT, _WEBHOOKS, "A webhook is an absolute http or https URL; a change is for the next callback."),
    Rule("RBM-CFG-03", DEC, "", "Without a webhook, or while the agent is disabled, a message is recorded and not posted."),

    # Incoming messages
    Rule("RBM-IN-01", DEC, "", "A phone has 7 to 15 digits, whatever punctuation it is written with, and a plus before them."),
    Rule("RBM-IN-02", DOC, "10-12", "A message is a text, a file, a tapped suggestion or a location, and has what that needs."),
    Rule("RBM-IN-03", DOC, "90", "The media of a file follows its MIME type: image, video, and document for all else."),
    Rule("RBM-IN-04", DOC, "10", "A tap is one message; where it shares a location, that is another one behind it."),
    Rule("RBM-IN-05", DEC, "", "A script may override, add and drop keys; without it the payload is exactly the documented."),

    # Callbacks
    Rule("RBM-CB-01", DOC, "3", "Each message is one POST of one JSON object in UTF-8."),
    Rule("RBM-CB-02", DOC, "22-31, 47-55, 67-83", "A message has exactly seven keys, one of them named by its type."),
    Rule("RBM-CB-03", DOC, "38", "The request_id is each message's own; a retry repeats it."),
    Rule("RBM-CB-04", DOC, "41", "The timestamp is when the person sent the message, in UTC and milliseconds."),
    Rule("RBM-CB-05", OUT, _WEBHOOKS, "A 200 in time acknowledges, and nothing else does."),
    Rule("RBM-CB-06", OUT, _UNIFIED, "A callback that was not acknowledged is tried again after 1, 5 and 15 s, or as configured."),
    Rule("RBM-CB-07", DEC, "", "Messages of one phone to one agent arrive in order; one that is retried holds back the rest."),
    Rule("RBM-CB-08", DOC, "78, 98", "The fileUri serves the very bytes and the MIME type that were told."),
    Rule("RBM-CB-09", OUT, _WEBHOOKS, "Basic credentials, where the agent has them, are on every attempt."),
    Rule("RBM-CB-10", DOC, "22-31", "Keys stand in the order of the document, the timestamp last."),

    # Sessions
    Rule("RBM-SES-01", DOC, "39", "A session_id stays until 24 h pass without a message of the phone to the agent."),
    Rule("RBM-SES-02", DEC, "", "Agents and phones never share a session_id."),
    Rule("RBM-SES-03", DEC, "", "A session can be ended early; the next message begins another."),
))
# fmt: on
