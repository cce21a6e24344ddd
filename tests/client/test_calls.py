"""Calls ask what the control API knows, all of it, and read what it tells."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Generator, Iterator
from typing import Any, get_type_hints

import httpx
import pytest

from live_server import LiveServer
from sandbox.client import Client, ProblemError, UnreachableError, parameters, resources
from sandbox.client.asking import Answer, Call, Request
from sandbox.client.calls import LONG, MOST, Calls
from sandbox.client.user import Actions
from sandbox.control.app import ROUTES
from sandbox.engine.actions import Action, models

ACCOUNT = "acc_link"
USER = "+491234567890"
FAULT: parameters.FaultSpec = {"account": ACCOUNT, "on": "request", "effect": {"type": "status", "status": 503}}

ASKED: dict[str, tuple[tuple[Any, ...], dict[str, Any], Request]] = {
    "health": ((), {}, Request("GET", "/health")),
    "accounts": ((), {}, Request("GET", "/accounts")),
    "account": (("acc/?",), {}, Request("GET", "/accounts/acc%2F%3F")),
    "create_account": (
        ("link",),
        {"name": "Mine"},
        Request("POST", "/accounts", body={"provider": "link", "name": "Mine"}),
    ),
    "change_account": ((ACCOUNT,), {"webhook": None}, Request("PATCH", "/accounts/acc_link", body={"webhook": None})),
    "remove_account": ((ACCOUNT,), {}, Request("DELETE", "/accounts/acc_link")),
    "authorization": ((ACCOUNT,), {}, Request("POST", "/accounts/acc_link/authorization")),
    "revoke_authorization": ((ACCOUNT,), {}, Request("DELETE", "/accounts/acc_link/authorization")),
    "senders": ((ACCOUNT,), {}, Request("GET", "/accounts/acc_link/senders")),
    "place": (
        (ACCOUNT, USER),
        {"sender": "me"},
        Request("GET", "/accounts/acc_link/place", {"user": USER, "sender": "me"}),
    ),
    "reset": ((), {}, Request("POST", "/reset", {"account": None})),
    "snapshot": ((), {}, Request("GET", "/snapshot", wait=LONG)),
    "restore": (({"version": 1},), {}, Request("PUT", "/snapshot", body={"version": 1}, wait=LONG)),
    "messages": ((), {"kind": "text", "wait": 5}, Request("GET", "/messages", {"kind": "text", "wait": 5}, wait=5)),
    "message": (("msg_1",), {}, Request("GET", "/messages/msg_1")),
    "requests": ((), {"status": 400}, Request("GET", "/requests", {"status": 400})),
    "request": (("req_1",), {}, Request("GET", "/requests/req_1")),
    "callbacks": ((), {"kind": "event.*"}, Request("GET", "/callbacks", {"kind": "event.*"})),
    "callback": (("cbk_1",), {}, Request("GET", "/callbacks/cbk_1")),
    "part": (("cbk_1", 1), {}, Request("GET", "/callbacks/cbk_1/parts/1")),
    "redeliver": (("cbk_1",), {}, Request("POST", "/callbacks/cbk_1/redeliver")),
    "conversations": ((), {"user": USER}, Request("GET", "/conversations", {"user": USER})),
    "recording": (
        (ACCOUNT, USER),
        {},
        Request("GET", "/recording", {"account": ACCOUNT, "user": USER, "sender": None}),
    ),
    "timeline": ((ACCOUNT,), {"user": USER}, Request("GET", "/timeline", {"account": ACCOUNT, "user": USER})),
    "timeline_text": ((ACCOUNT,), {}, Request("GET", "/timeline", {"account": ACCOUNT, "format": "text"})),
    "coverage": ((), {}, Request("GET", "/coverage", {"account": None})),
    "coverage_as": (("html", ACCOUNT), {}, Request("GET", "/coverage", {"account": ACCOUNT, "format": "html"})),
    "metrics": ((), {}, Request("GET", "/metrics")),
    "act": (
        (ACCOUNT, "say"),
        {"user": USER, "wait": 5, "text": "Hi"},
        Request(
            "POST", "/actions", {"wait": 5}, {"account": ACCOUNT, "user": USER, "type": "say", "text": "Hi"}, wait=5
        ),
    ),
    "magic": (("rbm",), {}, Request("GET", "/magic", {"provider": "rbm"})),
    "samples": ((), {}, Request("GET", "/samples")),
    "scenarios": ((), {}, Request("GET", "/scenarios")),
    "scenario": (("greeting",), {}, Request("GET", "/scenarios/greeting")),
    "put_scenario": (
        ("greeting", "name: greeting"),
        {},
        Request("PUT", "/scenarios/greeting", content=b"name: greeting", headers={"Content-Type": "application/yaml"}),
    ),
    "remove_scenario": (("greeting",), {}, Request("DELETE", "/scenarios/greeting")),
    "start_run": (
        ("greeting", ACCOUNT, USER),
        {"sender": "me"},
        Request("POST", "/scenarios/greeting/runs", body={"account": ACCOUNT, "user": USER, "sender": "me"}),
    ),
    "runs": ((), {"state": "passed"}, Request("GET", "/runs", {"state": "passed"})),
    "run": (("run_1",), {}, Request("GET", "/runs/run_1")),
    "cancel_run": (("run_1",), {}, Request("DELETE", "/runs/run_1")),
    "faults": ((ACCOUNT,), {}, Request("GET", "/faults", {"account": ACCOUNT, "limit": MOST})),
    "arm": ((FAULT,), {}, Request("POST", "/faults", body=FAULT)),
    "disarm": (("flt_1",), {}, Request("DELETE", "/faults/flt_1")),
    "disarm_all": ((ACCOUNT,), {}, Request("DELETE", "/faults", {"account": ACCOUNT})),
    "clock": ((ACCOUNT,), {}, Request("GET", "/clock", {"account": ACCOUNT})),
    "freeze": ((None, ACCOUNT), {}, Request("PUT", "/clock", {"account": ACCOUNT}, {"mode": "virtual"})),
    "unfreeze": ((ACCOUNT,), {}, Request("PUT", "/clock", {"account": ACCOUNT}, {"mode": "real"})),
    "advance": (
        (),
        {"until": "idle", "limit": 60},
        Request("POST", "/clock/advance", {"account": None}, {"until": "idle", "limit": 60}, wait=LONG),
    ),
    "providers": ((), {}, Request("GET", "/providers")),
    "openapi": (("link",), {}, Request("GET", "/openapi/link.json")),
}
# What is no call: the page; files that a webhook fetches; the stream, which has a method of its own; and what `openapi`
# asks without a provider.
NO_CALLS = ("/", "/_sandbox/events", "/_sandbox/openapi.json")
NOT_CALLED = ("/_sandbox/ui", "/_sandbox/media/")


def calls_of(owner: type) -> set[str]:
    """Return the names of the calls that a class describes."""
    return {name for name, member in vars(owner).items() if isinstance(member, Call)}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(method, path, id=f"{method}-{path}")
        for path, handlers in ROUTES
        for method in handlers
        if path not in NO_CALLS and not path.startswith(NOT_CALLED)
    ],
)
def test_nothing_is_left_out(method: str, path: str) -> None:
    """Whatever the control API can be asked, a call asks."""
    pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path.removeprefix("/_sandbox"))))
    asked = [request for _, _, request in ASKED.values() if request.method == method]
    assert any(pattern.fullmatch(request.path) for request in asked)


@pytest.mark.parametrize("name", sorted(calls_of(Calls)))
def test_what_is_asked(name: str) -> None:
    """Each call asks one thing first, in the control API's words."""
    args, kwargs, request = ASKED[name]
    assert next(getattr(Calls(), name)(*args, **kwargs)) == request


