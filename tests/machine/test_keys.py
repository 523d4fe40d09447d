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
    """A state folder for each test."""
    monkeypatch.setenv("XINHENG_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def real(tmp_path: Path) -> dict[str, Path]:
    """The files of a production deployment."""
    return keys.generate(tmp_path / "keys")


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_demo_keys_are_made_once_marked_and_private(own_home: Path, mode: str) -> None:
    first = keys.data_keys(None, mode=mode)
    assert keys.data_keys(None, mode=mode) == first
    assert {version: len(key) for version, key in first.items()} == {1: 32}
    ledger = keys.ledger_key(keys.ledger_key_path(None, mode=mode))
    assert ledger.demo
    assert len(ledger.seed) == 32
    assert keys.secret_key(None, mode=mode) == keys.secret_key(None, mode=mode)
    for path in (own_home / "keys").glob("*.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(path.read_text())["use"] == "demo"


def test_two_deployments_never_share_a_demo_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keys.secret_key(None, mode="demo"), keys.data_keys(None, mode="demo")
    monkeypatch.setenv("XINHENG_HOME", str(tmp_path / "other"))
    second = keys.secret_key(None, mode="demo"), keys.data_keys(None, mode="demo")
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_production_makes_no_keys_by_itself(own_home: Path) -> None:
    for refused_by in (keys.data_keys, keys.ledger_key_path, keys.secret_key):
        with pytest.raises(MachineError) as refused:
            refused_by(None, mode="production")
        assert refused.value.code == "production_key_missing"
    assert not own_home.exists()


def test_production_refuses_demo_keys_wherever_they_were_copied(own_home: Path, tmp_path: Path) -> None:
    keys.data_keys(None, mode="demo")
    demo = keys.ledger_key_path(None, mode="demo")
    moved = tmp_path / "looks-real.json"
    moved.write_bytes(demo.read_bytes())
    moved.chmod(0o600)
    for path, read in ((moved, keys.ledger_key_path), (own_home / "keys" / "data-keys.json", keys.data_keys)):
        with pytest.raises(MachineError) as refused:
            read(path, mode="production")
        assert refused.value.code == "production_demo_key"


def test_production_refuses_the_demo_secret_given_as_a_value() -> None:
    demo = keys.secret_key(None, mode="demo")
    with pytest.raises(MachineError) as refused:
        keys.secret_key(demo, mode="production")
    assert refused.value.code == "production_demo_key"
    assert demo not in str(refused.value)


def test_production_takes_real_keys(real: dict[str, Path]) -> None:
    assert len(keys.data_keys(real["XINHENG_DATA_KEYS"], mode="production")[1]) == 32
    path = keys.ledger_key_path(real["XINHENG_LEDGER_KEY"], mode="production")
    assert not keys.ledger_key(path).demo
    assert keys.secret_key("s" * 60, mode="production") == "s" * 60


def test_production_refuses_a_key_file_that_others_can_read(real: dict[str, Path]) -> None:
    real["XINHENG_DATA_KEYS"].chmod(0o640)
    with pytest.raises(MachineError) as refused:
        keys.data_keys(real["XINHENG_DATA_KEYS"], mode="production")
    assert refused.value.code == "key_file_open_to_others"


def test_a_new_version_is_added_and_the_old_ones_stay(real: dict[str, Path]) -> None:
    path = real["XINHENG_DATA_KEYS"]
    before = keys.data_keys(path, mode="production")
    after = keys.add_data_key(path)
    assert sorted(after) == [1, 2]
    assert after[1] == before[1]
    assert keys.data_keys(path, mode="production") == after


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
     '{"kind": "xinheng-data-keys", "use": "production", "keys": {"1": "zz"}}',
     '{"kind": "xinheng-ledger-key", "use": "maybe", "seed": "' + "00" * 32 + '"}'],
)  # fmt: skip
def test_a_malformed_key_file_is_refused_without_its_content(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(content)
    with pytest.raises(MachineError) as refused:
        keys.ledger_key(path)
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
