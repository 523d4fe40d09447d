"""Which article does an officer cite who asks under another law, and does the pack list it for the matter?

What is cited stands as an id ("CN-APL-48") or in words ("《行政处罚法》第四十八条"). It must be an article the pack
knows, or an instrument that it knows as a whole, in force on the day. Nothing else is a ground (ZY-34, SP-10).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from xinheng.law.citation import DIGITS, arabic_number
from xinheng.law.pack import Article, Law, Matter, Pack
from xinheng.lib.text import half_width

# What the words of the law mean for the kinds of instruments: 法律, 法规, 国家有关规定.
KINDS = {
    "law": frozenset({"statute"}),
    "regulation": frozenset({"administrative_regulation", "local_regulation"}),
    "state_rule": frozenset({"ministry_order", "policy"}),
}
_MARKS = re.compile(r"[\s《》〈〉<>]")
_PART = r"[零一二三四五六七八九十百千\d]{1,9}"
_ZH = re.compile(rf"第({_PART})条(?:第{_PART}款)?(?:第[(]?{_PART}[)]?项)?")
_EN = re.compile(r",?art(?:icle|[.])?(\d{1,4})(?:[(]\d{1,2}[)])*", re.IGNORECASE)
_ID = re.compile(r"(?:-(\d{1,4}))?(?:[(]\d{1,2}[)])?")


def founded_by(pack: Pack, matter: Matter, text: str, on: date) -> Article | None:
    """The article that ``text`` cites when the pack lists it for ``matter`` and it is in force on a day, else None."""
    wanted = set(matter.statutes)
    kinds = allowed_kinds(matter.statute_kinds)
    for found in _cited(pack, text):
        law = pack.laws[found.law]
        listed = found.id in wanted or found.law in wanted
        if listed and law.kind in kinds and _in_force(found, on) and _in_force(law, on):
            return found
    return None


def listed(pack: Pack, matter: Matter, on: date) -> tuple[Article, ...]:
    """The articles that may be cited for a matter on a day, in the order of the pack."""
    return tuple(article for article in pack.articles.values() if founded_by(pack, matter, article.id, on) is article)


def allowed_kinds(names: frozenset[str]) -> frozenset[str]:
    """The kinds of instruments behind ``statute_kinds`` of a matter."""
    return frozenset().union(*(KINDS.get(name, frozenset()) for name in names))


def _cited(pack: Pack, text: str) -> Iterator[Article]:
    plain = _MARKS.sub("", half_width(text)).casefold()
    for law in pack.laws.values():
        for number in _numbers(law, plain):
            found = pack.articles.get(f"{law.prefix}-{number}") if number else None
            found = found or pack.articles.get(law.prefix)
            if found is not None:
                yield found


def _numbers(law: Law, plain: str) -> Iterator[str]:
    """The number of the article cited, "" for the instrument as a whole; nothing when ``plain`` is another text."""
    zh = law.title.zh
    for name in (zh, zh.removeprefix("中华人民共和国"), law.short.zh, law.title.en, law.short.en, law.prefix):
        bare = _MARKS.sub("", half_width(name)).casefold()
        if not bare or not plain.startswith(bare):
            continue
        rest = plain.removeprefix(bare)
        for pattern in (_ID,) if name == law.prefix else (_ZH, _EN):
            if match := pattern.fullmatch(rest):
                yield _arabic(match[1] or "")
        if not rest:
            yield ""


def _arabic(text: str) -> str:
    """The number of an article in digits; "0", which no article has, for what is no number."""
    if not text or text.isdecimal():
        return text.lstrip("0") or ("0" if text else "")
    thousands, gap, rest = text.rpartition("千")
    try:
        return str((DIGITS.index(thousands) * 1000 if gap else 0) + (arabic_number(rest.lstrip("零")) if rest else 0))
    except ValueError:
        return "0"


def _in_force(what: Article | Law, on: date) -> bool:
    return (what.from_ is None or what.from_ <= on) and (what.until is None or on < what.until)