def answered(content: bytes, status: int = 200, media_type: str = "application/json") -> Answer:
    """Return an answer."""
    return Answer("http://sandbox", status, media_type, content)


@pytest.mark.parametrize(
    ("name", "content", "result"),
    [
        pytest.param("timeline", b'{"account":"acc_link","items":[]}', {"account": ACCOUNT, "items": []}, id="object"),
        pytest.param("timeline_text", "└─ ü".encode(), "└─ ü", id="text"),
        pytest.param("part", b"\xff\xd8", b"\xff\xd8", id="bytes"),
        pytest.param("metrics", b"up 1\n", "up 1\n", id="metrics"),
        pytest.param("coverage_as", b"<html>", "<html>", id="document"),
        pytest.param("disarm", b"", None, id="nothing"),
        pytest.param("authorization", b'{"headers":{"key":"k"}}', {"key": "k"}, id="headers"),
        pytest.param("faults", b'{"items":[]}', [], id="items"),
    ],
)
def test_what_is_read(name: str, content: bytes, result: object) -> None:
    """Each call returns what the answer is for: an object, a text, items or nothing."""
    args, kwargs, _ = ASKED[name]
    asking = getattr(Calls(), name)(*args, **kwargs)
    next(asking)
    with pytest.raises(StopIteration) as ended:
        asking.send(answered(content))
    assert ended.value.value == result


