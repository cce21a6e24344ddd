"""The arrows of the house: which room may know which, read from the imports and names in the source."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import sandbox

ROOT = Path(sandbox.__file__).parent
DELIVERY = (
    *("sandbox.dispatcher", "sandbox.chaos", "sandbox.egress"),
    *("sandbox.webhook_client", "sandbox.webhook_connection"),
)
PROVIDER_NAMES = ("link", "webex", "mehery", "rbm")
BANNED_WORDS = ("utils", "util", "helpers", "helper", "common", "manager", "misc")


@cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of every module of the package, by its dotted name."""
    found = {}
    for file in sorted(ROOT.rglob("*.py")):
        parts = ("sandbox", *file.relative_to(ROOT).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text(encoding="utf-8"), str(file))
    return found


def lies_in(module: str, rooms: tuple[str, ...]) -> bool:
    """Tell whether a module is one of these or lies below one of them."""
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def inside(*rooms: str) -> dict[str, ast.Module]:
    """Return the modules of some rooms."""
    return {name: tree for name, tree in modules().items() if lies_in(name, rooms)}


@cache
def nodes(tree: ast.AST) -> list[ast.AST]:
    """Return all nodes of a piece of source, walked through once for all tests."""
    return list(ast.walk(tree))


@cache
def imported(tree: ast.AST) -> list[tuple[str, int]]:
    """Return every module that a piece of source imports, wherever in it, with the line."""
    found = []
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            # `from sandbox.control import answer` means the module of that name, if there is one.
            names = [(f"{node.module}.{alias.name}", node.module) for alias in node.names]
            found += [(below if below in modules() else module, node.lineno) for below, module in names]
    return found


def strangers(rooms: tuple[str, ...], may: tuple[str, ...]) -> list[str]:
    """Return the imports in these rooms of modules of the package that lie outside `may`."""
    return [
        f"{name}:{line} imports {other}"
        for name, tree in inside(*rooms).items()
        for other, line in imported(tree)
        if lies_in(other, ("sandbox",)) and not lies_in(other, may)
    ]


@dataclass(frozen=True)
class Room:
    """
    A room of the house.

    Attributes:
        name: what it is called here.
        modules: what it consists of.
        may: which other rooms it may import.
        outside: which other packages it may import, besides the standard library.
        why: the reason.
    """

    name: str
    modules: tuple[str, ...]
    may: tuple[str, ...]
    outside: tuple[str, ...]
    why: str


CORE = ("sandbox.core",)
DATA = ("pydantic", "pydantic_core")

