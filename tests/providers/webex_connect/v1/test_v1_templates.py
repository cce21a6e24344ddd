"""v1: messages by template."""

from typing import Any

import pytest

from sandbox.core.content import Media, Other, Text
from sandbox.providers.webex_connect.checked import Fate
from v1_requests import OMIT, SMALLEST, assert_refused, check, fates, smallest, sms

GREETING = {"greeting": {"channel": "sms", "text": "Dear $(name), welcome to $(place)!", "params": ["name", "place"]}}
GIVEN = {"name": "Ann", "place": "Bonn"}


def by_template(template: Any = "greeting", parameters: Any = GIVEN, **members: Any) -> dict[str, Any]:
    """Return an SMS by template alone."""
    message = {"template": template, "parameters": parameters}
    return sms(**{"channels": OMIT, "message": message, **members})


def shown(data: Any, **settings: Any) -> Any:
    """Return the content that the first handset shows."""
    checked = check(data, **settings)
    return checked.content(checked.addressed[0]).content


@pytest.mark.parametrize(
    ("data", "templates", "code", "detail"),
    [
        pytest.param(by_template(5), {}, "7004", "message.template", id="WX1-TPL-01-number"),
        pytest.param(by_template(["greeting"]), {}, "7004", "message.template", id="WX1-TPL-01-array"),
        pytest.param(by_template(True), {}, "7004", "message.template", id="WX1-TPL-01-boolean"),
        pytest.param(sms(message="greeting"), {}, "7004", "message", id="WX1-TPL-01-message-is-no-object"),
        pytest.param(sms(message=["greeting"]), {}, "7004", "message", id="WX1-TPL-01-message-is-an-array"),
        pytest.param(by_template("other"), GREETING, "7108", "message.template", id="WX1-TPL-01-undeclared"),
        pytest.param(by_template("Greeting"), GREETING, "7108", "message.template", id="WX1-TPL-01-another-case"),
        pytest.param(by_template(deliverychannel="voice"), GREETING, "7108", "message.template",
                     id="WX1-TPL-01-declared-for-another-channel"),
        pytest.param(sms(message={"template": "other"}), GREETING, "7108", "message.template",
                     id="WX1-TPL-01-undeclared-beside-a-text"),
    ],
)  # fmt: skip
def test_a_bad_template(data: dict[str, Any], templates: dict[str, Any], code: str, detail: str) -> None:
    """A template is named by a string; where templates are declared, by one of its channel."""
    assert_refused(data, "WX1-TPL-01", code, detail, templates=templates)


@pytest.mark.parametrize("template", [None, ""], ids=lambda template: f"WX1-TPL-01-{template!r}-is-none")
def test_no_template(template: Any) -> None:
    """An empty template is none: beside a text it does nothing, alone it leaves the channels missing."""
    checked = check(sms(message={"template": template, "parameters": {}}), templates=GREETING)
    assert not checked.by_template
    assert_refused(by_template(template), "WX1-ENV-04", "7003", "channels")


@pytest.mark.parametrize("message", [None, {}, ""], ids=lambda message: f"WX1-TPL-01-{message!r}-is-none")
def test_no_message(message: Any) -> None:
    """An empty message is none."""
    assert not check(sms(message=message)).by_template


@pytest.mark.parametrize(
    "channels", [OMIT, None, {}, {"sms": {}}, {"sms": None}, {"sms": {"senderid": "A"}}], ids=lambda _: "WX1-TPL-01"
)
def test_a_template_needs_no_channels(channels: Any) -> None:
    """`channels` may be missing, or lack the channel's object or its text, where there is a template."""
    data = by_template(channels=channels)
    assert shown(data, templates=GREETING) == Text("Dear Ann, welcome to Bonn!")
    assert check(data, templates=GREETING).by_template


def test_an_undeclared_template() -> None:
    """WX1-TPL-01: where no templates are declared any will do; its text is not known."""
    assert shown(by_template("any")) == Other("", {"template": "any", "parameters": GIVEN})


