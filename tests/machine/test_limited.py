"""Work in a child that bounds itself: whatever happens, one error, and nothing left behind."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xinheng.machine.limited import Bounds, Reason, Stopped, run

BOUNDS = Bounds(memory=256 << 20, seconds=1, file=1 << 20)
HERE = "tests.machine.test_limited"


def answer(given: Any, files: list[int]) -> Any:
    return [given, [os.read(file, 100).decode() for file in files]]


def takes_memory(given: Any, files: list[int]) -> Any:
    return len(bytearray(1 << 30))


def takes_time(given: Any, files: list[int]) -> Any:
    while True:
        pass


def sleeps(given: Any, files: list[int]) -> Any:
    time.sleep(60)


def takes_disk(given: Any, files: list[int]) -> Any:
    for _ in range(4):
        os.write(files[0], b"x" * (1 << 20))


def kills_itself(given: Any, files: list[int]) -> Any:
    os.kill(os.getpid(), getattr(signal, given))


def fails(given: Any, files: list[int]) -> Any:
    raise BaseException("620722198501011234")


def says_nothing(given: Any, files: list[int]) -> Any:
    os._exit(0)


def waits(given: Any, files: list[int]) -> Any:
    import ctypes  # nothing of the project

    ctypes.CDLL(None).sleep(60)


@pytest.fixture(autouse=True)
def nothing_left(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before, temporary = set(os.listdir("/proc/self/fd")), tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield
    assert set(os.listdir("/proc/self/fd")) == before
    assert list(temporary.iterdir()) == []
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_the_answer_comes_back(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("字")
    with (tmp_path / "x").open("r+b") as file:
        assert run(f"{HERE}:answer", given={"a": [1, "é"]}, files=[file], bounds=BOUNDS) == [{"a": [1, "é"]}, ["字"]]


@pytest.mark.req("INT-1", kind="refusal")
@pytest.mark.parametrize(
    ("work", "given", "reason"),
    [
        ("takes_memory", None, Reason.MEMORY),
        ("takes_time", None, Reason.TIME),
        ("sleeps", None, Reason.TIME),
        ("waits", None, Reason.TIME),
        ("takes_disk", None, Reason.FILE),
        ("kills_itself", "SIGKILL", Reason.MEMORY),
        ("kills_itself", "SIGSEGV", Reason.CRASH),
        ("kills_itself", "SIGABRT", Reason.CRASH),
        ("fails", None, Reason.CRASH),
        ("says_nothing", None, Reason.CRASH),
        ("not_there", None, Reason.CRASH),
    ],
)
def test_whatever_happens_there_is_one_error(tmp_path: Path, work: str, given: Any, reason: Reason) -> None:
    with (tmp_path / "x").open("w+b") as file, pytest.raises(Stopped) as stopped:
        run(f"{HERE}:{work}", given=given, files=[file], bounds=BOUNDS)
    assert stopped.value.reason is reason
    assert "1985" not in str(stopped.value)


def test_a_child_that_cannot_start_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere")
    with pytest.raises(FileNotFoundError):
        run(f"{HERE}:answer", given=None, files=[], bounds=BOUNDS)