ROOMS = (
    Room("core", CORE, (), (*DATA, "typing_extensions", "jwt", "cryptography", "faker"), "the words all others share"),
    Room("providers", ("sandbox.providers",), CORE, (*DATA, "typing_extensions", "jwt", "cryptography"), "plain data"),
    Room("engine", ("sandbox.engine",), CORE, (*DATA, "ruamel", "jinja2"), "plays events, and never touches HTTP"),
    Room("timeline", ("sandbox.timeline",), (*CORE, "sandbox.engine"), (), "reads what the journal keeps"),
    Room(
        "delivery", DELIVERY, CORE, ("httptools", "yarl", "aiohappyeyeballs"), "sends whatever bytes any provider makes"
    ),
    Room(
        "sandbox",
        ("sandbox.sandbox",),
        (*CORE, "sandbox.engine", *DELIVERY, "sandbox.timeline", "sandbox.snapshot"),
        DATA,
        "is given its providers, and knows nobody who calls it",
    ),
    Room(
        "snapshot",
        ("sandbox.snapshot",),
        (*CORE, "sandbox.engine", *DELIVERY, "sandbox.sandbox"),
        DATA,
        "writes down what the others hold",
    ),
    Room("web", ("sandbox.web",), (*CORE, "sandbox.sandbox"), (), "serves operations, whosever they are"),
    Room(
        "control",
        ("sandbox.control",),
        # chaos: a callback that waits is shown as a fault will have it sent
        (
            *CORE,
            *("sandbox.sandbox", "sandbox.engine", "sandbox.settings", "sandbox.inspector"),
            *("sandbox.chaos", "sandbox.timeline", "sandbox.metrics", "sandbox.openapi", "sandbox.snapshot"),
        ),
        (*DATA, "typing_extensions", "starlette", "ruamel"),
        "a face adds nothing: what it needs, Sandbox can do",
    ),
    Room(
        "openapi",
        ("sandbox.openapi",),
        (*CORE, "sandbox.shipped"),
        (*DATA, "typing_extensions"),
        "describes what it is given, whosever it is",
    ),
    Room(
        "settings",
        ("sandbox.settings",),
        ("sandbox.sandbox", "sandbox.engine.complaint"),
        ("pydantic", "pydantic_settings", "ruamel"),
        "read once, by the composition root",
    ),
    Room("junit", ("sandbox.junit",), (), (), "writes what anybody found"),
    Room(
        "webhook check",
        ("sandbox.webhook_check",),
        (*CORE, "sandbox.sandbox", "sandbox.engine", *DELIVERY, "sandbox.junit"),
        ("pydantic_core", "httptools"),
        "tries out webhooks with what a sandbox can do, whosever callbacks they are",
    ),
    Room("shipped", ("sandbox.shipped",), (), (), "knows where files lie and no more"),
    Room("logs", ("sandbox.logs",), CORE, ("structlog",), "hears of changes and prints them"),
    Room("metrics", ("sandbox.metrics",), (*CORE, "sandbox.sandbox"), ("prometheus_client",), "counts nothing itself"),
    Room(
        "server",
        ("sandbox.server", "sandbox.server_thread", "sandbox.protocol", "sandbox.heads", "sandbox.garbage"),
        (),
        ("uvicorn", "httptools"),
        "serves any ASGI application",
    ),
    Room("client", ("sandbox.client",), (), ("httpx",), "sees the server from outside, as a program of its own"),
    Room("testing", ("sandbox.testing",), ("sandbox.client",), (), "a face adds nothing: it is a client"),
    Room(
        "embedded",
        ("sandbox.embedded",),
        ("sandbox.app", "sandbox.server", "sandbox.server_thread", "sandbox.settings"),
        (),
        "starts what others call",
    ),
    Room(
        "pytest plugin",
        ("sandbox.pytest_plugin",),
        ("sandbox.client", "sandbox.testing", "sandbox.embedded"),
        ("pytest",),
        "fixtures and hooks, and no more",
    ),
    Room("transcript", ("sandbox.transcript",), (), ("click",), "reads what the control API tells"),
    Room("sample bot", ("sandbox.demo.bot",), (), ("aiohttp", "jwt"), "a customer copies it and has no sandbox"),
)

rooms = pytest.mark.parametrize("room", [pytest.param(room, id=f"{room.name}: {room.why}") for room in ROOMS])


@rooms
def test_room_imports_only_what_it_may(room: Room) -> None:
    """A room imports itself and the rooms below it."""
    assert inside(*room.modules), "there is no such module; has it moved?"
    assert strangers(room.modules, (*room.may, *room.modules)) == []


@rooms
def test_room_imports_only_packages_it_may(room: Room) -> None:
    """Of what others made a room imports what is named here, and the standard library."""
    others = [
        f"{name}:{line} imports {other}"
        for name, tree in inside(*room.modules).items()
        for other, line in imported(tree)
        if other.partition(".")[0] not in ("sandbox", *room.outside, *sys.stdlib_module_names)
    ]
    assert others == []


@pytest.mark.parametrize(
    "provider",
    [pytest.param(folder.name) for folder in (ROOT / "providers").iterdir() if (folder / "rules.py").exists()],
)
def test_no_provider_knows_another(provider: str) -> None:
    """A provider is one folder: it can be taken away without the others noticing."""
    own = f"sandbox.providers.{provider}"
    assert strangers((own,), (*CORE, own)) == []


