"""Documents are YAML 1.2 or JSON, read with the place of every value, and hostile ones are refused in good time."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sandbox.engine.document import DEEPEST, MOST_VALUES, DocumentError
from sandbox.engine.reader import LARGEST, Format, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("no", "no"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("nil", "nil"),
        ("12", 12),
        ("-3", -3),
        ("012", 12),
        ("0o14", 12),
        ("0xC", 12),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        (".inf", float("inf")),
        ("-.Inf", float("-inf")),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("2030-01-02", "2030-01-02"),
        ("200ms", "200ms"),
        ("=", "="),
        ("<<", "<<"),
        ('"12"', "12"),
        ("'true'", "true"),
        ("+4917", 4917),
        ('"\\u00e9\\U0001F600"', "\u00e9\U0001f600"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        (">-\n  one\n  line\n", "one line"),
    ],
)
def test_scalars_of_yaml_1_2(text: str, expected: Any) -> None:
    """Only what the core schema of YAML 1.2 names is anything but text: `on`, `yes` and dates are words."""
    value = read(f"key: {text}\n", "yaml").value["key"]
    assert value == expected
    assert type(value) is type(expected)


def test_on_is_a_key() -> None:
    """The word `on` is a key as any other, which YAML 1.1 would read as a boolean."""
    assert read("on: request", "yaml").value == {"on": "request"}


def test_aliases_repeat_what_was_anchored() -> None:
    """Anchors and aliases work, for values, lists and mappings; what stands behind an alias is found at the alias."""
    found = read("a: &one 1\nb: &list [*one, 2]\nc: [*list, *one]\n", "yaml")
    assert found.value == {"a": 1, "b": [1, 2], "c": [[1, 2], 1]}
    assert found.where(("c", 0, 1)) == (3, 5)


YAML = """\
# a comment
name: one
steps:
  - do: say
    text: "é"   # é
  - {do: tap, suggestion: {index: 0}}
