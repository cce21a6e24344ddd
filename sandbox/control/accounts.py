"""Accounts: tenants of the emulated providers, made, changed and let go."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer, nothing, stamp
from sandbox.control.body import checked, explained, json_object, nothing_in
from sandbox.control.described import Nothing, described
from sandbox.control.listing import PARAMETERS, Collection, ListQuery, Page, Rows, listed
from sandbox.control.problem import ProblemError, invalid, invalid_at
from sandbox.control.query import Query, account_named
from sandbox.core.account import Account, Webhook
from sandbox.core.provider import Provider
from sandbox.sandbox import AccountChanges, AccountSpec, Sandbox


class AccountWebhook(TypedDict):
    """Where callbacks go, with further headers; `timeout` in seconds of real time."""

    url: str
    headers: dict[str, str]
    timeout: float


class AccountView(TypedDict):
    """A customer of one provider; `credentials` and `settings` are those of that provider."""

    id: str
    provider: str
    name: str
    credentials: dict[str, Any]
    webhook: AccountWebhook | None
    scenario: str | None
    settings: dict[str, Any]
    created_at: str


class Authorization(TypedDict):
    """The headers that a client of an account sends."""

    headers: dict[str, str]


def view(_: Sandbox, account: Account) -> AccountView:
    """Return an account as JSON, with everything that a client of it needs to know."""
    webhook = account.webhook
    return {
        "id": account.id,
        "provider": account.provider.name,
        "name": account.name,
        "credentials": account.credentials.model_dump(mode="json"),
        "webhook": None
        if webhook is None
        else {"url": webhook.url, "headers": webhook.headers, "timeout": webhook.timeout},
        "scenario": account.scenario,
        "settings": account.settings.model_dump(mode="json"),
        "created_at": stamp(account.created_at),
    }


@described(answer=Page[AccountView], query=ListQuery)
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List the accounts in the order they were made."""
    query = Query(request, *PARAMETERS)
    return await listed(sandbox, request, query, _rows, view)


def _rows(accounts: list[Account], mark: int) -> Rows:
    return Rows(account for account in accounts if account.seq > mark)


@described(answer=AccountView)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return one account."""
    Query(request)
    return answer(view(sandbox, _named(sandbox, request)))


class SenderView(TypedDict):
    """One of the business's own addresses, and the channel that it speaks on."""

    sender: str
    channel: str


@described(answer=Collection[SenderView])
async def senders(sandbox: Sandbox, request: Request) -> Response:
    """List the business's own addresses, each with the channel that it speaks on; none are there if any will do."""
    Query(request)
    account = _named(sandbox, request)
    addresses = account.provider.senders(account)
    return answer(
        {"items": [{"sender": each, "channel": account.provider.channel_of(each, account)} for each in addresses]}
    )


class PlaceQuery(TypedDict, total=False):
    """Between whom."""

    user: Annotated[str, Field(description="the person's address, in any form; required")]
    sender: Annotated[str, Field(description="the business's address; required where it has several")]


class PlaceView(TypedDict):
    """Between whom an action would be, on which channel, and what a magic address does."""

    sender: str
    user: str
    channel: str
    does: str | None


@described(answer=PlaceView, query=PlaceQuery, problems=(409,))
async def place(sandbox: Sandbox, request: Request) -> Response:
    """Tell between whom an action of `user` would be, on which channel, and what that address does if it is magic."""
    query = Query(request, *PlaceQuery.__annotations__)
    account = _named(sandbox, request)
    user = query.text("user")
    if user is None:
        raise invalid_at("user", "is required")
    (_, sender, user), channel = sandbox.conversation_with(account, user, query.text("sender"))
    magic = account.provider.user_of_magic(user)
    return answer({"sender": sender, "user": user, "channel": channel, "does": None if magic is None else magic.does})


@described(answer=AccountView, statuses=(201,), body=AccountSpec, problems=(409,))
async def create(sandbox: Sandbox, request: Request) -> Response:
    """Make an account; credentials that are not given are generated."""
    Query(request)
    document = await json_object(request)
    spec = checked(AccountSpec, document)
    provider = sandbox.provider(spec.provider)
    _check_scenario(sandbox, spec.scenario)
    try:
        account = sandbox.create_account(spec)
    except ValueError as error:
        raise _not_valid(error, document, provider) from None
    return answer(view(sandbox, account), 201, {"Location": f"/_sandbox/accounts/{account.id}"})


@described(answer=AccountView, body=AccountChanges, problems=(409,))
async def change(sandbox: Sandbox, request: Request) -> Response:
    """Change what is given; members of credentials, webhook and settings are merged, a null undoes one."""
    Query(request)
    account = _named(sandbox, request)
    document = await json_object(request)
    changes = checked(AccountChanges, document)
    _check_scenario(sandbox, changes.scenario)
    try:
        sandbox.change_account(account, changes)
    except ValueError as error:
        raise _not_valid(error, document, account.provider) from None
    return answer(view(sandbox, account))


@described(statuses=(204,))
async def remove(sandbox: Sandbox, request: Request) -> Response:
    """Let an account go, with everything of it."""
    Query(request)
    sandbox.remove_account(_named(sandbox, request))
    return nothing()


@described(answer=Authorization, body=Nothing)
async def authorize(sandbox: Sandbox, request: Request) -> Response:
    """Return the headers that a client of the account sends."""
    Query(request)
    account = _named(sandbox, request)
    await nothing_in(request)
    return answer({"headers": account.provider.authorization(account, sandbox.services)})


@described(statuses=(204,))
async def revoke(sandbox: Sandbox, request: Request) -> Response:
    """Make every token issued to the account so far invalid."""
    Query(request)
    sandbox.revoke_tokens(_named(sandbox, request))
    return nothing()


def _named(sandbox: Sandbox, request: Request) -> Account:
    return account_named(sandbox, request.path_params["id"])


def _check_scenario(sandbox: Sandbox, name: str | None) -> None:
    if name is not None and name not in sandbox.scenarios:
        there = ", ".join(scenario.name for scenario in sandbox.scenarios)
        raise invalid_at("scenario", f"there is no scenario {name[:200]!r}; there are: {there}")


def _not_valid(error: ValueError, document: dict[str, Any], provider: Provider) -> ProblemError:
    """Return the problem of credentials, settings or webhook that do not fit, from what the sandbox said of it."""
    if not isinstance(error, ValidationError):
        return invalid_at("credentials", str(error))
    parts: dict[str, type[BaseModel]] = {
        "credentials": provider.account_credentials,
        "settings": provider.account_settings,
        "webhook": Webhook,
    }
    part = next(part for part, model in parts.items() if model.__name__ == error.title)
    return invalid(explained(error, document[part], parts[part], inside=(part,)))
