"""Checkup: what `doctor` finds in a running server: who answers, and what of its accounts cannot work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from sandbox.cli.connection import HOW_TO_GIVE_IT, of_token
from sandbox.cli.finding import Finding, fail, ok, warn
from sandbox.cli.surroundings import reach
from sandbox.core.callback import NO_WEBHOOK
from sandbox.timeline import remedies

if TYPE_CHECKING:
    from sandbox.client import Client
    from sandbox.client.resources import ApiRequest

MOST_ACCOUNTS = 100  # that are looked at: nobody reads more
MOST_LISTED = 3  # names that stand in a line

# What became of callbacks that did not arrive, of one and of several.
_UNTOLD = {
    "blocked": ("was blocked", "were blocked"),
    "failed": ("failed", "failed"),
    "retrying": ("is yet to be tried again", "are yet to be tried again"),
    "recorded": ("was recorded", "were recorded"),
}

JSON = Mapping[str, Any]


def examine(client: Client) -> Iterator[Finding]:
    """Yield what there is to say of the server; nothing more behind what keeps it from being asked."""
    from sandbox.client import ProblemError, UnreachableError  # noqa: PLC0415 - httpx: 44 ms

    try:
        yield from _server(client.health())
    except UnreachableError as error:
        yield _unreachable(client.url, error.why)
        return
    except ProblemError as error:
        yield fail("server", f"{client.url} refuses: {error.detail}", "name it as it listens, or serve --allowed-hosts")
        return
    try:
        accounts = client.accounts()
    except ProblemError as error:
        of_it = error.status == 401
        yield fail("token", of_token(client.token) if of_it else error.detail, HOW_TO_GIVE_IT if of_it else None)
        return
    yield ok("token", "the control API may be called")
    if len(accounts) > MOST_ACCOUNTS:
        yield warn("accounts", f"only the first {MOST_ACCOUNTS} of {len(accounts)} accounts are looked at")
    looked_at = accounts[:MOST_ACCOUNTS]
    yield from _webhooks(looked_at)
    yield from _clocks(client, looked_at)
    yield from _callbacks(client)
    yield from _strays(client)


def _server(health: JSON) -> Iterator[Finding]:
    says = f"messaging-sandbox {health['version']} answers, {health['clock']} clock, seed {health['seed']}"
    if health["version"] == version("messaging-sandbox"):
        yield ok("server", says)
    else:
        yield warn(
            "server", f"{says}; this command is {version('messaging-sandbox')}", "install the same version twice"
        )


def _unreachable(url: str, why: str) -> Finding:
    start = "start one with `messaging-sandbox serve`, or name it with --url or SANDBOX_URL"
    reached = reach(url)
    if reached.good and why and url.startswith("https:"):
        return fail("server", f"what listens at {url} cannot be asked: {why}", "correct --url or SANDBOX_URL")
    if reached.good:
        elsewhere = "stop it, or serve at another port (--port 0 takes a free one); or name the sandbox with --url"
        return fail("server", f"{url} is taken by another program: {why or 'it answers nothing'}", elsewhere)
    return fail("server", f"no sandbox answers at {url}: {reached.why or why}", start)


def _webhooks(accounts: Sequence[JSON]) -> Iterator[Finding]:
    """Try every address that accounts name, each once."""
    named: dict[str, list[str]] = {}
    for account in accounts:
        for url in _addresses({"webhook": account["webhook"], "settings": account["settings"]}):
            named.setdefault(url, []).append(account["id"])
    for url, owners in named.items():
        reached = reach(url)
        where = f"{url} ({_listed(owners)})"
        if reached.good:
            yield ok("webhook", f"{where} can be reached")
        elif not reached.allowed:
            yield fail("webhook", f"{where} is never called: {reached.why}", "give the account another webhook")
        else:
            remedy = "start your program there, or PATCH the account's webhook; a server elsewhere may see it otherwise"
            yield fail("webhook", f"{where} cannot be reached: {reached.why}", remedy)
    silent = [account["id"] for account in accounts if account["webhook"] is None]
    if silent:
        remedy = "serve --webhook-url URL, or PATCH /_sandbox/accounts/{id} with a webhook"
        yield warn("webhook", f"callbacks of {_listed(silent)} are recorded only: there is no webhook", remedy)


def _addresses(value: Any) -> Iterator[str]:
    """Yield every web address in a JSON value."""
    match value:
        case str() if value.startswith(("http://", "https://")):
            yield value
        case dict():
            for member in value.values():
                yield from _addresses(member)
        case list():
            for member in value:
                yield from _addresses(member)


def _clocks(client: Client, accounts: Sequence[JSON]) -> Iterator[Finding]:
    standing = 0
    for account in accounts:
        clock = client.clock(account["id"])
        if clock["mode"] == "virtual" and clock["pending"]:
            standing += 1
            yield warn(
                "clock",
                f"{account['id']} stands at {clock['now']} while {_actions(clock['pending'])}, "
                f"the next until {clock['next_at']}",
                "POST /_sandbox/clock/advance moves it on; PUT /_sandbox/clock with mode real lets it run",
            )
    if not standing:
        yield ok("clock", "no account waits for a clock that stands")


def _actions(count: int) -> str:
    return "1 action waits" if count == 1 else f"{count} actions wait"


def _callbacks(client: Client) -> Iterator[Finding]:
    """Tell of callbacks that did not arrive, those with the same reason together."""
    reasons: Counter[tuple[str, str, str, str | None]] = Counter()
    for state in _UNTOLD:
        for callback in client.callbacks(state=state, limit=1000).items:
            if callback["detail"] == NO_WEBHOOK:
                continue  # said of the account already
            last = callback["attempts"][-1] if callback["attempts"] else {"status": None, "error": None}
            remedy = remedies.of_attempt(last["status"], last["error"])
            if state in ("blocked", "recorded"):
                remedy = remedies.of_unsent(state, callback["detail"], named=True)[1]
            detail = callback["detail"] or str(last["status"] or last["error"])
            reasons[callback["account"], state, detail, remedy] += 1
    for (account, state, detail, remedy), count in reasons.items():
        became = _UNTOLD[state][count > 1]
        which = f"{count} callback{'s' if count > 1 else ''} of {account} {became}"
        look = f"`messaging-sandbox timeline --account {account}` tells of each"
        yield warn("callbacks", f"{which}: {detail}", f"{remedy}; {look}" if remedy else look)
    if not reasons:
        yield ok("callbacks", "none failed, and none was blocked")


def _strays(client: Client) -> Iterator[Finding]:
    """Tell of requests that came to nobody: with credentials that are none, or to a path that no document knows."""
    refused = client.requests(rule="*-AUTH-*", limit=1000).items
    if refused:
        why = refused[-1]["detail"]
        remedy = _remedy_of_credentials(client, refused[-1])
        yield _stray(refused, "had no good credentials", f": {why[:200]}" if why else "", remedy)
    lost = [each for each in client.requests(status=404, limit=1000).items if each["account"] is None]
    if lost:
        near = lost[-1]["near"]
        remedy = "a client changes scheme and host, and nothing else"
        yield _stray(lost, "went to a path that no document knows", f"; the closest is {near}" if near else "", remedy)
    if not refused and not lost:
        yield ok("requests", "none had wrong credentials or an unknown path")


def _stray(requests: Sequence[ApiRequest], what: str, of_the_last: str, remedy: str) -> Finding:
    last = requests[-1]
    rule = f", {last['rule']}" if last["rule"] else ""
    says = f"{len(requests)} {what}, the last {last['method']} {last['path'][:200]} ({last['status']}{rule})"
    return warn("requests", says + of_the_last, f"{remedy}; GET /_sandbox/requests/{last['id']} shows all of it")


def _remedy_of_credentials(client: Client, last: ApiRequest) -> str:
    account = last["account"]
    good = "`messaging-sandbox token` prints good ones"
    if account is None or (clock := client.clock(account))["mode"] == "real":
        return good
    return f"{account}'s clock says {clock['now']}, by which tokens are judged; {good}"


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_LISTED])
    return shown if len(names) <= MOST_LISTED else f"{shown} and {len(names) - MOST_LISTED} more"
