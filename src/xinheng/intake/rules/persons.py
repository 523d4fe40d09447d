"""May a row about this kind of subject be taken in at all? (SUB-1, INV-9)

The content of a row that is returned here must not be kept anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from xinheng.intake.rules.rows import Judge, Row
from xinheng.intake.rules.verdicts import Finding, Weight
from xinheng.law import lookup
from xinheng.law.conditions import holds
from xinheng.law.enums import FieldType, SubjectKind
from xinheng.law.errors import NoValueInForce
from xinheng.law.items import Sealed
from xinheng.law.pack import Pack, PersonRule
from xinheng.law.persons import age
from xinheng.lib import han
from xinheng.lib.codes import idnumber

_DAY = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2}) ?[年./-] ?([0-9]{1,2})(?: ?[月./-] ?([0-9]{1,2}))?")
_HAN_DAY = re.compile(rf"({han.DIGIT}{{4}})年((?:{han.NUMERAL}|元){{1,3}})月(?:({han.NUMERAL}{{1,3}})[日号])?")
_AGE = re.compile(rf"(不满|未满|不足|未足)?(?<![0-9])((?:[0-9]{{1,2}})|{han.NUMERAL}{{1,3}})(?:周岁|岁)")
_FULL_AGE = re.compile(rf"(?:年|已)满((?:[0-9]{{1,2}})|{han.NUMERAL}{{1,3}})(?![0-9年月日天元个])")
# Any of these in the facts, and the fast lane leaves the row to this judgement.
TELLS_OF_AGE = rf"[岁歲]|[年已][满滿]|{han.DIGIT}{{4}} ?年"
# Characters of the traditional script in the words of sealed matters and ages.
TRADITIONAL = {"處": "处", "罰": "罚", "條": "条", "滿": "满", "歲": "岁", "週": "周"}
_FOLDED = str.maketrans(TRADITIONAL)
_SPACE = re.compile(r"\s")
_YOUNGEST = 12  # years: an earlier day in a text is a date of birth, not of conduct
_ADULT = 18  # conduct as a minor is protected by national statute in every city
_LONG_AGO = 28  # years: from this age on an age of youth in the facts is another person's


def check_person(judge: Judge, row: Row) -> None:
    """Findings about the kind of subject, sealed matters, minors and capacity."""
    item, kind = judge.roles.item, row.kind
    row.findings += _sealed(judge, row)
    if kind is None:
        return
    if kind not in item.kinds or not judge.pack.subject_kind_allowed(kind):
        row.find(
            "kind_not_collected", judge.role_field("kind"), article=ground(judge.pack, "intake.catalog", judge.today)
        )
    if kind is SubjectKind.NATURAL_PERSON:
        row.findings += _capacity(judge, row)


def sealed_in(text: str, judge: Judge) -> bool:
    """Whether the raw text of a record that can't be parsed speaks of a sealed matter."""
    text = folded(text)
    return any(
        word in text
        for rule in judge.roles.item.sealed
        if rule.verdict == "reject" and rule.from_ <= judge.today
        for word in rule.when.values
    )


def folded(text: str) -> str:
    """A text for finding words in it: without white space, in the simplified script."""
    return _SPACE.sub("", text).translate(_FOLDED)


def ground(pack: Pack, name: str, today: date) -> str | None:
    """The article that founds an answer of intake in this city, None for a house rule."""
    try:
        return lookup.ground(pack, name, today).article or None
    except NoValueInForce:
        return None


def _sealed(judge: Judge, row: Row) -> Iterator[Finding]:
    for rule in judge.roles.item.sealed:
        if rule.from_ > judge.today or not _concerns(rule, judge, row):
            continue
        said = {code: folded(text) for code, text in row.values.items()}
        plainly = holds(rule.when, said, row.kind)
        if not plainly and not any(word in text for word in rule.when.values for text in said.values()):
            continue
        # A person stands behind an individual business, but not every penalty of it is the person's: somebody looks.
        rejected = plainly and rule.verdict == "reject" and row.kind is not SubjectKind.INDIVIDUAL_BUSINESS
        code, weight = ("sealed", Weight.REJECT) if rejected else ("sealed_suspected", Weight.REVIEW)
        yield Finding(rule.when.field or "", code, {"what": "、".join(rule.when.values)}, rule.article, weight)
        return


