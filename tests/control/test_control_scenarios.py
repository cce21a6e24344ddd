"""Scenarios and runs: what people can be made to do, and how it went."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from calls import ask, items
from harness import USER, LinkClient

GREET = {
    "name": "greet",
    "description": 'Says hello; "yes" and 5 stay what they are.',
    "match": {"user": ["+4917*"]},
    "steps": [
        {"do": "say", "text": "yes"},
        {"do": "say", "text": "5", "after": 0.5},
        {"do": "tap", "suggestion": {"index": 0}, "callback": {"set": {"a.b": None}, "duplicate": 1}},
        {"do": "expect", "text": ["*ö*"], "within": 30.0},
        {"do": "fault", "on": "request", "effect": {"type": "latency", "seconds": 1.0}, "times": 1},
        {"do": "choose", "of": [[{"do": "pause", "seconds": 2.0}], []], "weights": [1.0, 2.0]},
    ],
}
TEXT = """\
# a comment
name: greet
match: {user: "+4917*"}
steps:
  - do: say
    text: Hello
    after: 200ms
"""
YAML_TYPE = {"Content-Type": "application/yaml"}


async def put(http: httpx.AsyncClient, text: str | bytes, name: str = "greet", kind: str = "application/yaml") -> Any:
    """Put a scenario as text."""
    content = text.encode() if isinstance(text, str) else text
    return await http.put(f"/_sandbox/scenarios/{name}", content=content, headers={"Content-Type": kind})


async def start(http: httpx.AsyncClient, expects: int = 201, name: str = "greet", **body: Any) -> Any:
    """Start a run for the usual person."""
    return await ask(
        http, "POST", f"/scenarios/{name}/runs", {"account": "acc_link", "user": USER, **body}, expects=expects
    )


async def test_list(http: httpx.AsyncClient) -> None:
    """Every scenario is listed, by name, as its file has it."""
    found = await items(http, "/scenarios")
    names = [scenario["name"] for scenario in found]
    assert "default" in names
    assert names == sorted(names)
    for scenario in found:
        assert scenario == await ask(http, "GET", f"/scenarios/{scenario['name']}")


async def test_put_json(http: httpx.AsyncClient) -> None:
    """A scenario is added, then replaced, and comes back as it was given."""
    response = await http.put("/_sandbox/scenarios/greet", json=GREET)
    assert (response.status_code, response.json()) == (201, GREET)
    assert response.headers["location"] == "/_sandbox/scenarios/greet"
    assert await ask(http, "GET", "/scenarios/greet") == GREET
    again = await http.put("/_sandbox/scenarios/greet", json={**GREET, "description": "Other"})
    assert (again.status_code, again.json()["description"]) == (200, "Other")


@pytest.mark.parametrize(
    "kind", ["application/yaml", "Application/YAML; charset=utf-8", "text/yaml", "application/x-yaml", "text/x-yaml"]
)
async def test_put_yaml(http: httpx.AsyncClient, kind: str) -> None:
    """A scenario may be put as the text of its file."""
    response = await put(http, TEXT, kind=kind)
    assert response.status_code == 201
    assert response.json() == {
        "name": "greet",
        "match": {"user": ["+4917*"]},
        "steps": [{"do": "say", "text": "Hello", "after": 0.2}],
    }


async def test_yaml_and_back(http: httpx.AsyncClient) -> None:
    """As YAML a scenario reads in the order it was written, and put back it is the same."""
    await http.put("/_sandbox/scenarios/greet", json=GREET)
    response = await http.get("/_sandbox/scenarios/greet", headers={"Accept": "application/yaml"})
    assert response.headers["content-type"].startswith("application/yaml")
    assert response.text.startswith("name: greet\ndescription: ")
    assert "ö" in response.text
    assert YAML(typ="safe", pure=True).load(response.text) == GREET
    assert (await put(http, response.content)).json() == GREET


async def test_shipped_scenarios_go_out_and_back_in(http: httpx.AsyncClient) -> None:
    """Every shipped scenario can be read and put back, in both forms."""
    for scenario in await items(http, "/scenarios"):
        path = f"/_sandbox/scenarios/{scenario['name']}"
        text = (await http.get(path, headers={"Accept": "application/yaml"})).content
        assert (await http.put(path, content=text, headers=YAML_TYPE)).json() == scenario
        assert (await http.put(path, json=scenario)).json() == scenario


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        pytest.param("name: greet\nsteps: [", [("", 2, 9)], id="no-yaml"),
        pytest.param("", [("", 1, 1)], id="empty"),
        pytest.param("name: other\nsteps: []\n", [("name", 1, 7)], id="another-name"),
        pytest.param("name: greet\nsteps:\n  - do: sing\n", [("steps[0].do", 3, 9)], id="unknown-step"),
        pytest.param("name: greet\nsteps: []\nmood: good\n", [("mood", 3, 1)], id="unknown-key"),
        pytest.param(
            "name: greet\nmatch: {provider: linc}\nsteps: []\n", [("match.provider", 2, 19)], id="unknown-provider"
        ),
        pytest.param(
            "name: greet\nsteps:\n  - do: say\n  - do: say\n    text: 5\n",
            [("steps[0].text", 3, 5), ("steps[1].text", 5, 11)],
            id="two-errors",
        ),
    ],
)
async def test_complaints(http: httpx.AsyncClient, text: str, errors: list[tuple[str, int, int]]) -> None:
    """Complaints tell path, line and column, and leave the scenarios alone."""
    response = await put(http, text)
    assert response.status_code == 422
    found = response.json()["errors"]
    assert {tuple(error) for error in found} == {("path", "message", "line", "column")}
    assert [(error["path"], error["line"], error["column"]) for error in found] == errors
    await ask(http, "GET", "/scenarios/greet", expects=404)


async def test_json_that_is_none_has_a_place_too(http: httpx.AsyncClient) -> None:
    """For scenarios, text that cannot be read is a complaint with its place, in both forms."""
    response = await put(http, '{\n "name": }', kind="application/json")
    (error,) = response.json()["errors"]
    assert (response.status_code, error["line"], error["column"]) == (422, 2, 10)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_type(http: httpx.AsyncClient, kind: str) -> None:
    """A scenario says what it is written in."""
    assert (await put(http, TEXT, kind=kind)).status_code == 415


async def test_name_in_the_path(http: httpx.AsyncClient) -> None:
    """A name that no scenario may have is told."""
    response = await http.put("/_sandbox/scenarios/Greet", json={**GREET, "name": "Greet"})
    assert [error["path"] for error in response.json()["errors"]] == ["name"]


async def test_delete(http: httpx.AsyncClient) -> None:
    """A scenario is taken away; a reset brings the shipped ones back and forgets the others."""
    await put(http, TEXT)
    await ask(http, "DELETE", "/scenarios/default", expects=204)
    await ask(http, "DELETE", "/scenarios/default", expects=404)
    await ask(http, "POST", "/reset", expects=204)
    await ask(http, "GET", "/scenarios/default")
    await ask(http, "GET", "/scenarios/greet", expects=404)


# ---------------------------------------------------------------------------------------------------------- runs


async def test_run(http: httpx.AsyncClient) -> None:
    """A run plays on the account's clock and tells how each step went."""
    await put(http, TEXT + "  - do: tap\n    suggestion: Nothing\n  - do: say\n    text: Never\n")
    response = await http.post(
        "/_sandbox/scenarios/greet/runs", json={"account": "acc_link", "user": "0049 123 4567890"}
    )
    run = response.json()
    assert (response.status_code, response.headers["location"]) == (201, f"/_sandbox/runs/{run['id']}")
    assert list(run) == ["id", "scenario", "account", "user", "state", "steps"]
    assert (run["scenario"], run["account"], run["user"], run["state"]) == ("greet", "acc_link", USER, "running")
    waiting = {"index": 0, "do": "say", "state": "waiting", "at": None, "detail": None}
    assert run["steps"][0] == waiting
    await ask(http, "POST", "/clock/advance", {"seconds": 1})
    run = await ask(http, "GET", f"/runs/{run['id']}")
    assert run["state"] == "failed"
    assert [step["state"] for step in run["steps"]] == ["done", "failed", "skipped"]
    assert run["steps"][0]["at"] == "2030-01-02T12:00:00.200Z"
    assert "was never shown" in run["steps"][1]["detail"]
    assert (await items(http, "/messages"))[0]["text"] == "Hello"


