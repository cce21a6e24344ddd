"""The control API of a running sandbox for Python: `Client`, and `AsyncClient` with the same calls."""

from sandbox.client.errors import ClientError, ProblemError, UnreachableError
from sandbox.client.event_stream import Event
from sandbox.client.resources import Page
from sandbox.client.transports import AsyncClient, Client
from sandbox.client.user import AsyncUser, User

__all__ = [
    "AsyncClient",
    "AsyncUser",
    "Client",
    "ClientError",
    "Event",
    "Page",
    "ProblemError",
    "UnreachableError",
    "User",
]
