"""Client: the control API of a running sandbox, for Python; the command line is written on it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

import httpx

JSON = dict[str, Any]

LONG = 60.0  # seconds more that a call about all of the state may take
PATIENCE = 10.0  # seconds that an answer may take, beyond those that it was asked to wait


class ClientError(Exception):
    """
    A call of the control API came to nothing.

        ClientError
        ├── UnreachableError   no sandbox answers
        └── ProblemError       it answered with a problem
    """


class UnreachableError(ClientError):
    """No sandbox answers at that URL; `why` says more where there is more than that nobody listens."""

    def __init__(self, url: str, why: str = "") -> None:
        super().__init__(f"no sandbox answers at {url}" + (f" ({why})" if why else ""))
        self.url = url
        self.why = why


class ProblemError(ClientError):
    """
    The sandbox refused.

    Attributes:
        status: of the answer.
        detail: why, in a sentence.
        errors: what is wrong with which value, as `{"path", "message"}`; scenarios also tell `line` and `column`.
    """

    def __init__(self, status: int, detail: str, errors: list[JSON]) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors


class Page(NamedTuple):
    """
    A part of a list, the oldest item first.

    Attributes:
        cursor: give it as `after` for what comes next.
        satisfied: whether as many came as were waited for; None if nothing was waited for.
    """

    items: list[JSON]
    cursor: str | None
    satisfied: bool | None


class Event(NamedTuple):
    """Something was added or changed: its kind (`message`, `request`, …), the object, and the place in the stream."""

    kind: str
    data: JSON
    id: str


class Client:
    """
    Calls one sandbox; used in a `with` block, or closed.

    Args:
        url: where it listens, `http://127.0.0.1:4700`.
        token: the control token, where it has one.
    """

    def __init__(self, url: str = "http://127.0.0.1:4700", token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(
            base_url=self.url + "/_sandbox",
            headers={"Authorization": f"Bearer {token}"} if token else None,
            timeout=PATIENCE,
            # No proxy stands between anybody and their sandbox. Certificates are those of the system or SSL_CERT_FILE.
            trust_env=False,
            verify=ssl.create_default_context() if self.url.startswith("https:") else False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    # ----------------------------------------------------------------------------------------- server and accounts

    def health(self) -> JSON:
        """Return version, providers, clock and seed."""
        return self._json("GET", "/health")

    def accounts(self) -> list[JSON]:
        """Return every account, the first ones first."""
        page = self._list("/accounts", {})
        found = list(page.items)
        while page.items:
            page = self._list("/accounts", {"after": page.cursor})
            found += page.items
        return found

    def account(self, account_id: str) -> JSON:
        """Return an account with its credentials."""
        return self._json("GET", f"/accounts/{account_id}")

    def authorization(self, account_id: str) -> dict[str, str]:
        """Return the headers that a client of this account sends to its provider's API."""
        headers: dict[str, str] = self._json("POST", f"/accounts/{account_id}/authorization")["headers"]
        return headers

    def reset(self, account: str | None = None) -> None:
        """Forget what happened to an account; without one, return to the state at the start."""
        self._call("POST", "/reset", params=_given(account=account))

    # ------------------------------------------------------------------------------------------------ what happened

    def messages(self, **filters: Any) -> Page:
        """Return messages; `wait=` seconds for `count=` of them, the other filters are the control API's."""
        return self._list("/messages", filters)

    def requests(self, **filters: Any) -> Page:
        """Return the journal of calls to emulated APIs; see `messages`."""
        return self._list("/requests", filters)

    def callbacks(self, **filters: Any) -> Page:
        """Return callbacks with all their attempts; see `messages`."""
        return self._list("/callbacks", filters)

    def callback(self, callback_id: str) -> JSON:
        """Return one callback."""
        return self._json("GET", f"/callbacks/{callback_id}")

    def redeliver(self, callback_id: str) -> JSON:
        """Send a callback once more, byte for byte, and return the new one."""
        return self._json("POST", f"/callbacks/{callback_id}/redeliver")

    def coverage(self, account: str | None = None) -> JSON:
        """Return what of each provider's catalogue an account has met; without one, all have met together."""
        return self._json("GET", "/coverage", params=_given(account=account))

    def coverage_as(self, form: str, account: str | None = None) -> str:
        """Return the same as a document: `markdown`, `html` or `junit`."""
        return self._call("GET", "/coverage", params=_given(account=account, format=form)).text

    @contextmanager
    def events(self, account: str | None = None, after: str | None = None) -> Iterator[Iterator[Event]]:
        """
        Open the stream of all that happens and hand it out: from now on, or behind the event of that id.

        It ends when the server does.
        """
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": after} if after else {})}
        timeout = httpx.Timeout(PATIENCE, read=None)
        with (
            self._reaching(),
            self._http.stream(
                "GET", "/events", params=_given(account=account), headers=headers, timeout=timeout
            ) as answer,
        ):
            if not answer.is_success:
                answer.read()
            self._refused(answer)
            yield _events(answer.iter_lines())

    def timeline(self, account: str, **filters: Any) -> JSON:
        """Return what happened to an account as trees, each thing with its reason; `user=`, `after=` and `limit=`."""
        return self._json("GET", "/timeline", params=_given(account=account, **filters))

    def timeline_text(self, account: str, **filters: Any) -> str:
        """Return the same for people to read."""
        return self._call("GET", "/timeline", params=_given(account=account, format="text", **filters)).text

    # ---------------------------------------------------------------------------------------- the person's handset

    def act(self, account: str, kind: str, *, user: str, wait: float | None = None, **values: Any) -> JSON:
        """Do something as the person; returns the ids of the messages and callbacks that came of it."""
        body = {"account": account, "user": user, "type": kind, **values}
        return self._json("POST", "/actions", params=_given(wait=wait), body=body, wait=wait)

    def magic(self) -> JSON:
        """Return every magic address with what it does, for each provider."""
        return self._json("GET", "/magic")

    # --------------------------------------------------------------------------------------------------- scenarios

    def scenarios(self) -> list[JSON]:
        """Return every scenario."""
        return self._list("/scenarios", {}).items

    def put_scenario(self, name: str, text: bytes, media_type: str = "application/yaml") -> JSON:
        """Add or replace a scenario, given as the text of its file."""
        return self._read(self._call("PUT", f"/scenarios/{name}", content=text, headers={"Content-Type": media_type}))

    def start_run(self, scenario: str, account: str, user: str, **values: Any) -> JSON:
        """Play a scenario with a person and return the run."""
        return self._json("POST", f"/scenarios/{scenario}/runs", body={"account": account, "user": user, **values})

    def runs(self, **filters: Any) -> Page:
        """Return runs; see `messages`."""
        return self._list("/runs", filters)

    def run(self, run_id: str) -> JSON:
        """Return a run with its steps."""
        return self._json("GET", f"/runs/{run_id}")

    # --------------------------------------------------------------------------------------------- faults and time

    def faults(self) -> list[JSON]:
        """Return the faults that are armed."""
        return self._list("/faults", {}).items

    def arm(self, fault: Mapping[str, Any]) -> JSON:
        """Arm a fault and return it with its id."""
        return self._json("POST", "/faults", body=fault)

    def disarm(self, fault_id: str) -> None:
        """Take a fault away."""
        self._call("DELETE", f"/faults/{fault_id}")

    def clock(self, account: str | None = None) -> JSON:
        """Return the time of an account, or of those to come."""
        return self._json("GET", "/clock", params=_given(account=account))

    def freeze(self, now: str | None = None, account: str | None = None) -> JSON:
        """Stop time, at `now` or where it is."""
        body = {"mode": "virtual", **_given(now=now)}
        return self._json("PUT", "/clock", params=_given(account=account), body=body)

    def advance(self, seconds: float, account: str | None = None) -> JSON:
        """Move frozen time on; everything due has happened when this returns."""
        return self._json("POST", "/clock/advance", params=_given(account=account), body={"seconds": seconds})

    # ------------------------------------------------------------------------------------------------ out and back in

    def snapshot(self) -> JSON:
        """Return the whole state as one document, credentials among it."""
        return self._json("GET", "/snapshot", wait=LONG)

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Return to the state of a snapshot."""
        self._call("PUT", "/snapshot", json=snapshot, timeout=PATIENCE + LONG)

    # -------------------------------------------------------------------------------------------------------- calls

    def _list(self, path: str, filters: Mapping[str, Any]) -> Page:
        answer = self._json("GET", path, params=_given(**filters), wait=filters.get("wait"))
        return Page(answer["items"], answer.get("cursor"), answer.get("satisfied"))

    def _json(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        wait: float | None = None,
    ) -> JSON:
        timeout = PATIENCE + (wait or 0.0)
        return self._read(self._call(method, path, params=params, json=body, timeout=timeout))

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:
        with self._reaching():
            answer = self._http.request(method, path, **options)
        self._refused(answer)
        return answer

    def _read(self, answer: httpx.Response) -> JSON:
        try:
            read = answer.json()
        except ValueError:
            read = None
        if not isinstance(read, dict):
            raise UnreachableError(self.url, "what answers there is no sandbox")
        return read

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except httpx.ConnectError:
            raise UnreachableError(self.url) from None
        except httpx.TimeoutException:
            raise UnreachableError(self.url, "it takes too long to answer") from None
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise UnreachableError(self.url, str(error) or type(error).__name__) from None

    def _refused(self, answer: httpx.Response) -> None:
        if answer.is_success:
            return
        if answer.headers.get("content-type", "").partition(";")[0] != "application/problem+json":
            raise UnreachableError(self.url, f"what answers there is no sandbox (status {answer.status_code})")
        problem = answer.json()
        detail = problem.get("detail") or problem.get("title") or f"status {answer.status_code}"
        raise ProblemError(answer.status_code, detail, problem.get("errors") or [])


def _given(**values: Any) -> JSON:
    """Leave out what was not given."""
    return {name: value for name, value in values.items() if value is not None}


def _events(lines: Iterator[str]) -> Iterator[Event]:
    """Read server-sent events; comments, which keep the connection open, are passed over."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            if name == "data" and "data" in fields:
                value = f"{fields['data']}\n{value.removeprefix(' ')}"
            fields[name] = value.removeprefix(" ")
        elif "data" in fields:
            yield Event(fields.get("event", "message"), json.loads(fields["data"]), fields.get("id", ""))
            fields = {}
        else:
            fields = {}