ONLY_THERE = [
    pytest.param("httpx", ("sandbox.client.transports",), id="httpx: its successor is a change of one line"),
    pytest.param("aiohttp", ("sandbox.demo",), id="aiohttp: what a bot is made of"),
    pytest.param("yarl", ("sandbox.webhook_client",), id="yarl: one place calls webhooks"),
    pytest.param("starlette", ("sandbox.control",), id="starlette: provider operations need no framework"),
    pytest.param(
        "uvicorn", ("sandbox.server", "sandbox.protocol"), id="uvicorn: the application runs under any server"
    ),
    pytest.param("click", ("sandbox.cli", "sandbox.transcript"), id="click: the terminal is a face"),
    pytest.param("faker", ("sandbox.core.ids",), id="faker: people come from the seed"),
    pytest.param("jinja2", ("sandbox.engine.templates",), id="jinja2: one place guards what a template may do"),
    pytest.param("prometheus_client", ("sandbox.metrics",), id="prometheus: an exposition, not a way of counting"),
    pytest.param("sandbox.metrics", ("sandbox.control.metrics",), id="metrics: read by one endpoint, when asked for"),
    pytest.param("secrets", ("sandbox.app",), id="secrets: a seed is drawn once, where none was given"),
    pytest.param("sandbox.web", ("sandbox.app",), id="web: the composition root alone puts rooms together"),
    pytest.param("sandbox.providers", ("sandbox.app",), id="providers: one tuple, one reader"),
    pytest.param("sandbox.cli", ("sandbox.__main__",), id="cli: nobody calls the terminal"),
    pytest.param("sandbox.demo", ("sandbox.cli",), id="demo: nothing depends on a show"),
    pytest.param("pytest", ("sandbox.pytest_plugin",), id="pytest: nobody else is in a test"),
    pytest.param(
        "sandbox.app",
        ("sandbox.cli", "sandbox.demo", "sandbox.embedded"),
        id="app: only who starts it knows the whole house",
    ),
]


@pytest.mark.parametrize(("what", "where"), ONLY_THERE)
def test_is_imported_only_there(what: str, where: tuple[str, ...]) -> None:
    """Some things are named in one place only, besides their own."""
    assert [
        f"{name}:{line}"
        for name, tree in modules().items()
        for other, line in imported(tree)
        if lies_in(other, (what,)) and not lies_in(name, (*where, what))
    ] == []


