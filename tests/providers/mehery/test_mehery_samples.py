"""The eleven request bodies that MeherY's document prints, as printed, and what each is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mehery_tenant import Tenant
from sandbox.shipped import folder

pytestmark = pytest.mark.anyio

REQUESTS = folder("fixtures") / "mehery" / "requests"
SAMPLES: dict[str, Any] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(REQUESTS.glob("*.json"))
}
# The message names a channel that is filler, `91SERVICENUMBER`; everything else of the samples is in the fixture world.
ANSWERS = {name: (404, "MEH-SEND-02") if name == "07-message-send" else (200, None) for name in SAMPLES}


def test_there_are_eleven() -> None:
    """One for each POST, in the document's order."""
    assert len(SAMPLES) == 11
    lines = [int(sample["source"].partition(":")[2].partition("-")[0]) for sample in SAMPLES.values()]
    assert lines == sorted(lines)


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"MEH-GEN-08-{name}")
async def test_a_sample_as_printed(tenant: Tenant, name: str) -> None:
    """Samples put numbers into string fields, and are accepted so."""
    sample = SAMPLES[name]
    response = await tenant.http.post(sample["path"], json=sample["request"], headers=tenant.key())
    assert (response.status_code, response.headers.get("x-sandbox-rule")) == ANSWERS[name]


async def test_the_wrapper_comes_back_in_strings(tenant: Tenant) -> None:
    """The largest sample is echoed as printed, but that its numbers are strings and its type is the enumeration's."""
    sample = SAMPLES["06-message-receive"]["request"]
    echoed = (await tenant.post("/message/receive", sample, {})).json()
    assert echoed["type"] == "messages"
    assert (echoed["messages"][0]["from"], echoed["messages"][0]["location"]["latitude"]) == (
        "919988776655",
        "12.90909",
    )
    assert echoed["messages"][0]["timestamp"] == sample["messages"][0]["timestamp"]
    assert echoed["statuses"][0]["errors"][0]["code"] == "470"
    assert set(echoed) == set(sample)
