"""Business: the other side of a conversation, which sends over LINK's API as a bot does."""

from __future__ import annotations

from typing import Any, Self
from uuid import uuid4

import httpx

from sandbox.client import Client

PERSON = "+491701234567"
PHOTO = "https://hotel.example/rooms/sea.jpg"


class Business:
    """
    Sends what people get; used in a `with` block.

    Args:
        sandbox: tells what to authorize with.
        account: whose business it is.
    """

    def __init__(self, sandbox: Client, account: str = "acc_link") -> None:
        self.account = account
        self._http = httpx.Client(base_url=sandbox.url, headers=sandbox.authorization(account), trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def post(self, content: Any, to: str = PERSON, message_id: str | None = None) -> httpx.Response:
        """Send a messageContent, valid or not, and return the answer."""
        return self._http.post(
            f"/gateway/lmc/v1/phone/{to}/conversationMessage",
            params={"messageId": message_id or str(uuid4())},
            json={"messageContent": content},
        )

    def send(self, to: str = PERSON, **content: Any) -> None:
        """Send a messageContent given as keywords; it must be taken."""
        answer = self.post(content, to)
        assert answer.status_code == 200, answer.text

    def say(self, text: str, *replies: str, to: str = PERSON) -> None:
        """Send a text with suggested replies."""
        self.send(to, text=text, suggestions=[reply(each) for each in replies])

    def file(self, url: str = PHOTO) -> str:
        """Make a file known, and return its id."""
        answer = self._http.post("/gateway/lmc/v1/registerFile", json={"url": url, "description": "a file"})
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["fileId"]
        return found

    def card(self, to: str = PERSON, **changes: Any) -> None:
        """Send a rich card with a picture, its members changed as given."""
        content = {**self.contents("Sea room"), **changes}
        card = {"cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT", "cardContent": content}
        self.send(to, conversationCard={"standaloneCard": card})

    def carousel(self, *titles: str, to: str = PERSON) -> None:
        """Send cards side by side."""
        contents = [self.contents(title) for title in titles]
        self.send(to, conversationCard={"carouselCard": {"cardWidth": "MEDIUM", "cardContents": contents}})

    def contents(self, title: str) -> dict[str, Any]:
        """Return what a card holds."""
        return {
            "title": title,
            "description": "180 euros a night, with breakfast",
            "cardMedia": {"cardHeight": "MEDIUM", "fileId": self.file()},
            "suggestions": [reply("Take it", f"take {title}")],
        }


def reply(text: str, postback: str | None = None) -> dict[str, str]:
    """Return a suggested reply."""
    return {"text": text, "callbackData": postback or text.lower()}
