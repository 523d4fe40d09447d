"""Demo keys are made by themselves and marked; production takes only real ones that nobody else can read."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from xinheng.machine import keys
from xinheng.machine.errors import MachineError


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder for each test, and no key named by a setting."""
    monkeypatch.setenv("XINHENG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XINHENG_MODE", "demo")
    for name in ("DATA_KEYS", "LEDGER_KEY", "SECRET_KEY", "LEDGER_ORIGIN"):
        monkeypatch.delenv(f"XINHENG_{name}", raising=False)
    return tmp_path / "home"


@pytest.fixture
def real(tmp_path: Path) -> dict[str, Path]:
    """The files of a production deployment."""
    return keys.generate(tmp_path / "keys")


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Production mode without any key named."""
    monkeypatch.setenv("XINHENG_MODE", "production")
    return monkeypatch


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_demo_keys_are_made_once_marked_and_private(own_home: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv("XINHENG_MODE", mode)
    first = keys.data_keys()
    assert keys.data_keys() == first
    assert [(key.version, len(key.encrypt), len(key.blind)) for key in first.versions] == [(1, 32, 32)]
    assert first.versions[0].encrypt != first.versions[0].blind
    assert keys.ledger_key() == keys.ledger_key()
    assert keys.secret_key() == keys.secret_key()
    assert (first.demo, keys.ledger_key().demo, keys.secret_key().demo) == (True, True, True)
    for path in (own_home / "keys").glob("*.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(path.read_text())["use"] == "demo"


def test_two_deployments_never_share_a_demo_key_or_a_log_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keys.secret_key(), keys.data_keys(), keys.ledger_key().origin("demo-city")
    monkeypatch.setenv("XINHENG_HOME", str(tmp_path / "other"))
    second = keys.secret_key(), keys.data_keys(), keys.ledger_key().origin("demo-city")
    assert all(one != other for one, other in zip(first, second, strict=True))


def test_two_logs_of_one_demo_have_two_names_and_the_setting_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    key = keys.ledger_key()
    assert key.origin("zhangye") != key.origin("siping")
    monkeypatch.setenv("XINHENG_LEDGER_ORIGIN", "credit.example/ledger")
    assert key.origin("zhangye") == "credit.example/ledger"


def test_production_makes_no_keys_by_itself(own_home: Path, production: pytest.MonkeyPatch) -> None:
    for read in (keys.data_keys, keys.ledger_key, keys.secret_key, keys.refuse_demo_keys):
        with pytest.raises(MachineError) as refused:
            read()
        assert refused.value.code == "production_key_missing"
    assert not own_home.exists()


def test_production_refuses_demo_keys_wherever_they_were_copied(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.data_keys()
    keys.ledger_key()
    moved = tmp_path / "looks-real.json"
    moved.write_bytes((own_home / "keys" / "ledger-key.json").read_bytes())
    moved.chmod(0o600)
    monkeypatch.setenv("XINHENG_MODE", "production")
    monkeypatch.setenv("XINHENG_LEDGER_KEY", str(moved))
    monkeypatch.setenv("XINHENG_DATA_KEYS", str(own_home / "keys" / "data-keys.json"))
    for read in (keys.data_keys, keys.ledger_key, keys.refuse_demo_keys):
        with pytest.raises(MachineError) as refused:
            read()
        assert refused.value.code == "production_demo_key"


def test_production_refuses_the_demo_secret_given_as_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = keys.secret_key().value
    monkeypatch.setenv("XINHENG_SECRET_KEY", demo)
    assert keys.secret_key().demo
    monkeypatch.setenv("XINHENG_MODE", "production")
    with pytest.raises(MachineError) as refused:
        keys.secret_key()
    assert refused.value.code == "production_demo_key"
    assert demo not in str(refused.value)


def test_production_takes_real_keys_and_asks_for_the_ledger_s_name(
    real: dict[str, Path], production: pytest.MonkeyPatch
) -> None:
    production.setenv("XINHENG_DATA_KEYS", str(real["XINHENG_DATA_KEYS"]))
    production.setenv("XINHENG_LEDGER_KEY", str(real["XINHENG_LEDGER_KEY"]))
    production.setenv("XINHENG_SECRET_KEY", "s" * 60)
    with pytest.raises(MachineError) as refused:
        keys.refuse_demo_keys()
    assert refused.value.code == "production_origin_missing"
    production.setenv("XINHENG_LEDGER_ORIGIN", "credit.example/ledger")
    keys.refuse_demo_keys()
    assert (keys.data_keys().demo, keys.ledger_key().demo, keys.secret_key().demo) == (False, False, False)


def test_production_refuses_a_key_file_that_others_can_read(
    real: dict[str, Path], production: pytest.MonkeyPatch
) -> None:
    real["XINHENG_DATA_KEYS"].chmod(0o640)
    with pytest.raises(MachineError) as refused:
        keys.data_keys(real["XINHENG_DATA_KEYS"])
    assert refused.value.code == "key_file_open_to_others"


def test_a_new_version_is_added_and_the_old_ones_stay(real: dict[str, Path]) -> None:
    path = real["XINHENG_DATA_KEYS"]
    before = keys.data_keys(path)
    after = keys.add_data_key(path)
    assert [key.version for key in after.versions] == [2, 1]
    assert after.versions[1:] == before.versions
    assert keys.data_keys(path) == after


def test_a_key_never_shows_itself(real: dict[str, Path]) -> None:
    shown = repr(keys.data_keys(real["XINHENG_DATA_KEYS"])) + repr(keys.ledger_key()) + repr(keys.secret_key())
    assert keys.secret_key().value not in shown
    assert "encrypt" not in shown


def test_real_keys_are_never_overwritten(real: dict[str, Path]) -> None:
    folder = real["XINHENG_DATA_KEYS"].parent
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(MachineError) as refused:
        keys.generate(folder)
    assert refused.value.code == "key_file_exists"
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"kind": "xinheng-ledger-key", "use": "production", "seed": "00"}',
     '{"kind": "xinheng-data-keys", "use": "production", "keys": {"1": {"encrypt": "zz"}}}',
     '{"kind": "xinheng-ledger-key", "use": "maybe", "seed": "' + "00" * 32 + '"}'],
)  # fmt: skip
def test_a_malformed_key_file_is_refused_without_its_content(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(content)
    for read in (keys.ledger_key, keys.data_keys):
        with pytest.raises(MachineError) as refused:
            read(path)
        assert refused.value.code == "key_file_malformed"
    assert refused.value.__cause__ is None


def test_the_command_names_the_settings_and_shows_no_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert keys.main([str(tmp_path / "made")]) == 0
    shown = capsys.readouterr().out
    for name in ("XINHENG_DATA_KEYS", "XINHENG_LEDGER_KEY", "XINHENG_SECRET_KEY"):
        assert name in shown
    assert keys.ledger_key(tmp_path / "made" / "ledger-key.json").seed.hex() not in shown
    assert keys.main([str(tmp_path / "made")]) == 1
    assert keys.main([]) == 2
