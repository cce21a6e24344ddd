"""Settings: what a server is started with, read once from flags, then the environment, then `sandbox.yaml`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    DirectoryPath,
    Field,
    FilePath,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from sandbox.engine.complaint import spell
from sandbox.sandbox import AccountSpec

FILE = Path("sandbox.yaml")
PREFIX = "SANDBOX_"


def _listed(value: Any) -> Any:
    """Let lists be written with commas, as flags and the environment do."""
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def _accounts(value: Any) -> Any:
    """Let accounts be given as JSON text, or as the name of a YAML file that lists them."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith(("[", "{")):
        try:
            found = json.loads(value)
        except ValueError as error:
            raise ValueError(f"is not JSON: {error}") from None
        return found if isinstance(found, list) else [found]
    return _yaml(Path(value))


def _web_address(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"https?://[^\s/]\S*", value):
        raise ValueError("must be an http:// or https:// address")
    return value


def _clock(value: Any) -> Any:
    """Take `real`, `virtual`, or an aware time."""
    if value in ("real", "virtual"):
        return value
    try:
        at = _TIME.validate_python(value)
    except ValidationError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValueError("must be real, virtual, or a time with its zone such as 2030-01-02T12:00:00Z")
    return at


_TIME: TypeAdapter[datetime] = TypeAdapter(datetime)


class Settings(BaseModel):
    """What a server is started with. Each is a flag, a variable `SANDBOX_<NAME>` and a key of `sandbox.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, defer_build=True)

    host: Annotated[str, Field(description="address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="port to listen on; 0 takes a free one")] = 4700
    allowed_hosts: Annotated[
        tuple[str, ...],
        BeforeValidator(_listed),
        Field(description="further values of Host that the control API and the page answer to, with commas"),
    ] = ()
    public_url: Annotated[
        str | None,
        AfterValidator(_web_address),
        Field(description="where webhooks reach this server, if not at its own address: begins the links to files"),
    ] = None
    webhook_url: Annotated[
        str | None, AfterValidator(_web_address), Field(description="where the callbacks of the shipped accounts go")
    ] = None
    accounts: Annotated[
        list[AccountSpec],
        BeforeValidator(_accounts),
        Field(description="further accounts: a list, its JSON, or a YAML file that holds it"),
    ] = []
    scenarios: Annotated[DirectoryPath | None, Field(description="folder of your own scenario files")] = None
    seed: Annotated[
        str | None, Field(description="what ids, chance and people come from; the same seed gives the same")
    ] = None
    clock: Annotated[
        Literal["real", "virtual"] | datetime,
        BeforeValidator(_clock),
        Field(
            description="how time passes: real, virtual (it stands still until it is advanced), or a time to freeze at"
        ),
    ] = "real"
    control_token: Annotated[str | None, Field(description="what calls of the control API must bear")] = None
    egress: Annotated[
        Literal["private", "any"],
        Field(description="where callback URLs that came in a provider request may lead: private addresses, or any"),
    ] = "private"
    journal_limit: Annotated[
        int, Field(ge=1, le=10_000_000, description="most requests, messages and callbacks kept of each account")
    ] = 10_000
    snapshot_limit: Annotated[
        int,
        Field(ge=1, le=8192, description="largest snapshot that is put back, in MiB; reading one takes ten times that"),
    ] = 64
    log_format: Annotated[Literal["text", "json"], Field(description="how log lines are written")] = "text"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(description="what is logged at least; debug tells every request"),
    ] = "info"
    tls_cert: Annotated[FilePath | None, Field(description="PEM file of the certificate; needs --tls-key")] = None
    tls_key: Annotated[FilePath | None, Field(description="PEM file of its key", validate_default=True)] = None
    default_scenario: Annotated[
        str | None, Field(description="what plays where nothing else matches, in the place of each provider's own")
    ] = None

    api_v1_alias: Annotated[
        bool, Field(description="whether MeherY's operations are also found under the short prefix /api/v1")
    ] = True

    @field_validator("tls_key")
    @classmethod
    def _tls_is_whole(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if "tls_cert" in info.data and (key is None) != (info.data["tls_cert"] is None):
            raise ValueError("--tls-cert and --tls-key must be given together")
        return key

    def base_url(self, port: int) -> str:
        """Return where the server is that listens on a port, as seen from this machine, with no slash at the end."""
        scheme = "https" if self.tls_cert is not None else "http"
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def frozen_at(self) -> datetime | None:
        """Where virtual clocks stand at the start; None: where the machine's time is."""
        return self.clock if isinstance(self.clock, datetime) else None


class Problem(NamedTuple):
    """What is wrong with one setting; `origin` is the variable or file it came from, "" for a flag."""

    setting: str
    message: str
    origin: str = ""

    def __str__(self) -> str:
        """Name the flag, whatever the setting came from, and then where that was."""
        return f"{flag(self.setting)}: {self.message}{f' (from {self.origin})' if self.origin else ''}"


class SettingsError(Exception):
    """Settings that cannot be used, with everything that is wrong with them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def flag(setting: str) -> str:
    """Return the flag of a setting."""
    return "--" + setting.replace("_", "-")


def read(flags: Mapping[str, Any], environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """
    Return the settings that flags, environment and file come to, in that order of precedence; blank is unset.

    Args:
        flags: by the name of the setting.
        environment: all of it; what begins with `SANDBOX_` counts.
        file: must be there if given; otherwise `SANDBOX_CONFIG`, or `sandbox.yaml` where there is one.

    Raises:
        SettingsError: with every problem of every source.
    """
    named = file or (Path(environment["SANDBOX_CONFIG"]) if environment.get("SANDBOX_CONFIG") else None)
    problems: list[Problem] = []
    in_file: dict[str, Any] = {}
    if named is not None or FILE.exists():
        try:
            in_file = _mapping(named or FILE)
        except ValueError as error:
            problems.append(Problem("config", str(error)))
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for setting, value, origin in (
        *((name, value, str(named or FILE)) for name, value in in_file.items()),
        *((name, environment.get(PREFIX + name.upper()), PREFIX + name.upper()) for name in Settings.model_fields),
        *((name, value, "") for name, value in flags.items()),
    ):
        if value not in (None, ""):
            values[setting], origins[setting] = value, origin
    try:
        settings = validated(values, origins)
    except SettingsError as error:
        raise SettingsError(problems + error.problems) from None
    if problems:
        raise SettingsError(problems)
    return settings


def validated(values: Mapping[str, Any], origins: Mapping[str, str] | None = None) -> Settings:
    """
    Return settings by their names as what they are.

    Args:
        values: as they were given.
        origins: where each came from, if it was not a flag.

    Raises:
        SettingsError: with every problem.
    """
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(list(_problems(error, origins or {}))) from None


def _problems(error: ValidationError, origins: Mapping[str, str]) -> Iterator[Problem]:
    for each in error.errors(include_url=False):
        setting, *inside = each["loc"]
        origin = origins.get(str(setting), "")
        if each["type"] == "extra_forbidden" and not inside:
            known = ", ".join(Settings.model_fields)
            yield Problem("config", f"{origin + ': ' if origin else ''}{setting} is no setting; there are {known}")
            continue
        message = each["msg"].removeprefix("Value error, ")
        path = spell(tuple(inside))
        given = f", not {each['input']!r}" if isinstance(each["input"], str | int) and not inside else ""
        says = message.replace("Input should", "should").replace("String should", "should")
        yield Problem(str(setting), f"{path + ': ' if path else ''}{says}{given}", origin)


def _mapping(file: Path) -> dict[str, Any]:
    read = _yaml(file)
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise ValueError(f"{file}: must be a mapping of settings")  # noqa: TRY004 - a value of the user's
    return {str(name): value for name, value in read.items()}


def _yaml(file: Path) -> Any:
    """Return what a YAML file holds. Raises `ValueError` that names the file."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only for those who have a file
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror or error}") from None
    except (YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}:{mark.column + 1}" if mark is not None else ""
        raise ValueError(f"{file}{where}: {getattr(error, 'problem', None) or error}") from None
