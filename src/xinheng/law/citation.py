"""How is an article named on a screen?"""

from __future__ import annotations

import re

from xinheng.law.lookup import article as find_article
from xinheng.law.pack import Pack

DIGITS = "零一二三四五六七八九"
_ID = re.compile(r"^(?P<article>.+?)(?:\((?P<item>\d+)\))?$")


def chinese_number(number: int) -> str:
    """Write 1 to 999 as an article is numbered: 一, 十, 四十六, 一百零二."""
    if not 0 < number < 1000:
        raise ValueError(f"an article has a number from 1 to 999, not {number}")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


def arabic_number(text: str) -> int:
    """Read a number written as an article is numbered; ValueError for anything else."""
    total, digit = 0, 0
    for sign in text:
        if sign == "百":
            total, digit = total + digit * 100, 0
        elif sign == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = DIGITS.index(sign)
    if not 0 < total + digit < 1000 or chinese_number(total + digit) != text:
        raise ValueError(text)
    return total + digit


def cite(pack: Pack, article_id: str, lang: str = "zh") -> str:
    """Name an article with its instrument: "《条例》第四十条第一项", "Regulation, Article 40(1)".

    An instrument cited as a whole gives its title. An id the pack lacks raises `NoValueInForce`.
    """
    match = _ID.match(article_id)
    assert match is not None
    found = find_article(pack, article_id)
    law = pack.laws[found.law]
    if found.number is None:
        return law.title.get(lang)
    number, item = found.number, match["item"]
    if lang.startswith("en"):
        return f"{law.short.en}, Article {number}" + (f"({item})" if item else "")
    zh = f"第{chinese_number(int(number))}条" if number.isdigit() else f"第{number}条"
    return law.short.zh + zh + (f"第{chinese_number(int(item))}项" if item else "")
