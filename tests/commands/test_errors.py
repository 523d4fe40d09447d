"""Errors of the command line: one JSON line or one Chinese sentence, exit 1; never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

WRONG = (
    ("codes", "check", "/no/such/file", "--json"),
    ("law", "deadline", "--json"),
    ("law", "deadline", "no.such.deadline", "--received", "2026-02-28", "--json"),
    ("law", "deadline", "objection.decide", "--received", "yesterday", "--json"),
    ("law", "workdays", "--from", "2026-13-01", "--to", "2026-02-01", "--json"),
    ("law", "check", "/no/such/pack", "--json"),
    ("law", "deadline", "objection.decide", "--received", "2026-02-28", "--law", "/no/such/pack", "--json"),
    ("law", "--no-such-option", "--json"),
    ("no-such-command", "--json"),
    ("intake", "/no/such/file", "--item", "CF", "--provider", "scjgj", "--dry-run", "--json"),
)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "xinheng", *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_a_wrong_command_answers_one_json_line_and_exit_1(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 1
    error = json.loads(done.stdout.splitlines()[-1])["error"]
    assert error["code"]
    assert any("\u4e00" <= character <= "\u9fff" for character in error["message"])
    assert "Traceback" not in done.stderr


def test_a_wrong_command_without_json_is_one_sentence() -> None:
    done = run("law", "deadline")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("错误：")


def test_unreadable_arguments_are_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "xinheng", b"codes", b"\xff"], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_help_lists_every_command_without_a_database() -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in ("demo", "serve", "worker", "migrate", "doctor", "law", "codes", "intake", "query", "ledger", "bench"):
        assert f"  {name} " in done.stdout
