"""Command that tries out a webhook with everything its provider may send."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import click

from sandbox.cli.connection import FailureError, connects
from sandbox.cli.output import print_json, print_table

if TYPE_CHECKING:
    from sandbox.app import App
    from sandbox.client import Client
    from sandbox.client.parameters import MessageFilters
    from sandbox.core.account import Account
    from sandbox.core.rehearsal import Rehearsal
    from sandbox.sandbox import AccountSpec
    from sandbox.webhook_check.check import Check, Finding, Report, Result

PORT = 4700

_COLORS = {"passed": "green", "failed": "red", "warning": "yellow"}


class BadUseError(FailureError):
    """What was asked for cannot be done."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was asked for."""

    webhook: str
    provider: str
    secret: str | None
    headers: tuple[tuple[str, str], ...]
    only: tuple[str, ...]
    timeout: float | None
    say: str | None
    wait: float
    largest: int
    strict: bool


@click.command("check-webhook")
@connects
@click.argument("webhook", metavar="URL")
@click.option("--provider", metavar="NAME", help="Whose callbacks: link, webex-connect, mehery or rbm.")
@click.option("--secret", help="What the webhook knows its provider by: verify token, hub secret, or USER:PASSWORD.")
@click.option("--header", "headers", multiple=True, metavar="NAME:VALUE", help="A header of every request; may repeat.")
@click.option(
    "--only", multiple=True, metavar="CHECK", help="A check, a group, or a glob such as 'kind/*'; may repeat."
)
@click.option("--list", "listing", is_flag=True, help="List the checks and make none.")
@click.option(
    "--timeout", type=click.FloatRange(0.05, 120), metavar="SECONDS", help="For an answer; the provider's if less."
)
@click.option(
    "--account", metavar="ID", help="An account of the sandbox at --url, which the bot behind the webhook uses."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"Where the bot finds its provider's API.  [default: {PORT}]"
)
@click.option("--say", metavar="TEXT", help="What a person writes; something that the bot answers.")
@click.option("--wait", type=click.FloatRange(0.05, 60), default=1.0, show_default=True, help="Seconds a bot may take.")
@click.option("--largest-file", "largest", type=click.FloatRange(0, 10), default=10, show_default=True, help="In MiB.")
@click.option("--strict", is_flag=True, help="Count warnings as findings.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write JUnit XML to a file, too.")
def check_webhook(
    client: Client,
    webhook: str,
    provider: str | None,
    headers: tuple[str, ...],
    largest: float,
    account: str | None,
    port: int | None,
    junit: Path | None,
    *,
    listing: bool,
    as_json: bool,
    **wishes: Any,
) -> None:
    """
    Try out the webhook at URL with everything its provider may send, good and bad, and tell what it makes of that.

    No server is needed. A bot behind the webhook is watched, too, if it takes this command for its provider (see the
    address that is printed), or a running sandbox that --account and --url name: does it answer once what came twice?

    Ends with 0 if all is good, 1 with findings, 2 if it cannot be done.
    """
    from sandbox.server import run  # noqa: PLC0415 - slow, and wanted only here

    spec = None
    if account is not None:
        spec = _spec(client.account(account))
        if provider not in (None, spec.provider):
            raise BadUseError(f"--provider: {account} is an account of {spec.provider}, not {provider}")
        provider = spec.provider
    if provider is None:
        raise click.UsageError("give --provider, or --account of a running sandbox")
    wish = _Wish(webhook, provider, headers=tuple(map(_header, headers)), largest=int(largest * 1024 * 1024), **wishes)
    reports: list[Report] = []

    async def main() -> None:
        with _listen(port) as listener:
            session = _Session(wish, listener, spec, client, quiet=as_json)
            if listing:
                session.list_checks(as_json=as_json)
            else:
                reports.append(await session.run())

    run(main())
    for report in reports:
        click.get_current_context().exit(_told(report, wish, as_json=as_json, junit=junit))


