"""Do the rows of the lists keep within what the law lets a list say?

No row touches a person's livelihood or scores a person; high consumption is restricted by the courts alone; what needs
a statute is off until one is cited by its article; what is adverse and was not read word by word is off (PUN-2, INC-1,
SER-1, INV-1, INV-6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from xinheng.law import limits
from xinheng.law.enums import Rank, SubjectKind
from xinheng.law.items import header_key
from xinheng.law.limits import Limit
from xinheng.law.lists import (
    Bar,
    Conduct,
    Founder,
    Measure,
    Modality,
    Relation,
    SevereCategory,
    SevereField,
    Side,
    Touch,
)
from xinheng.law.loader import strict
from xinheng.law.loader.crosscheck import Known
from xinheng.law.loader.lists import Kind, Loose, Rows, countable
from xinheng.law.loader.reading import Reader
from xinheng.law.pack import Law, Timeline

COURTS = frozenset({"court"})
# what a regulation of a city alone does not found
STATUTORY = frozenset({
    Touch.TRADING, Touch.BID_POINTS, Touch.GRADE, Touch.MARKET_ENTRY, Touch.OFFICE, Touch.CONSUMPTION, Touch.EXIT,
    Touch.SCHOOLING,
})  # fmt: skip
NATIONAL = frozenset({Touch.BID_POINTS, Touch.GRADE})
SCORES = frozenset({Touch.BID_POINTS, Touch.GRADE, Touch.SUPERVISION})
FOUNDS_FIELD = frozenset({"statute", "administrative_regulation", "ministry_order", "policy", "local_regulation"})
# words of a content that show which good it touches, whatever the row says of itself
WORDS: MappingOf[Touch, tuple[str, ...]] = {
    Touch.BASIC_SERVICES: (
        "断水", "断电", "断气", "停水", "停电", "停气", "供水", "供电", "供气", "供热", "供暖",
        "用水", "用电", "用气", "水电",
        "低保", "最低生活", "生活保障", "社会救助", "社会保险", "社会保障",
        "养老金", "养老待遇", "医保", "医疗", "就医", "就诊",
        "住房保障", "保障性住房", "公租房", "生活必需", "基本生活", "公共交通", "公交",
    ),
    Touch.CONSUMPTION: (
        "消费", "飞机", "航班", "民航", "高铁", "动车", "列车", "火车", "乘坐", "软卧", "星级",
        "宾馆", "酒店", "旅游", "度假",
    ),
    Touch.EXIT: ("出境", "出国", "护照", "边控"),
    Touch.SCHOOLING: ("入学", "就学", "升学", "复学", "上学", "就读", "私立学校", "子女"),
}  # fmt: skip
_ITEM = re.compile(r"\(\d+\)$")


@dataclass(frozen=True, slots=True)
class Lists:
    """All that was read from the files of lists."""

    measures: Rows[Measure]
    loose: dict[int, Loose]
    conducts: Rows[Conduct]
    kinds: dict[str, Kind]
    categories: Rows[SevereCategory]
    category_evidence: dict[int, str]
    fields: Rows[SevereField]
    field_evidence: dict[int, str]


def check(lists: Lists, known: Known, bounds: MappingOf[str, Timeline[Limit]]) -> None:
    """Report every row that names what the pack lacks, or says what no list may say."""
    for place, (row, reader) in enumerate(lists.measures.placed):
        extra = lists.loose[place]
        countable(reader, row)
        _among(reader, "powers", set(known.powers), "power_unknown", "职权")
        _linked(row, reader, lists)
        _adverse(row, reader, extra)
        _worded(row, reader, extra)
        _duration(row, reader, bounds)
        _limits(row, reader, extra, known)
        _founded(row.catch_all, row.founders, reader)
        _statute(row, reader, extra, known)
        if not row.side.adverse:
            _incentive(row, reader, lists)
    for conduct, reader in lists.conducts.placed:
        _conduct(conduct, reader, known)
    for place, (category, reader) in enumerate(lists.categories.placed):
        _among(reader, "powers", set(known.powers), "power_unknown", "职权")
        _category(category, reader, lists.category_evidence[place], lists)
    for place, (field, reader) in enumerate(lists.fields.placed):
        _field(field, reader, lists.field_evidence[place], known)


def _linked(row: Measure, reader: Reader, lists: Lists) -> None:
    """A row links to conducts of its own side; a row for serious dishonesty to categories, of which one is on."""
    if row.side is Side.SEVERE:
        _among(reader, "conduct", set(lists.categories.timelines), "conduct_unknown", "严重失信类别")
        on = {category.code for category, _ in lists.categories.placed if category.on}
        if row.on and not row.conduct & on:
            reader.fault("conduct_off", "这一项所依据的严重失信类别都停用，这一项也只能停用", "state")
        return
    _among(reader, "conduct", set(lists.conducts.timelines), "conduct_unknown", "行为")
    side = "adverse" if row.side.adverse else "good_faith"
    for scalar in _scalars(reader, "conduct"):
        kind = lists.kinds.get(scalar.text or "")
        if kind is not None and kind.side != side:
            text = f"行为“{scalar.text}”与清单的一侧不符：守信行为配激励，失信行为配惩戒"
            _at(reader, scalar, "conduct_side", text)


def _adverse(row: Measure, reader: Reader, extra: Loose) -> None:
    """What burdens a subject states a longest duration, is served, and is off unless it was read word by word."""
    if not row.side.adverse:
        return
    _verified(row.on, extra.evidence, reader)
    if row.longest is None:
        reader.fault("longest_missing", "惩戒措施必须写明最长期限“longest”")
    if not row.needs_service:
        reader.fault("service_missing", "惩戒措施在送达前不能生效，“needs_service”只能写true", "needs_service")
    if row.on and not row.powers:
        reader.fault("missing_key", "启用的一项必须写明谁有权采取", "powers")
    if row.bar is Bar.MANDATORY and row.modality is not Modality.SHALL:
        reader.fault("bar_not_shall", "法定禁止（mandatory）只能配“应当”（shall）", "bar")
    if Relation.RELATIVE in row.reaches:
        reader.fault("relative", "任何措施都不及于亲属", "reaches")


def _worded(row: Measure, reader: Reader, extra: Loose) -> None:
    """A burden says which good it touches: its words are held against it, and "other" is not a way around a limit."""
    if not row.side.adverse:
        return
    plain = header_key(row.content.zh)
    for touch, words in WORDS.items():
        if touch not in extra.touches and any(word in plain for word in words):
            text = f"内容“{row.content.zh}”触及{touch}，“touches”里却没有写"
            reader.fault("touch_denied", text, "touches")
    if Touch.OTHER in extra.touches and not (row.catch_all or row.statute):
        reader.fault("touch_denied", "“touches: [other]”只用于兜底的一项或者另引了法律、法规条文的一项", "touches")


def _duration(row: Measure, reader: Reader, bounds: MappingOf[str, Timeline[Limit]]) -> None:
    """A burden that cites no statute lasts no longer than the pack's limit."""
    if not row.side.adverse or row.statute is not None or row.longest is None:
        return
    limit = limits.exceeded(bounds, limits.MEASURE, row.longest)
    if limit is not None:
        longest = f"{limit.longest.count}（{limit.longest.unit}）"
        text = f"没有另引法律、法规条文的惩戒措施，期限不超过{longest}（{limit.article or '平台规则'}）"
        reader.fault("longest_exceeded", text, "longest")


