"""What does the child of `machine.limited` do? It bounds itself, does the work, and writes the answer.

Imports little: a clerk waits for the start of it.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import resource
import signal
import sys
from typing import Any

NO_MEMORY, FILE_TOO_LARGE, FAILED = 41, 42, 43
WAIT = 3  # seconds on the clock for each second of work, since other work may run beside


def main(setup: dict[str, Any]) -> None:
    """Do ``setup["work"]`` and end the process: status 0 with the answer on standard output, or one of the above."""
    _bind(**setup["bounds"])
    try:
        module, _, function = setup["work"].partition(":")
        answer = getattr(importlib.import_module(module), function)(setup["given"], setup["files"])
        _write(json.dumps(answer).encode())
        status = 0
    except MemoryError:
        status = NO_MEMORY
    except OSError as error:
        status = {errno.EFBIG: FILE_TOO_LARGE, errno.ENOMEM: NO_MEMORY}.get(error.errno or 0, FAILED)
    except BaseException as error:  # a panic of a compiled reader is no Exception
        # The kind only: the words of an error may quote what the file holds.
        os.write(2, type(error).__name__.encode())
        status = FAILED
    os._exit(status)  # nothing to tidy up, and freeing millions of cells takes a while


def _write(answer: bytes) -> None:
    while answer:
        answer = answer[os.write(1, answer) :]


def _bind(memory: int, seconds: int, file: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the data of persons
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(WAIT * seconds)  # ends an orphan too
    sys.setrecursionlimit(500)
