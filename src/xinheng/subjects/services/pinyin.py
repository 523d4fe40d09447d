"""How does a Chinese name read in Latin letters? For sorting, and for whoever types pinyin or first letters."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import lazy_pinyin
from pypinyin.seg.mmseg import seg


def name_key(name: str) -> str:
    """The pinyin by which a name is sorted (the database has no Chinese collation)."""
    return "".join(_reading(part)[0] for part in seg.cut(name)).lower()[:800]


def latin(name: str) -> str:
    """The pinyin of a name and, after a space, the first letter of each character; other characters fall away."""
    read = [_reading(part) for part in seg.cut(name)]
    letters = "".join(c for whole, _ in read for c in whole.lower() if c.isascii() and c.isalnum())
    first = "".join(c for _, initials in read for c in initials.lower() if c.isascii() and c.isalnum())
    return f"{letters[:880]} {first[:200]}"


@lru_cache(maxsize=50_000)
def _reading(part: str) -> tuple[str, str]:
    """The pinyin of a word, and its initials; names of enterprises share most of theirs. Latin words stay whole."""
    syllables = lazy_pinyin([part])
    whole = "".join(syllables)
    return whole, part if part.isascii() else "".join(one[:1] for one in syllables)
