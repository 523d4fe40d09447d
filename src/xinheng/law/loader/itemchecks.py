"""Does a catalog item keep within what the invariants let it say? (INV-2, 3, 4; ZY-32, 45)

An item of a pack and one that the city drafts on the platform are judged alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from xinheng.law import limits
from xinheng.law.enums import ChannelName, FieldType, MaskName, Rank, ReleaseWord, SubjectKind
from xinheng.law.items import Field, Item, ItemVersion, header_key
from xinheng.law.limits import Limit
from xinheng.law.loader.crosscheck import Known
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.places import Place, places
from xinheng.law.loader.reading import Faults
from xinheng.law.pack import Bilingual, Timeline

IDENTIFIER = "identifier"
PERSONS = (SubjectKind.NATURAL_PERSON, SubjectKind.INDIVIDUAL_BUSINESS)
# parts that only the record of an adverse decision has
BURDENS = frozenset({"penalty_kinds", "severity", "fine", "confiscated"})
REPRESENTATIVE = frozenset({"representative", "representative_id_type", "representative_id"})
CAPPED = frozenset({"repair_rules", "validity", "none"})
INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_FAR = date(2999, 1, 1)
_ITEM = re.compile(r"\(\d+\)$")


@dataclass(frozen=True, slots=True)
class _Judged:
    """A version with the item's place and what the rest of the pack says."""

    place: Place
    version: ItemVersion
    known: Known
    limits: Mapping[str, Timeline[Limit]]
    faults: Faults

    def fault(self, code: str, message: str, key: str) -> None:
        """Report a fault at a key of the version."""
        text = f"目录项“{self.version.code}”{message}"
        self.place.version_fault(self.faults, code, text, self.version.from_.isoformat(), key)

    def field_fault(self, code: str, field: Field, message: str) -> None:
        """Report a fault at a field."""
        text = f"目录项“{self.version.code}”的字段“{field.label.zh}”{message}"
        self.place.field_fault(self.faults, code, text, field.code)


def check(
    layers: list[Layer], items: Mapping[str, Item], known: Known, bounds: Mapping[str, Timeline[Limit]], faults: Faults
) -> None:
    """Report whatever an item says that no item may say, drafts included."""
    for place in places(layers, items):
        _level(place, faults)
        for version in place.item.written:
            judged = _Judged(place, version, known, bounds, faults)
            _kinds(judged)
            _natural_key(judged)
            _adverse(judged)
            _retention(judged)
            _person_statute(judged)
            _visible(judged)
            _headers(judged)
            for field in version.fields:
                _identity(judged, field)
                _somebody(judged, field)
                _size(judged, field)


def _level(place: Place, faults: Faults) -> None:
    """An item is of the level of the pack that holds it: a city makes no national item."""
    if place.item.level.value != place.layer.rank.value:
        text = f"目录项“{place.item.code}”写成{place.item.level}级，这一层法规包只能有{place.layer.rank}级的目录项"
        place.fault(faults, "level_differs", text, "level")


def _kinds(judged: _Judged) -> None:
    if not judged.version.kinds:
        judged.fault("kinds_missing", "没有写明归集哪些主体的信息", "kinds")


def _natural_key(judged: _Judged) -> None:
    """The number of the document tells decisions apart; the other parts are parts of the item or the identifier."""
    key, known = judged.version.natural_key, {*judged.version.roles, IDENTIFIER}
    if "document_number" not in key or not known.issuperset(key):
        text = "的“natural_key”要有document_number，此外只能写这个目录项有的角色和identifier"
        judged.place.fault(judged.faults, "natural_key", f"目录项“{judged.version.code}”{text}", "natural_key")


def _adverse(judged: _Judged) -> None:
    """What burdens a subject says so, and its publicity ends by the rules of repair or with a term (INV-2, ZY-45)."""
    version = judged.version
    category = judged.known.categories.get(version.category or "")
    burdens = not BURDENS.isdisjoint(version.roles) or (category is not None and category.burdens)
    if burdens and not version.adverse:
        text = "有处罚种类、失信程度、罚没金额，或者属于失信名单类，是对主体不利的信息：“adverse”只能写true"
        judged.fault("adverse_denied", text, "adverse")
    if version.adverse and version.publicity_period not in CAPPED:
        text = "对主体不利，公示期只能按修复规则（repair_rules）、有效期（validity）确定，或者不公示（none）"
        judged.fault("publicity_uncapped", text, "publicity_period")


