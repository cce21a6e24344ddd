"""A scenario is refused for names that no provider it is for has, where the providers are known."""

from __future__ import annotations

import pytest

from sandbox.engine.complaint import MOST
from sandbox.engine.loader import ScenarioError, load
from sandbox.providers import PROVIDERS


def said(match: str = "", steps: str = "[]") -> list[tuple[str, int, int, str]]:
    """Return what is said about a scenario: path, line, column and message."""
    text = f"name: x\nmatch: {{{match}}}\nsteps: {steps}"
    try:
        load(text, providers=PROVIDERS)
    except ScenarioError as error:
        load(text)  # without providers there is nothing to say
        return [(one.path, one.line, one.column, one.message) for one in error.complaints]
    return []


def fault(match: str, effect: str = "type: drop", on: str = "callback") -> str:
    """Return a step that arms one."""
    return f"{{do: fault, on: {on}, match: {{{match}}}, effect: {{{effect}}}}}"


@pytest.mark.parametrize(
    ("provider", "path", "column"),
    [
        pytest.param("link", None, 0, id="a-name"),
        pytest.param("l*", None, 0, id="a-glob"),
        pytest.param("[link, mehery]", None, 0, id="several"),
        pytest.param("linc", "match.provider", 19, id="misspelt"),
        pytest.param("[mehery, linc]", "match.provider[1]", 28, id="one-of-several"),
    ],
)
def test_provider(provider: str, path: str | None, column: int) -> None:
    """A scenario that is for nobody would never play."""
    nearest = "no provider is called 'linc'; the nearest is link"
    assert said(f"provider: {provider}") == ([] if path is None else [(path, 2, column, nearest)])


@pytest.mark.parametrize(
    ("match", "step", "says"),
    [
        pytest.param("", fault("kind: event.READ"), None, id="kind-of-one"),
        pytest.param("", fault("kind: event.REED"), "LINK Conversations has no callback 'event.REED'", id="of-none"),
        pytest.param("provider: rbm", fault("kind: event.READ"), "RBM has no callback 'event.READ'", id="of-another"),
        pytest.param("provider: linc", fault("kind: event.READ"), None, id="whoever-it-was-meant-for"),
        pytest.param("", fault("kind: event.REED*"), None, id="a-glob"),
    ],
)
def test_fault(match: str, step: str, says: str | None) -> None:
    """A fault that could never fire is refused, unless a provider that the scenario is for knows what it names."""
    of_faults = [(path, message) for path, *_, message in said(match, f"[{step}]") if path.startswith("steps")]
    assert [path for path, _ in of_faults] == ([] if says is None else ["steps[0].match.kind"])
    assert says is None or says in of_faults[0][1]


def test_places() -> None:
    """A fault is found wherever it stands."""
    operation = fault("operation: x", "type: hang", "request")
    code = fault("", "type: code, code: x", "request")
    steps = f"[{{do: repeat, times: 2, steps: [{{do: choose, of: [[{operation}], [{{do: read}}, {code}]]}}]}}]"
    inside = "steps[0].steps[0].of"
    assert [path for path, *_ in said("", steps)] == [f"{inside}[0][0].match.operation", f"{inside}[1][1].effect.code"]


def test_many() -> None:
    """No more is said than helps."""
    assert len(said("", f"[{', '.join([fault('kind: x')] * (MOST + 1))}]")) == MOST
