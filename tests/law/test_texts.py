"""Is the official text of a regulation split into exactly its articles, page breaks and all?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law.packs import write
from xinheng.law.citation import chinese_number
from xinheng.law.loader import load
from xinheng.law.pack import Pack
from xinheng.law.texts import attach, official_text, split
from xinheng.lib.errors import BadInput

TEXT = """\


玩具城信用条例

(2023 年 8 月 31 日玩具城人民代表大会常务委
员会通过)

目 录

- 第一章 总 则
- 第二章 权益

第一章 总 则

第一条 为了规范玩具信用管理，根据有关法律、

法规，制定本条例。

— 3 —

第二条　玩具主体认为信息有错漏的，可以依照
第三条 规定提出异议。
接受异议的单位应当：
- (一) 核查；
　　（二）答复；（三）更正。
第二章 权益
第三条 玩具主体，是指具有完全民事行为能力的人。
"""


@pytest.fixture
def toys(tmp_path: Path) -> Pack:
    write(tmp_path / "packs")
    return load("toytown", root=tmp_path / "packs")


def test_articles_are_split_and_broken_sentences_joined() -> None:
    found = split(TEXT)
    assert found.faults == ()
    assert found.articles == {
        1: "为了规范玩具信用管理，根据有关法律、法规，制定本条例。",
        2: "玩具主体认为信息有错漏的，可以依照第三条 规定提出异议。\n接受异议的单位应当："
        "\n(一) 核查；\n（二）答复；（三）更正。",
        3: "玩具主体，是指具有完全民事行为能力的人。",
    }


def test_complete_text_is_kept_and_shown(toys: Pack, tmp_path: Path) -> None:
    file = tmp_path / "law.txt"
    file.write_text(TEXT, encoding="utf-8")
    assert official_text(tmp_path, toys, "TT-3") is None
    found, faults = attach(file, toys, home=tmp_path)
    assert (len(found.articles), faults) == (3, ())
    assert official_text(tmp_path, toys, "TT-3(1)") == "玩具主体，是指具有完全民事行为能力的人。"
    assert official_text(tmp_path, toys, "TT-9") is None


def test_text_in_the_national_encoding_is_read(toys: Pack, tmp_path: Path) -> None:
    file = tmp_path / "law.txt"
    file.write_bytes(TEXT.replace("\n", "\r\n").encode("gb18030"))
    found, faults = attach(file, toys, home=tmp_path)
    assert (len(found.articles), faults) == (3, ())


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("第三条 玩具主体，", "玩具主体，", "article_missing"),
        ("人。\n", "人。\n第四条 附则。\n", "article_unknown"),
        ("第三条 玩具主体，", "第二条 玩具主体，", "article_twice"),
        ("第三条 玩具主体，是指具有完全民事行为能力的人。", "第三条", "article_empty"),
        ("第三条 玩具主体，", "第三十百条 玩具主体，", "article_number"),
    ],
)
def test_incomplete_text_is_not_kept(toys: Pack, tmp_path: Path, old: str, new: str, code: str) -> None:
    file = tmp_path / "law.txt"
    assert old in TEXT
    file.write_text(TEXT.replace(old, new), encoding="utf-8")
    _, faults = attach(file, toys, home=tmp_path)
    assert code in {fault.code for fault in faults}
    assert official_text(tmp_path, toys, "TT-1") is None


def test_damage_in_the_text_is_remarked_upon() -> None:
    found = split(TEXT.replace("民事行为", "民事 and 行为"))
    assert [remark.code for remark in found.remarks] == ["odd_text"]


def test_missing_file_is_an_error_of_its_own(toys: Pack, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        attach(tmp_path / "none.txt", toys, home=tmp_path)
    (tmp_path / "image.txt").write_bytes(b"\xff\xd8\xff\xe0\xff")
    with pytest.raises(BadInput):
        attach(tmp_path / "image.txt", toys, home=tmp_path)


SENTENCE = st.text("信用主体应当依法提供和查询记录甲乙丙丁，、", min_size=12, max_size=60).map(
    lambda t: t.strip("，、") + "信用。"
)


@given(st.lists(SENTENCE, min_size=1, max_size=70), st.data())
def test_line_breaks_inside_a_sentence_never_change_the_articles(bodies: list[str], data: st.DataObject) -> None:
    lines = []
    for number, body in enumerate(bodies, start=1):
        cut = data.draw(st.integers(1, len(body) - 2))
        gap = data.draw(st.sampled_from(["", "\n", "\n\n", "\n\n— 7 —\n\n", "\n\f"]))
        lines.append(f"第{chinese_number(number)}条 {body[:cut]}{gap}{body[cut:]}")
    found = split("\n\n".join(lines))
    assert found.faults == ()
    assert list(found.articles.values()) == bodies
