"""The doctor says what is wrong in both languages, and what to do."""

from __future__ import annotations

import shutil
import sys
import time
from collections import namedtuple
from pathlib import Path

import pytest

from xinheng.lib.errors import BadInput, NotFound
from xinheng.machine import binaries, database, doctor, keys
from xinheng.machine import home as homes
from xinheng.machine.errors import MachineError
from xinheng.machine.postgres import SUPERUSER, Server


@pytest.fixture(autouse=True)
def deployment(folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment of its own, in test mode, with a law pack named."""
    packs = folder / "lawpacks"
    (packs / "demo-city").mkdir(parents=True)
    (packs / "demo-city" / "pack.yaml").write_text("id: demo-city\n")
    (packs / "default").write_text("demo-city\n")
    for name, value in {"HOME": folder, "LAWPACKS": packs, "MODE": "test"}.items():
        monkeypatch.setenv(f"XINHENG_{name}", str(value))
    for name in ("LAW", "TODAY", "DATABASE_URL", "OWNER_DATABASE_URL", "DATA_KEYS", "LEDGER_KEY", "SECRET_KEY"):
        monkeypatch.delenv(f"XINHENG_{name}", raising=False)
    return folder


def _id(law: str) -> str:
    """The id that a pack of this deployment gives itself."""
    for folder in (Path(law), homes.lawpacks() / law):
        if (folder / "pack.yaml").is_file():
            return (folder / "pack.yaml").read_text().removeprefix("id: ").strip()
    raise NotFound("pack_unknown", name=law)


def _failed(law: str | None = None) -> dict[str, doctor.Check]:
    return {check.name: check for check in doctor.examine(law, pack_id=_id) if not check.ok}


def test_a_healthy_machine_passes_every_check() -> None:
    checks = doctor.examine(pack_id=_id)
    assert [check for check in checks if not check.ok] == []
    assert {"interpreter", "programs", "socket", "disk", "clock", "server", "roles", "ledger_key"} <= {
        c.name for c in checks
    }
    for check in checks:
        assert check.zh
        assert check.en
        assert check.as_dict()["name"] == check.name


def test_every_failure_has_a_remedy_in_both_languages(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 0))
    monkeypatch.setattr(time, "time", lambda: 0.0)
    monkeypatch.setattr(sys, "version_info", (3, 11, 2))
    monkeypatch.setenv("XINHENG_TODAY", "tomorrow")
    (deployment / "lawpacks" / "default").unlink()
    deployment.chmod(0o777)
    monkeypatch.setattr(homes, "home", lambda: deployment)
    failed = _failed()
    assert {"disk", "clock", "interpreter", "business_day", "law_packs", "home"} <= failed.keys()
    for check in failed.values():
        assert check.remedy_zh
        assert check.remedy_en


def test_missing_programs_are_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.stop("immediate")

    def missing() -> Path:
        raise MachineError("binaries_missing", zh="缺少程序。", en="Programs are missing.")

    monkeypatch.setattr(binaries, "wheel_folder", missing)
    failed = _failed()
    assert failed["programs"].en == "Programs are missing."
    assert "database" in failed


def test_an_application_role_with_the_owner_s_rights_is_found(server: Server) -> None:
    urls = database.ensure("demo-city")
    with database.connect(server.url(SUPERUSER, "postgres")) as connection:
        connection.execute("GRANT xinheng_owner TO xinheng_app")
    failed = _failed()
    assert "owner_member" in failed["roles"].en
    assert database.role_of(urls.app) in failed["roles"].zh


def test_demo_keys_are_found_in_production(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    urls = database.ensure("demo-city")
    keys.ledger_key()
    monkeypatch.setenv("XINHENG_MODE", "production")
    monkeypatch.setenv("XINHENG_LEDGER_KEY", str(server.home / "keys" / "ledger-key.json"))
    monkeypatch.setenv("XINHENG_DATABASE_URL", urls.app)
    failed = _failed()
    assert {"ledger_key", "data_keys", "secret_key"} <= failed.keys()
    assert "ledger-key.json" in failed["ledger_key"].en


def test_a_server_that_cannot_be_reached_is_a_finding_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINHENG_DATABASE_URL", "postgresql://a:secret@/none?host=/nowhere&port=1")
    failed = _failed()
    assert failed["database"].ok is False
    assert "secret" not in failed["database"].en


def test_the_law_asked_for_is_the_one_looked_at(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = deployment / "a folder of another name"
    folder.mkdir()
    (folder / "pack.yaml").write_text("id: other-city\n")
    asked: list[str] = []
    ensure = database.ensure

    def noted(name: str) -> database.Urls:
        asked.append(name)
        return ensure("demo-city")

    monkeypatch.setattr(database, "ensure", noted)
    checks = {check.name: check for check in doctor.examine(str(folder), pack_id=_id)}
    assert checks["law_packs"].ok and "other-city" in checks["law_packs"].zh
    assert "demo-city" not in checks["law_packs"].zh
    assert asked == ["other-city"]


def test_a_law_that_cannot_be_used_is_a_finding(deployment: Path) -> None:
    assert "/nowhere" in _failed("/nowhere")["law_packs"].zh

    def faulty(_: str) -> str:
        raise BadInput("pack_refused")

    found = {check.name: check for check in doctor.examine("demo-city", pack_id=faulty)}
    assert not found["law_packs"].ok
    assert "xinheng law check demo-city" in found["law_packs"].remedy_en
    assert "server" not in found
