"""What did the machine send: under which key, of which kind, and how long?

The body goes to a file of its own in one pass and is never held in memory, written to a log or kept.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpRequest

from xinheng.lib.errors import BadInput

PIECE = 256 * 1024  # bytes read at once
KINDS = {
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/json": "json",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/octet-stream": "bin",  # told by its signature
}
_KEY = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")


@dataclass(frozen=True, slots=True)
class Sent:
    """A body as received. ``sha256``: 64 hex over its bytes."""

    path: Path
    sha256: str


def key_of(request: HttpRequest) -> str:
    """The Idempotency-Key: 1 to 255 printable ASCII characters. Raises BadInput, without repeating what was sent."""
    key = request.headers.get("Idempotency-Key", "").strip(" \t")
    if not key:
        raise BadInput("idempotency_key_missing")
    if not _KEY.fullmatch(key):
        raise BadInput("idempotency_key_unreadable")
    return key


def kind_of(request: HttpRequest) -> str:
    """The ending of a file of this kind. Raises BadInput for a kind that is not taken or a body that is packed."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BadInput("content_coding_unknown")
    kind = KINDS.get(request.content_type or "")
    if kind is None:
        raise BadInput("content_type_unknown", kinds=", ".join(KINDS))
    return kind


@contextmanager
def received(request: HttpRequest) -> Iterator[Sent]:
    """The body as a file that is gone afterwards. Raises BadInput when less came than was announced: half a report is
    none.
    """
    digest, length = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(prefix="xinheng-") as file:
        try:
            while piece := request.read(PIECE):
                digest.update(piece)
                length += file.write(piece)
        except OSError:
            raise BadInput("body_cut_short") from None
        if length != int(request.META.get("CONTENT_LENGTH") or 0):
            raise BadInput("body_cut_short")
        file.flush()
        yield Sent(Path(file.name), digest.hexdigest())
