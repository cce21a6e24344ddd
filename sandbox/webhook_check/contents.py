"""Contents: what people write and send that receivers stumble over, and members that come unannounced."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json, to_json

from sandbox.core.rehearsal import Rehearsal
from sandbox.webhook_check.check import Check, Play, Shot, Verdict
from sandbox.webhook_check.sources import JSON, MULTIPART, SEMANTICS, Sources
from sandbox.webhook_check.stage import Stage

_TYPES = "application/json; charset=utf-8", "Application/JSON"

NON_ASCII = {
    "emoji": "👩‍👩‍👧‍👦 🇳🇴 👍🏽 🫠",
    "right-to-left": "שלום עולם, مرحبا بالعالم",
    "combining": "Z̸̡̤a̐l̄g̀ő é ñ Å",
    "CJK": "こんにちは世界 你好 안녕하세요 𠮷",
    "invisible": "zero\u200bwidth \u2028line\u2029paragraph \u202eoverride\u202c \ufeffmark \u00a0blank",
}
AWKWARD = (
    "He said \"no\" \\ 'no' and 100 %s %d {0} {{name}} ${HOME} $(id) `id`; DROP TABLE users; -- <script>alert(1)</script>"
    " &amp; null undefined NaN true 0 -1 1e999 \t\r\n ../../etc/passwd\n\n"
)


def contents(rehearsal: Rehearsal, sources: Sources) -> Iterator[Check]:
    """Yield the checks of texts, files and unknown members."""
    form, takes = sources.rule("form"), "acknowledges"
    yield Check("text/non-ascii", f"texts: {', '.join(NON_ASCII)}", takes, form, _texts(*NON_ASCII.values()))
    yield Check("text/awkward", "a text of quotes, markup, escapes and line ends", takes, form, _texts(AWKWARD))
    longest = rehearsal.longest_text
    yield Check(
        "text/longest",
        f"texts of {longest} characters, plain and 🦉",
        takes,
        form,
        _texts("x" * longest, "🦉" * longest),
    )
    if rehearsal.file is not None:
        size = sources.rule("size")
        yield Check(
            "file/name", "files whose names are not ASCII, or have quotes and blanks", takes, MULTIPART, _file_names
        )
        yield Check(
            "file/bytes",
            "a file of every byte, with line ends and dashes as a boundary has them",
            takes,
            MULTIPART,
            _file_bytes,
        )
        yield Check("file/empty", "a file of no bytes", takes, size, _sized(0))
        yield Check("file/largest", "a file as large as may be", "acknowledges it in time", size, _sized(None))
    yield Check(
        "unknown/members",
        "callbacks with a member that no document knows",
        "acknowledges them and ignores the member",
        f"{form}; documents grow by such members",
        _unknown_members,
    )
    yield Check(
        "http/content-type",
        f"the content types {' and '.join(_TYPES)}, which mean the same",
        takes,
        f"{SEMANTICS}, section 8.3.1: types and parameter names are compared without letter case",
        _content_type,
    )
    if rehearsal.file is not None:
        yield Check(
            "http/quoted-boundary",
            'a multipart body whose boundary is written in quotes: boundary="…"',
            takes,
            f"{SEMANTICS}, section 5.6.6: a parameter's value may be quoted",
            _quoted_boundary,
        )
    yield Check(
        "json/order",
        "a callback whose members stand in another order",
        takes,
        f"{JSON}, section 4: the order of members means nothing",
        _order,
    )


def _texts(*texts: str) -> Play:
    async def play(stage: Stage) -> Verdict:
        shots: list[Shot] = []
        for text in texts:
            shots += await stage.tell(stage.rehearsal.text, text=text)
        return Verdict(shots, stage.judge.taken(shots))

    return play


async def _sends(stage: Stage, name: str, data: bytes) -> list[Shot]:
    content = b64encode(data).decode("ascii")
    kind = stage.rehearsal.file or ""
    return await stage.tell(kind, sample=None, name=name, mime_type="image/jpeg", content=content)


async def _file_names(stage: Stage) -> Verdict:
    shots: list[Shot] = []
    for name in ("ferie på Røros 🏔.jpg", 'my "best" photo; really.jpg', "x" * 200 + ".jpg"):
        shots += await _sends(stage, name, b"\xff\xd8\xff\xe0")
    return Verdict(shots, stage.judge.taken(shots))


async def _file_bytes(stage: Stage) -> Verdict:
    shots = await _sends(stage, "photo.jpg", bytes(range(256)) + b"\r\n--sandbox-1--\r\n--\r\n\r\n")
    return Verdict(shots, stage.judge.taken(shots))


def _sized(size: int | None) -> Play:
    async def play(stage: Stage) -> Verdict:
        size_here = stage.largest if size is None else size
        shots = await _sends(stage, "photo.jpg", bytes(size_here))
        findings = stage.judge.taken(shots)
        return Verdict(shots, findings, f"{size_here} bytes")

    return play


async def _unknown_members(stage: Stage) -> Verdict:
    kinds = [stage.rehearsal.text, *(kind for pair in stage.rehearsal.pairs[:1] for kind in pair)]
    if stage.rehearsal.file is not None:
        kinds.append(stage.rehearsal.file)
    shots: list[Shot] = []
    for kind in kinds:
        user = stage.person(stage.rehearsal.cue(kind))
        stage.arm({"type": "unknown_fields"}, user, None)
        shots += await stage.tell(kind, user=user)
        stage.account.faults.clear()
    return Verdict(shots, stage.judge.taken(shots))


async def _content_type(stage: Stage) -> Verdict:
    shots: list[Shot] = []
    try:
        for written in _TYPES:
            stage.line.content_type = lambda usual, written=written: written if usual == "application/json" else usual
            shots += [
                shot._replace(what=f"{shot.what} as {written}") for shot in await stage.tell(stage.rehearsal.text)
            ]
    finally:
        stage.line.content_type = None
    return Verdict(shots, stage.judge.taken(shots))


async def _quoted_boundary(stage: Stage) -> Verdict:
    def quoted(usual: str) -> str:
        head, mark, boundary = usual.partition("boundary=")
        return f'{head}{mark}"{boundary}"' if mark and not boundary.startswith('"') else usual

    stage.line.content_type = quoted
    try:
        shots = await _sends(stage, "photo.jpg", b"\xff\xd8\xff\xe0")
    finally:
        stage.line.content_type = None
    return Verdict(shots, stage.judge.taken(shots))


async def _order(stage: Stage) -> Verdict:
    callback, encoded = stage.unsent(stage.rehearsal.text)
    shots = [
        await stage.post(
            callback.kind, callback, stage.signed(callback, encoded._replace(body=_reversed(encoded.body)))
        )
    ]
    return Verdict(shots, stage.judge.taken(shots))


def _reversed(body: bytes) -> bytes:
    """Return a JSON document with the members of all its objects from last to first."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(member) for name, member in reversed(value.items())}
        return [turned(member) for member in value] if isinstance(value, list) else value

    return to_json(turned(from_json(body)))