async def test_run_that_answers_a_message(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A run can be about a message, named by its id here or by the provider's."""
    await put(http, "name: greet\nsteps:\n  - do: fail\n")
    for text in ("One", "Two"):
        await link.send(text=text, to="+99900001001")  # the magic number that does nothing of itself
    one, two = await items(http, "/messages")
    await start(http, user=one["user"], message=one["id"])
    await start(http, user=two["user"], message=two["provider_id"])
    await ask(http, "POST", "/clock/advance", {"seconds": 1})
    assert [message["status"] for message in await items(http, "/messages")] == ["failed", "failed"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({"account": "acc_x"}, "account", id="unknown-account"),
        pytest.param({"user": "Anna"}, "user", id="user-no-number"),
        pytest.param({"user": "Anna", "message": "msg_x"}, "user", id="user-no-number-and-a-message"),
        pytest.param({"user": None}, "user", id="user-null"),
        pytest.param({"user": ""}, "user", id="user-empty"),
        pytest.param({"sender": "x"}, "sender", id="sender-of-another"),
        pytest.param({"message": "msg_x"}, "message", id="unknown-message"),
        pytest.param({"mesage": "msg_x"}, "mesage", id="unknown-key"),
    ],
)
async def test_bad_start(http: httpx.AsyncClient, body: dict[str, Any], path: str) -> None:
    """What is wrong with a start is told by its place, and nothing plays."""
    await put(http, TEXT)
    problem = await start(http, 422, **body)
    assert [error["path"] for error in problem["errors"]] == [path]
    assert await items(http, "/runs") == []


