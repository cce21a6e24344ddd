"""Templates: sandboxed Jinja in the strings of an action, for sentences with blanks and no more.

A template may print values, choose with `if`, use a few filters, format `now`, and loop over `message.suggestions`.
Everything else is refused before it runs, so that no template can take long or grow large: no loop in a loop, no
arithmetic, no assignment, no macro, no call but those of `now`. What is left costs about as much as it is long.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jinja2 import Template as JinjaTemplate
    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_SOURCE = 4096
LONGEST_OUTPUT = 65_536  # bytes of UTF-8
NAMES = ("user", "account", "message", "messages", "now")

_SIGN = re.compile(r"\{(?=[{%#])")
_FILTERS = ("capitalize", "default", "first", "last", "length", "lower", "title", "trim", "truncate", "upper")
_TESTS = ("defined", "none", "string", "undefined")
_CALLS = ("isoformat", "strftime")
_NODES = (
    *("Template", "Output", "TemplateData", "Const", "Name", "Getattr", "Getitem", "List", "Tuple", "Filter", "Test"),
    *("If", "CondExpr", "Compare", "Operand", "And", "Or", "Not", "Concat"),
)


class TemplateError(Exception):
    """A template cannot be read or filled in; `line` counts from 1 within the template."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


class Template(NamedTuple):
    """A template that may run, and the names it asks for."""

    compiled: JinjaTemplate
    names: frozenset[str]


def is_template(text: str) -> bool:
    """Tell whether a string is to be rendered."""
    return "{{" in text or "{%" in text


def has_template(value: Any) -> bool:
    """Tell whether a JSON value holds a string that is to be rendered."""
    match value:
        case str():
            return is_template(value)
        case list():
            return any(map(has_template, value))
        case dict():
            return any(map(has_template, value.values()))
        case _:
            return False


def quoted(value: Any) -> Any:
    """Return a JSON value that is rendered as this one; the signs of templates in it are signs. Raises `TemplateError`."""
    match value:
        case str() if is_template(value):
            source = _SIGN.sub('{{ "{" }}', value)
            compile_template(source)
            return source
        case list():
            return [quoted(item) for item in value]
        case dict():
            return {key: quoted(item) for key, item in value.items()}
        case _:
            return value


def render_all(value: Any, lookup: Callable[[str], Any]) -> Any:
    """Return a JSON value with every template in it rendered. Raises `TemplateError`."""
    match value:
        case str() if is_template(value):
            return render(value, lookup)
        case list():
            return [render_all(item, lookup) for item in value]
        case dict():
            return {key: render_all(item, lookup) for key, item in value.items()}
        case _:
            return value


def render(source: str, lookup: Callable[[str], Any]) -> str:
    """Return a template filled in; `lookup` is asked only for the names it uses. Raises `TemplateError`."""
    from jinja2 import TemplateError as JinjaError  # noqa: PLC0415 - 40 ms that most scenarios need not pay

    template = compile_template(source)
    values = {name: lookup(name) for name in template.names}
    chunks: list[str] = []
    size = 0
    try:
        for chunk in template.compiled.generate(values):
            chunks.append(chunk)
            size += len(chunk.encode("utf-8", "replace"))
            if size > LONGEST_OUTPUT:
                raise TemplateError("renders to more than 64 kB")
    except (JinjaError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        raise TemplateError(str(error)) from None
    return "".join(chunks)


@lru_cache(maxsize=256)
def compile_template(source: str) -> Template:
    """Return a template, ready to run. Raises `TemplateError`."""
    from jinja2 import Template as JinjaTemplate  # noqa: PLC0415 - see render
    from jinja2 import TemplateSyntaxError, nodes  # noqa: PLC0415

    if len(source) > LONGEST_SOURCE:
        raise TemplateError(f"a template has at most {LONGEST_SOURCE} characters; this one has {len(source)}")
    environment = _environment()
    try:
        tree = environment.parse(source)
        _inspect(tree, frozenset(NAMES))
        code = environment.compile(tree)
    except TemplateSyntaxError as error:
        raise TemplateError(error.message or "is not well-formed", error.lineno) from None
    except (RecursionError, MemoryError, SyntaxError):
        raise TemplateError("is nested too deeply") from None
    used = frozenset(node.name for node in tree.find_all(nodes.Name) if node.name in NAMES)
    return Template(JinjaTemplate.from_code(environment, code, {}), used)


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined  # noqa: PLC0415 - see render
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, cache_size=0)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


def _inspect(node: nodes.Node, known: frozenset[str]) -> None:
    """Refuse what a template may not hold; `known` are the names it may use here. Raises `TemplateError`."""
    from jinja2 import nodes  # noqa: PLC0415 - see render

    match node:
        case nodes.For():
            _inspect_loop(node, known)
        case nodes.Call():
            _inspect_call(node)
        case nodes.Name(name=name) if name not in known:
            raise TemplateError(f"{name!r} is unknown; known here: {', '.join(sorted(known))}", node.lineno)
        case _ if type(node).__name__ not in _NODES:
            raise TemplateError(f"a template may not hold {type(node).__name__}", node.lineno)
        case _:
            for child in node.iter_child_nodes():
                _inspect(child, known)


def _inspect_loop(loop: nodes.For, known: frozenset[str]) -> None:
    from jinja2 import nodes  # noqa: PLC0415 - see render

    match loop:
        case nodes.For(
            target=nodes.Name(name=name), iter=nodes.Getattr(node=nodes.Name(name="message"), attr="suggestions")
        ) if not loop.recursive and "loop" not in known and name not in known:
            inner = known | {name, "loop"}
        case _:
            raise TemplateError("a loop runs over message.suggestions, and in no other loop", loop.lineno)
    for child in (*loop.body, *loop.else_, *filter(None, [loop.test])):
        _inspect(child, inner)


def _inspect_call(call: nodes.Call) -> None:
    from jinja2 import nodes  # noqa: PLC0415 - see render

    match call:
        case nodes.Call(node=nodes.Getattr(node=nodes.Name(name="now"), attr=method), args=args) if (
            method in _CALLS
            and all(isinstance(arg, nodes.Const) for arg in args)
            and not (call.kwargs or call.dyn_args or call.dyn_kwargs)
        ):
            return
        case _:
            raise TemplateError(f"the only calls are now.{'() and now.'.join(_CALLS)}()", call.lineno)
