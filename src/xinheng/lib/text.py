"""What did a spreadsheet do to a text, and which of it can be undone without changing what was written?

Chinese punctuation, rare characters and line breaks of long texts stay. Full-width letters and digits become
half-width, characters that draw nothing go, white space is made plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from xinheng.lib.codes.clean import invisible

_LETTERS = {0xFEE0 + point: point for point in range(0x21, 0x7F) if chr(point).isalnum()}
_ALL_WIDTHS = {0xFEE0 + point: point for point in range(0x21, 0x7F)}
_BREAKS = re.compile(r"\r\n|[\r\u0085\u2028\u2029\v\f]")
_SPACES = re.compile(r"[^\S\n]+")
_BETWEEN_HAN = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·])\s+(?=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·])"
)
_SHORTEST_NAME = 2
_BETWEEN_NAMES = re.compile(r"[^\w'’`-]+|[\d_]+|(?<=[\u4e00-\u9fff])-+")
_LABEL = re.compile(r"^(?:原|现)?(?:个体)?(?:经营者|负责人|法定代表人|法人代表|代表人|法人|业主|户主|姓名)为?")
_TITLE = re.compile(r"(?:先生|女士|小姐|同志|经理|老板|等人?)$")
_AND, _LONG = re.compile("[和及与]"), 5
_GLUED = re.compile("[\u4e00-\u9fff]{5,6}")  # longer ones are names of bodies
_NO_NAMES = frozenset(
    {"个体", "个体户", "个体工商户", "变更", "已变更", "身份证", "证件号", "电话", "手机", "联系电话"}
)
STARS = "**"  # stands for what is hidden, however long it is
PARTS_A_NAME = r"[\s\u00b7\u2022\u2027\u30fb\uff0e\u200b-\u200d\ufeff]*"  # spaces and dots inside a person's name
_PARTING = re.compile(PARTS_A_NAME)
_PLAIN = re.compile(
    r"[ -~\u4e00-\u9fff\u3001\u3002\uff0c\uff08\uff09\uff1a\uff1b\u300a\u300b\u201c\u201d\u3014\u3015]*"
)


def clean(text: str) -> str:
    """``text`` without invisible characters, ends trimmed, letters and digits half-width, breaks as ``\\n``."""
    if _PLAIN.fullmatch(text) and "  " not in text:
        return text.strip()
    plain = _BREAKS.sub("\n", text).translate(_LETTERS)
    plain = "".join(c for c in plain if c == "\n" or c.isspace() or not _drawn_as_nothing(c))
    lines = (_SPACES.sub(" ", line).strip() for line in plain.split("\n"))
    return "\n".join(lines).strip("\n")


def one_line(text: str) -> str:
    """`clean` for a value that has one line: breaks and spaces between Chinese characters go, others become a space."""
    plain = clean(text)
    if " " not in plain and "\n" not in plain:
        return plain
    return " ".join(_BETWEEN_HAN.sub("", plain).split())


def half_width(text: str) -> str:
    """``text`` with every full-width form, punctuation too, in half width: for comparing, never for keeping."""
    return text.translate(_ALL_WIDTHS).replace("\u3000", " ")


def bare_name(name: str) -> str:
    """A person's name for comparing, without the spaces and dots inside it: "李 春生" and "李春生" are one name."""
    return _PARTING.sub("", half_width(name))


@lru_cache(maxsize=4096)
def names_in(text: str) -> frozenset[str]:
    """The names of persons in what somebody wrote where one name belongs, bare, of two characters or more.

    Beside the whole text its parts: several names, one with a word before or behind it ("经营者：李春生", "李春生先生")
    or with a number, two written as one ("李春生王小红"). It errs towards the person: a part too many is hidden too.
    """
    whole = bare_name(text)
    parts = {_TITLE.sub("", _LABEL.sub("", part)) for part in _BETWEEN_NAMES.split(whole)}
    parts |= {one for part in parts if len(part) >= _LONG for one in _AND.split(part)}
    glued = {part for part in parts - _NO_NAMES if _GLUED.fullmatch(part)}
    parts |= {half for part in glued for at in {len(part) // 2, 3} for half in (part[:at], part[at:])}
    return frozenset(one for one in {whole, *parts} if len(one) >= _SHORTEST_NAME and one not in _NO_NAMES)


def without_names(text: str, names: Iterable[str]) -> str:
    """Text in which each of ``names`` of two characters or more is replaced by stars; see `names_in`.

    Spaces and the dots inside a name are no part of it: "李 春生" hides "李春生", and the other way round.
    """
    plain = {one for name in names for one in names_in(name)}
    for name in sorted(plain, key=lambda one: (-len(one), one)):
        text = _name_pattern(name).sub(STARS, text)
    return text


@lru_cache(maxsize=4096)
def _name_pattern(name: str) -> re.Pattern[str]:
    """A name wherever it stands, with whatever may part its characters; Latin letters in either width and case."""
    wide = {character: chr(ord(character) + 0xFEE0) for character in name if "!" <= character <= "~"}
    each = (f"[{re.escape(c)}{re.escape(wide[c])}]" if c in wide else re.escape(c) for c in name)
    return re.compile(PARTS_A_NAME.join(each), re.IGNORECASE)


@lru_cache(maxsize=4096)
def _drawn_as_nothing(character: str) -> bool:
    return invisible(character)