"""
JSON = '{\n\t"name": "one",\r\n  "steps": [{"do": "say"},\n    {"text": "\\ud83d\\ude00 \\"x\\" [", "n": [-1.5e3, null, true]}]\n}'


@pytest.mark.parametrize(
    ("form", "text", "path", "value", "key"),
    [
        ("yaml", YAML, (), (2, 1), None),
        ("yaml", YAML, ("name",), (2, 7), (2, 1)),
        ("yaml", YAML, ("steps",), (4, 3), (3, 1)),
        ("yaml", YAML, ("steps", 0), (4, 5), None),
        ("yaml", YAML, ("steps", 0, "text"), (5, 11), (5, 5)),
        ("yaml", YAML, ("steps", 1, "suggestion", "index"), (6, 35), (6, 28)),
        ("json", JSON, (), (1, 1), None),
        ("json", JSON, ("name",), (2, 10), (2, 2)),
        ("json", JSON, ("steps", 0, "do"), (3, 20), (3, 14)),
        ("json", JSON, ("steps", 1, "n"), (4, 43), (4, 38)),
        ("json", JSON, ("steps", 1, "n", 2), (4, 58), None),
        ("json", JSON, ("steps", 7, "n"), (3, 12), None),
    ],
)
def test_places(
    form: Format, text: str, path: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int] | None
) -> None:
    """Every value and key is found at its line and column, from 1; one that is not there, at what is around it."""
    found = read(text, form)
    assert found.where(path) == value
    assert found.where(path, at_key=True) == (key or value)


def test_json_reads_as_json() -> None:
    """A JSON document is read to the values that it stands for."""
    assert read(JSON, "json").value == {
        "name": "one",
        "steps": [{"do": "say"}, {"text": '\U0001f600 "x" [', "n": [-1500.0, None, True]}],
    }


@pytest.mark.parametrize(
    ("form", "text", "message", "place"),
    [
        pytest.param("yaml", "", "is empty", (1, 1), id="yaml-nothing"),
        pytest.param("yaml", "# only words\n", "is empty", (1, 1), id="yaml-only-a-comment"),
        pytest.param("yaml", "a: 1\nb: [1, 2\n", "is not YAML", (3, 1), id="yaml-open-list"),
        pytest.param("yaml", "a: 1\n b: 2\n", "is not YAML", (2, 3), id="yaml-bad-indent"),
        pytest.param("yaml", "a: b: c\n", "is not YAML", (1, 5), id="yaml-colon"),
        pytest.param("yaml", "a:\n\t- 1\n", "is not YAML", (2, 1), id="yaml-tab"),
        pytest.param("yaml", "a: 1\nb: 2\na: 3\n", "stands here twice", (3, 1), id="yaml-duplicate-key"),
        pytest.param("yaml", "a: {b: 1, b: 1}\n", "stands here twice", (1, 11), id="yaml-duplicate-key-inside"),
        pytest.param("yaml", "1: x\n", "must be text", (1, 1), id="yaml-number-as-key"),
        pytest.param("yaml", "a:\n  null: x\n", "must be text", (2, 3), id="yaml-null-as-key"),
        pytest.param("yaml", "? [a]\n: b\n", "must be text", (1, 3), id="yaml-list-as-key"),
        pytest.param("yaml", "a: *b\n", "stands for nothing", (1, 4), id="yaml-unknown-alias"),
        pytest.param("yaml", "a: &a [1, *a]\n", "stands for nothing", (1, 11), id="yaml-alias-of-itself"),
        pytest.param("yaml", "a: !!str 5\n", "tag", (1, 4), id="yaml-plain-tag"),
        pytest.param("yaml", "a: !x 5\n", "tag", (1, 4), id="yaml-own-tag"),
        pytest.param(
            "yaml", "a: 1\nb: !!python/object/apply:os.system [ls]\n", "tag", (2, 4), id="yaml-tag-that-runs-code"
        ),
        pytest.param("yaml", "a: !!python/name:os.system\n", "tag", (1, 4), id="yaml-tag-that-imports"),
        pytest.param("yaml", "a: 1\n---\nb: 2\n", "one document", (2, 1), id="yaml-second-document"),
        pytest.param("yaml", "%YAML 1.1\n---\na: on\n", "only YAML 1.2", (2, 1), id="yaml-1.1"),
        pytest.param("yaml", "a: b\nc: \x07\n", "#x0007", (2, 4), id="yaml-control-character"),
        pytest.param("yaml", 'a: "\\ud800"\n', "surrogate", (1, 4), id="yaml-half-a-surrogate-pair"),
        pytest.param("yaml", 'a: "\\UFFFFFFFF"\n', "is not YAML", (1, 1), id="yaml-beyond-unicode"),
        pytest.param("yaml", f"a: {'9' * 5000}\n", "too long", (1, 4), id="yaml-endless-number"),
        pytest.param("json", "", "is not JSON", (1, 1), id="json-nothing"),
        pytest.param("json", '{"a": }', "is not JSON", (1, 7), id="json-no-value"),
        pytest.param("json", '{"a": 1,\n "b" 2}', "is not JSON", (2, 6), id="json-no-colon"),
        pytest.param("json", '{"a": 1} {}', "is not JSON", (1, 10), id="json-two-documents"),
        pytest.param("json", "{'a': 1}", "is not JSON", (1, 2), id="json-apostrophes"),
        pytest.param("json", '{"a": 1,\n "a": 2}', "stands here twice", (2, 2), id="json-duplicate-key"),
        pytest.param("json", '{"a": NaN}', "is not JSON", (1, 7), id="json-nan"),
        pytest.param("json", '{"a": -Infinity}', "is not JSON", (1, 7), id="json-infinity"),
        pytest.param("json", '{"a": "\\ud800"}', "surrogate", (1, 7), id="json-half-a-surrogate-pair"),
        pytest.param("json", f'{{"a": {"9" * 5000}}}', "too long", (1, 1), id="json-endless-number"),
    ],
)
def test_refused(form: Format, text: str, message: str, place: tuple[int, int]) -> None:
    """What cannot be read is refused where the trouble is."""
    with pytest.raises(DocumentError, match=message) as caught:
        read(text, form)
    assert caught.value.mark == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"a: b\nc: d\xff\n", (2, 5)),
        (b"\xef\xbb\xbfa: \xe9\n", (1, 4)),
        ("a: é\n".encode("utf-16"), (1, 1)),
    ],
)
def test_other_encodings(text: bytes, place: tuple[int, int]) -> None:
    """Bytes that are not UTF-8 are refused where they begin not to be."""
    with pytest.raises(DocumentError, match="not UTF-8") as caught:
        read(text, "yaml")
    assert caught.value.mark == place


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_byte_order_mark(form: Format) -> None:
    """A byte order mark, as some editors write it, is passed over."""
    assert read(b'\xef\xbb\xbf{"a": 1}', form).value == {"a": 1}


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_size(form: Format) -> None:
    """A document has at most 64 kB."""
    fits = '{"a": "' + "x" * (LARGEST - 9) + '"}'
    assert len(fits) == LARGEST
    assert read(fits, form).value["a"].startswith("xx")
    with pytest.raises(DocumentError, match="larger than 64 kB"):
        read(fits + " ", form)


@pytest.mark.parametrize("form", ["yaml", "json"])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_depth(form: Format, opening: str, closing: str) -> None:
    """Collections lie at most 64 deep in one another."""
    read(opening * (DEEPEST - 1) + "[]" + closing * (DEEPEST - 1), form)
    with pytest.raises(DocumentError, match="nested more than 64 deep") as caught:
        read(opening * DEEPEST + "[]" + closing * DEEPEST, form)
    assert caught.value.mark == (1, len(opening) * DEEPEST + 1)


def test_number_of_values() -> None:
    """A document holds at most 20,000 values, the outermost among them."""
    read(f"[{'0,' * (MOST_VALUES - 2)}0]", "json")
    with pytest.raises(DocumentError, match="more than 20000 values"):
        read(f"[{'0,' * (MOST_VALUES - 1)}0]", "json")


def bomb(levels: int, width: int) -> str:
    """Return YAML in which every line repeats the one before so many times."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(bomb(9, 9), id="billion-laughs"),
        pytest.param(bomb(60, 2), id="doubling"),
        pytest.param("[" * 100_000, id="open-lists"),
        pytest.param("{a: " * 60_000, id="open-mappings"),
        pytest.param("- " * 100_000, id="lists-in-a-line"),
        pytest.param("? " * 100_000, id="questions"),
        pytest.param("[" + "a," * 100_000, id="many-values"),
        pytest.param("{" + "a," * 100_000, id="many-keys"),
        pytest.param("&a " * 80_000, id="anchors"),
        pytest.param("!" * 200_000, id="tags"),
        pytest.param("a: '" + "x" * 250_000, id="open-quote"),
        pytest.param('a: "' + "\\" * 250_000, id="backslashes"),
        pytest.param("a: |\n" + " \n" * 100_000, id="blank-lines"),
        pytest.param("#" * 250_000, id="one-comment"),
        pytest.param("#\n" * 120_000, id="comments"),
        pytest.param("a:" * 120_000, id="colons"),
        pytest.param("\n" * 250_000, id="newlines"),
        pytest.param("%A\n" * 80_000, id="directives"),
        pytest.param("--- \n" * 50_000, id="documents"),
        pytest.param("* " * 100_000, id="asterisks"),
        pytest.param("[" + "]" * 200_000, id="closings"),
    ],
)
def test_hostile_yaml(text: str) -> None:
    """What is made to exhaust a reader is refused, or turns out harmless, within seconds of work."""
    begun = time.process_time()
    try:
        found = read(text[:LARGEST], "yaml")
    except DocumentError:
        pass
    else:
        assert not isinstance(found.value, list | dict) or len(found.values) <= MOST_VALUES
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 200_000, id="open-lists"),
        pytest.param('{"a":' * 50_000, id="open-objects"),
        pytest.param('"' + "\\" * 200_000, id="backslashes"),
        pytest.param('"' + '\\"' * 120_000, id="escaped-quotes"),
        pytest.param('"\\\n' * 60_000, id="broken-strings"),
        pytest.param("1" * 200_000, id="digits"),
        pytest.param("-" * 200_000, id="signs"),
        pytest.param("]" * 200_000, id="closings"),
    ],
)
def test_hostile_json(text: str) -> None:
    """JSON that is made to exhaust a parser is refused within seconds of work."""
    begun = time.process_time()
    with pytest.raises(DocumentError):
        read(text[:LARGEST], "json")
    assert time.process_time() - begun < 20