@pytest.mark.parametrize(
    ("parameters", "code", "detail"),
    [
        pytest.param({"name": "Ann"}, "7003", "message.parameters.place", id="WX1-TPL-02-one-missing"),
        pytest.param({}, "7003", "message.parameters.name", id="WX1-TPL-02-all-missing"),
        pytest.param(None, "7003", "message.parameters.name", id="WX1-TPL-02-null"),
        pytest.param({"Name": "Ann", "place": "Bonn"}, "7003", "message.parameters.name", id="WX1-TPL-02-another-case"),
        pytest.param(
            {"name ": "Ann", "place": "Bonn"}, "7003", "message.parameters.name", id="WX1-TPL-02-a-blank-more"
        ),
        pytest.param(["Ann", "Bonn"], "7004", "message.parameters", id="WX1-TPL-02-array"),
        pytest.param("Ann", "7004", "message.parameters", id="WX1-TPL-02-string"),
        pytest.param({"name": 5, "place": "Bonn"}, "7004", "message.parameters.name", id="WX1-TPL-02-number"),
        pytest.param({"name": None, "place": "Bonn"}, "7004", "message.parameters.name", id="WX1-TPL-02-null-as-value"),
        pytest.param({"name": {"x": "y"}, "place": "Bonn"}, "7004", "message.parameters.name", id="WX1-TPL-02-object"),
    ],
)
def test_bad_parameters(parameters: Any, code: str, detail: str) -> None:
    """Each parameter of a declared template is supplied as a string under its exact name."""
    assert_refused(by_template(parameters=parameters), "WX1-TPL-02", code, detail, templates=GREETING)


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        pytest.param(GIVEN, "Dear Ann, welcome to Bonn!", id="WX1-TPL-02-all-given"),
        pytest.param({**GIVEN, "more": "x"}, "Dear Ann, welcome to Bonn!", id="WX1-TPL-02-one-more-is-ignored"),
        pytest.param({"name": "", "place": ""}, "Dear , welcome to !", id="WX1-TPL-02-empty-ones-are-given"),
        pytest.param({"name": "$(place)", "place": "Bonn"}, "Dear $(place), welcome to Bonn!",
                     id="WX1-TPL-02-a-value-is-not-filled-again"),
    ],
)  # fmt: skip
def test_good_parameters(parameters: Any, text: str) -> None:
    """The blanks of the template's text are filled, once."""
    assert shown(by_template(parameters=parameters), templates=GREETING) == Text(text)


def test_a_blank_that_is_no_parameter() -> None:
    """WX1-TPL-02: a blank that the template does not list as a parameter may stay."""
    templates = {"greeting": {"channel": "sms", "text": "Dear $(name) $()", "params": []}}
    assert shown(by_template(parameters={}), templates=templates) == Text("Dear $(name) $()")


@pytest.mark.parametrize(
    ("own", "text"),
    [
        pytest.param({"name": "Bob", "place": "Rome"}, "Dear Bob, welcome to Rome!", id="WX1-TPL-03-all"),
        pytest.param({"name": "Bob"}, "Dear Bob, welcome to Bonn!", id="WX1-TPL-03-one"),
        pytest.param({"name": ""}, "Dear , welcome to Bonn!", id="WX1-TPL-03-an-empty-one-overrides"),
        pytest.param({"Name": "Bob"}, "Dear Ann, welcome to Bonn!", id="WX1-TPL-03-another-case-overrides-nothing"),
        pytest.param({}, "Dear Ann, welcome to Bonn!", id="WX1-TPL-03-none"),
    ],
)
def test_parameters_of_the_channel(own: dict[str, str], text: str) -> None:
    """The channel's parameters override those of the message by name."""
    assert shown(by_template(channels={"sms": {"parameters": own}}), templates=GREETING) == Text(text)


@pytest.mark.parametrize("name", SMALLEST, ids=lambda name: f"WX1-TPL-03-{name}")
def test_parameters_stand_beside_every_channels_content(name: str) -> None:
    """Each channel's object may hold parameters, which may be all that the template needs."""
    place = SMALLEST[name][0]
    channels: dict[str, Any] = {"parameters": {"a": "c"}}
    for step in reversed(place):
        channels = {step: channels}
    data = smallest(name, channels=channels, message={"template": "t"})
    templates = {"t": {"channel": name, "text": "The template's $(a)", "params": ["a"]}}
    assert shown(data, templates=templates) == Text("The template's c")
    assert check(data, templates=templates).warnings == ()


