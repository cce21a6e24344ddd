"""Templates fill blanks in sentences and can do nothing else."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.core.content import Suggestion
from sandbox.engine.template_values import MOST_SUGGESTIONS, MOST_TEXT, TemplateValues
from sandbox.engine.templates import (
    LONGEST_OUTPUT,
    LONGEST_SOURCE,
    TemplateError,
    compile_template,
    has_template,
    is_template,
    render,
    render_all,
)
from stage import NO, REPO, USER, YES, Stage


def values(text: str = "Would you like to fly?", *suggestions: Suggestion) -> TemplateValues:
    """Return what a template sees of a message with two suggestions."""
    stage = Stage()
    message = stage.accept(text, *(suggestions or (YES, NO)))
    return TemplateValues(stage.account, USER, message, datetime(2030, 1, 2, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain {{ '{{' }}", "plain {{"),
        ("{{ message.text }}", "Would you like to fly?"),
        ("{{ message['text'] }}", "Would you like to fly?"),
        ("{{ message.provider_id }}", "theirs-1"),
        ("{{ message.suggestions[0].text }}/{{ message.suggestions[1].postback }}", "Yes/no-1"),
        ("{{ account.id }} {{ account.name }} {{ account.provider }}", "acc_stub Stub account stub"),
        ("{{ user.phone }}", USER),
        ("{{ now.strftime('%d.%m.%Y %H:%M') }}", "02.01.2030 12:00"),
        ("{{ now.isoformat() }} {{ now.year }}", "2030-01-02T12:00:00+00:00 2030"),
        ("{{ message.text | upper | trim }}", "WOULD YOU LIKE TO FLY?"),
        ("{{ message.suggestions | length }}", "2"),
        ("{{ (message.suggestions | first).text ~ '!' }}", "Yes!"),
        ("{{ message.nothing | default('none') }}", "none"),
        ("{% if 'fly' in message.text and not user is none %}a{% elif 1 == 2 %}b{% else %}c{% endif %}", "a"),
        ("{{ 'a' if account.provider in ('x', 'stub') else 'b' }}", "a"),
        ("{% for s in message.suggestions %}{{ loop.index }}{{ s.text }} {% endfor %}", "1Yes 2No "),
        ("{% for s in message.suggestions if s.text == 'No' %}{{ s.postback }}{% else %}-{% endfor %}", "no-1"),
        ("a\n{# words #}{{ 'b' }}\n", "a\nb\n"),
    ],
)
def test_what_templates_can_do(source: str, expected: str) -> None:
    """They print values, choose, use a few filters, format the time, and go through the suggestions."""
    assert render(source, values()) == expected


def test_person_is_seeded() -> None:
    """The same seed and number give the same person."""
    source = "{{ user.name }} of {{ user.city }}"
    assert render(source, values()) == render(source, values())
    assert render("{{ user.first_name }}", values()).isalpha()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("{{ 1 + 1 }}", "may not hold Add", id="sum"),
        pytest.param("{{ 'a' * 1000000000 }}", "may not hold Mul", id="product"),
        pytest.param("{{ 9 ** 9 ** 9 ** 9 }}", "may not hold Pow", id="power"),
        pytest.param("{{ '%1000000000d' % 1 }}", "may not hold Mod", id="format"),
        pytest.param("{{ message.text[0:5] }}", "may not hold Slice", id="slice"),
        pytest.param("{% set x = 1 %}", "may not hold Assign", id="assignment"),
        pytest.param("{% set x %}a{% endset %}", "may not hold AssignBlock", id="block-assignment"),
        pytest.param("{% macro m() %}a{% endmacro %}", "may not hold Macro", id="macro"),
        pytest.param("{% block b %}a{% endblock %}", "may not hold Block", id="block"),
        pytest.param("{% include 'x' %}", "may not hold Include", id="include"),
        pytest.param("{% import 'x' as y %}", "may not hold Import", id="import"),
        pytest.param("{% extends 'x' %}", "may not hold Extends", id="extends"),
        pytest.param("{% filter upper %}a{% endfilter %}", "may not hold FilterBlock", id="filter-block"),
        pytest.param("{% with a = 1 %}{% endwith %}", "may not hold With", id="with"),
        pytest.param("{{ {'a': 1} }}", "may not hold Dict", id="mapping"),
        pytest.param("{% autoescape true %}a{% endautoescape %}", "may not hold Scope", id="autoescape"),
        pytest.param("{{ range(5) }}", "the only calls", id="range"),
        pytest.param("{{ lipsum() }}", "the only calls", id="lipsum"),
        pytest.param("{{ message.text.upper() }}", "the only calls", id="method"),
        pytest.param("{{ message.text.ljust(1000000000) }}", "the only calls", id="padding"),
        pytest.param("{{ '{:>1000000000}'.format(1) }}", "the only calls", id="format-method"),
        pytest.param("{{ now.replace(year=1) }}", "the only calls", id="replace"),
        pytest.param("{{ now.strftime(message.text) }}", "the only calls", id="format-of-others"),
        pytest.param("{{ now.strftime('%d', **message) }}", "the only calls", id="call-with-stars"),
        pytest.param("{{ now.__class__.mro() }}", "the only calls", id="class"),
        pytest.param("{{ user.__init__.__globals__ }}", "unsafe|no attribute|access", id="globals"),
        pytest.param("{{ ''.__class__.__mro__ }}", "unsafe|access", id="mro"),
        pytest.param("{{ account._account }}", "unsafe|access|no attribute", id="private"),
        pytest.param("{{ message['_message'] }}", "unsafe|access", id="private-item"),
        pytest.param("{{ message._message.conversation }}", "unsafe|access", id="private-then-more"),
        pytest.param("{{ account.credentials }}", "no attribute 'credentials'", id="credentials"),
        pytest.param("{{ message | attr('_message') }}", "No filter named 'attr'", id="attr-filter"),
        pytest.param("{{ message.text | center(1000000000) }}", "No filter named 'center'", id="center-filter"),
        pytest.param(
            "{{ message.text | replace('', message.text) }}", "No filter named 'replace'", id="replace-filter"
        ),
        pytest.param("{{ message.text | join(message.text) }}", "No filter named 'join'", id="join-filter"),
        pytest.param("{{ message.text | map('upper') }}", "No filter named 'map'", id="map-filter"),
        pytest.param("{{ 1 is divisibleby(0) }}", "No test named 'divisibleby'", id="division"),
        pytest.param("{{ self }}", "'self' is unknown", id="self"),
        pytest.param(
            "{{ config }}", "'config' is unknown; known here: account, message, messages, now, user", id="unknown-name"
        ),
        pytest.param("{% for x in message.text %}{% endfor %}", "a loop runs over", id="loop-over-text"),
        pytest.param("{% for x in [1] %}{% endfor %}", "a loop runs over", id="loop-over-a-list"),
        pytest.param("{% for a, b in message.suggestions %}{% endfor %}", "a loop runs over", id="loop-that-unpacks"),
        pytest.param("{% for x in message.suggestions recursive %}{% endfor %}", "a loop runs over", id="recursion"),
        pytest.param(
            "{% for x in message.suggestions %}{% for y in message.suggestions %}{% endfor %}{% endfor %}",
            "in no other loop",
            id="loop-in-a-loop",
        ),
        pytest.param(
            "{% for message in message.suggestions %}{% endfor %}", "a loop runs over", id="loop-that-takes-a-name"
        ),
        pytest.param("{% for s in message.suggestions %}{{ loop.cycle(1) }}{% endfor %}", "only calls", id="cycle"),
        pytest.param(
            "{% for s in message.suggestions %}{{ s }}{% endfor %}{{ s }}", "'s' is unknown", id="after-a-loop"
        ),
        pytest.param("{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}", "nested too deeply", id="brackets"),
        pytest.param("{{ now" + ".a" * 2000 + " }}", "nested too deeply", id="dots"),
        pytest.param("{{ " + "not " * 1000 + "now }}", "nested too deeply", id="nots"),
        pytest.param("{% if now %}" * 300, "nested|end of template|looking for", id="ifs"),
        pytest.param("{% if now %}" * 200 + "{% endif %}" * 100, "nested|end|looking for", id="open-ifs"),
    ],
)
def test_escapes(source: str, message: str) -> None:
    """Whatever would take long, grow large or reach further is refused."""
    with pytest.raises(TemplateError, match=message):
        render(source, values())


@pytest.mark.parametrize(
    ("source", "line"),
    [("{{ user", 1), ("a\nb {{ }}", 2), ("a\n\n{% for %}", 3), ("a\n{{ b }}", 2), ("{{ 1 }}\n{{ 1 + 1 }}", 2)],
)
def test_lines(source: str, line: int) -> None:
    """A template that cannot be read tells its line."""
    with pytest.raises(TemplateError) as caught:
        compile_template(source)
    assert caught.value.line == line


def test_undefined_is_an_error() -> None:
    """What is not there is no empty text."""
    with pytest.raises(TemplateError, match="has no attribute 'txet'"):
        render("{{ message.txet }}", values())


def test_length_of_the_source() -> None:
    """A template has at most 4,096 characters."""
    fits = "{{ 1 }}" + "x" * (LONGEST_SOURCE - 7)
    assert render(fits, values()).startswith("1xxx")
    with pytest.raises(TemplateError, match="at most 4096 characters"):
        render(fits + "x", values())


def test_length_of_the_output() -> None:
    """A template renders to at most 64 kB of UTF-8."""
    long = values("é" * MOST_TEXT)  # 20,000 bytes each time
    assert len(render("{{ message.text }}" * 3 + "x" * 500, long).encode()) == 60_500
    source = "{{ message.text }}" * 3 + "{% for s in message.suggestions %}" + "x" * 2768 + "{% endfor %}"
    assert len(render(source, long).encode()) == LONGEST_OUTPUT
    with pytest.raises(TemplateError, match="more than 64 kB"):
        render(source + "x", long)


def test_long_messages_are_cut() -> None:
    """A template sees 10,000 characters and a hundred suggestions of a message, so that no filter takes long."""
    found = values("x" * (MOST_TEXT + 1), *[YES] * (MOST_SUGGESTIONS + 1))
    assert render("{{ message.text | length }} {{ message.suggestions | length }}", found) == "10000 100"


def test_no_message() -> None:
    """In a run that answers nothing there is no message."""
    found = TemplateValues(Stage().account, USER, None, datetime(2030, 1, 2, tzinfo=UTC))
    assert render("{% if message is none %}-{% endif %}", found) == "-"
    with pytest.raises(TemplateError, match="has no attribute 'text'"):
        render("{{ message.text }}", found)


def test_only_asked_for() -> None:
    """A value is looked up only if the template names it: people cost something."""
    asked: list[str] = []

    def lookup(name: str) -> Any:
        asked.append(name)
        return values()(name)

    render("{{ now.year }} {{ message.id }}", lookup)
    assert sorted(asked) == ["message", "now"]


@pytest.mark.parametrize(
    ("text", "expected"), [("{{ a", True), ("{% a", True), ("{ a }", False), ("{# a #}", False), ("", False)]
)
def test_is_template(text: str, expected: bool) -> None:
    """A string with `{{` or `{%` is a template."""
    assert is_template(text) is expected
    assert has_template({"a": [1, None, {"b": text}]}) is expected


def test_render_all() -> None:
    """Every string of a JSON value is rendered, keys are not."""
    value = {"a": ["{{ 1 }}", 2, None, True], "{{ b }}": {"c": "x", "d": "{{ now.year }}"}}
    assert render_all(value, values()) == {"a": ["1", 2, None, True], "{{ b }}": {"c": "x", "d": "2030"}}


def test_jinja_waits_until_it_is_needed() -> None:
    """Neither Jinja nor Faker is imported for a scenario without templates."""
    code = (
        "import sys; from sandbox.engine.engine import Engine; from sandbox.engine.loader import load;"
        "load('name: x\\nsteps: [{do: say, text: Hi}]');"
        "print(sorted({'jinja2', 'faker'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPO)
    assert found.stdout.strip() == "[]"
