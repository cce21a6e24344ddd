"""Body: what a control call carries, read within limits and checked against a model."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.requests import Request

from sandbox.control.problem import ProblemError, invalid, invalid_at
from sandbox.core.account import Account
from sandbox.engine.complaint import explain, spell
from sandbox.sandbox import Sandbox

LIMIT = 1024 * 1024  # bytes
DRAINED = (
    64 * 1024 * 1024
)  # bytes beyond that of a larger body that are read and thrown away, so that the answer can be read
PATIENCE = 30.0  # seconds of real time for a body that has begun

M = TypeVar("M", bound=BaseModel)


def media_type(request: Request) -> str:
    """Return the type of the body, in lower case and without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read(request: Request, limit: int = LIMIT, refusal: str | None = None) -> bytes:
    """
    Return the body.

    Args:
        request: whose.
        limit: most bytes.
        refusal: what is said of more.

    Raises:
        ProblemError: it is larger, or does not come.
        ClientDisconnect: the client has gone.
    """
    chunks, size = [], 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limit:
                    chunks.append(chunk)
                elif size > limit + DRAINED:
                    break
    except TimeoutError:
        raise ProblemError(400, f"the body did not come within {PATIENCE:g} s") from None
    if size > limit:
        raise ProblemError(413, refusal or f"a body here has at most {limit // 1024} KiB")
    return b"".join(chunks)


def demand_json(request: Request) -> None:
    """Make sure that the body says it is JSON. Raises `ProblemError`."""
    if media_type(request) != "application/json":
        given = request.headers.get("content-type")
        says = f"not {given[:200]!r}" if given else "and the request says nothing of its type"
        raise ProblemError(415, f"the body must be application/json, {says}")


async def json_object(request: Request, limit: int = LIMIT) -> dict[str, Any]:
    """Return the JSON object in the body. Raises `ProblemError`."""
    demand_json(request)
    return _object(await read(request, limit))


async def nothing_in(request: Request) -> None:
    """Make sure that no body came, or an empty object: it would not be looked at. Raises `ProblemError`."""
    text = await read(request)
    if text.strip() and _object(text):
        raise invalid_at("", "takes no body; parameters go into the query")


def checked(model: type[M], document: Mapping[str, Any]) -> M:
    """Return a document as the model has it. Raises `ProblemError`."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise invalid(explained(error, document, model)) from None


def explained(
    error: ValidationError, document: Any, model: type[BaseModel], *, inside: tuple[str, ...] = ()
) -> list[dict[str, str]]:
    """Return what is wrong with a document, which stands `inside` another at these names."""
    models = {"": model, **dict(_models_in(model))}
    found = [explain(one, document, models) for one in error.errors(include_url=False, include_input=False)]
    return [{"path": spell((*inside, *path)), "message": message} for path, message, _ in found]


def _models_in(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield the members of a model that are a model themselves, or one or nothing."""
    for name, field in model.model_fields.items():
        kinds = (field.annotation, *get_args(field.annotation))
        models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if len(models) == 1:
            yield name, models[0]


def taken_account(sandbox: Sandbox, document: MutableMapping[str, Any]) -> Account:
    """Take `account` out of a document and return that account; without one, the only one there is."""
    given = document.pop("account", None)
    accounts = {account.id: account for account in sandbox.accounts}
    if given is None:
        if len(accounts) == 1:
            return next(iter(accounts.values()))
        raise invalid_at("account", f"is required: {_told(accounts)}")
    if not isinstance(given, str) or given not in accounts:
        raise invalid_at("account", f"is not there: {_told(accounts)}")
    return accounts[given]


def _told(accounts: Mapping[str, Account]) -> str:
    if len(accounts) > 10:
        return f"there are {len(accounts)} accounts"
    return f"there is {', '.join(accounts)}" if accounts else "there is no account"


def _object(text: bytes) -> dict[str, Any]:
    try:
        document = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise ProblemError(400, f"the body is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise invalid_at("", "must be an object")
    if not _is_finite(document):
        raise ProblemError(400, "the body is not JSON: a number is out of range")
    return document


def _is_finite(value: Any) -> bool:
    """Tell whether every number is one; the parser reads 1e999 as infinity."""
    match value:
        case float():
            return math.isfinite(value)
        case list():
            return all(map(_is_finite, value))
        case dict():
            return all(map(_is_finite, value.values()))
        case _:
            return True
