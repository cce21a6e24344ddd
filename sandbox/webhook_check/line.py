"""Line: what lies between a sandbox and the network while a webhook is checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sandbox.core.callback import Encoded
from sandbox.webhook_client import Answer, DeliveryError, WebhookClient


class Line:
    """
    A webhook client that has less patience, sends headers along, and loses answers, as a check wants it.

    Args:
        client: makes the requests.
        timeout: most seconds of real time that an attempt may take; None leaves it to the provider.
        headers: further ones of every request.

    Attributes:
        loses: whether answers are lost at present, as if they had come too late.
        content_type: what the content type is written as; None leaves it as it is.
    """

    def __init__(
        self, client: WebhookClient, timeout: float | None = None, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        self._client = client
        self.timeout = timeout
        self.headers = tuple(headers)
        self.loses = False
        self.content_type: Callable[[str], str] | None = None

    async def post(
        self,
        url: str,
        headers: Sequence[tuple[str, str]],
        encoded: Encoded,
        timeout: float,  # noqa: ASYNC109 - as every webhook client has it
        vouched: bool,
        *,
        verify: bool = True,
    ) -> Answer:
        """See `WebhookClient`."""
        if self.content_type is not None:
            encoded = encoded._replace(content_type=self.content_type(encoded.content_type))
        patience = timeout if self.timeout is None else min(timeout, self.timeout)
        answer = await self._client.post(url, (*headers, *self.headers), encoded, patience, vouched, verify=verify)
        if self.loses:
            raise DeliveryError("timeout", "the check threw the answer away")
        return answer

    async def close(self) -> None:
        """Let all connections go."""
        await self._client.close()
