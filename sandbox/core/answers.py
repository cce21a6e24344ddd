"""Answers: the forms in which a provider answers what goes wrong; one that has API versions has a set for each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sandbox.core.errors import ApiError
from sandbox.core.ids import Ids
from sandbox.core.operation import Reply

if TYPE_CHECKING:
    from sandbox.core.account import Account


class Answers(ABC):
    """How trouble is told: each method but `render` names the documented error, and `render` puts it into bytes."""

    @abstractmethod
    def render(self, error: ApiError, account: Account | None, ids: Ids) -> Reply:
        """
        Return the provider's answer to an error.

        Args:
            error: what went wrong.
            account: whose request it was, if that came out.
            ids: where ids of the answer are drawn from.
        """

    @abstractmethod
    def not_found(self, path: str) -> ApiError:
        """Return the error for a path under the provider's prefixes that it does not have."""

    @abstractmethod
    def method_not_allowed(self, allowed: Sequence[str]) -> ApiError:
        """Return the error for a known path and another method."""

    def preflight(self, allowed: Sequence[str]) -> Reply | None:  # noqa: ARG002 - few are called by browsers
        """Return the answer to a browser that asks with OPTIONS what it may send; None refuses the method."""
        return None

    @abstractmethod
    def too_large(self) -> ApiError:
        """Return the error for a body beyond the provider's `body_limit`."""

    @abstractmethod
    def broken_down(self) -> ApiError:
        """Return the error for a failure of the platform itself."""

    @abstractmethod
    def rate_limited(self) -> ApiError:
        """Return the error for too many requests."""

    @abstractmethod
    def of_status(self, status: int) -> ApiError:
        """Return the error that an armed `status` fault without a body answers with."""

    @abstractmethod
    def of_code(self, code: str) -> ApiError:
        """Return the error of an armed `code` fault. Raises `ValueError` naming the codes there are."""


class NoAnswers(Answers):
    """Those of a provider that serves no path and only calls back: no request ever needs one."""

    def render(self, error: ApiError, account: Account | None, ids: Ids) -> Reply:
        """Never asked for."""
        raise NotImplementedError

    def not_found(self, path: str) -> ApiError:
        """Never asked for."""
        raise NotImplementedError

    def method_not_allowed(self, allowed: Sequence[str]) -> ApiError:
        """Never asked for."""
        raise NotImplementedError

    def too_large(self) -> ApiError:
        """Never asked for."""
        raise NotImplementedError

    def broken_down(self) -> ApiError:
        """Never asked for."""
        raise NotImplementedError

    def rate_limited(self) -> ApiError:
        """Never asked for."""
        raise NotImplementedError

    def of_status(self, status: int) -> ApiError:
        """Never asked for."""
        raise NotImplementedError

    def of_code(self, code: str) -> ApiError:
        """There are no codes."""
        raise ValueError(f"{code!r} is none: this provider answers no requests")