@pytest.mark.parametrize("content", [b"<html>", b"[]", b""], ids=["html", "array", "nothing"])
def test_what_is_no_object(content: bytes) -> None:
    """Where an object is wanted, nothing else will do."""
    with pytest.raises(UnreachableError, match="no sandbox"):
        answered(content).json()


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        pytest.param({"detail": "why", "title": "what"}, "why", id="detail"),
        pytest.param({"title": "what"}, "what", id="title"),
        pytest.param({}, "status 409", id="neither"),
    ],
)
def test_problem(problem: dict[str, str], says: str) -> None:
    """A problem is told in its own words, as far as it has any."""
    with pytest.raises(ProblemError) as caught:
        answered(json.dumps(problem).encode(), 409, "application/problem+json").accepted()
    assert (caught.value.status, caught.value.detail, caught.value.errors) == (409, says, [])


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client of a sandbox in which something of everything has happened."""
    with LiveServer() as server, Client(server.url) as client:
        client.change_account(ACCOUNT, webhook={"url": "http://127.0.0.1:9/"})
        client.user(ACCOUNT, USER).say("Hello", wait=5)
        client.user(ACCOUNT, USER).send_file(content=b"\xff\xd8", name="a.jpg", mime_type="image/jpeg")
        client.put_scenario("greeting", "{name: greeting, steps: [{do: say, text: Hi}]}")
        client.start_run("greeting", ACCOUNT, USER)
        client.arm(FAULT)
        httpx.post(f"{server.url}/gateway/lmc/v1/registerFile")
        yield client


def members(shape: type) -> set[str]:
    """Return the members of a resource."""
    return set(get_type_hints(shape))


def reasons(nodes: list[resources.TimelineNode]) -> Iterator[resources.Why]:
    """Yield why things happened, as far as there are reasons."""
    for node in nodes:
        if node["why"] is not None:
            yield node["why"]
        yield from reasons(node["children"])


SHAPES: dict[str, Callable[[Client], Any]] = {
    "Health": lambda client: client.health(),
    "Account": lambda client: client.account(ACCOUNT),
    "LinkCredentials": lambda client: client.account(ACCOUNT)["credentials"],
    "WebexConnectCredentials": lambda client: client.account("acc_webex_connect")["credentials"],
    "MeheryCredentials": lambda client: client.account("acc_mehery")["credentials"],
    "AppKey": lambda client: client.account("acc_mehery")["credentials"]["apps"]["old_bot"],
    "RbmCredentials": lambda client: client.account("acc_rbm")["credentials"],
    "Webhook": lambda client: client.account(ACCOUNT)["webhook"],
    "Message": lambda client: client.messages().items[0],
    "StatusChange": lambda client: client.messages().items[0]["history"][0],
    "ApiRequest": lambda client: client.requests().items[0],
    "Callback": lambda client: client.callbacks().items[0],
    "Cause": lambda client: client.callbacks().items[0]["cause"],
    "Attempt": lambda client: client.callbacks(wait=5, state="retrying,failed").items[0]["attempts"][0],
    "Part": lambda client: (client.callbacks(kind="message.USER_FILE").items[0]["parts"] or [])[0],
    "Conversation": lambda client: client.conversations().items[0],
    "Counts": lambda client: client.conversations().items[0]["counts"],
    "Acted": lambda client: client.user(ACCOUNT, USER).start_typing(),
    "Magic": lambda client: client.magic()["items"][0],
    "Run": lambda client: client.runs().items[0],
    "Step": lambda client: client.runs().items[0]["steps"][0],
    "Fault": lambda client: client.faults()[0],
    "Clock": lambda client: client.clock(),
    "Sender": lambda client: client.senders(ACCOUNT)[0],
    "Place": lambda client: client.place(ACCOUNT, USER),
    "Recording": lambda client: client.recording(ACCOUNT, USER),
    "Sample": lambda client: client.samples()[0],
    "Provider": lambda client: client.providers()[0],
    "Operation": lambda client: client.providers()[0]["operations"][0],
    "Rule": lambda client: client.providers()[0]["rules"][0],
    "Timeline": lambda client: client.timeline(ACCOUNT),
    "TimelineNode": lambda client: client.timeline(ACCOUNT)["items"][0],
    "Why": lambda client: next(reasons(client.timeline(ACCOUNT)["items"])),
    "Coverage": lambda client: client.coverage(ACCOUNT),
    "ProviderCoverage": lambda client: client.coverage()["providers"]["link"],
    "OperationHits": lambda client: client.coverage()["providers"]["link"]["operations"][0],
    "OutcomeHits": lambda client: client.coverage()["providers"]["link"]["outcomes"][0],
    "CallbackHits": lambda client: client.coverage()["providers"]["link"]["callbacks"][0],
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape(client: Client, name: str) -> None:
    """What the sandbox tells has the members that its type has, and no others."""
    assert set(SHAPES[name](client)) == members(getattr(resources, name))


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/messages", parameters.MessageFilters),
        ("/requests", parameters.RequestFilters),
        ("/callbacks", parameters.CallbackFilters),
        ("/conversations", parameters.ConversationFilters),
        ("/runs", parameters.RunFilters),
    ],
)
def test_filters(client: Client, path: str, shape: type) -> None:
    """A list has the filters that the sandbox knows there."""
    with pytest.raises(ProblemError) as caught:
        client.send(Request("GET", path, {"nope": "1"}))
    _, _, known = caught.value.errors[0]["message"].partition("known here: ")
    assert set(known.split(", ")) == members(shape)


def test_every_action_is_there() -> None:
    """A person can do whatever the sandbox knows."""
    assert calls_of(Actions) == set(models())


@pytest.mark.parametrize("name", sorted(calls_of(Actions)))
def test_action_takes_all_values(name: str) -> None:
    """An action takes every value that the sandbox knows of it, besides those that all take."""
    everywhere = {*Action.model_fields, "content"}
    taken = set(inspect.signature(getattr(Actions, name)).parameters) - {"self", "options", "content"}
    assert taken == set(models()[name].model_fields) - everywhere


FIRST = {"tap": "Yes", "share_location": (1, 2), "receipt": "READ", "say": "Hi", "error": "1", "system": "Note"}
FIRST |= {"event": "READ", "action": "OPEN"}


@pytest.mark.parametrize("name", sorted(calls_of(Actions)))
def test_action_is_told_by_its_name(name: str) -> None:
    """Each action is that of its name, of this person and this account."""
    given = FIRST.get(name, ())
    asking = getattr(Actions(ACCOUNT, USER), name)(*(given if isinstance(given, tuple) else (given,)))
    body = next(asking).body
    assert (body["type"], body["account"], body["user"]) == (name, ACCOUNT, USER)


def test_options_of_actions() -> None:
    """What all actions take is what the sandbox knows, but for what is a person's own."""
    own = {"do", "after", "user"}
    assert members(parameters.ActionOptions) - {"wait"} == set(Action.model_fields) - own