async def test_message_to_somebody_else(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A run answers no message that somebody else got."""
    await put(http, TEXT)
    await link.send(text="Hello", to="+4917612345678")
    message = (await items(http, "/messages"))[0]["id"]
    problem = await start(http, 422, message=message)
    assert [error["path"] for error in problem["errors"]] == ["message"]


async def test_start_of_what_is_not_there(http: httpx.AsyncClient) -> None:
    """An unknown scenario cannot be started."""
    await start(http, 404, name="nope")


async def test_cancel(http: httpx.AsyncClient) -> None:
    """A cancelled run does nothing more; one that has ended stays as it ended."""
    await put(http, TEXT)
    run = await start(http)
    for _ in range(2):
        await ask(http, "DELETE", f"/runs/{run['id']}", expects=204)
    await ask(http, "POST", "/clock/advance", {"seconds": 1})
    found = await ask(http, "GET", f"/runs/{run['id']}")
    assert (found["state"], found["steps"][0]["state"]) == ("cancelled", "skipped")
    assert await items(http, "/messages") == []
    run = await start(http)
    await ask(http, "POST", "/clock/advance", {"seconds": 1})
    await ask(http, "DELETE", f"/runs/{run['id']}", expects=204)
    assert (await ask(http, "GET", f"/runs/{run['id']}"))["state"] == "passed"


async def test_filters_of_runs(http: httpx.AsyncClient, link: LinkClient) -> None:
    """Runs are picked by state and scenario, and can be waited for."""
    await put(http, TEXT)
    await start(http)
    await link.send(text="Hello")
    assert [run["scenario"] for run in await items(http, "/runs")] == ["greet", "default"]
    assert [run["scenario"] for run in await items(http, "/runs", scenario="greet")] == ["greet"]
    assert len(await items(http, "/runs", state="running")) == 2
    await ask(http, "POST", "/clock/advance", {"seconds": 0.3})
    page = await ask(http, "GET", "/runs", state="passed", wait=1)
    assert [run["scenario"] for run in page["items"]] == ["greet"]
    await ask(http, "GET", "/runs?state=over", expects=422)