class _Session:
    """A sandbox of one's own, an account in it whose webhook is the one in question, and its checks."""

    def __init__(
        self, wish: _Wish, listener: socket.socket, spec: AccountSpec | None, client: Client, *, quiet: bool
    ) -> None:
        from sandbox.app import build, webhook_client  # noqa: PLC0415 - slow, and wanted only here
        from sandbox.settings import Settings  # noqa: PLC0415
        from sandbox.webhook_check.catalogue import catalogue, chosen  # noqa: PLC0415
        from sandbox.webhook_check.line import Line  # noqa: PLC0415

        self._wish = wish
        self._listener = listener
        self._client = client if spec is not None else None
        self._quiet = quiet
        settings = Settings(clock="virtual", accounts=[spec] if spec is not None else [])
        self._line = Line(webhook_client(settings), wish.timeout, wish.headers)
        self._app = build(settings, port=listener.getsockname()[1], client=self._line)
        self._account, self._rehearsal = _configured(self._app, wish, spec)
        everything = catalogue(self._account.provider, self._rehearsal)
        self._checks = chosen(everything, wish.only)
        self._width = max((len(check.name) for check in self._checks), default=0)
        if not self._checks:
            groups = ", ".join(dict.fromkeys(check.name.partition("/")[0] for check in everything))
            raise BadUseError(
                f"--only: no check is called {' or '.join(wish.only)}; there are groups {groups}; see --list"
            )

    def list_checks(self, *, as_json: bool) -> None:
        """Print what would be checked."""
        if as_json:
            names = ("name", "sends", "expects", "source")
            print_json([{name: getattr(check, name) for name in names} for check in self._checks])
        else:
            print_table(("check", "sends"), [(check.name, check.sends) for check in self._checks])

    async def run(self) -> Report:
        """Make the checks and tell of each when it is over."""
        from sandbox.server import serving  # noqa: PLC0415 - slow, and wanted only here
        from sandbox.webhook_check.replies import OwnReplies  # noqa: PLC0415
        from sandbox.webhook_check.runner import run  # noqa: PLC0415
        from sandbox.webhook_check.stage import Stage  # noqa: PLC0415

        account, sandbox, wish = self._account, self._app.sandbox, self._wish
        await asyncio.to_thread(import_module, "yarl")  # or the first answer would seem to take that long
        async with serving(self._app, self._listener) as url:
            stage = Stage(
                sandbox,
                account,
                self._rehearsal,
                wish.webhook,
                self._line,
                self._post,
                replies=OwnReplies(sandbox, account) if self._client is None else _Elsewhere(self._client, account.id),
                patience=wish.wait,
                largest=wish.largest,
                knows_secret=wish.secret is not None,
            )
            if not self._quiet:
                self._introduce(url, stage.timeout)
            return await run(stage, self._checks, self._tell)

    def _introduce(self, url: str, timeout: float) -> None:
        from sandbox.cli.welcome import shown_credentials  # noqa: PLC0415 - wanted only here

        account = self._account
        click.secho(
            f"{self._wish.webhook}: {len(self._checks)} checks as {account.provider.title} calls it, "
            f"at most {timeout:g} s an answer",
            bold=True,
        )
        if self._client is not None:
            click.echo(f"A bot is watched at {self._client.url}, account {account.id}.\n")
        elif account.provider.operations:
            click.echo(f"A bot is watched if it sends to {url}; {shown_credentials(account, url)}\n")
        else:
            click.echo()

    def _tell(self, result: Result) -> None:
        if self._quiet:
            return
        outcome = click.style(
            result.outcome.ljust(12), fg=_COLORS.get(result.outcome), dim=not _COLORS.get(result.outcome)
        )
        click.echo(f"{outcome}  {result.check.name.ljust(self._width)}  {_summary(result)}".rstrip())

    def _post(self, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[int, bytes]:
        """Make a request of the business to the emulated API, in process."""
        path, _, query = path.partition("?")
        answers: list[tuple[int, bytes]] = []
        self._app.at_once(
            "POST", path, query.encode(), headers, body, lambda status, _, said: answers.append((status, said))
        )
        return answers[0] if answers else (503, b"no answer comes at once")


class _Elsewhere:
    """The messages that an account of a running sandbox was sent."""

    def __init__(self, client: Client, account: str) -> None:
        self._client = client
        self._account = account

    async def count(self, user: str, least: int, within: float) -> int:
        """See `Replies`."""
        filters: MessageFilters = {"account": self._account, "direction": "outbound", "user": user, "limit": 1000}
        filters |= {"wait": within, "count": min(least, 1000)}
        page = await asyncio.to_thread(lambda: self._client.messages(**filters))
        return len(page.items)


def _spec(account: Mapping[str, Any]) -> AccountSpec:
    """Return an account of a running sandbox as one of ours is made."""
    from sandbox.sandbox import AccountSpec  # noqa: PLC0415 - slow, and wanted only here

    return AccountSpec.model_validate({name: account[name] for name in ("id", "provider", "credentials", "settings")})


def _configured(app: App, wish: _Wish, spec: AccountSpec | None) -> tuple[Account, Rehearsal]:
    """Return the account whose callbacks go to the webhook, and what it can be made to tell. Raises `BadUseError`."""
    from pydantic import ValidationError  # noqa: PLC0415 - slow, and wanted only here

    from sandbox.sandbox import AccountChanges, UnknownProviderError  # noqa: PLC0415

    sandbox = app.sandbox
    try:
        provider = sandbox.provider(wish.provider)
    except UnknownProviderError as error:
        raise BadUseError(f"--provider: {error}") from None
    rehearsal = provider.rehearsal()
    if rehearsal is None:
        raise BadUseError(f"--provider: nobody has said how {provider.title}'s callbacks are brought about")
    account = next(
        each for each in sandbox.accounts if each.provider is provider and (spec is None or each.id == spec.id)
    )
    try:
        changes = rehearsal.listening(wish.webhook, wish.secret)
    except ValueError as error:
        raise BadUseError(f"--secret: {error}") from None
    try:
        sandbox.change_account(account, AccountChanges.model_validate(changes))
    except ValidationError as error:
        wrong = error.errors()[0]
        place = wish.webhook if wrong["loc"][-1:] == ("url",) else "--secret"
        raise BadUseError(f"{place}: {wrong['msg'].removeprefix('Value error, ')}") from None
    if wish.say is not None:
        cues = tuple(
            replace(cue, action={**cue.action, "text": wish.say}) if cue.kind == rehearsal.text and cue.action else cue
            for cue in rehearsal.cues
        )
        rehearsal = replace(rehearsal, cues=cues)
    return account, rehearsal


def _listen(port: int | None) -> socket.socket:
    """Return where the bot finds its provider; a free port if the usual one is in use, unless it was asked for."""
    from sandbox.server import listen  # noqa: PLC0415 - slow, and wanted only here

    try:
        return listen("127.0.0.1", PORT if port is None else port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise BadUseError(f"--port: cannot listen on {port or PORT}: {error.strerror}") from None
    if port is not None:
        raise BadUseError(f"--port: {port} is in use; to watch a bot of the sandbox there, give --account and --url")
    return listen("127.0.0.1", 0)


def _header(text: str) -> tuple[str, str]:
    """Read NAME:VALUE. Raises `BadUseError`."""
    from sandbox.core.account import Webhook  # noqa: PLC0415 - pydantic, wanted only here

    name, value = (part.strip() for part in text.partition(":")[::2])
    try:
        Webhook(url="http://localhost", headers={name if ":" in text else "": value})
    except ValueError:
        raise BadUseError(f"--header: {text!r} is not NAME:VALUE on one line") from None
    return name, value


def _told(report: Report, wish: _Wish, *, as_json: bool, junit: Path | None) -> int:
    """Print and write what came of it, and return how the command ends."""
    from sandbox.webhook_check.report import as_json as json_of  # noqa: PLC0415 - wanted only here
    from sandbox.webhook_check.report import as_junit, is_good  # noqa: PLC0415

    refused = [shot.attempt for result in report.results for shot in result.shots if shot.attempt.error == "blocked"]
    if refused:
        raise BadUseError(refused[0].response)
    if junit is not None:
        try:
            junit.write_text(as_junit(report, strict=wish.strict), encoding="utf-8")
        except OSError as error:
            raise BadUseError(f"--junit: {junit}: {error.strerror}") from None
    if as_json:
        print_json(json_of(report))
    else:
        _print_findings(report)
        _print_summary(report, good=is_good(report, strict=wish.strict))
    return 0 if is_good(report, strict=wish.strict) else 1


def _print_findings(report: Report) -> None:
    """Print every finding once, with all the checks that it was made in."""
    from sandbox.webhook_check.report import lines  # noqa: PLC0415 - wanted only here

    alike: dict[tuple[str, str, str], list[tuple[Check, Finding]]] = defaultdict(list)
    for result in report.results:
        for finding in result.findings:
            alike[finding.severity, finding.answer.partition(" and ")[0], finding.advice].append(
                (result.check, finding)
            )
    for (severity, _, _), found in sorted(alike.items(), key=lambda one: one[0][0]):
        check, finding = found[0]
        click.echo()
        click.secho(f"{severity}  {check.name}", fg=_COLORS[severity], bold=True)
        for label, text in lines(check.sends, check.expects, check.source, finding):
            click.echo(f"  {label:<10}{text}")
        others = dict.fromkeys(other.name for other, _ in found[1:] if other is not check)
        if others:
            click.echo(f"  {'also in':<10}{_listed(tuple(others))}")


def _print_summary(report: Report, *, good: bool) -> None:
    from sandbox.webhook_check.report import OUTCOMES  # noqa: PLC0415 - wanted only here

    counts = ", ".join(f"{count} {outcome}" for outcome in OUTCOMES if (count := report.count(outcome)))
    latencies = report.latencies
    speed = f"; answers took {median(latencies):.1f} ms, the slowest {latencies[-1]:.0f} ms" if latencies else ""
    click.echo()
    click.secho(f"{counts} in {report.seconds:.1f} s{speed}", fg="green" if good else "red", bold=True)


def _summary(result: Result) -> str:
    """Return in a few words how a check went."""
    if result.findings:
        return result.findings[0].answer
    if not result.shots or result.note:
        return result.note
    answers = dict.fromkeys(str(shot.attempt.status or shot.attempt.error) for shot in result.shots)
    slowest = max(shot.attempt.duration_ms for shot in result.shots)
    return f"{' '.join(answers)} in {slowest:.0f} ms"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


COMMANDS = (check_webhook,)
