"""What may a visitor's words mean, and how is a law laid out?"""

from __future__ import annotations

import pytest

from xinheng.law.pack import Pack
from xinheng.portal.rules import Asked, asked, instruments, tally


@pytest.mark.req("QRY-4", kind="rule")
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", Asked.NOTHING),
        ("  　", Asked.NOTHING),
        ("云杉建材", Asked.NAME),
        ("第3建筑公司", Asked.NAME),
        ("119901009900000172", Asked.CODE),
    ],
)
def test_words_are_a_name_or_a_code(text: str, kind: Asked) -> None:
    assert asked(text)[0] is kind


@pytest.mark.req("INV-4", kind="refusal")
@pytest.mark.parametrize(
    "text",
    [
        "62220119990101001X",
        "622201 1999 0101 0013",
        "622201-19990101-0013",
        "６２２２０１１９９９０１０１００１Ｘ",
        "622201990101001",
        "张三622201199901010013",
        "13900000000",
        "119901009900000173",
        "62220/11999/01010/013",
        "6.2.2.2.0.1.1.9.9.9",
        "张三622\u200b201.1999.0101.0013",
    ],
)
def test_what_holds_a_long_number_never_comes_back(text: str) -> None:
    kind, back = asked(text)
    assert kind is Asked.NUMBER
    assert back == ""


def test_the_citys_own_law_comes_first_with_every_article_once(law_pack: Pack) -> None:
    found = instruments(law_pack)
    assert found[0].own and not found[-1].own
    ids = [article.id for one in found for chapter in one.chapters for article in chapter.articles]
    assert sorted(ids) == sorted(law_pack.articles)
    own = [int(a.number) for chapter in found[0].chapters for a in chapter.articles if a.number]
    assert own == sorted(own)


def test_the_tally_counts_only_articles_that_ask_something_of_software(law_pack: Pack) -> None:
    own = [
        article for one in instruments(law_pack) if one.own for chapter in one.chapters for article in chapter.articles
    ]
    first = next(article for article in own if article.states == "software")
    counted = tally({first.id: "done"}, own)
    assert counted["done"] == 1
    assert counted["software"] == counted["done"] + counted["open"] < counted["all"] == len(own)
