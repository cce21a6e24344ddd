"""What no client means to send: MeherY answers it in its own form, at once and without a traceback."""

from __future__ import annotations

import json
import logging
from random import Random
from typing import Any

import pytest

from mehery_shapes import complaints
from mehery_tenant import JOHN, Tenant
from sandbox.providers.mehery.routes import OPERATIONS, PREFIX
from sandbox.shipped import folder

pytestmark = pytest.mark.anyio

POSTS = {operation.id: operation.path.removeprefix(PREFIX) for operation in OPERATIONS if operation.method == "POST"}
SAMPLES = {
    sample["operation"]: sample["request"]
    for sample in (json.loads(path.read_text()) for path in (folder("fixtures") / "mehery" / "requests").glob("*.json"))
}
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 10**300, 2**63, "", " ", "x" * 5000, "\u202e\0", "{{global.x}}", [], {}, [None], [[[]]]),
    *({"a": {"b": 1}}, ["x"] * 50, "+91 99887 76655", "../..", "http://", "wa:1", "1" * 400),
)
GOOD = {"channelId": "wa360:918828218374", "to": {"contactId": JOHN}, "text": {"body": "x"}, "type": "text"}


def spoilt(value: Any, chance: Random) -> Any:
    """Return a JSON value with something odd put into it, here or further down."""
    if chance.random() < 0.15 or not isinstance(value, dict | list) or not value:
        return chance.choice(ODD)
    if isinstance(value, list):
        return [spoilt(one, chance) if chance.random() < 0.5 else one for one in value]
    name = chance.choice(list(value))
    return {**value, name: spoilt(value[name], chance)}


@pytest.mark.parametrize("operation", POSTS)
async def test_spoilt_requests(tenant: Tenant, operation: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever stands in a field, the answer is a success or a documented refusal, and what follows goes well too."""
    chance = Random(operation)
    bases = [SAMPLES[operation], *([GOOD, {**SAMPLES[operation], **GOOD}] if operation == "messageSend" else [])]
    with caplog.at_level(logging.ERROR):
        for _ in range(80):
            response = await tenant.post(POSTS[operation], spoilt(chance.choice(bases), chance))
            assert response.status_code in (200, 400, 404), response.text
            if response.status_code != 200:
                assert complaints(response.json(), "ApiResponse«ClientApp,object»") == []
                assert response.headers["x-sandbox-rule"].startswith("MEH-")
        await tenant.advance(10)
    assert caplog.records == []


@pytest.mark.parametrize("operation", POSTS)
async def test_very_many_keys(tenant: Tenant, operation: str) -> None:
    """A hundred thousand unknown keys are ignored."""
    body = {**SAMPLES[operation], **{f"k{number}": 1 for number in range(90_000)}}
    response = await tenant.post(POSTS[operation], body)
    assert response.status_code in (200, 404, 413)


@pytest.mark.parametrize("query", ["%", "%ff=%00", "channelId=%ed%a0%80", "sabdnox", "&&&=", "channelId=a&channelId=b"])
@pytest.mark.parametrize("path", ["/config/channels", "/config/global/vars", "/config/tmpl/hsm"])
async def test_odd_queries(tenant: Tenant, path: str, query: str) -> None:
    """A query that makes no sense filters by what it says, and never breaks anything."""
    assert (await tenant.http.get(f"{PREFIX}{path}?{query}", headers=tenant.key())).status_code == 200
