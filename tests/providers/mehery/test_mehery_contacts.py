"""What MeherY is told about people: the language they prefer, and what a business pushes."""

from __future__ import annotations

from typing import Any

import pytest

from mehery_shapes import complaints
from mehery_tenant import FIONA, JOHN, Tenant, refusal
from sandbox.providers.mehery import contacts
from sandbox.providers.mehery.vocabulary import LANGUAGES
from sandbox.providers.mehery.world import DigitalEvent, DigitalObject

pytestmark = pytest.mark.anyio

LINK = {"linkName": "a", "linkType": "b", "linkValue": "c"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param(JOHN, JOHN, id="MEH-PREF-01-a-contact-id"),
        pytest.param("fb:12121212121", FIONA, id="MEH-PREF-01-an-alias"),
        pytest.param("wa:919988776655", JOHN, id="MEH-PREF-01-an-alias-of-whatsapp"),
        pytest.param("wa:12121212121", None, id="MEH-PREF-01-an-alias-of-another-channel"),
        pytest.param("12121212121", None, id="MEH-PREF-01-half-a-name"),
        pytest.param("wa919988776655_1", None, id="MEH-PREF-01-another-lane"),
    ],
)
async def test_meh_pref_01(tenant: Tenant, name: str, found: str | None) -> None:
    """A contact is found by contactId or alias."""
    response = await tenant.post("/contact/prefs/lang", {"contactId": name, "lang": "hi"})
    if found is None:
        assert refusal(response) == (404, "HTTP_NOT_FOUND", "MEH-PREF-01", [("CONTACT_NOT_FOUND", "contactId")])
    else:
        assert response.json()["results"][0]["contactId"] == found


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        *[pytest.param(code, code, id=f"MEH-PREF-02-{code}") for code in LANGUAGES],
        pytest.param("en", "EN", id="MEH-PREF-02-small-letters"),
        pytest.param("en_US", "EN", id="MEH-PREF-02-with-a-region"),
        pytest.param("pt-br", "PT", id="MEH-PREF-02-with-a-region-after-a-hyphen"),
        pytest.param("xx", None, id="MEH-PREF-02-no-language"),
        pytest.param("xx_US", None, id="MEH-PREF-02-no-language-with-a-region"),
        pytest.param("eng", None, id="MEH-PREF-02-three-letters"),
        pytest.param("e", None, id="MEH-PREF-02-one-letter"),
        pytest.param("en_USA", None, id="MEH-PREF-02-too-long-a-region"),
        pytest.param("en_", None, id="MEH-PREF-02-an-empty-region"),
        pytest.param("en/US", None, id="MEH-PREF-02-another-sign"),
        pytest.param("English", None, id="MEH-PREF-02-a-word"),
    ],
)
def test_meh_pref_02(given: str, stored: str | None) -> None:
    """A language is one of 185, in any letter case, with a region or without."""
    assert contacts.language(given) == stored


async def test_meh_pref_02_refused(tenant: Tenant) -> None:
    """What is no language is told all that are, and nothing is stored."""
    response = await tenant.post("/contact/prefs/lang", {"contactId": JOHN, "lang": "xx"})
    assert refusal(response) == (400, "PARAM_INVALID", "MEH-PREF-02", [("LANG_INVALID", "lang")])
    assert response.json()["errors"][0]["possibleValues"] == list(LANGUAGES)
    john = tenant.world.contact(JOHN)
    assert john is not None
    assert john.lang is None


async def test_meh_pref_03(tenant: Tenant) -> None:
    """The answer is one CONTACT_UPDATE event without a session, and no callback is sent."""
    body = (await tenant.post("/contact/prefs/lang", {"contactId": JOHN, "lang": "en_US"})).json()
    assert complaints(body, "ApiResultsMetaCompactResponse«InBoundEvent,object»") == []
    (event,) = body["results"]
    assert (event["eventCode"], event["contactId"], event["contact"]["name"]) == ("CONTACT_UPDATE", JOHN, "John Doe")
    assert (len(event["eventId"]), len(event["checksum"])) == (24, 32)
    nothing = ("sessionId", "session", "route", "sessionAssigned", "sessionRouted")
    assert [event[name] for name in nothing] == [None] * 5
    assert event["trace"] == []
    await tenant.settle()
    assert tenant.callbacks == []
    john = tenant.world.contact(JOHN)
    assert john is not None
    assert john.lang == "EN"


