"""Where state lies, and that a socket always finds a path that is short enough."""

from __future__ import annotations

import os
import stat
import tempfile
import threading
from pathlib import Path

import pytest

from xinheng.machine import home as homes
from xinheng.machine import mode
from xinheng.machine.errors import MachineError
from xinheng.machine.postgres import Server


def test_state_of_an_ordinary_user_lies_in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XINHENG_HOME", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert homes.home_path() == homes.checkout() / ".xinheng"


def test_state_of_root_lies_in_a_system_folder_named_after_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XINHENG_HOME", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert homes.home_path() == Path("/var/lib/xinheng") / homes.short_hash(homes.checkout())


def test_the_setting_overrides_both_and_the_folder_is_made_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINHENG_HOME", str(tmp_path / "state"))
    made = homes.home()
    assert made == tmp_path / "state"
    assert stat.S_IMODE(made.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)


def test_a_home_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XINHENG_HOME", str(tmp_path / "file" / "state"))
    with pytest.raises(MachineError) as refused:
        homes.home()
    assert refused.value.code == "home_not_writable"


def test_a_server_in_a_folder_too_deep_for_a_socket_starts_with_the_socket_elsewhere(folder: Path) -> None:
    deep = folder / ("深" * 20) / ("long-name-" * 8)
    deep.mkdir(parents=True)
    server = Server(deep, durable=False)
    assert not homes.socket_fits(deep / "run", server.socket_name)
    try:
        server.start()
        assert server.running()
        assert len(os.fsencode(server.socket_folder() / server.socket_name)) <= homes.SOCKET_LIMIT
        assert server.socket_folder() != deep / "run"
    finally:
        socket = server.socket_folder()
        server.stop("immediate")
        socket.rmdir()


@pytest.mark.parametrize("name", ["a,b", "it's", "back\\slash", "at@sign"])
def test_a_folder_whose_name_the_server_would_misread_is_not_used_for_the_socket(name: str) -> None:
    assert not homes.socket_fits(Path("/tmp") / name, ".s.PGSQL.5432")
    assert homes.socket_fits(Path("/tmp/plain"), ".s.PGSQL.5432")


def test_a_server_starts_in_a_folder_with_spaces_quotes_and_chinese(folder: Path) -> None:
    odd = folder / '信衡 it\'s, "odd"'
    odd.mkdir()
    server = Server(odd, durable=False)
    try:
        server.start()
        assert server.running()
    finally:
        server.stop("immediate")


def test_a_socket_folder_that_somebody_else_made_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(homes, "SYSTEM_RUNTIME", folder / "none" / "run")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    deep = folder / ("long-name-" * 10)
    deep.mkdir()
    uid = os.geteuid() or 65534
    trap = folder / f"xinheng-{uid}-{homes.short_hash(deep)}"
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    trap.symlink_to(elsewhere)
    monkeypatch.setattr(homes, "SYSTEM_RUNTIME", trap)
    chosen = homes.runtime(deep, owner=uid, socket_name=".s.PGSQL.5432")
    try:
        assert chosen != trap
    finally:
        chosen.rmdir()


def test_a_lock_lets_one_holder_in_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []
    most = []

    def enter() -> None:
        with homes.Lock(tmp_path / "one.lock"):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


def test_the_law_in_force_is_named_by_the_setting_or_beside_the_packs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINHENG_LAWPACKS", str(tmp_path))
    monkeypatch.delenv("XINHENG_LAW", raising=False)
    with pytest.raises(MachineError) as refused:
        homes.default_law()
    assert refused.value.code == "no_law_pack_named"
    (tmp_path / "default").write_text("one\n")
    assert homes.default_law() == "one"
    monkeypatch.setenv("XINHENG_LAW", "two")
    assert homes.default_law() == "two"


def test_an_unknown_mode_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINHENG_MODE", "prod")
    with pytest.raises(MachineError) as refused:
        mode.mode()
    assert refused.value.code == "mode_unknown"
    assert "demo" in refused.value.zh
