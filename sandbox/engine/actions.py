"""Actions: everything a person's handset can do, as it stands in scenarios (`do`) and in the control API (`type`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter, ValidationError, model_validator

from sandbox.core.callback import Callback
from sandbox.core.conversation import Message
from sandbox.core.events import Tweak
from sandbox.engine.complaint import OR_TEMPLATE, explain, spell
from sandbox.engine.duration import NUMBERS_ONLY, Seconds
from sandbox.engine.templates import has_template, render_all

MAX_FILE = 10 * 1024 * 1024

_Text = Annotated[str, Field(min_length=1, max_length=65_536)]
_Word = Annotated[str, Field(min_length=1, max_length=2048)]
_Base64 = Annotated[str, Field(max_length=MAX_FILE * 4 // 3 + 8, pattern=r"^[A-Za-z0-9+/]*={0,2}$" + OR_TEMPLATE)]
_Sample = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$" + OR_TEMPLATE)]
_FileName = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f/\\]+$")]
_MimeType = Annotated[str, Field(max_length=255, pattern=r"^[A-Za-z0-9_.+-]+/[A-Za-z0-9_.+-]+$" + OR_TEMPLATE)]
_WebAddress = Annotated[str, Field(max_length=2048, pattern=r"^https?://\S+$" + OR_TEMPLATE)]
_Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
_Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class NotPossibleError(Exception):
    """The person cannot do that now, or the provider has no callback for it (409); the text says what is possible."""


class InvalidActionError(Exception):
    """An action's values are wrong (422); `errors` tells each as `{"path", "message"}`."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("; ".join(": ".join(filter(None, (error["path"], error["message"]))) for error in errors))
        self.errors = errors

    @classmethod
    def at(cls, path: str, message: str) -> InvalidActionError:
        """Return the error for one value."""
        return cls([{"path": path, "message": message}])


class Acted(NamedTuple):
    """What came of an action: the messages it made or changed, and the callbacks that tell of it."""

    messages: tuple[Message, ...] = ()
    callbacks: tuple[Callback, ...] = ()


class Strict(BaseModel):
    """Outside data: nothing unknown, nothing coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class CallbackTweak(Strict):
    """What happens to the callbacks of this one action: keys set or dropped by dotted path, extra copies, a delay."""

    set: dict[str, Any] = {}
    drop: list[_Word] = []
    duplicate: Annotated[int, Field(ge=0, le=100)] = 0
    delay: Seconds = 0.0

    def tweak(self) -> Tweak:
        """Return it in the core's words."""
        return Tweak(self.set, tuple(self.drop), self.duplicate, self.delay)


class Action(Strict):
    """
    Something the person does.

    Attributes:
        user: whose handset; in a scenario, left out, it is that of the run's person.
        sender: the business's address; needed where an account has several.
        channel: left out, that of the newest message between the two.
        after: seconds after the previous step; in scenarios only.
        callback: what is done to the callbacks that come of it.
    """

    do: str
    after: Seconds = 0.0
    user: _Word | None = None
    sender: _Word | None = None
    channel: _Word | None = None
    callback: CallbackTweak | None = None

    @cached_property
    def templated(self) -> bool:
        """Whether any of its strings is a template."""
        return has_template(self.model_dump(exclude_unset=True))

    def rendered(self, lookup: Callable[[str], Any]) -> Self:
        """Return it with its templates filled in. Raises `TemplateError`, and `InvalidActionError` if it no longer holds."""
        document = render_all(self.model_dump(exclude_unset=True), lookup)
        try:
            return self.model_validate(document)
        except ValidationError as error:
            raise InvalidActionError(_errors(error, document)) from None


class _OnMessage(Action):
    """An action on one message: its id here or the provider's; left out, the newest that fits."""

    message: _Word | None = None


class Say(Action):
    """The person writes a text."""

    do: Literal["say"] = "say"
    text: _Text