@pytest.mark.parametrize(
    ("module", "package"),
    [
        pytest.param("sandbox.webhook_client", "yarl", id="yarl: with the first webhook"),
        pytest.param("sandbox.webhook_client", "aiohappyeyeballs", id="aiohappyeyeballs: with the first connection"),
        pytest.param("sandbox.core.ids", "faker", id="faker: with the first person"),
        pytest.param("sandbox.core.keys", "cryptography", id="cryptography: with the first key"),
        pytest.param("sandbox.engine.templates", "jinja2", id="jinja2: with the first template"),
        pytest.param("sandbox.pytest_plugin", "sandbox", id="sandbox: with the first test that wants one"),
        pytest.param("sandbox.control.metrics", "sandbox.metrics", id="prometheus: with the first scrape"),
        pytest.param("sandbox.sandbox", "sandbox.timeline.tree", id="timeline: with the first look back"),
        pytest.param("sandbox.control.timeline", "sandbox.timeline.text", id="its text: with the first reader"),
    ],
)
def test_is_imported_when_needed(module: str, package: str) -> None:
    """What is slow to import waits inside functions, so that starting takes no time."""
    at_once = [node for node in modules()[module].body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any(lies_in(name, (package,)) for node in at_once for name, _ in imported(node))
    assert any(lies_in(name, (package,)) for name, _ in imported(modules()[module]))


def test_documents_are_made_when_they_are_asked_for() -> None:
    """Nobody who starts a server waits for descriptions that few read."""
    makers = ("sandbox.openapi", "sandbox.control.document")

    def makes(module: str) -> bool:
        return lies_in(module, makers) or module.endswith(".description")

    at_once = [
        f"{name} imports {other}"
        for name, tree in modules().items()
        if not makes(name)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for other, _ in imported(node)
        if makes(other)
    ]
    assert any(makes(name) for name in modules())
    assert at_once == []


# What would let time or chance in by the back door: names of modules and classes, and what of them is meant.
CLOCKS = {
    "datetime": ("now", "utcnow", "today"),
    "date": ("today",),
    "time": ("time", "time_ns", "localtime", "gmtime", "sleep"),
}
CHANCES = {"uuid": ("uuid1", "uuid4"), "random": None, "os": ("urandom",)}
# The terminal and the demo's bot stand outside: they are the customer's, who has a watch and dice of their own.
OUTSIDE = ("sandbox.cli", "sandbox.demo")


def uses(tree: ast.Module, forbidden: dict[str, tuple[str, ...] | None]) -> Iterator[str]:
    """Yield every use of a forbidden name; None forbids all of a module but `Random`, which somebody hands in."""
    taken = {other for other, _ in imported(tree)}
    for node in nodes(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner in forbidden:
                names = forbidden[owner]
                if attr in names if names is not None else owner in taken:
                    yield f"line {node.lineno}: {owner}.{attr}"
            case ast.ImportFrom(module=str(owner), names=aliases) if owner in forbidden:
                names = forbidden[owner]
                for alias in aliases:
                    if alias.name in names if names is not None else alias.name != "Random":
                        yield f"line {node.lineno}: from {owner} import {alias.name}"


@pytest.mark.parametrize(
    ("forbidden", "where"),
    [
        pytest.param(CLOCKS, "sandbox.core.clock", id="time: every account has its own, and tests move it"),
        pytest.param(CHANCES, "sandbox.core.ids", id="chance: the same seed gives the same bytes"),
    ],
)
def test_time_and_chance_are_handed_in(forbidden: dict[str, tuple[str, ...] | None], where: str) -> None:
    """One module reads the machine's time, and one draws."""
    used = {name: list(uses(tree, forbidden)) for name, tree in modules().items() if not lies_in(name, OUTSIDE)}
    assert used.pop(where), "there is none any more; has it moved?"
    assert {name: found for name, found in used.items() if found} == {}


def words_of(identifier: str) -> set[str]:
    """Return the words of an identifier, in lower case."""
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).lower().split("_"))


def identifiers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every name that a module gives or uses, with its line."""
    for node in nodes(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case _:
                pass


def literals(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every string of a module that is no docstring, with its line."""
    prose = {
        id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in prose:
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            yield text, node.lineno


NAMELESS = (
    "sandbox.core",
    "sandbox.engine",
    "sandbox.timeline",
    "sandbox.web",
    "sandbox.control",
    "sandbox.openapi",
    "sandbox.sandbox",
    "sandbox.dispatcher",
    "sandbox.chaos",
    "sandbox.webhook_client",
    "sandbox.snapshot",
    "sandbox.webhook_check",
)


@pytest.mark.parametrize("room", NAMELESS)
def test_no_provider_is_named(room: str) -> None:
    """What serves every provider knows none of them: adding one is a folder and a line."""
    names = re.compile(rf"(?<![\w-])({'|'.join(PROVIDER_NAMES)})(?![\w])", re.IGNORECASE)
    found = [
        f"{module}:{line} {text!r}"
        for module, tree in inside(room).items()
        for text, line in (
            *((name, line) for name, line in identifiers(tree) if words_of(name) & {*PROVIDER_NAMES}),
            *((text, line) for text, line in literals(tree) if names.search(text)),
        )
    ]
    assert found == []


def test_nothing_is_called_by_what_it_is_not() -> None:
    """A module, class or function called utils, helpers, common or manager is a concept that has not been named yet."""
    found = []
    for name, tree in modules().items():
        made = [node.name for node in nodes(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        found += [f"{name}: {one}" for one in (name.rpartition(".")[2], *made) if words_of(one) & {*BANNED_WORDS}]
    assert found == []


def test_imports_are_absolute() -> None:
    """An import says where a thing comes from."""
    relative = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for node in nodes(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_every_module_says_what_it_is_for() -> None:
    """A module opens with a sentence."""
    silent = [
        name for name, tree in modules().items() if not (ast.get_docstring(tree) or "").partition("\n")[0].endswith(".")
    ]
    assert silent == []
