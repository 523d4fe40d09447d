"""How is the next piece prepared while the last one is being written? In one thread, one piece ahead."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from typing import Any, TypeVar

T = TypeVar("T")
_END = object()


def ahead(pieces: Iterator[T], *, most: int = 1) -> Generator[T]:
    """The same pieces in the same order, up to ``most`` of them made before they are asked for.

    What making one raises is raised where it is asked for. The thread has ended when the iterator is closed, so that
    what it read from may be read again.
    """
    made: queue.Queue[Any] = queue.Queue(maxsize=most)
    stopped = threading.Event()

    def give(piece: object) -> None:
        while not stopped.is_set():
            try:
                made.put(piece, timeout=0.1)
            except queue.Full:
                continue
            return

    def make() -> None:
        try:
            for piece in pieces:
                give(piece)
                if stopped.is_set():
                    return
        except BaseException as error:
            give(_Raised(error))
        give(_END)

    thread = threading.Thread(target=make, name="ahead", daemon=True)
    thread.start()
    try:
        while (piece := made.get()) is not _END:
            if isinstance(piece, _Raised):
                raise piece.error
            yield piece
    finally:
        stopped.set()
        thread.join()


class _Raised:
    """What went wrong in the thread."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