def _retention(judged: _Judged) -> None:
    version = judged.version
    try:
        version.retention.after(_FAR)
    except (ValueError, OverflowError):
        judged.fault("retention_uncountable", "的保存期无法计算：写合理的日历日、月或者年数", "retention")
        return
    limit = limits.exceeded(judged.limits, limits.RETENTION, version.retention) if version.adverse else None
    if limit is not None:
        longest = f"{limit.longest.count}（{limit.longest.unit}）"
        text = f"对主体不利，保存期超过了最长的{longest}（{limit.article or '平台规则'}）"
        judged.fault("retention_too_long", text, "retention")


def _person_statute(judged: _Judged) -> None:
    """Persons are public by an article of a national statute alone, one that orders it and was read (INV-4)."""
    cited = judged.version.person_statute
    if cited is None:
        return
    article = judged.known.articles.get(_ITEM.sub("", cited))
    law = judged.known.laws.get(article.law) if article is not None else None
    national = law is not None and law.kind == "statute" and law.rank is Rank.NATIONAL
    if article is None or not national or not article.orders_publication:
        text = f"援引的“{cited}”不是明文要求公开自然人信息、并经逐字核对的法律条文"
        judged.fault("person_statute", text, "person_statute")


def _visible(judged: _Judged) -> None:
    """Nothing that is read holds characters that nobody sees: they turn a text into another one."""
    version = judged.version
    said = [version.label, version.conduct, *((version.purpose,) if version.purpose else ())]
    if _hidden(_words(said)):
        text = f"目录项“{version.code}”的名称、行为或者用途里有看不见的字符"
        judged.place.fault(judged.faults, "invisible_character", text, "label")
    for field in version.fields:
        values = field.enum.values if field.enum else ()
        texts = [*_words([field.label, *((field.rule,) if field.rule else ())]), *field.aliases]
        texts += [text for value in values for text in (value.value, value.label_en, *value.aliases)]
        if _hidden(texts):
            judged.field_fault("invisible_character", field, "里有看不见的字符")


def _words(said: Iterable[Bilingual]) -> Iterator[str]:
    for both in said:
        yield from (both.zh, both.en)


def _hidden(texts: Iterable[str]) -> bool:
    return any(unicodedata.category(sign) in INVISIBLE for text in texts for sign in text)


def _headers(judged: _Judged) -> None:
    """A header of a file names one field."""
    fields = judged.version.fields
    headers = {field.code: {header_key(t) for t in (field.code, *field.aliases, field.label.zh)} for field in fields}
    times = Counter(header for keys in headers.values() for header in keys)
    for field in fields:
        if any(times[header] > 1 for header in headers[field.code]):
            judged.field_fault("header_twice", field, "与另一个字段的代码、别名或者名称相同：表头分不清是哪一个")


def _identity(judged: _Judged, field: Field) -> None:
    """An identity number is personal, never shown whole to the public or by authorisation, never exported (INV-4)."""
    if field.type is not FieldType.IDNUMBER:
        return
    shown = [
        field.release(channel, kind)
        for channel in (ChannelName.PUBLIC, ChannelName.AUTHORISED)
        for kind in SubjectKind
        if kind in judged.version.kinds
    ]
    whole = any(one.release is ReleaseWord.FULL for one in shown)
    masked = all(one.mask is MaskName.ID_TAIL for one in shown if one.release is ReleaseWord.MASKED)
    if whole or not masked or not field.personal or field.exports != "withheld":
        text = "是证件号码：必须写personal: true、exports: withheld，对公众和被授权人最多显示末两位（id_tail）"
        judged.field_fault("identity_shown", field, text)


def _somebody(judged: _Judged, field: Field) -> None:
    """Who stands behind a person or an individual business is not public; of a representative the name alone is."""
    version = judged.version
    part = next((role for role, code in version.roles.items() if code == field.code), "")
    represents = field.whose == "representative" or part in REPRESENTATIVE
    if not represents and field.whose is None and part != "name":
        return
    kinds = version.kinds if represents and part != "representative" else set(PERSONS) & set(version.kinds)
    if any(field.release(ChannelName.PUBLIC, kind).release is ReleaseWord.FULL for kind in kinds):
        text = "说的是自然人、个体工商户或者代表人本人，对公众不能全部显示"
        judged.field_fault("person_shown", field, text)
    if (represents or (field.whose is not None and part != "name")) and field.exports != "withheld":
        judged.field_fault("person_exported", field, "是某个人的信息，不能批量导出：写exports: withheld")


def _size(judged: _Judged, field: Field) -> None:
    if field.places is not None and field.digits is not None and field.places > field.digits:
        judged.field_fault("places_exceed", field, "的小数位数多于总位数")
