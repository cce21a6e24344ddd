"""Commands that act as the person at the other end: each is one action of the control API."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import wraps
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sandbox.cli.connection import account_option, chosen, connects, json_option
from sandbox.cli.output import print_json

if TYPE_CHECKING:
    from sandbox.client import Client
    from sandbox.client.resources import Acted, Callback

Values = dict[str, Any]

message_option = click.option("--message", metavar="ID", help="A message; the newest that fits if not given.")


def _action(name: str) -> Callable[[Callable[..., Values]], click.Command]:
    """Make a command of what returns an action's own values; what was not given stays out of them."""

    def command(values_of: Callable[..., Values]) -> click.Command:
        @click.command(name, context_settings={"ignore_unknown_options": name == "share-location"})
        @connects
        @account_option
        @click.option("--user", required=True, metavar="ADDRESS", help="Whose handset: a phone number, mostly.")
        @click.option("--sender", metavar="ADDRESS", help="The business's address, where an account has several.")
        @click.option("--wait", type=click.FloatRange(0, 60), metavar="SECONDS", help="Wait for the callbacks.")
        @json_option
        @wraps(values_of)
        def run(
            client: Client,
            *,
            account: str | None,
            user: str,
            sender: str | None,
            wait: float | None,
            as_json: bool,
            **options: Any,
        ) -> None:
            values = {key: value for key, value in values_of(**options).items() if value not in (None, False)}
            if sender is not None:
                values["sender"] = sender
            acting = chosen(client, account)
            done = client.act(acting, name.replace("-", "_"), user=user, wait=wait, **values)
            if account is None:
                click.echo(f"with {acting}; --account names another", err=True)
            if as_json:
                print_json(done)
            else:
                _tell(client, done)

        return run

    return command


def _tell(client: Client, done: Acted) -> None:
    for callback_id in done["callbacks"]:
        callback = client.callback(callback_id)
        click.echo(f"{callback['kind']}  {callback_id}  {callback['state']}{_outcome(callback)}")
    if not done["callbacks"]:
        click.echo("done; the provider has no callback for it")


def _outcome(callback: Callback) -> str:
    """Return what a callback met, and what would help if it did not arrive."""
    from sandbox.timeline import remedies  # noqa: PLC0415 - wanted only where something is to be told

    if not callback["attempts"]:
        return f": {callback['detail']}" if callback["detail"] else ""
    last = callback["attempts"][-1]
    remedy = None if callback["state"] == "delivered" else remedies.of_attempt(last["status"], last["error"])
    return f", {last['status'] or last['error']}" + (f": {remedy}" if remedy else "")


@_action("say")
@click.argument("text")
def _say(text: str) -> Values:
    """Write TEXT."""
    return {"text": text}


@_action("tap")
@click.argument("text", required=False)
@click.option("--postback", help="The suggestion by what it sends back; with TEXT, one that no message showed.")
@click.option("--type", "kind", metavar="TYPE", help="The type of one that no message showed, such as share_location.")
@click.option("--index", type=click.IntRange(-1), help="The suggestion by its place: 0 is the first, -1 the last.")
@message_option
def _tap(text: str | None, postback: str | None, kind: str | None, index: int | None, message: str | None) -> Values:
    """Tap the suggestion that reads TEXT."""
    if text and postback and index is None:
        whole = {"text": text, "postback": postback, **({"type": kind} if kind else {})}
        return {"suggestion": whole, "message": message}
    if kind:
        raise click.UsageError("--type needs TEXT and --postback", click.get_current_context())
    ways: list[Any] = [text, postback and {"postback": postback}, None if index is None else {"index": index}]
    given = [way for way in ways if way]
    if len(given) != 1:
        raise click.UsageError("give one of TEXT, --postback and --index", click.get_current_context())
    return {"suggestion": given[0], "message": message}


