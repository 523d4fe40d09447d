"""Which value of a list does a cell mean, written as offices write it?

Undone: spaces, full width, letter case, punctuation at the ends, a code before its label (1-罚款), a number of a list,
其它 for 其他, the words that join values. A code that names another value than its label is no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from xinheng.law.items import Enumeration
from xinheng.lib.text import half_width

_ENDS = " 。.,，、;；:：'\"“”‘’【】[]"
_OTHER = re.compile(r"^其[他它]\s*[-－—–_:：]+\s*")
_OTHER_IN_BRACKETS = re.compile(r"^其[他它]\s*[(（](?P<what>[^()（）]+)[)）]$")
_CODED = re.compile(r"(?P<code>[0-9A-Za-z]{1,3})\s*[-－—–_.．、:： ]\s*(?P<label>\D.*)")
_LISTED = re.compile(r"(?:(?<=^)|(?<=[;；,，、\n ]))\s*[(（]?[0-9]{1,2}[)）.．、]\s*(?=[^0-9\s])")
_PARTED = re.compile(r"([;；,，、/\n+|])")
_JOINED = re.compile(r"\s+|并处以?|以及|和|及|与|并")
_SAME = re.compile(r"[/、;；()（）]")


def one(choices: Enumeration, written: str) -> str | None:
    """The value that ``written`` means, None when it means none or two."""
    found = _plain(choices, written)
    if found is None:
        each = {_plain(choices, part) for part in _SAME.split(written) if part.strip()}  # 自然人/个人
        found = each.pop() if len(each) == 1 and _SAME.search(written.strip(_ENDS)) else None
    return found


def several(choices: Enumeration, written: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(values that ``written`` joins, each once and in their order; parts that are no value)."""
    whole = _plain(choices, written)
    if whole is not None and not (_is_open(choices, whole) and _PARTED.search(whole)):
        return (whole,), ()
    values: list[str] = []
    wrong: list[str] = []
    for between, part in _parts(_LISTED.sub("", written)):
        found = _plain(choices, part)
        if found is None and between not in (";", "；") and values and not wrong and _is_open(choices, values[-1]):
            values[-1] += between + part  # 其他-责令改正、收缴工具
        elif found is not None:
            values.append(found)
        else:
            joined = [_plain(choices, one) for one in _JOINED.split(part) if one]
            known = [one for one in joined if one is not None]
            values += known if len(known) == len(joined) else []
            wrong += [] if known and len(known) == len(joined) else [part]
    return tuple(dict.fromkeys(values)), tuple(wrong)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """(what stands before it, part) for every part of a text that says something."""
    between = ";"
    for n, part in enumerate(_PARTED.split(text)):
        if n % 2:
            between = part
        elif part.strip():
            yield between, part.strip()


def _is_open(choices: Enumeration, value: str) -> bool:
    return choices.open_prefix is not None and value.startswith(choices.open_prefix)


def _plain(choices: Enumeration, written: str) -> str | None:
    text = written.strip(_ENDS)
    found = _named(choices, text)
    if found is None and (coded := _CODED.fullmatch(text)):
        found = _named(choices, coded["label"].strip(_ENDS))
        if _known(choices).get(_key(coded["code"]), found) != found:
            return None
    return found


def _named(choices: Enumeration, text: str) -> str | None:
    known = _known(choices).get(_key(text))
    if known is None and text.endswith(".0") and text[:-2].isdigit():  # a number of a spreadsheet
        known = _known(choices).get(text[:-2])
    if known is not None or choices.open_prefix is None:
        return known
    opened = _OTHER.sub(choices.open_prefix, _OTHER_IN_BRACKETS.sub(rf"{choices.open_prefix}\g<what>", text))
    return choices.canonical(opened.strip())


@lru_cache(maxsize=256)
def _known(choices: Enumeration) -> dict[str, str]:
    """Value for every spelling of the list."""
    spelt = [(name, entry.value) for entry in choices.values for name in (entry.value, *entry.aliases)]
    return {_key(name): value for name, value in reversed(spelt)}


def _key(text: str) -> str:
    return "".join(half_width(text).split()).casefold()
