"""Samples: the shipped files that a person can send by their name."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer
from sandbox.control.described import described
from sandbox.control.listing import Collection
from sandbox.control.query import Query
from sandbox.sandbox import Sandbox


class SampleView(TypedDict):
    """A shipped file; its size in bytes."""

    name: str
    mime_type: str
    size: int


@described(answer=Collection[SampleView])
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List the shipped files that `send_file` takes as `sample`, by name."""
    Query(request)
    return answer({"items": [each._asdict() for each in sandbox.samples()]})