@_action("send-file")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--sample", metavar="NAME", help="A file that comes with the sandbox, such as photo.jpg.")
@click.option("--file-url", metavar="URL", help="A file that lies somewhere, for providers that tell only where.")
@click.option("--size", type=click.IntRange(0), metavar="BYTES", help="How large the file at the URL is.")
@click.option("--name", help="What it is called, if not as FILE.")
@click.option("--mime-type", help="Its type, if its name does not tell.")
@click.option("--caption", help="A text beside it.")
@click.option("--voice", is_flag=True, help="It is a voice message.")
def _send_file(file: Path | None, sample: str | None, file_url: str | None, **values: Any) -> Values:
    """Send FILE, a sample or an address."""
    if [file, sample, file_url].count(None) != 2:
        raise click.UsageError("give one of FILE, --sample and --file-url", click.get_current_context())
    if file is not None:
        values["content"] = b64encode(file.read_bytes()).decode("ascii")
        values["name"] = values["name"] or file.name
        values["mime_type"] = values["mime_type"] or guess_type(file.name)[0]
    return {**values, "sample": sample, "url": file_url}


@_action("share-location")
@click.argument("latitude", type=float)
@click.argument("longitude", type=float)
@click.option("--name", help="What the place is called.")
@click.option("--address", help="Where it is, in words.")
def _share_location(latitude: float, longitude: float, name: str | None, address: str | None) -> Values:
    """Share the place at LATITUDE and LONGITUDE, in degrees."""
    return {"latitude": latitude, "longitude": longitude, "name": name, "address": address}


@_action("start-typing")
def _start_typing() -> Values:
    """Begin to write."""
    return {}


@_action("deliver")
@message_option
def _deliver(message: str | None) -> Values:
    """Let a message arrive."""
    return {"message": message}


@_action("read")
@message_option
def _read(message: str | None) -> Values:
    """Read a message."""
    return {"message": message}


@_action("fail")
@click.option("--code", help="The provider's own code of the trouble.")
@click.option("--detail", metavar="TEXT", help="The trouble in words.")
@message_option
def _fail(code: str | None, detail: str | None, message: str | None) -> Values:
    """Let a message fail."""
    return {"code": code, "detail": detail, "message": message}


@_action("receipt")
@click.argument("status")
@click.option("--code", help="The provider's own code.")
@message_option
def _receipt(status: str, code: str | None, message: str | None) -> Values:
    """Report STATUS, the provider's own word."""
    return {"status": status, "code": code, "message": message}


@_action("click")
@click.option("--link", metavar="URL", help="Which, if the message has several.")
@message_option
def _click(link: str | None, message: str | None) -> Values:
    """Follow a link of a message."""
    return {"url": link, "message": message}


@_action("error")
@click.argument("code")
def _error(code: str) -> Values:
    """Report trouble that belongs to no message, by the provider's CODE."""
    return {"code": code}


@_action("system")
@click.argument("text")
def _system(text: str) -> Values:
    """Note TEXT in the conversation."""
    return {"text": text}


@_action("event")
@click.argument("code")
def _event(code: str) -> Values:
    """Report an event of the platform, by its CODE."""
    return {"event_code": code}


@_action("action")
@click.argument("code")
def _platform_action(code: str) -> Values:
    """Report an action of the platform, by its CODE."""
    return {"action_code": code}


@_action("agent")
@click.option("--reply", metavar="TEXT", help="The agent writes.")
@click.option("--assign", metavar="NAME", help="The conversation goes to an agent.")
@click.option("--resolve", is_flag=True, help="It is resolved.")
@click.option("--close", is_flag=True, help="It is closed.")
def _agent(**values: Any) -> Values:
    """Let a human agent of the business reply, take over, resolve or close."""
    return values


@_action("end-session")
def _end_session() -> Values:
    """End the session between business and person."""
    return {}


@_action("start")
def _start() -> Values:
    """Let a magic address do again what it does when a message is accepted."""
    return {}


COMMANDS = (
    _say,
    _tap,
    _send_file,
    _share_location,
    _start_typing,
    _deliver,
    _read,
    _fail,
    _receipt,
    _click,
    _error,
    _system,
    _event,
    _platform_action,
    _agent,
    _end_session,
    _start,
)
