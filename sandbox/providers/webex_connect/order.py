"""Order: what the platform keeps with a message of the business."""

from __future__ import annotations

from typing import Literal, NamedTuple

from sandbox.core.conversation import Body, Message
from sandbox.providers.webex_connect.checked import Addressed, Checked

Version = Literal["v1", "v2"]


class Order(NamedTuple):
    """
    The request that a message came with, who of it this one is for, and the API version.

    Attributes:
        is_fallback: it is the SMS in the place of an RCS message (WX2-RCS-18).
    """

    checked: Checked
    addressed: Addressed
    version: Version
    is_fallback: bool = False

    def __call__(self) -> Body:
        """Read what the message says."""
        return self.checked.content(self.addressed)


def order_of(message: Message) -> Order:
    """Return what is kept with a message of the business."""
    order: Order = message.facts
    return order
