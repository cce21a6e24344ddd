"""Multipart: writes the parts of a form as one body (RFC 7578)."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.core.callback import Part


def multipart(parts: Sequence[Part], boundary: str) -> tuple[str, bytes]:
    """Return content type and body of `parts`; the boundary is lengthened until no part contains it."""
    while any(boundary.encode() in part.content for part in parts):
        boundary += "-"
    lines: list[bytes] = []
    for part in parts:
        disposition = f'form-data; name="{_quoted(part.name)}"'
        if part.filename is not None:
            disposition += f'; filename="{_quoted(part.filename)}"'
        head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\nContent-Type: {part.content_type}\r\n\r\n"
        lines += [head.encode(), part.content, b"\r\n"]
    lines.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(lines)


def _quoted(text: str) -> str:
    """Escape as browsers do, so that no name can end its header."""
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
