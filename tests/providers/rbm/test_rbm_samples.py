"""The two messages that the document shows, as it prints them and as the webhook gets them."""

import json
from typing import Any

import pytest
from pydantic_core import from_json

from rbm_agent import Agent
from sandbox.shipped import folder

RBM = folder("fixtures") / "rbm"
SAMPLES: dict[str, Any] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((RBM / "callbacks").glob("*.json"))
}


def printed(name: str) -> str:
    """Return a sample as the document prints it."""
    return (RBM / "printed" / f"{name}.txt").read_text(encoding="utf-8")


def test_there_are_two_and_their_form() -> None:
    """Each message has its printed text; the form that they share stands before them."""
    assert [path.stem for path in sorted((RBM / "printed").glob("*.txt"))] == ["01-format", *SAMPLES]
    assert list(SAMPLES) == ["02-text", "03-file"]


@pytest.mark.parametrize("name", ["01-format", *SAMPLES], ids=lambda name: f"RBM-CB-01-{name}-as-printed")
def test_no_printed_sample_is_json(name: str) -> None:
    """Comments, commas that lack and commas behind which nothing follows are not reproduced."""
    with pytest.raises(ValueError, match="line"):
        from_json(printed(name))


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"RBM-CB-02-{name}")
async def test_a_message_is_told_as_documented(agent: Agent, name: str) -> None:
    """Keys, their order and what is not made up are those of the sample."""
    sample = SAMPLES[name]
    action = dict(sample["action"])
    told = await agent.gets(action.pop("type"), **action)
    for path in sample["made_up"]:
        *parents, last = path.split(".")
        here, there = told, sample["callback"]
        for step in parents:
            here, there = here[step], there[step]
        assert isinstance(here[last], str)
        here[last] = there[last]
    assert json.dumps(told) == json.dumps(sample["callback"])  # the order of the keys too


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"RBM-CB-10-{name}")
def test_the_printed_keys_stand_in_that_order(name: str) -> None:
    """The words before the colons come in the printed order, but for the one that is named after a value (91)."""
    sample = SAMPLES[name]
    keys = [line.split('"')[1] for line in printed(name).splitlines() if line.startswith('"')]
    assert [key.replace("$media", "image") for key in keys] == list(walked(sample["callback"]))
    for words in sample["filled"].values():
        assert words in printed(name)


def walked(document: dict[str, Any]) -> list[str]:
    """Return every key of an object, in order, those inside too."""
    keys = []
    for key, value in document.items():
        keys.append(key)
        if isinstance(value, dict):
            keys += walked(value)
    return keys
