"""LINK: the eleven requests that the document prints get the answers it prints; copied as they stand, a hint."""

import json
import re
from typing import Any

import pytest

from harness import GATEWAY, LinkClient, assert_refused
from sandbox.app import App
from sandbox.sandbox import AccountChanges
from sandbox.shipped import folder

LINK = folder("fixtures") / "link"
SAMPLES: dict[str, Any] = {
    path.stem: json.loads(path.read_text()) for path in sorted((LINK / "requests").glob("*.json"))
}


async def send(link: LinkClient, sample: dict[str, Any]) -> Any:
    """Send a documented request and return the answer, which has to be a 200."""
    path = sample["path"].removeprefix(GATEWAY)
    response = await link.call(sample["method"], path, params=sample["query"], json=sample["body"])
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json"), response.text
    return response.json()


def test_there_are_eleven() -> None:
    """Two registrations and nine messages."""
    assert len(SAMPLES) == 11


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"LINK-MSG-19-{name}")
async def test_a_documented_request_gets_its_answer(link: LinkClient, name: str) -> None:
    """What the server makes up is of the printed form; all else is equal, in the printed order."""
    sample = SAMPLES[name]
    answer, expected = await send(link, sample), {**sample["answer"]["body"]}
    assert list(answer) == list(expected)
    for made_up in sample["made_up"]:
        form = re.sub(r"[0-9a-f]", "0", expected.pop(made_up))
        assert re.sub(r"[0-9a-f]", "0", answer.pop(made_up)) == form
    assert json.dumps(answer) == json.dumps(expected)  # the order of members counts, too


async def test_nothing_in_them_is_unusual(app: App, link: LinkClient) -> None:
    """LINK-GEN-13: no sample has a member that is unknown, even to the strict; nothing is noted beside any."""
    app.sandbox.change_account(link.account, AccountChanges(settings={"strict_unknown_fields": True}))
    for sample in SAMPLES.values():
        await send(link, sample)
    assert [exchange.warnings for exchange in link.account.journal.requests if exchange.warnings] == []
    assert len(link.account.journal.messages) == 9


async def test_the_files_of_the_samples_can_be_registered(link: LinkClient) -> None:
    """LINK-MSG-15: with freshly registered files in the place of the printed ids the messages are accepted, too."""
    file_id = (await send(link, SAMPLES["01-register-file"]))["fileId"]
    message = json.dumps(SAMPLES["08-standalone-card"]["body"])
    body = message.replace("ea2bdb89-c9f5-43bf-a3c1-ec56ed4afaec", file_id)
    response = await link.post_message(body.encode())
    assert response.json()["messageContent"] == json.loads(body)["messageContent"]


async def test_the_answer_to_two_cards_is_not_the_printed_one(link: LinkClient) -> None:
    """LINK-MSG-19: the last printed answer is that of another sample; ours echoes the request, without its null."""
    sample = SAMPLES["11-carousel-of-2-cards"]
    answer = await send(link, sample)
    assert answer["messageContent"] != sample["printed_answer"]["messageContent"]
    assert "coordinates" not in json.dumps(answer)
    assert '"label": ""' in json.dumps(answer)


def printed_body(name: str) -> str:
    """Return the request body exactly as the document prints it: from the first brace up to the answer."""
    text = (LINK / "printed" / f"{name}.txt").read_text(encoding="utf-8").partition("\nResponse\n")[0]
    return text[text.index("\n{") + 1 :].strip("\n")


async def send_text(link: LinkClient, name: str, body: str) -> Any:
    """Send a body as it is to the operation of a sample."""
    sample = SAMPLES[name]
    path = sample["path"].removeprefix(GATEWAY)
    headers = {"Content-Type": "application/json"}
    return await link.call(sample["method"], path, params=sample["query"], content=body.encode(), headers=headers)


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"LINK-GEN-11-{name}")
async def test_a_request_copied_from_the_document(link: LinkClient, name: str) -> None:
    """It is indented with non-breaking spaces, which is no JSON; the answer says so."""
    body = printed_body(name)
    assert "\u00a0" in body
    response = await send_text(link, name, body)
    assert_refused(response, 400, "LINK-GEN-11", response.json()["message"])
    assert response.json()["message"].startswith("Malformed JSON: ")
    assert "U+00A0" in response.json()["message"]
    assert not link.account.journal.messages


@pytest.mark.parametrize(
    "name",
    ["01-register-file", "02-register-file-with-thumbnail", "11-carousel-of-2-cards"],
    ids=lambda name: f"LINK-GEN-11-{name}",
)
async def test_a_broken_line_stays_broken(link: LinkClient, name: str) -> None:
    """With its spaces mended, a string that is broken over two lines is still no JSON."""
    response = await send_text(link, name, printed_body(name).replace("\u00a0", " "))
    assert response.status_code == 400
    assert response.json()["message"].startswith("Malformed JSON: control character")
    assert "U+00A0" not in response.json()["message"]
