"""``codes check``: one answer a line, whatever the line holds."""

from __future__ import annotations

import json

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from xinheng.codes_commands import codes


def answers(data: bytes) -> list[dict[str, object]]:
    result = CliRunner().invoke(codes, ["check", "--json"], input=data)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.split("\n") if line]


def test_every_line_has_an_answer_of_five_keys_and_the_last_is_the_summary() -> None:
    *lines, last = answers(b"91350100M000100Y43\n\n62220119900101123X\n990799199001011232\n9.1E+17")
    assert [line["input"] for line in lines] == [
        "91350100M000100Y43",
        "",
        "62220119900101123X",
        "990799199001011232",
        "9.1E+17",
    ]
    assert all(list(line) == ["input", "kind", "valid", "canonical", "reason"] for line in lines)
    assert [line["valid"] for line in lines] == [True, False, False, False, False]
    assert last == {
        "summary": {"lines": 5, "valid": 1, "invalid": 4, "warned": 0, "uscc": 1, "id": 2, "org": 0, "unknown": 2}
    }


def test_unknown_things_are_null() -> None:
    line, _ = answers("张掖\n".encode())
    assert line["kind"] is None
    assert line["canonical"] is None


def test_lines_end_at_line_feeds_only() -> None:
    *lines, _ = answers("91350100M000100Y43\u2028\nA\u0085B\r\nC\x0bD\n".encode())
    assert [line["input"] for line in lines] == ["91350100M000100Y43\u2028", "A\u0085B\r", "C\x0bD"]
    assert lines[0]["valid"] is True


def test_bytes_that_are_no_text_are_answered_too() -> None:
    line, _ = answers(b"\xff\xfe91")
    assert line["valid"] is False


def test_a_warning_keeps_the_code_valid_and_fills_the_reason() -> None:
    line, last = answers("９１３５０１００Ｍ０００１００Ｙ４３".encode())
    assert line["valid"] is True
    assert line["canonical"] == "91350100M000100Y43"
    assert str(line["reason"]).startswith("normalised: ")
    assert last["summary"]["warned"] == 1  # type: ignore[index]


def test_without_json_each_line_is_a_chinese_sentence() -> None:
    result = CliRunner().invoke(codes, ["check"], input=b"91350100m000100Y43\n\n12")
    first, second, third, last = result.output.splitlines()
    assert first.startswith("✓")
    assert "应写作91350100M000100Y43" in first
    assert second.startswith("✗")
    assert "共2位" in third
    assert last == "共3行：合格1（其中提示1），不合格2。"


@given(st.text())
def test_any_text_gives_as_many_answers_as_lines(text: str) -> None:
    data = text.encode("utf-8", "replace")
    *lines, _ = answers(data)
    pieces = data.decode().split("\n")
    assert [line["input"] for line in lines] == (pieces[:-1] if not pieces[-1] else pieces)
