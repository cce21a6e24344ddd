"""Description: Webex Connect's credentials, callbacks and samples, and both API versions, for its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from sandbox.core.description import CallbackDescription, Description, Sample
from sandbox.providers.webex_connect.receipts import DEEDS
from sandbox.providers.webex_connect.schema import OBJECT, TEXT, Json, made_of, one_of
from sandbox.providers.webex_connect.v1 import description as v1
from sandbox.providers.webex_connect.v2 import description as v2

_JSON = "application/json"
_SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "key", "description": "the service key"},
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "made by the client: iss is the service's id, iat now, signed by HS256 with the decoded secret",
    },
}

# ---------------------------------------------------------------------------------------------------- callbacks

_INFO = ("timeStamp", "Description", "code", "deliveryChannel", "destination", "destinationType", "deliveryStatus")
_INFO_OF_SOME = (
    *("messageCount", "additionalInfo", "pushId", "deviceid", "waid", "bsuid", "waidNormalized", "identityKeyHash"),
    *("interactiveData", "interaction"),
)
_NOTIFICATION = ("deliveryInfo", "subtid", "transid", "callbackData", "correlationid")


def _receipt() -> Json:
    """Return what tells of a `deliveryStatus`."""
    texts = dict.fromkeys((*_INFO, *_INFO_OF_SOME), TEXT)
    info = {**texts, "interactiveData": OBJECT, "interaction": OBJECT, "deliveryStatus": one_of(DEEDS)}
    members = {
        **dict.fromkeys((*_NOTIFICATION, "carrier", "serviceProvider"), TEXT),
        "deliveryInfo": made_of("DeliveryInfo", info, info, _INFO),
    }
    notification = made_of("DeliveryInfoNotification", members, members, _NOTIFICATION)
    whole = {"deliveryInfoNotification": notification, "deliveryTransInfo": TEXT}
    return made_of("Receipt", whole, whole, ("deliveryInfoNotification",))


def _told(title: str, names: str, some: str = "") -> Json:
    """Return what is told of a person over one channel: texts, of which `some` are not always there."""
    always = names.split()
    return made_of(title, (*always, *some.split()), dict.fromkeys((*always, *some.split()), TEXT), always)


_SMS = _told("InboundSms", "userId Channel da message_source oa message messageCount tid datetime ts x_networkid")
_MESSENGER = _told(
    "InboundMessenger",
    "userId channel psid appId event ts tid message attachments locale gender timezone name profile_pic",
    "postback",
)
_WHATSAPP = _told(
    "InboundWhatsApp",
    "userId username channel appId event waid message attachments system location contacts type ts tid identityKeyHash"
    " bsuid userHandle waidDerived",
    "listRowIdentifier listRowTitle listRowDescription contextId replyButtonIdentifier replyButtonTitle buttonPayload"
    " buttonText",
)
_APPLE = _told(
    "InboundApple",
    "abcUserId channel abcAccountId appId event ts tid message attachments locale bizGroupId bizIntentId"
    " requestIdentifier timestamp capabilities deviceAgent capabilityList",
    "listPicker datePicker quickreplies",
)
_IN_APP = _told(
    "InboundInApp",
    "userId channel appId event message ts tid attachments replyTo clientId thread_id thread_title thread extras",
    "type interactiveData",
)
_RCS = _told(
    "InboundRcs",
    "channel msisdn appId event ts tid serviceProvider carrier messageId messageid",
    "message attachments latitude longitude postback",
)
_EMAIL = _told(
    "InboundEmail",
    "channel from to appId event ts tid messageId subject textMessage htmlMessage returnPath attachments",
)
_SUBSCRIPTION = _told("EmailSubscription", "channel from appId event senderId correlationId ts tid")

# Which channels tell of what.
INBOUND: dict[str, tuple[Json, ...]] = {
    "MO": (_SMS, _MESSENGER, _WHATSAPP, _APPLE, _IN_APP, _RCS, _EMAIL),
    "OnPostback": (_MESSENGER, _IN_APP),
    "reply": (_WHATSAPP,),
    "list": (_WHATSAPP,),
    "postback": (_WHATSAPP, _RCS),
    "INTERACTIVERESPONSE": (_APPLE,),
    "QuickReplyResponse": (_APPLE,),
    "TypingIndicator": (_IN_APP,),
    "ATTACHMENT": (_RCS,),
    "Location": (_RCS,),
    "SUBSCRIBE": (_RCS,),
    "UNSUBSCRIBE": (_RCS,),
    "Subscribe": (_SUBSCRIPTION,),
    "Unsubscribe": (_SUBSCRIPTION,),
}


def _callbacks() -> Iterator[tuple[str, CallbackDescription]]:
    rules = ("WX1-CB",)
    yield "receipt.", CallbackDescription({_JSON: _receipt()}, rules)
    for name, shapes in INBOUND.items():
        yield f"inbound.{name}", CallbackDescription({_JSON: {"anyOf": list(shapes)}}, rules)


# --------------------------------------------------------------------------------------------------- description


def describe(fixtures: Path) -> Description:
    """Return the description; samples are read from `fixtures`, the provider's own folder."""
    return Description(
        version="v1 and v2",
        operations={"sendMessageV1": v1.operation(), **v2.operations()},
        error={"sendMessageV1": v1.error(), "": v2.error()},
        callbacks=dict(_callbacks()),
        acknowledges="200",
        security=_SCHEMES,
        samples=(*_samples(fixtures / "v1", "sendMessageV1"), *_samples(fixtures / "v2", "sendMessageV2")),
    )


def _samples(folder: Path, operation: str) -> Iterator[Sample]:
    """Yield the printed requests, repaired and completed where they had to be: all of them are accepted."""
    for file in sorted((folder / "requests").glob("*.json")):
        sample: dict[str, Any] = from_json(file.read_bytes())
        yield Sample(operation, sample["title"], sample["source"], sample["request"])