@pytest.mark.parametrize(
    ("act", "told"),
    [
        pytest.param(lambda user: user.tap({"index": 0}), {"suggestion": {"index": 0}}, id="tap"),
        pytest.param(
            lambda user: user.tap("Go", location=False), {"suggestion": "Go", "location": False}, id="no-place"
        ),
        pytest.param(
            lambda user: user.send_file(content=b"\xff", name="a"), {"content": "/w==", "name": "a"}, id="base64"
        ),
        pytest.param(lambda user: user.send_file(sample="a", voice=True), {"sample": "a", "voice": True}, id="voice"),
        pytest.param(lambda user: user.agent(resolve=True), {"resolve": True}, id="agent"),
        pytest.param(lambda user: user.read(callback={"duplicate": 1}), {"callback": {"duplicate": 1}}, id="option"),
    ],
)
def test_values_of_actions(act: Callable[[Actions], Generator[Request]], told: dict[str, Any]) -> None:
    """What is given is told, and nothing else."""
    common = {"account", "user", "type"}
    body = next(act(Actions(ACCOUNT, USER))).body
    assert {name: value for name, value in body.items() if name not in common} == told


def test_user_is_their_address() -> None:
    """A person reads as their address, and looks like what they are."""
    user = Actions(ACCOUNT, USER)
    assert (f"{user}", repr(user)) == (USER, "<Actions +491234567890 of acc_link>")


def test_calls_are_documented() -> None:
    """A call has the name, documentation and signature of its description, with a network too."""
    with Client() as client:
        assert client.reset.__name__ == "reset"
        assert client.reset.__doc__ == Calls.reset.__doc__
    assert vars(Calls)["reset"].__doc__ == Calls.reset.__doc__