def _concerns(rule: Sealed, judge: Judge, row: Row) -> bool:
    """Whether the rule is about this subject; without a readable kind a row without a body's code is a person's."""
    if row.kind is None:
        return rule.kind is SubjectKind.NATURAL_PERSON and not judge.roles.value("uscc", row.values)
    if row.kind is SubjectKind.INDIVIDUAL_BUSINESS:
        return rule.kind is SubjectKind.NATURAL_PERSON
    return row.kind is rule.kind


def _capacity(judge: Judge, row: Row) -> Iterator[Finding]:
    """Age on the day of the conduct: the decision's day is the latest it can have been."""
    decided, number = judge.roles.value("decided_on", row.values), judge.roles.value("id_number", row.values)
    born = idnumber.birth_date(number) if idnumber_like(number) else None
    adverse, code = judge.roles.item.adverse, judge.roles.code("id_number") or ""
    if born is None and number:
        yield from _age_unknown(judge, code)
    if born is None or not decided:
        return
    years = age(born, date.fromisoformat(decided))
    if years < 0:
        yield Finding(code, "born_after_decision", {})
        return
    if adverse and years < _ADULT:
        yield Finding(code, "minor_adverse", {}, ground(judge.pack, "intake.minor", judge.today))
        return
    rule = lookup.person_rule(judge.pack, judge.today)
    answer = _admitted(rule, years)
    if answer is Weight.REJECT:
        yield Finding(code, "capacity_missing", {}, rule.article)
    elif answer is Weight.REVIEW:
        yield Finding(code, "capacity_unclear", {}, rule.article)
    elif adverse and _told_of_youth(judge, row, born, years):
        yield Finding(code, "conduct_as_minor_suspected", {}, ground(judge.pack, "intake.minor", judge.today))


def _age_unknown(judge: Judge, code: str) -> Iterator[Finding]:
    """A document that tells no day of birth: whether the person was of age somebody has to find out.

    Everywhere for what is adverse (INV-9), and for everything where the city asks for full capacity (SUB-1).
    """
    rule = lookup.person_rule(judge.pack, judge.today)
    if judge.roles.item.adverse:
        yield Finding(code, "age_unknown", {}, ground(judge.pack, "intake.minor", judge.today))
    elif rule.admits != "everyone" and rule.full_capacity_from is not None:
        yield Finding(code, "age_unknown", {}, rule.article)


def _admitted(rule: PersonRule, years: int) -> Weight:
    """The rule of the city on persons below full capacity, for records that are not adverse."""
    if rule.admits == "everyone" or rule.full_capacity_from is None or years >= rule.full_capacity_from:
        return Weight.NOTE
    if rule.own_work_from is not None and years >= rule.own_work_from and rule.own_work == "review":
        return Weight.REVIEW
    return Weight.REJECT


def _told_of_youth(judge: Judge, row: Row, born: date, years: int) -> bool:
    """Whether the facts name a day on which the person was a minor, or an age of youth; a day of birth is none.

    ``years``: the age on the day of the decision.
    """
    texts = [folded(row.values.get(f.code, "")) for f in judge.roles.item.fields if f.type is FieldType.TEXT]
    if years < _LONG_AGO and any(_young(text) for text in texts):
        return True
    named = (day for text in texts for day in _days(text))
    return any(_YOUNGEST <= age(born, day) < _ADULT for day in named)


def _days(text: str) -> Iterator[date]:
    """The days, and months, that a text names, in figures or in Chinese numerals."""
    named = [(int(year), int(month), int(day or 1)) for year, month, day in _DAY.findall(text)]
    for year, month, day in _HAN_DAY.findall(text):
        read = han.digits(year), han.number(month.replace("元", "一")), han.number(day or "一")
        if None not in read:
            named.append((int(read[0] or 0), int(read[1] or 0), int(read[2] or 0)))
    for parts in named:
        try:
            yield date(*parts)
        except ValueError:
            continue


def _young(text: str) -> bool:
    """Whether a text states an age below 18: 15周岁, 十五岁, 年满十六, 未满18周岁."""
    for below, stated in [*_AGE.findall(text), *(("", one) for one in _FULL_AGE.findall(text))]:
        years = han.number(stated)
        if years is not None and _YOUNGEST <= years < _ADULT + bool(below):
            return True
    return False


def idnumber_like(text: str) -> bool:
    """Whether a document number is that of an identity card, so that it tells the day of birth."""
    return len(text) == 18 and text[:17].isdigit() and idnumber.check_id(text).valid
