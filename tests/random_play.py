"""Random play: a business, its people and an operator who do whatever they please, the same with the same chance."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any, NamedTuple

import httpx

from sandbox.shipped import folder

ACCOUNTS = {"link": "acc_link", "webex-connect": "acc_webex_connect", "mehery": "acc_mehery", "rbm": "acc_rbm"}
ELSEWHERE = "http://127.0.0.1:9/elsewhere"

_USERS = {
    "link": (
        *("+491234567890", "+4917012345", "+99900001003", "+99900001006", "+99900002003", "+99900002006"),
        *("+99900003001", "+99900003003", "+99900003106", "+99900004001", "+99900005001", "+99900005009"),
    ),
    "webex-connect": (
        *("+447700900123", "+15550007502", "+15550007207", "+15550007323", "person@example.com"),
        *("code-7521@x.test", "code-7520@x.test", "+99900006001", "+99900006002"),
    ),
    "mehery": (
        *("919988776655", "919977665544", "919900000008", "919900000015", "919900000017", "919900000019"),
        *("917000000001", "919900005001"),
    ),
    "rbm": ("+919988776655", "+919900000107", "+919900000108", "+919900000102"),
}
_WAITS = (0.05, 0.15, 0.3, 0.5, 1.0, 2.5, 9.0, 61.0, 3600.0, 90_000.0)
_SUGGESTIONS = [{"text": "Yes", "callbackData": "y"}, {"text": "No", "callbackData": "n"}]

SCENARIOS: dict[str, list[dict[str, Any]]] = {
    "waits-for-more": [
        {"do": "deliver", "after": 0.1},
        {"do": "expect", "within": 5, "text": "*"},
        {"do": "repeat", "times": 2, "steps": [{"do": "pause", "seconds": 0.7}, {"do": "say", "text": "So {{ now }}"}]},
        {"do": "expect", "within": 100},
        {"do": "say", "text": "Thank you, {{ user.first_name }}"},
    ],
    "chooses": [
        {"do": "pause", "seconds": 0.2},
        {
            "do": "choose",
            "weights": [1, 3],
            "of": [
                [{"do": "say", "text": "Left"}],
                [{"do": "repeat", "times": 2, "steps": [{"do": "say", "text": "Right", "after": 2}]}],
            ],
        },
        {"do": "expect_callback", "within": 30},
        {"do": "say", "text": "Later", "after": 0.4, "callback": {"duplicate": 1, "delay": 3}},
        {"do": "expect_callback", "within": 2},
        {"do": "say", "text": "Still here", "after": 1},
    ],
    "breaks-things": [
        {"do": "fault", "on": "callback", "effect": {"type": "reorder", "window": 3}, "times": 1, "after": 0.1},
        {"do": "say", "text": "One", "callback": {"set": {"extra": {"deep": [1, None]}}}},
        {"do": "say", "text": "Two", "after": 0.1},
        {"do": "say", "text": "Three", "after": 6},
    ],
}


class Move(NamedTuple):
    """One call: of the control API, or of a provider's with the account's own authorization."""

    method: str
    path: str
    body: Any = None
    is_providers: bool = False


class Player:
    """Makes moves at one sandbox; `{callback}` in a path is the newest callback there."""

    def __init__(self, http: httpx.AsyncClient, account: str, headers: dict[str, str]) -> None:
        self.http = http
        self.account = account
        self.headers = headers

    async def make(self, move: Move) -> Any:
        """Return what was answered, behind all that was due before."""
        await settled()
        path = move.path
        if "{callback}" in path:
            told = (await self.http.get(f"/_sandbox/callbacks?account={self.account}&limit=1000")).json()["items"]
            if not told:
                return None
            path = path.replace("{callback}", told[-1]["id"])
        headers = self.headers if move.is_providers else {}
        content = None if move.body is None else json.dumps(move.body).encode()
        if content is not None:
            headers = {**headers, "content-type": "application/json"}
        answer = await self.http.request(move.method, path, headers=headers, content=content)
        assert answer.status_code < 500 or move.is_providers, answer.text
        return answer.status_code, answer.headers.get("x-sandbox-rule"), without_durations(answer.content)


async def settled() -> None:
    """Let happen all that is due: of two sandboxes on one loop the one may have had more turns for it than the other."""
    for _ in range(200):
        await asyncio.sleep(0)


def without_durations(content: bytes) -> Any:
    """Return JSON without what real time has a say in."""
    try:
        value = json.loads(content)
    except ValueError:
        return content
    return _still(value)


def _still(value: Any) -> Any:
    match value:
        case dict():
            return {name: _still(member) for name, member in value.items() if name != "duration_ms"}
        case list():
            return [_still(item) for item in value]
        case str():
            return re.sub(r" in \d+ ms\b", "", value)
    return value


async def shown(http: httpx.AsyncClient) -> dict[str, Any]:
    """Return everything that the control API shows when all that is due has happened."""
    await settled()
    found = {}
    for name in ("accounts", "messages", "requests", "callbacks", "runs", "conversations"):
        found[name] = without_durations((await http.get(f"/_sandbox/{name}", params={"limit": 1000})).content)
    for name in ("faults", "scenarios", "clock", "coverage"):
        found[name] = (await http.get(f"/_sandbox/{name}")).json()
    for account in found["accounts"]["items"]:
        for name in ("clock", "timeline"):
            of_it = await http.get(f"/_sandbox/{name}", params={"account": account["id"]})
            found[f"{name} of {account['id']}"] = without_durations(of_it.content)
    return found


def moves(provider: str, chance: Random, count: int) -> list[Move]:
    """Return so many moves at an account of a provider."""
    return [_move(provider, chance) for _ in range(count)]


def _move(provider: str, chance: Random) -> Move:
    makers: list[tuple[Callable[[str, Random], Move], int]] = [
        (_send, 10 if provider != "rbm" else 0),
        (_act, 8 if provider != "rbm" else 16),
        (_advance, 8),
        (_arm, 2),
        (_run, 3),
        (_change, 2),
        (_redeliver, 1),
        (_put_scenario, 1),
        (_others, 1),
    ]
    chosen = chance.choices([maker for maker, _ in makers], [weight for _, weight in makers])[0]
    return chosen(provider, chance)


@cache
def _documented(place: str) -> list[dict[str, Any]]:
    files = sorted((folder("fixtures") / place / "requests").glob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def _uuid(chance: Random) -> str:
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def _send(provider: str, chance: Random) -> Move:
    user = chance.choice(_USERS[provider])
    match provider:
        case "link" if chance.random() < 0.2:
            return Move("POST", "/gateway/lmc/v1/registerFile", {"url": "https://example.com/a.jpg"}, is_providers=True)
        case "link" if chance.random() < 0.2:
            settings = {"id": _uuid(chance), "webSmsTemplate": "Come to [conversationKey]"}
            return Move("PUT", "/gateway/lmc/v1/admin/settings", settings, is_providers=True)
        case "link":
            content: dict[str, Any] = {"text": f"Hello {chance.random()}"}
            if chance.random() < 0.5:
                content["suggestions"] = _SUGGESTIONS
            path = f"/gateway/lmc/v1/phone/{user}/conversationMessage?messageId={_uuid(chance)}"
            return Move("POST", path, {"messageContent": content}, is_providers=True)
        case "webex-connect":
            version = chance.choice(("v1", "v2"))
            body: dict[str, Any] = dict(chance.choice(_documented(f"webex_connect/{version}"))["request"])
            if chance.random() < 0.6:
                body["notifyurl" if version == "v1" else "notifyUrl"] = "http://127.0.0.1:9/notify"
            if version == "v1" and chance.random() < 0.5 and body.get("deliverychannel") == "sms":
                body["destination"] = [{"msisdn": [user if user[0] == "+" else "+447700900124"]}]
            return Move(
                "POST", "/resources/v1/messaging" if version == "v1" else "/v2/messages", body, is_providers=True
            )
    if chance.random() < 0.4:
        one = chance.choice(_documented("mehery"))
        return Move("POST", one["path"], one["request"], is_providers=True)
    text = {
        "channelId": "wa360:918828218374",
        "type": "text",
        "to": {"phone": user},
        "text": {"body": f"Hello {chance.random()}"},
        "options": {"buttons": [{"label": "Good"}, {"label": "Bad"}]},
    }
    return Move("POST", "/xms/api/v1/message/send", text, is_providers=True)


def _act(provider: str, chance: Random) -> Move:
    kinds: dict[str, dict[str, Any]] = {
        "say": {"text": f"I say {chance.random()}"},
        "tap": {"suggestion": {"index": chance.choice((0, -1))}},
        "send_file": {"sample": "photo.jpg"},
        "share_location": {"latitude": 1.5, "longitude": -2.25},
        "start_typing": {},
        "deliver": {},
        "read": {},
        "fail": {},
        "start": {},
        "end_session": {},
        "agent": {"reply": "At your service"},
        "event": {"event_code": "SESSION_STATUS"},
        "click": {},
    }
    if provider == "rbm":
        kinds["tap"] = {"suggestion": {"text": "Yes", "postback": "yes"}}
    kind = chance.choice(list(kinds))
    body = {"account": ACCOUNTS[provider], "user": chance.choice(_USERS[provider]), "type": kind, **kinds[kind]}
    if provider == "mehery":
        body["sender"] = "wa360:918828218374"
    if chance.random() < 0.2:
        body["callback"] = {"delay": 2.5, "duplicate": 1, "set": {"odd": True}}
    return Move("POST", "/_sandbox/actions", body)


def _advance(provider: str, chance: Random) -> Move:
    return Move("POST", f"/_sandbox/clock/advance?account={ACCOUNTS[provider]}", {"seconds": chance.choice(_WAITS)})


def _arm(provider: str, chance: Random) -> Move:
    faults: list[dict[str, Any]] = [
        {"on": "callback", "effect": {"type": "reorder", "window": 4}, "times": 1},
        {"on": "callback", "effect": {"type": "delay", "seconds": 3.5}, "times": 2},
        {"on": "callback", "effect": {"type": "duplicate", "copies": 2}, "probability": 0.4},
        {"on": "callback", "effect": {"type": "corrupt"}, "times": 1},
        {"on": "callback", "effect": {"type": "unknown_fields"}, "probability": 0.5, "times": 3},
        {"on": "callback", "effect": {"type": "drop"}, "times": 1, "match": {"user": "+4*"}},
        {"on": "request", "effect": {"type": "rate_limit", "per_second": 2}},
        {"on": "request", "effect": {"type": "status", "status": 503}, "probability": 0.3, "times": 2},
    ]
    return Move("POST", "/_sandbox/faults", {"account": ACCOUNTS[provider], **chance.choice(faults)})


def _run(provider: str, chance: Random) -> Move:
    body = {"account": ACCOUNTS[provider], "user": chance.choice(_USERS[provider])}
    if provider == "mehery":
        body["sender"] = "wa360:918828218374"
    return Move("POST", f"/_sandbox/scenarios/{chance.choice(list(SCENARIOS))}/runs", body)


def _change(provider: str, chance: Random) -> Move:
    settings: dict[str, list[dict[str, Any]]] = {
        "link": [{"web_recipients": ["+49*"]}, {"odd_uuids": True}, {"include_event_id": True}, {"expires_in": 90_000}],
        "webex-connect": [
            {"tps": 3},
            {"outbound_webhooks": [{"url": ELSEWHERE, "hub_secret": "s3cret"}]},
            {"contact_groups": {"g": {"cap": 1}}, "tenant_timezone": "Asia/Kolkata"},
        ],
        "mehery": [
            {"callback_retries": [2, 8]},
            {"contact_info_url": ELSEWHERE},
            {"contacts": {"wa919988776655_918828218374": {"lang": "HI", "labels": {"vip": True}}}},
            {"approvals": {"FEEDBACK": {"wa360:918828218374": "PENDING"}}},
        ],
        "rbm": [{"basic_auth": {"username": "u", "password": "p"}}, {"callback_retries": [3]}, {"enabled": False}],
    }
    changes: list[dict[str, Any]] = [{"settings": one} for one in settings[provider]]
    changes += [{"webhook": {"url": ELSEWHERE, "headers": {"x-a": "b"}, "timeout": 3}}, {"name": f"N{chance.random()}"}]
    changes += [{"scenario": "waits-for-more"}, {"scenario": None}]
    return Move("PATCH", f"/_sandbox/accounts/{ACCOUNTS[provider]}", chance.choice(changes))


def _redeliver(_provider: str, _chance: Random) -> Move:
    return Move("POST", "/_sandbox/callbacks/{callback}/redeliver")


def _put_scenario(_provider: str, chance: Random) -> Move:
    name = chance.choice(list(SCENARIOS))
    if chance.random() < 0.3:
        return Move("DELETE", f"/_sandbox/scenarios/{chance.choice(('slow-reader', 'opt-out'))}")
    match: dict[str, Any] = {"match": {"user": "*5"}} if chance.random() < 0.3 else {}
    return Move("PUT", f"/_sandbox/scenarios/{name}", {"name": name, **match, "steps": SCENARIOS[name]})


def _others(provider: str, chance: Random) -> Move:
    account = ACCOUNTS[provider]
    return chance.choice(
        [
            Move("POST", "/_sandbox/accounts", {"provider": provider}),
            Move("DELETE", f"/_sandbox/faults?account={account}"),
            Move("POST", f"/_sandbox/accounts/{account}/authorization"),
            Move("PUT", f"/_sandbox/clock?account={account}", {"mode": "virtual", "now": "2030-01-05T00:00:00Z"}),
            Move("PUT", "/_sandbox/clock?account=acc_rbm_second", {"mode": "virtual", "now": "2031-01-05T00:00:00Z"}),
            Move("GET", "/nowhere/at/all"),
        ]
    )
