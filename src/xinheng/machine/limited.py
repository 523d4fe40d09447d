"""How is a piece of work done that may not take more memory, time or disk than it was given, whatever it is fed?

In a child process that bounds itself before it touches the input (`machine.inside`). The parent gets the answer or one
`Stopped`; it never waits for ever, and leaves no process and no file behind. No fork: a server has threads.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import IO, Any, BinaryIO

from xinheng.machine import inside

_PATIENCE = 5  # seconds behind the child's own alarm, after which it is killed from outside
_LONGEST_ANSWER = 64 * 1024 * 1024
_START = (
    "import sys,json;s=json.loads(sys.argv[1]);sys.path[:]=s['path'];from xinheng.machine.inside import main;main(s)"
)


class Reason(StrEnum):
    """Which bound was met; ``crash`` when the work ended in any other way."""

    MEMORY = "memory"
    TIME = "time"
    FILE = "file"
    CRASH = "crash"


_BY_STATUS = {
    inside.NO_MEMORY: Reason.MEMORY,
    inside.FILE_TOO_LARGE: Reason.FILE,
    -signal.SIGXFSZ: Reason.FILE,
    -signal.SIGALRM: Reason.TIME,
    -signal.SIGXCPU: Reason.TIME,
    -signal.SIGKILL: Reason.MEMORY,  # not by us: the system was short of memory
}


class Stopped(Exception):
    """The work gave no answer. Only developers read it: the caller words what it means. ``said``: last error output."""

    def __init__(self, reason: Reason, *, said: str = "") -> None:
        super().__init__(f"{reason} {said}".strip())
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """``memory``: bytes of address space; ``seconds``: of work, thrice that on the clock; ``file``: bytes of a file."""

    memory: int
    seconds: int
    file: int


def run(work: str, *, given: Any, files: Sequence[BinaryIO], bounds: Bounds) -> Any:
    """The answer of ``work`` ("module:function"), called in a child as ``function(given, descriptors)``.

    ``given`` and the answer are JSON; ``files`` are real files that the child inherits. What the child may import is
    what the parent may. Raises Stopped.
    """
    for file in files:
        file.flush()
    handed = [file.fileno() for file in files]
    setup = {"path": sys.path, "work": work, "given": given, "files": handed, "bounds": asdict(bounds)}
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as said:
        status = _status(json.dumps(setup), handed, answer, said, inside.WAIT * bounds.seconds + _PATIENCE)
        if status != 0:
            raise Stopped(_reason(status, _end_of(said)), said=_end_of(said))
        answer.seek(0)
        try:
            return json.loads(answer.read(_LONGEST_ANSWER))
        except ValueError:
            raise Stopped(Reason.CRASH, said="no answer") from None


def _status(setup: str, handed: list[int], answer: IO[bytes], said: IO[bytes], patience: int) -> int | None:
    """How the child ended; None when it had to be killed. Gone when this returns, also by an exception."""
    ending, held = os.pipe()  # the child holds the other end and never writes: it closes when the child is gone
    child = None
    try:
        child = subprocess.Popen(
            # -S: the places of packages are handed over, so they need not be searched for again
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, setup],
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=said,
            pass_fds=[*handed, held],
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
        os.close(held)
        held = -1
        return child.wait(timeout=1) if _closes(ending, patience) else None
    except subprocess.TimeoutExpired:
        return None
    finally:
        if child is not None and child.poll() is None:
            child.kill()
            child.wait()
        for descriptor in (ending, held):
            if descriptor >= 0:
                os.close(descriptor)


def _closes(descriptor: int, seconds: int) -> bool:
    """Whether the other end closes in time. (`Popen.wait` with a limit polls, which costs each small file 50 ms.)"""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(seconds))


def _reason(status: int | None, said: str) -> Reason:
    if status is None:
        return Reason.TIME
    if status == -signal.SIGABRT and "memory allocation" in said:
        return Reason.MEMORY  # how Rust says it
    return _BY_STATUS.get(status, Reason.CRASH)


def _end_of(said: IO[bytes]) -> str:
    said.seek(0, os.SEEK_END)
    said.seek(max(0, said.tell() - 400))
    return said.read().decode("utf-8", "replace").strip()