class Choice(Strict):
    """A suggestion by its postback, or by its place among those of a message: 0 is the first, -1 the last."""

    postback: _Word | None = None
    index: Annotated[int, Field(ge=-1)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Choice:
        if (self.postback is None) == (self.index is None):
            raise ValueError("give either postback or index")
        return self


class Unshown(Strict):
    """A suggestion that no message showed, where the provider's people tap such: its type, what it reads, what it sends."""

    type: _Word | None = None
    text: _Text
    postback: _Text


class Place(Strict):
    """A point on the map, in degrees."""

    latitude: _Latitude
    longitude: _Longitude


def _is(kind: type) -> Discriminator:
    return Discriminator(lambda value: "plain" if isinstance(value, kind) else "object")


def _way_to_tap(value: Any) -> str:
    if isinstance(value, str):
        return "plain"
    has_text = "text" in value if isinstance(value, dict) else isinstance(value, Unshown)
    return "unshown" if has_text else "object"


class Tap(_OnMessage):
    """
    The person taps a suggestion of a message: given by its text, its postback or its index.

    Where a provider's people are never shown any, it is given whole.

    Where the suggestion asks for a location, one is shared as well: `location`, or none if that is false.
    """

    do: Literal["tap"] = "tap"
    suggestion: Annotated[
        Annotated[_Text, Tag("plain")] | Annotated[Choice, Tag("object")] | Annotated[Unshown, Tag("unshown")],
        Discriminator(_way_to_tap),
    ]
    location: Annotated[Annotated[Literal[False], Tag("plain")] | Annotated[Place, Tag("object")], _is(bool)] | None = (
        None
    )


class SendFile(Action):
    """
    The person sends a file: `content` in base64, the name of a shipped `sample`, or a `url`; exactly one of them.

    Attributes:
        size: how many bytes lie at the `url`, which is never fetched.
    """

    do: Literal["send_file"] = "send_file"
    name: _FileName | None = None
    mime_type: _MimeType | None = None
    caption: _Text | None = None
    voice: bool = False
    content: _Base64 | None = None
    sample: _Sample | None = None
    url: _WebAddress | None = None
    size: Annotated[int, Field(ge=0, le=2**53)] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> SendFile:
        if [self.content, self.sample, self.url].count(None) != 2:
            raise ValueError("give exactly one of content, sample and url")
        if self.content is not None and self.name is None:
            raise ValueError("content needs a name")
        if self.size is not None and self.url is None:
            raise ValueError("size is told of a url only")
        return self


class ShareLocation(Action):
    """The person shares a place, in degrees."""

    do: Literal["share_location"] = "share_location"
    latitude: _Latitude
    longitude: _Longitude
    name: _Word | None = None
    address: _Word | None = None
    url: _WebAddress | None = None


class StartTyping(Action):
    """The person begins to write."""

    do: Literal["start_typing"] = "start_typing"


class Deliver(_OnMessage):
    """A message reaches the handset."""

    do: Literal["deliver"] = "deliver"


class Read(_OnMessage):
    """The person sees a message."""

    do: Literal["read"] = "read"


class Fail(_OnMessage):
    """A message will not arrive; `code` is the provider's own."""

    do: Literal["fail"] = "fail"
    code: _Word | None = None
    detail: _Text | None = None


class Receipt(_OnMessage):
    """A receipt in the provider's own status word, with its own code and whatever it says besides."""

    do: Literal["receipt"] = "receipt"
    status: _Word
    code: _Word | None = None
    detail: _Text | None = None


class Click(_OnMessage):
    """The person follows a link of a message: the `url`, or the first that is tracked."""

    do: Literal["click"] = "click"
    url: _WebAddress | None = None


class ReportError(Action):
    """The platform reports trouble that belongs to no message, by the provider's own code."""

    do: Literal["error"] = "error"
    code: _Word


class System(Action):
    """The platform notes something in the conversation."""

    do: Literal["system"] = "system"
    text: _Text


class ReportEvent(Action):
    """The platform reports an event of its own, by code."""

    do: Literal["event"] = "event"
    event_code: _Word


class ReportAction(Action):
    """The platform reports an action of its own, by code."""

    do: Literal["action"] = "action"
    action_code: _Word


class Agent(Action):
    """A human agent of the business replies with a text, is assigned by name, resolves or closes; exactly one of them."""

    do: Literal["agent"] = "agent"
    reply: _Text | None = None
    assign: _Word | None = None
    resolve: Literal[True] | None = None
    close: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_deed(self) -> Agent:
        if [self.reply, self.assign, self.resolve, self.close].count(None) != 3:
            raise ValueError("give exactly one of reply, assign, resolve and close")
        return self


class EndSession(Action):
    """The session between business and person ends."""

    do: Literal["end_session"] = "end_session"


class Start(Action):
    """A magic address does what it does by itself, or again what it does when a message is accepted, for the newest."""

    do: Literal["start"] = "start"


AnyAction = (
    Say
    | Tap
    | SendFile
    | ShareLocation
    | StartTyping
    | Deliver
    | Read
    | Fail
    | Receipt
    | Click
    | ReportError
    | System
    | ReportEvent
    | ReportAction
    | Agent
    | EndSession
    | Start
)


def actions_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `action_from_json` takes, with the `account` that is taken out before."""
    found = _reader().json_schema()
    for model in found["$defs"].values():
        members = model["properties"]
        if "do" in members:
            kind = members.pop("do")
            members.pop("after")  # steps of scenarios alone have it
            members["user"] = _word(members["user"])
            model["properties"] = {"account": {"type": "string"}, "type": {"const": kind["const"]}, **members}
            model["required"] = ["type", "user", *model.get("required", ())]
    delay = found["$defs"]["CallbackTweak"]["properties"]["delay"]
    delay.update(next(one for one in delay.pop("anyOf") if one["type"] == "number"))
    found["discriminator"]["propertyName"] = "type"
    return {"title": "Action", **found}


def _word(optional: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a value that may be null without the null."""
    return next(one for one in optional["anyOf"] if one["type"] != "null")


def _errors(error: ValidationError, document: Any) -> list[dict[str, str]]:
    explained = (explain(one, document, {}) for one in error.errors(include_url=False, include_input=False))
    return [{"path": spell(path), "message": message} for path, message, _ in explained]


@lru_cache(maxsize=1)
def models() -> Mapping[str, type[Action]]:
    """Return every action's model by its name."""
    return {str(model.model_fields["do"].default): model for model in get_args(AnyAction)}


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[Action]:
    return TypeAdapter(Annotated[AnyAction, Field(discriminator="do")])


def action_from_json(body: Mapping[str, Any]) -> Action:
    """
    Return the action that a control request asks for.

    Args:
        body: `{"type", "user", …}` without `account`; durations are numbers of seconds.

    Raises:
        InvalidActionError: with everything that is wrong.
    """
    wrong = [{"path": name, "message": "unknown key"} for name in ("do", "after") if name in body]
    if body.get("user") is None:
        wrong.append({"path": "user", "message": "is required"})
    document = {
        ("do" if name == "type" else name): value for name, value in body.items() if name not in ("do", "after")
    }
    try:
        action = _reader().validate_python(document, context=NUMBERS_ONLY)
    except ValidationError as error:
        wrong += [{**one, "path": "type"} if one["path"] == "do" else one for one in _errors(error, document)]
    if wrong:
        raise InvalidActionError(wrong)
    return action
