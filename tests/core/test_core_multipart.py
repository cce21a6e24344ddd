"""Multipart: the parts of a form as one body, which any reader of MIME understands."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

import pytest

from sandbox.core.callback import Part
from sandbox.core.multipart import multipart

JSON = Part("message", "application/json", None, b'{"a":1}')


def test_bytes() -> None:
    """The body is as RFC 7578 has it: CRLF everywhere, a file with its name, two dashes at the end."""
    content_type, body = multipart([JSON, Part("file", "image/png", "a.png", b"\x00\r\n--")], boundary="edge")
    assert content_type == "multipart/form-data; boundary=edge"
    assert body == (
        b"--edge\r\n"
        b'Content-Disposition: form-data; name="message"\r\n'
        b"Content-Type: application/json\r\n\r\n"
        b'{"a":1}\r\n'
        b"--edge\r\n"
        b'Content-Disposition: form-data; name="file"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n"
        b"\x00\r\n--\r\n"
        b"--edge--\r\n"
    )


@pytest.mark.parametrize(
    ("content", "boundary"),
    [
        pytest.param(b"harmless", "edge", id="not-contained"),
        pytest.param(b"--edge", "edge-", id="contained"),
        pytest.param(b"edge edge- edge--", "edge---", id="contained-however-long"),
    ],
)
def test_boundary(content: bytes, boundary: str) -> None:
    """The boundary is lengthened until no part contains it, so that every byte arrives."""
    content_type, body = multipart([JSON, Part("file", "text/plain", "f", content)], boundary="edge")
    assert content_type.endswith(f"={boundary}")
    read = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    assert [part.get_payload(decode=True) for part in read.iter_parts()] == [JSON.content, content]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param("a b.png", b"a b.png", id="blank"),
        pytest.param("é.png", "é.png".encode(), id="utf-8"),
        pytest.param('"; evil="', b"%22; evil=%22", id="quotes"),
        pytest.param("a\r\nX-Evil: 1", b"a%0D%0AX-Evil: 1", id="line-break"),
    ],
)
def test_names(name: str, written: bytes) -> None:
    """No name can end its header."""
    _, body = multipart([Part("file", "text/plain", name, b"")], boundary="edge")
    assert b'; filename="' + written + b'"\r\n' in body
    _, body = multipart([Part(name, "text/plain", None, b"")], boundary="edge")
    assert b'; name="' + written + b'"\r\n' in body
