"""An RBM agent: its name, how its webhook is called, and whether it is at all."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from sandbox.core.account import Account

_Wait = Annotated[float, Field(ge=0, le=7 * 86_400, allow_inf_nan=False)]
_ON_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
_Word = Annotated[str, StringConstraints(max_length=256, pattern=_ON_ONE_LINE)]


class AgentCredentials(BaseModel):
    """The name of the agent, as it stands in `agent` (36); letter case counts (RBM-CFG-01)."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    agent: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=_ON_ONE_LINE)]


class BasicAuth(BaseModel):
    """Basic credentials that go along with every attempt (RBM-CB-09)."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    username: _Word
    password: _Word

    @field_validator("username")
    @classmethod
    def _ends_at_a_colon(cls, username: str) -> str:
        if ":" in username:
            raise ValueError("must have no colon, at which the password begins")
        return username


class AgentSettings(BaseModel):
    """
    How this agent's messages are told.

    Attributes:
        enabled: false records what people send and posts nothing (RBM-CFG-03).
        basic_auth: credentials for the webhook; null sends none (RBM-CB-09).
        callback_retries: seconds between one attempt and the next; as many retries as there are, none if empty
            (RBM-CB-06).
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    enabled: bool = True
    basic_auth: BasicAuth | None = None
    callback_retries: Annotated[list[_Wait], Field(max_length=100)] = [1.0, 5.0, 15.0]


def settings_of(account: Account) -> AgentSettings:
    """Return the settings of an RBM account, in their own type."""
    return account.settings  # type: ignore[return-value]  # it was made with these


def credentials_of(account: Account) -> AgentCredentials:
    """Return the credentials of an RBM account, in their own type."""
    return account.credentials  # type: ignore[return-value]  # it was made with these