def _limits(row: Measure, reader: Reader, extra: Loose, known: Known) -> None:
    """No row on the livelihood of persons, none that scores persons, consumption by the courts alone."""
    person = SubjectKind.NATURAL_PERSON in row.targets
    if person and Touch.BASIC_SERVICES in extra.touches:
        reader.fault("livelihood", "任何措施都不得触及个人的基本公共服务和基本生活", "targets")
    if person and SCORES & extra.touches:
        reader.fault("person_scored", "不对个人加分减分、评级或者分级监管，对象不能有自然人", "targets")
    if Relation.RESPONSIBLE_PERSON in row.reaches and (SCORES | {Touch.BASIC_SERVICES}) & extra.touches:
        reader.fault("person_scored", "加减分、评级、分级监管和基本公共服务不及于责任人员", "reaches")
    if Touch.CONSUMPTION in extra.touches:
        for scalar in _scalars(reader, "powers"):
            power = known.powers.get(scalar.text or "")
            if power is not None and any(value.holders != COURTS for value in power.values):
                _at(reader, scalar, "courts_only", "限制高消费只能由人民法院采取")


def _statute(row: Measure, reader: Reader, extra: Loose, known: Known) -> None:
    """A row that needs a statute is off until it cites one by its article; the article exists and is of its sort."""
    cited = _ITEM.sub("", row.statute or "")
    article = known.articles.get(cited)
    if row.statute is not None and article is None:
        reader.fault("article_unknown", f"条文“{row.statute}”不在条文表里", "statute")
        return
    needs = bool(STATUTORY & extra.touches) if row.side.adverse else bool(NATIONAL & extra.touches)
    if not row.on or not (needs or row.catch_all):
        return
    own = _ITEM.sub("", row.article)
    if article is None or article.number is None or cited == own:
        text = "这一项要另有法律、法规的具体条文才能启用：请写“statute”，否则只能停用"
        reader.fault("statute_missing", text, "statute" if row.statute else "state")
        return
    law = known.laws.get(article.law)
    if law is None:
        return
    if NATIONAL & extra.touches and law.rank is not Rank.NATIONAL:
        reader.fault("statute_kind", "加分减分和评级只能依国家规定启用", "statute")
    elif row.founders and not any(founder.covers(law) for founder in row.founders):
        reader.fault("statute_kind", "援引的文件不属于这一项允许的种类", "statute")
    elif needs and not row.founders and not _lawful(law):
        reader.fault("statute_kind", "限制权利的措施只能依法律、法规启用", "statute")


