"""Providers: what each emulated API can do and knows, as faces offer it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from calls import ask, items


async def test_what_is_told(http: httpx.AsyncClient) -> None:
    """Operations with their paths, kinds of callbacks, and rules with what they say, how they are known, and where."""
    link, *others = await items(http, "/providers")
    assert (link["name"], [each["name"] for each in others]) == ("link", ["webex-connect", "mehery", "rbm"])
    assert {"id": "requestToken", "method": "POST", "path": "/auth/oauth2/token"} in link["operations"]
    assert "event.READ" in link["callback_kinds"]
    rule = next(rule for rule in link["rules"] if rule["id"] == "LINK-GEN-01")
    assert rule["says"].startswith("An error is a JSON object")
    assert (rule["grade"], rule["source"]) == ("documented", "000_8fd44aca822109ef.txt:356")


@pytest.mark.parametrize(
    ("provider", "codes"),
    [
        pytest.param("link", {"400", "429", "503"}, id="statuses"),
        pytest.param("webex-connect", {"7000", "7006"}, id="numbers"),
        pytest.param("mehery", {"PARAM_MISSING", "UNAUTHORIZED"}, id="words"),
        pytest.param("rbm", set(), id="none-without-operations"),
    ],
)
async def test_fault_codes(http: httpx.AsyncClient, provider: str, codes: set[str]) -> None:
    """Every code that is told can be armed as a fault of an account of that provider."""
    told: dict[str, Any] = {each["name"]: each["fault_codes"] for each in await items(http, "/providers")}
    assert codes <= set(told[provider])
    assert bool(codes) == bool(told[provider])
    account = f"acc_{provider.replace('-', '_')}"
    for code in told[provider]:
        body = {"account": account, "on": "request", "effect": {"type": "code", "code": code}}
        await ask(http, "POST", "/faults", body, 201)
