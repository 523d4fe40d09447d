"""The floor of the public page: a WSGI callable that reads one row and answers as many bytes, and nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

_BODY = b"x" * int(os.environ.get("XINHENG_BENCH_BYTES", "0"))
_ROW = "SELECT s.name FROM subject_key k JOIN subject s ON s.id = k.subject_id WHERE k.key = %s"
_local = threading.local()


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["XINHENG_DATABASE_URL"], autocommit=True, prepare_threshold=0)
    connection: psycopg.Connection[Any] = _local.connection
    return connection


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One row, the bytes of a page; what was sent with it is read and forgotten."""
    if environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"].read()
    row = _connection().execute(_ROW, ["uscc:" + environ["PATH_INFO"].rpartition("/")[2]]).fetchone()
    found = "200 OK" if row else "404 Not Found"
    start_response(found, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(_BODY)))])
    return [_BODY]