def _lawful(law: Law) -> bool:
    return Founder.LAW.covers(law) or Founder.REGULATION.covers(law)


def _incentive(row: Measure, reader: Reader, lists: Lists) -> None:
    """A person's incentive rests on a named honour and on consent, never on the absence of adverse records."""
    person = SubjectKind.NATURAL_PERSON in row.targets
    if not row.person_conduct <= row.conduct:
        reader.fault("conduct_unknown", "“person_conduct”里的行为必须也在“conduct”里", "person_conduct")
    honours = {code for code, kind in lists.kinds.items() if kind.honour}
    if person and (not row.person_conduct or not row.person_conduct <= honours):
        reader.fault("honour_missing", "对个人的激励只能依据具名的表彰（honour）", "targets")
    if person and SubjectKind.NATURAL_PERSON not in row.consent_of:
        reader.fault("consent_missing", "对个人的激励须经本人同意：请写进“consent_of”", "targets")


def _conduct(conduct: Conduct, reader: Reader, known: Known) -> None:
    """The item exists, and so does the field of the condition."""
    if conduct.item is None:
        if conduct.when is not None:
            reader.fault("missing_key", "写了条件就要写明目录项“item”", "when")
        return
    item = known.items.get(conduct.item)
    if item is None:
        reader.fault("item_unknown", f"没有目录项“{conduct.item}”", "item")
        return
    field = conduct.when.field if conduct.when is not None else None
    if field is not None and any(field not in version.by_code for version in item.versions):
        reader.fault("field_unknown", f"目录项“{conduct.item}”没有字段“{field}”", "when")


def _category(category: SevereCategory, reader: Reader, evidence: str, lists: Lists) -> None:
    """A category is on only with a field whose founding rule is in the pack and on."""
    _among(reader, "founded_by", set(lists.fields.timelines), "field_unknown", "严重失信领域")
    _verified(category.on, evidence, reader)
    _founded(category.catch_all, category.founders, reader)
    on = {field.code for field, _ in lists.fields.placed if field.on}
    if category.on and not category.founded_by & on:
        reader.fault("fields_off", "这一类所依据的领域都停用，这一类也只能停用", "state")


def _field(field: SevereField, reader: Reader, evidence: str, known: Known) -> None:
    """A field that is on rests on an instrument read word by word; a local one on a local regulation."""
    _verified(field.on, evidence, reader)
    article = known.articles.get(_ITEM.sub("", field.article))
    law = known.laws.get(article.law) if article is not None else None
    if law is None:
        return
    if reader.source.rank is not Rank.NATIONAL and law.kind != "local_regulation":
        reader.fault("local_list", "只在本地有效的名单，只能由地方性法规设立", "article")
    elif field.on and law.kind not in FOUNDS_FIELD:
        reader.fault("statute_kind", "这种文件不能设立严重失信主体名单", "article")


# -- small shared judgements


def _verified(on: bool, evidence: str, reader: Reader) -> None:
    if on and evidence != "text":
        reader.fault("unverified_on", '对主体不利的规则未经逐字核对，只能写state: "off"', "state")


def _founded(catch_all: bool, founders: frozenset[Founder], reader: Reader) -> None:
    if catch_all and not founders:
        reader.fault("missing_key", "兜底的一项必须写“founders”：哪些种类的文件可以作依据")
    if founders and not catch_all:
        reader.fault("unknown_key", "只有兜底的一项才写“founders”", "founders")


def _among(reader: Reader, key: str, allowed: set[str], code: str, noun: str) -> None:
    """Report each name of a list that the pack lacks, at its place."""
    for scalar in _scalars(reader, key):
        if scalar.text not in allowed:
            _at(reader, scalar, code, f"没有{noun}“{scalar.text}”")


def _scalars(reader: Reader, key: str) -> tuple[strict.Scalar, ...]:
    node = reader.nodes.get(key)
    parts = node.nodes if isinstance(node, strict.Sequence) else ()
    return tuple(part for part in parts if isinstance(part, strict.Scalar))


def _at(reader: Reader, scalar: strict.Scalar, code: str, message: str) -> None:
    reader.faults.add(reader.source.file, scalar.line, scalar.column, code, message)
