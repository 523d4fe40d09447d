"""Does a program of the house that looks for viruses let a file pass? It is asked before anything reads the file."""

from __future__ import annotations

import shlex
import subprocess
from enum import StrEnum
from typing import BinaryIO

SECONDS = 300  # a scanner that takes longer has not scanned
_PIECE = 1 << 20


class Scan(StrEnum):
    """What became of the question."""

    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"


def scan(file: BinaryIO, command: str, *, seconds: float = SECONDS) -> Scan:
    """Give a file to ``command`` on its standard input: exit code 0 is clean, 1 infected, everything else failed.

    Without a command nothing is scanned. The file is left at its beginning.
    """
    if not command.strip():
        file.seek(0)
        return Scan.CLEAN
    try:
        with subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as asked:
            try:
                _give(file, asked)
                code = asked.wait(timeout=seconds)
            except (subprocess.TimeoutExpired, OSError):
                asked.kill()
                return Scan.FAILED
    except (OSError, ValueError):
        return Scan.FAILED
    finally:
        file.seek(0)
    return {0: Scan.CLEAN, 1: Scan.INFECTED}.get(code, Scan.FAILED)


def _give(file: BinaryIO, asked: subprocess.Popen[bytes]) -> None:
    """Write the file to the scanner, which may have made up its mind before the end."""
    assert asked.stdin is not None
    file.seek(0)
    try:
        while piece := file.read(_PIECE):
            asked.stdin.write(piece)
        asked.stdin.close()
    except BrokenPipeError:
        return
