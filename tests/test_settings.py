"""Settings come from flags, the environment and a file, in that order, and every problem is told at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.settings import Settings, SettingsError, flag, read


def _file(folder: Path, text: str) -> Path:
    file = folder / "sandbox.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults() -> None:
    """Without any source, the server listens on this machine only."""
    settings = read({}, {})
    assert (settings.host, settings.port, settings.egress) == ("127.0.0.1", 4700, "private")
    assert settings == Settings()


@pytest.mark.parametrize(
    ("flags", "environment", "in_file", "expected"),
    [
        pytest.param({"port": "1"}, {"SANDBOX_PORT": "2"}, "port: 3", 1, id="flag-beats-environment-and-file"),
        pytest.param({}, {"SANDBOX_PORT": "2"}, "port: 3", 2, id="environment-beats-file"),
        pytest.param({}, {}, "port: 3", 3, id="file-beats-default"),
        pytest.param({"port": None}, {}, "port: 3", 3, id="flag-not-given"),
        pytest.param({"port": ""}, {"SANDBOX_PORT": ""}, "port: 3", 3, id="blank-is-unset"),
        pytest.param({}, {}, "port:", 4700, id="blank-in-the-file-is-unset"),
        pytest.param({}, {}, "", 4700, id="an-empty-file-says-nothing"),
    ],
)
def test_precedence(
    tmp_path: Path, flags: dict[str, str], environment: dict[str, str], in_file: str, expected: int
) -> None:
    """A flag comes before a variable, a variable before the file, and blank is unset in each."""
    assert read(flags, environment, _file(tmp_path, in_file)).port == expected


def test_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sandbox.yaml` in the working directory is read by itself, `SANDBOX_CONFIG` names another."""
    monkeypatch.chdir(tmp_path)
    _file(tmp_path, "seed: here")
    other = tmp_path / "other.yaml"
    other.write_text("seed: 42", encoding="utf-8")
    assert read({}, {}).seed == "here"
    assert read({}, {"SANDBOX_CONFIG": str(other)}).seed == "42"


@pytest.mark.parametrize("source", ["flag", "environment", "file"])
def test_every_setting_has_every_source(tmp_path: Path, source: str) -> None:
    """Each setting can be given as a flag, as a variable and in the file."""
    pem = tmp_path / "some.pem"
    pem.touch()
    given = {
        "host": "0.0.0.0",
        "port": "0",
        "allowed_hosts": "a.test, b.test",
        "public_url": "https://sandbox.test",
        "webhook_url": "http://127.0.0.1:8000/hook",
        "accounts": json.dumps([{"provider": "link", "id": "acc_mine"}]),
        "scenarios": str(tmp_path),
        "seed": "7",
        "clock": "2030-01-02T12:00:00Z",
        "control_token": "secret",
        "egress": "any",
        "journal_limit": "5",
        "snapshot_limit": "7",
        "log_format": "json",
        "log_level": "debug",
        "tls_cert": str(pem),
        "tls_key": str(pem),
        "default_scenario": "slow-reader",
        "api_v1_alias": "off",
    }
    assert set(given) == set(Settings.model_fields)
    match source:
        case "flag":
            settings = read(given, {})
        case "environment":
            settings = read({}, {f"SANDBOX_{name.upper()}": value for name, value in given.items()})
        case _:
            settings = read({}, {}, _file(tmp_path, json.dumps(given)))
    assert settings.allowed_hosts == ("a.test", "b.test")
    assert [account.id for account in settings.accounts] == ["acc_mine"]
    assert settings.frozen_at == datetime(2030, 1, 2, 12, tzinfo=UTC)
    assert (settings.port, settings.journal_limit, settings.snapshot_limit, settings.seed) == (0, 5, 7, "7")
    assert settings.tls_key == pem
    assert settings.api_v1_alias is False


def test_accounts_from_a_file(tmp_path: Path) -> None:
    """Accounts can lie in a YAML file of their own."""
    file = tmp_path / "accounts.yaml"
    file.write_text("- provider: link\n  id: acc_mine\n", encoding="utf-8")
    assert read({"accounts": str(file)}, {}).accounts[0].id == "acc_mine"


def test_accounts_in_place(tmp_path: Path) -> None:
    """A list in JSON may stand in the place of a file, and so may one account; what is no JSON is told to be none."""
    one = '{"provider": "link", "id": "acc_mine"}'
    for text in (one, f"[{one}]"):
        assert [account.id for account in read({"accounts": text}, {}).accounts] == ["acc_mine"]
    with pytest.raises(SettingsError, match="--accounts: is not JSON: Expecting"):
        read({"accounts": one[:-1]}, {})


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Each problem is a line that names the flag and, if it was no flag, where the value came from."""
    flags = {"port": "70000", "webhook_url": "nowhere", "scenarios": str(tmp_path / "none"), "clock": "noon"}
    environment = {"SANDBOX_EGRESS": "all", "SANDBOX_TLS_CERT": __file__}
    file = _file(tmp_path, "journal_limit: 0\nprot: 4700\n")
    with pytest.raises(SettingsError) as caught:
        read(flags, environment, file)
    lines = str(caught.value).splitlines()
    assert {line.partition(":")[0] for line in lines} == {
        "--port",
        "--webhook-url",
        "--scenarios",
        "--clock",
        "--egress",
        "--journal-limit",
        "--tls-key",
        "--config",
    }
    assert len(lines) == len(caught.value.problems) == 8
    assert "--egress: should be 'private' or 'any', not 'all' (from SANDBOX_EGRESS)" in lines
    assert f"--journal-limit: should be greater than or equal to 1, not 0 (from {file})" in lines
    assert any("prot is no setting" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("- port", "must be a mapping", id="a-list"),
        pytest.param("port: [", "sandbox.yaml:1:", id="no-yaml-with-its-place"),
    ],
)
def test_unreadable_file(tmp_path: Path, text: str, says: str) -> None:
    """A file that is no mapping of settings is told, beside what is wrong with the flags."""
    with pytest.raises(SettingsError) as caught:
        read({"port": "-1"}, {}, _file(tmp_path, text))
    assert {problem.setting for problem in caught.value.problems} == {"config", "port"}
    assert says in str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    """A file that was asked for must be there."""
    with pytest.raises(SettingsError, match=r"--config: .*No such file"):
        read({}, {"SANDBOX_CONFIG": str(tmp_path / "none.yaml")})


@pytest.mark.parametrize(
    "clock", [pytest.param("2030-01-02T12:00:00", id="without-zone"), pytest.param("soon", id="no-time")]
)
def test_clock_needs_a_zone(clock: str) -> None:
    """A time to freeze at says its zone."""
    with pytest.raises(SettingsError, match="--clock: must be real, virtual, or a time with its zone"):
        read({"clock": clock}, {})


def test_frozen_is_only_a_time() -> None:
    """`virtual` freezes where the machine's time is."""
    assert read({"clock": "virtual"}, {}).frozen_at is None


def test_flag() -> None:
    """A flag is a setting's name with dashes."""
    assert flag("webhook_url") == "--webhook-url"