async def test_meh_data_01(tenant: Tenant) -> None:
    """An object is echoed and replaces the one of the same type and id."""
    first = {"id": 7, "type": "order", "data": {"amount": 10}, "links": [LINK]}
    body = (await tenant.post("/data/push", first)).json()
    assert complaints(body, "ApiResponse«DigitalObjectDto,object»") == []
    assert body["data"] == {**first, "id": "7"}
    body = (await tenant.post("/data/push", {"id": "7", "type": "order"})).json()
    assert body["data"] == {"id": "7", "type": "order", "data": {}, "links": []}
    await tenant.post("/data/push", {"id": "7", "type": "invoice"})
    stored = [each.document for each in tenant.account.shelf(DigitalObject)]
    assert [(each["type"], each["id"], each["data"]) for each in stored] == [("order", "7", {}), ("invoice", "7", {})]


async def test_meh_data_02(tenant: Tenant) -> None:
    """An event is echoed and added, were it the same as another."""
    for _ in range(2):
        body = (await tenant.post("/event/push", {"eventName": "CUSTOMER_CREATED", "id": 1234567})).json()
        assert complaints(body, "ApiResponse«DigitalEventDto,object»") == []
        assert body["data"] == {"eventName": "CUSTOMER_CREATED", "id": "1234567", "links": []}
    assert len(tenant.account.shelf(DigitalEvent)) == 2


MISSING, MISMATCH = "PARAM_MISSING", "PARAM_TYPE_MISMATCH"


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        pytest.param("/data/push", {"type": "x"}, (MISSING, "MEH-DATA-01", ["id"]), id="MEH-DATA-01-no-id"),
        pytest.param("/data/push", {"id": "x"}, (MISSING, "MEH-DATA-01", ["type"]), id="MEH-DATA-01-no-type"),
        pytest.param("/data/push", {}, (MISSING, "MEH-DATA-01", ["id", "type"]), id="MEH-DATA-01-neither"),
        pytest.param("/data/push", {"id": "", "type": "x"}, (MISSING, "MEH-DATA-01", ["id"]), id="MEH-DATA-01-blank"),
        pytest.param("/event/push", {"id": "x"}, (MISSING, "MEH-DATA-02", ["eventName"]), id="MEH-DATA-02-no-name"),
        pytest.param("/event/push", {"eventName": "x"}, (MISSING, "MEH-DATA-02", ["id"]), id="MEH-DATA-02-no-id"),
        pytest.param(
            "/data/push",
            {"id": "x", "type": "x", "links": [LINK, {"linkName": "a", "linkValue": ""}]},
            (MISSING, "MEH-DATA-03", ["links[1].linkType", "links[1].linkValue"]),
            id="MEH-DATA-03-half-a-link",
        ),
        pytest.param(
            "/event/push",
            {"id": "x", "eventName": "x", "links": [{}]},
            (MISSING, "MEH-DATA-03", ["links[0].linkName", "links[0].linkType", "links[0].linkValue"]),
            id="MEH-DATA-03-an-empty-link",
        ),
        pytest.param(
            "/data/push",
            {"id": "x", "type": "x", "data": []},
            (MISMATCH, "MEH-DATA-03", ["data"]),
            id="MEH-DATA-03-data-is-no-object",
        ),
        pytest.param(
            "/data/push",
            {"id": "x", "type": "x", "links": {}},
            (MISMATCH, "MEH-DATA-03", ["links"]),
            id="MEH-DATA-03-links-is-no-array",
        ),
        pytest.param(
            "/event/push",
            {"id": "x", "eventName": "x", "links": ["a"]},
            (MISMATCH, "MEH-DATA-03", ["links[0]"]),
            id="MEH-DATA-03-a-link-is-no-object",
        ),
    ],
)
async def test_meh_data_refused(tenant: Tenant, path: str, body: Any, expected: tuple[str, str, list[str]]) -> None:
    """What is pushed has its names, and its links are whole."""
    status, key, rule, entries = refusal(await tenant.post(path, body))
    assert (status, key, rule, [field for _, field in entries]) == (400, *expected)
    assert {code for code, _ in entries} == {"FIELD_MISSING" if key == MISSING else "FIELD_TYPE_MISMATCH"}
    assert not tenant.account.shelf(DigitalObject)
    assert not tenant.account.shelf(DigitalEvent)
