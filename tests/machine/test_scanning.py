"""A file passes the scanner of the house before anything reads it."""

from __future__ import annotations

import io
import shlex
import sys

import pytest

from xinheng.machine.scanning import Scan, scan

PYTHON = shlex.quote(sys.executable)
SCANNER = f"""{PYTHON} -c "import sys; sys.exit(1 if b'EICAR' in sys.stdin.buffer.read() else 0)" """


@pytest.mark.parametrize(
    ("data", "command", "found"),
    [
        (b"EICAR", "", Scan.CLEAN),
        (b"a,b\n", SCANNER, Scan.CLEAN),
        (b"a,b\nEICAR\n", SCANNER, Scan.INFECTED),
        (b"x" * 3_000_000, f"{PYTHON} -c 'import sys; sys.exit(1)'", Scan.INFECTED),
        (b"a", f"{PYTHON} -c 'import sys; sys.exit(2)'", Scan.FAILED),
        (b"a", "/no/such/scanner -", Scan.FAILED),
        (b"a", "unclosed 'quotation", Scan.FAILED),
    ],
)
def test_only_what_the_scanner_calls_clean_passes(data: bytes, command: str, found: Scan) -> None:
    file = io.BytesIO(data)
    file.read()
    assert scan(file, command) is found
    assert file.tell() == 0


def test_a_scanner_that_never_answers_has_not_scanned() -> None:
    slow = f"{PYTHON} -c 'import time; time.sleep(60)'"
    assert scan(io.BytesIO(b"a"), slow, seconds=0.2) is Scan.FAILED
