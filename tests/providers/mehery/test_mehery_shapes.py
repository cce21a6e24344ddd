"""Every answer and every callback of MeherY, held against the vendor's published description of the API."""

from __future__ import annotations

from typing import Any

import pytest

from mehery_shapes import complaints, schemas
from mehery_tenant import JOHN, Tenant
from sandbox.providers.mehery import inbound_requests
from sandbox.providers.mehery.reading import Schema
from sandbox.providers.mehery.vocabulary import (
    CALLBACK_STATUSES,
    CONTACT_TYPES,
    INBOUND_TYPES,
    LABEL_FORMATS,
    LABEL_TYPES,
    MEDIA_TYPES,
    WRAPPER_TYPES,
)

pytestmark = pytest.mark.anyio

SESSION = "61f3810a02e14c0877fc1a32"
SUPPORT = "wa360:918828218374"
# What is told of messages and is in no schema: the tapped button (MEH-CB-09).
EXTRA = (".messages[0].input: unknown",)
# A wrapper has one array only, and a message the content that it has: what lacks is looked for where each is made.
PARTIAL = False


@pytest.mark.parametrize(
    ("schema", "name", "ours"),
    [
        pytest.param("MsgChannel", "contactType", CONTACT_TYPES, id="contact-types"),
        pytest.param("InBoundContact", "contactType", CONTACT_TYPES, id="contact-types-of-contacts"),
        pytest.param("InBoundMsg", "type", INBOUND_TYPES, id="inbound-types"),
        pytest.param("InBoundMsgStatus", "status", CALLBACK_STATUSES, id="callback-statuses"),
        pytest.param("InBoundWrapper", "type", WRAPPER_TYPES, id="wrapper-types"),
        pytest.param("Attachment", "mediaType", MEDIA_TYPES, id="media-types"),
        pytest.param("CustomerLabel", "type", LABEL_TYPES, id="label-types"),
        pytest.param("CustomerLabel", "format", LABEL_FORMATS, id="label-formats"),
    ],
)
def test_enumerations(schema: str, name: str, ours: tuple[str, ...]) -> None:
    """Our enumerations are the description's, in its order."""
    assert tuple(schemas()[schema][name]["enum"]) == ours


def differences(schema: Schema) -> list[str]:
    """Return the names in which a schema that is read differs from the description's, its inner ones too."""
    found = sorted({field.name for field in schema.fields} ^ set(schemas()[schema.name]))
    inner = [differences(field.kind) for field in schema.fields if isinstance(field.kind, Schema)]
    return [*(f"{schema.name}.{name}" for name in found), *(each for one in inner for each in one)]


def test_what_is_read_is_what_is_described() -> None:
    """The wrapper is read by the description's names, all the way down."""
    assert differences(inbound_requests.INBOUND_WRAPPER) == []
    assert differences(inbound_requests.INBOUND_CONTACT) == []


SENDS: dict[str, dict[str, Any]] = {
    "text": {"text": {"body": "Hello"}, "options": {"buttons": [{"label": "Yes"}, {"label": "No"}]}},
    "image": {"image": {"link": "https://example.com/a.jpg", "caption": "A"}},
    "video": {"video": {"link": "https://example.com/a.mp4"}},
    "audio": {"audio": {"link": "https://example.com/a.mp3"}},
    "voice": {"voice": {"link": "https://example.com/a.ogg"}},
    "document": {"document": {"link": "https://example.com/a.pdf", "filename": "a.pdf"}},
    "location": {"location": {"latitude": 1, "longitude": "2.5", "name": "There"}},
    "contacts": {"contacts": [{"name": {"first_name": "Ann"}, "phones": [{"phone": 919900112233, "type": "HOME"}]}]},
    "template": {"template": {"code": "FEEDBACK", "data": {"amount": 10}}},
    "system": {"text": {"body": "A note"}},
    "optin": {},
}


async def test_every_answer_and_callback(tenant: Tenant) -> None:
    """A whole conversation: what is answered and told has the described types, names and values."""
    for kind, content in SENDS.items():
        body = {"channelId": SUPPORT, "to": {"contactId": JOHN}, "type": kind, **content}
        response = await tenant.post("/message/send", body)
        assert response.status_code == 200, response.text
        assert complaints(response.json(), "ApiResponse«OutBoundReciept,object»") == [], kind
    await tenant.advance(5)
    await tenant.does("say", JOHN, text="Hi")
    await tenant.does("tap", JOHN, suggestion="Yes")
    for sample in ("photo.jpg", "invoice.pdf"):
        await tenant.does("send_file", JOHN, sample=sample)
    await tenant.does("share_location", JOHN, latitude=1.5, longitude=2.5)
    await tenant.does("action", JOHN, action_code="SEND_INVOICE")
    routing = {"sessionId": SESSION, "queue": "agent_desk", "team": "support", "skills": ["dental"], "params": {"a": 1}}
    for path, request, schema in (
        ("/session/routing", routing, "InBoundEvent"),
        ("/session/messages", {"sessionId": SESSION}, "ChatMessageDTO"),
        ("/session/resolve", {"sessionId": SESSION}, "InBoundEvent"),
        ("/session/close", {"sessionId": SESSION}, "InBoundEvent"),
    ):
        response = await tenant.post(path, request)
        assert response.json()["results"], path
        assert complaints(response.json(), f"ApiResultsMetaCompactResponse«{schema},object»") == [], path
    await tenant.settle()
    await tenant.advance(1)
    told = tenant.bodies()
    assert {body["type"] for body in told} == set(WRAPPER_TYPES)
    found = {line for body in told for line in complaints(body, "InBoundWrapper", whole=PARTIAL)}
    assert found <= set(EXTRA)