@pytest.mark.parametrize(
    "own",
    [
        pytest.param({"name": 5}, id="WX1-TPL-03-number"),
        pytest.param({"name": None}, id="WX1-TPL-03-null"),
    ],
)
def test_bad_parameters_of_the_channel(own: dict[str, Any]) -> None:
    """They are strings as well."""
    data = by_template(channels={"sms": {"parameters": own}})
    assert_refused(data, "WX1-TPL-02", "7004", "parameters.name", templates=GREETING)


@pytest.mark.parametrize("name", SMALLEST, ids=lambda name: f"WX1-TPL-04-{name}")
def test_a_template_beside_the_channels_own_content(name: str) -> None:
    """The channel's own content wins, on every channel."""
    alone = smallest(name)
    both = smallest(name, message={"template": "t", "parameters": {"a": "b"}})
    templates = {"t": {"channel": name, "text": "The template's $(a)"}}
    assert shown(both, templates=templates) == shown(alone)
    assert check(both, templates=templates).by_template


@pytest.mark.parametrize("name", SMALLEST, ids=lambda name: f"WX1-TPL-01-{name}")
def test_a_template_alone(name: str) -> None:
    """A template carries a message on every channel."""
    data = smallest(name, channels=OMIT, message={"template": "t", "parameters": {"a": "b"}})
    templates = {"t": {"channel": name, "text": "The template's $(a)"}}
    assert shown(data, templates=templates) == Text("The template's b")
    assert fates(data, templates=templates) == [None]


@pytest.mark.parametrize(
    ("value", "fate"),
    [
        pytest.param("x" * 1024, None, id="WX1-TPL-05-1024-bytes"),
        pytest.param("x" * 1025, Fate("Failed", "7107"), id="WX1-TPL-05-1025-bytes"),
        pytest.param("é" * 512, None, id="WX1-TPL-05-512-letters-of-two-bytes"),
        pytest.param("é" * 513, Fate("Failed", "7107"), id="WX1-TPL-05-513-letters-of-two-bytes"),
        pytest.param("😀" * 256, None, id="WX1-TPL-05-256-emoji"),
        pytest.param("😀" * 257, Fate("Failed", "7107"), id="WX1-TPL-05-257-emoji"),
    ],
)
def test_the_length_of_a_rendered_template(value: str, fate: Fate | None) -> None:
    """On SMS a template is limited in bytes, filled; beyond that it is accepted, and fails by receipt."""
    templates = {"t": {"channel": "sms", "text": "$(value)"}}
    assert fates(by_template("t", {"value": value}), templates=templates) == [fate]
    beside = sms({"text": "short"}, message={"template": "t", "parameters": {"value": value}})
    assert fates(beside, templates=templates) == [None]


def test_the_length_of_a_template_elsewhere() -> None:
    """WX1-TPL-05: the limit is that of SMS."""
    data = smallest("fb", channels=OMIT, message={"template": "t", "parameters": {"value": "x" * 2000}})
    assert fates(data, templates={"t": {"channel": "fb", "text": "$(value)"}}) == [None]


def test_a_template_that_would_never_end() -> None:
    """WX1-TPL-05: many blanks for one long value are filled only as far as anybody could read."""
    data = by_template("t", {"a": "x" * 500_000})
    templates = {"t": {"channel": "sms", "text": "$(a)" * 20_000}}
    assert fates(data, templates=templates) == [Fate("Failed", "7107")]
    assert len(shown(data, templates=templates).text) < 2_000_000


def test_an_attachment_beside_a_template() -> None:
    """WX1-TPL-04: content without a text is the channel's own content as well."""
    fb = {"attachment": {"type": "image", "payload": {"url": "https://example.com/a.png"}}}
    data = smallest("fb", channels={"OTT-Messaging": {"fb": fb}}, message={"template": "t"})
    assert isinstance(shown(data, templates={"t": {"channel": "fb", "text": "{{link_1}}"}}), Media)
