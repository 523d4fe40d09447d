"""Which data about a person may no catalog item ask for, or only in private? (INV-1, INV-4, INV-9; CN-CRIR-14)"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from xinheng.law.enums import ChannelName, Rank, ReleaseWord, SubjectKind
from xinheng.law.items import Field, ItemVersion, header_key
from xinheng.law.pack import Bilingual, Pack

WRITTEN = "own_consent"
NEVER, PRIVATE = "never", "private"
# whom a field of an item about organisations may be about all the same
SOMEBODY = (
    *(
        "法定代表人",
        "法人代表",
        "负责人",
        "经营者",
        "经办人",
        "联系人",
        "实际控制人",
        "受益人",
        "股东",
        "董事",
        "监事",
        "高管",
    ),
    *("本人", "个人", "员工", "职工", "雇员", "从业人员", "执业人员", "家属", "亲属", "配偶", "子女"),
)
# what stands before a word that a text says it does not ask for: "不评分", "不填考核等次"
_DENIED = re.compile(r"(?:不|不得|不再|不填|不填写|不写|不收|不含|不作|不做|不采集|不归集|无)(?:任何)?$")
_DENIALS = [["no"], ["not"], ["nor"], ["neither"], ["never"], ["without"]]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A kind of data about persons. What holds one of ``words``, or of ``english`` as a whole word, asks for it.

    ``harmless``: phrases that hold a word and ask for nothing. ``of``: items about one of these kinds are judged, and
    everywhere a field that is somebody's personal data. ``treatment``: "never" to be asked; or "private", in a personal
    field alone that is not public. ``unless_consent``: allowed where the item rests on the person's own written
    consent. ``house``: no article, a rule of the platform.
    """

    code: str
    label: Bilingual
    from_: date
    until: date | None
    words: tuple[str, ...]
    english: tuple[str, ...]
    harmless: tuple[str, ...]
    of: frozenset[SubjectKind]
    treatment: str
    unless_consent: bool
    article: str
    house: bool
    rank: Rank

    def spoken_of(self, *texts: str) -> bool:
        """Say whether one of the texts asks for it; blanks, width, case and invisible characters make no difference."""
        return any(
            _in_chinese(self.words, self.harmless, text) or _in_english(self.english, self.harmless, text)
            for text in texts
        )


# A pack asks this of every word of every item each time it is read: the same question has one answer.


@lru_cache(maxsize=1 << 16)
def _in_chinese(words: tuple[str, ...], harmless: tuple[str, ...], text: str) -> bool:
    looked_for, plain = _any_of(tuple(map(_key, words))), _key(text)
    if looked_for is None or not looked_for.search(plain):
        return False
    for phrase in harmless:
        plain = plain.replace(_key(phrase), "\n")
    return any(not _DENIED.search(plain[: found.start()]) for found in looked_for.finditer(plain))


@lru_cache(maxsize=1 << 16)
def _in_english(words: tuple[str, ...], harmless: tuple[str, ...], text: str) -> bool:
    looked_for, plain = _any_of(tuple(map(_english, words))), _english(text)
    if looked_for is None or not looked_for.search(plain):
        return False
    for phrase in map(_english, harmless):
        plain = plain.replace(phrase, " , ") if phrase.strip() else plain
    return any(plain[: found.start()].split()[-1:] not in _DENIALS for found in looked_for.finditer(plain))


@lru_cache(maxsize=256)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """One search for all words; each place of a word is found, also where two share a beginning."""
    return re.compile(f"(?=({'|'.join(map(re.escape, words))}))") if words else None


_key = lru_cache(maxsize=1 << 14)(header_key)


@lru_cache(maxsize=1 << 14)
def _english(text: str) -> str:
    """The words of a text in Latin letters between single blanks, without case and invisible characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return f" {' '.join(re.findall('[a-z]+', ''.join(c for c in folded if unicodedata.category(c) != 'Cf')))} "


def forbidden(pack: Pack, on: date) -> tuple[Forbidden, ...]:
    """Give every kind of data that must not be asked of persons on a day, in the order of the pack."""
    found = (value for timeline in pack.forbidden.values() if (value := timeline.on(on)) is not None)
    return tuple(value for value in found if value.treatment == NEVER)


def asked_for(version: ItemVersion, rule: Forbidden) -> tuple[Field, ...]:
    """Give the fields by which an item asks for what the rule speaks of.

    What must never be asked is looked for in all that a field says, what is private in its names alone: a rule that
    warns of a telephone number asks for none.
    """
    if rule.unless_consent and version.consent == WRITTEN:
        return ()
    about = not rule.of.isdisjoint(version.kinds)
    judged = (field for field in version.fields if about or _somebodys(field))
    return tuple(field for field in judged if rule.spoken_of(*_texts(field, rule.treatment)))


def spoken_of(version: ItemVersion, rule: Forbidden) -> bool:
    """Say whether name, conduct or purpose of an item about persons ask for what must never be asked."""
    if rule.treatment != NEVER or rule.of.isdisjoint(version.kinds):
        return False
    if rule.unless_consent and version.consent == WRITTEN:
        return False
    said = (version.label, version.conduct, *((version.purpose,) if version.purpose else ()))
    return rule.spoken_of(*(text for both in said for text in (both.zh, both.en)))


def exposed(version: ItemVersion, field: Field) -> bool:
    """Say whether a field that holds private data is not personal, is public whole, or leaves in exports (INV-3, 4)."""
    whole = any(field.release(ChannelName.PUBLIC, kind).release is ReleaseWord.FULL for kind in version.kinds)
    persons = {SubjectKind.NATURAL_PERSON, SubjectKind.INDIVIDUAL_BUSINESS} & set(version.kinds)
    personal = field.personal or (bool(persons) and all(field.personal_to(kind) for kind in persons))
    return whole or not personal or field.exports != "withheld"


def _somebodys(field: Field) -> bool:
    """Whether a field says of itself, or by its name, that it is about a person."""
    return field.personal or field.whose is not None or any(word in _key(field.label.zh) for word in SOMEBODY)


def _texts(field: Field, treatment: str) -> Iterator[str]:
    """What a field says of itself."""
    yield from (field.label.zh, field.label.en, *field.aliases)
    if treatment != NEVER:
        return
    if field.rule is not None:
        yield from (field.rule.zh, field.rule.en)
    for value in field.enum.values if field.enum else ():
        yield from (value.value, value.label_en, *value.aliases)
