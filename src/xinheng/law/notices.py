"""Which days does the yearly holiday notice of the State Council General Office declare off, and which worked instead?

Reads the text of 国务院办公厅关于…年部分节假日安排的通知 as it is published. Nothing is guessed: a clause that is not
understood, or a day, weekday or number that does not fit the others, is a fault with its line and the remedy.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from xinheng.law.errors import Finding
from xinheng.law.pack import Bilingual, CalendarDay

FIRST_YEAR = 2008  # the seven festivals of today
WEEK = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Festival:
    """A festival of the notice. It lies between two days of the year; ``holds``: days that are off by statute, one of
    them at least (all of them where ``every``). ``days``: how many days of leave the statute grants, before and since
    2025.
    """

    name: Bilingual
    between: tuple[tuple[int, int], tuple[int, int]]
    holds: tuple[tuple[int, int], ...]
    every: bool
    days: tuple[int, int]


FESTIVALS: Mapping[str, Festival] = {
    one.name.zh: one
    for one in (
        Festival(Bilingual("元旦", "New Year's Day"), ((1, 1), (1, 7)), ((1, 1),), True, (1, 1)),
        Festival(Bilingual("春节", "Spring Festival"), ((1, 18), (3, 3)), (), False, (3, 4)),
        Festival(Bilingual("清明节", "Tomb-sweeping Day"), ((4, 1), (4, 9)), ((4, 4), (4, 5), (4, 6)), False, (1, 1)),
        Festival(Bilingual("劳动节", "Labour Day"), ((4, 27), (5, 8)), ((5, 1),), True, (1, 2)),
        Festival(Bilingual("端午节", "Dragon Boat Festival"), ((5, 25), (7, 1)), (), False, (1, 1)),
        Festival(Bilingual("国庆节", "National Day"), ((9, 26), (10, 11)), ((10, 1), (10, 2), (10, 3)), True, (3, 3)),
        Festival(Bilingual("中秋节", "Mid-autumn Festival"), ((9, 5), (10, 11)), (), False, (1, 1)),
    )
}
_ALIASES = {
    "清明": "清明节",
    "国际劳动节": "劳动节",
    "五一国际劳动节": "劳动节",
    "五一": "劳动节",
    "端午": "端午节",
    "国庆": "国庆节",
    "中秋": "中秋节",
}
FAR = 30  # days between a festival and its make-up day, at most

_TITLE = re.compile(r"关于(\d{4})年.{0,12}(?:节假日|放假)")
_NUMBER = re.compile(r"国办(?:发明电|发|函)〔\d{4}〕\d{1,3}号")
_HEADING = re.compile(r"\s*(?:\(?[一二三四五六七八九十]{1,3}\)?[、.,]?|\d{1,2}[、.])\s*([^:,。\d]{1,24}):\s*(.*)")
_OVER = re.compile(r"\s*(?:节假日期间|假日期间|国务院办公厅|\d{4}年\d{1,2}月\d{1,2}日\s*$|\(此件)")
_DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日?(?:\(([^()]*)\))?"
_RANGE = re.compile(rf"{_DAY}(?:(?:至|到|-+|—+|–|~|一直到){_DAY})?")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_OFF = re.compile(r"(?:均)?放假(?:调休|公休|补休)?(?:(?:共)?([\d一二三四五六七八九十]+)天)?")
_COUNT = re.compile(r"(?:共|共计|总共)([\d一二三四五六七八九十]+)天")
_SILENT = re.compile(r"(?:与周末连休|和周末连休|不调休|其中|放假期间|均?不再调休)?")
_WORKED = re.compile(r"(?:均|照常|正常|调休)?上班")
_TOLD = re.compile(
    r"(?:为|是)(?:法定节假日|公休日|周末|休息日)|(?:[两二三]个|的)?公休日(?:分别)?(?:调至|调整到|移至)|照常公休"
)
_DATED = re.compile(r"\d{1,2}月\d{1,2}|\d{1,2}日")
_SETS = re.compile(r"放假|上班|补休|调休")
_ADVICE = "鼓励"  # what employers are encouraged to do changes no day
_HAN = {han: number for number, han in enumerate("一二三四五六七八九十", start=1)}


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says: the special days of its year, and those it sets in December of the year before.

    ``number``: the number of the document, "" when the text has none. ``balance``: make-up days less the working days
    that are off beyond the leave of the statute; 0 in every notice so far.
    """

    year: int
    days: Mapping[date, CalendarDay]
    before: Mapping[date, CalendarDay]
    number: str
    balance: int


class _Wrong(Exception):
    """A sentence that cannot stand; ``code`` and the Chinese words of it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code, self.text = code, text


@dataclass(slots=True)
class _Section:
    """The words about one festival, or about two that are taken together."""

    festivals: tuple[str, ...]
    line: int
    body: str
    off: list[date] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    no_makeup: bool = False

    @property
    def name(self) -> Bilingual:
        found = [FESTIVALS[one].name for one in self.festivals]
        return Bilingual("、".join(one.zh for one in found), " and ".join(one.en for one in found))


def read(text: str, year: int, *, file: str = "notice") -> tuple[Notice | None, tuple[Finding, ...]]:
    """Read the notice for a year: what it says, or every fault of it (then nothing of it may be used)."""
    lines = [_plain(line) for line in text.splitlines()]
    shown = text.splitlines()
    faults: list[Finding] = []

    def fault(line: int, code: str, said: str) -> None:
        quoted = shown[line - 1].strip() if 0 < line <= len(shown) else ""
        faults.append(Finding(file, max(line, 1), 1, code, f"{said}原文：“{_cut(quoted)}”" if quoted else said))

    for line, code, said in _head_faults(lines, year):
        fault(line, code, said)
    if faults and faults[0].code in ("not_a_notice", "year_unknown"):
        return None, tuple(faults)
    sections, strange = _sections(lines)
    for line, code, said in strange:
        fault(line, code, said)
    for section in sections:
        try:
            _fill(section, year)
        except _Wrong as wrong:
            fault(section.line, wrong.code, wrong.text)
    for line, code, said in (*_each_once(sections), *(() if faults else _together(sections))):
        fault(line, code, said)
    if faults:
        return None, tuple(faults)
    return _notice(sections, year, _number(lines)), ()


def _plain(line: str) -> str:
    """Digits, brackets and colons of full width to the plain ones, and no spaces: they carry no meaning here."""
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", line))


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _number(lines: Iterable[str]) -> str:
    """The number of the document, as "国办发明电〔2026〕7号"."""
    found = _NUMBER.search("\n".join(lines).replace("[", "〔").replace("]", "〕"))
    return found[0] if found else ""


def _head_faults(lines: list[str], year: int) -> Iterator[tuple[int, str, str]]:
    """Is this a notice at all, and is it that of the year?"""
    if year < FIRST_YEAR:
        yield 0, "year_unknown", f"只能读{FIRST_YEAR}年及以后的通知：七个节日从那一年起。"
        return
    if not any("放假" in line for line in lines) or not any(_HEADING.match(line) for line in lines):
        yield 0, "not_a_notice", "这不是放假通知：没有找到“一、元旦：…放假…”这样的段落。请换成通知全文的纯文本。"
        return
    whole = "".join(lines)
    titles = [int(found) for found in _TITLE.findall(whole)]
    if not titles:
        yield 0, "title_missing", f"没有找到标题“关于{year}年部分节假日安排的通知”。请连同标题一起存成文本。"
    for said in sorted({one for one in titles if one != year}):
        line = next((n for n, text in enumerate(lines, start=1) if f"{said}年" in text), 0)
        yield line, "wrong_year", f"通知说的是{said}年，不是{year}年。请核对 --year。"


def _sections(lines: list[str]) -> tuple[list[_Section], list[tuple[int, str, str]]]:
    """The paragraphs of the festivals; headings that name no known festival, and days that stand in no paragraph."""
    found: list[_Section] = []
    strange: list[tuple[int, str, str]] = []
    open_, before = False, ""
    for number, line in enumerate(lines, start=1):
        heading = _HEADING.match(line)
        if heading:
            names = _festivals(heading[1])
            open_ = names is not None
            if names is None:
                said = f"不认识节日“{heading[1]}”。请核对原文，或者等平台支持新的节日。"
                strange.append((number, "festival_unknown", said))
            else:
                found.append(_Section(names, number, heading[2]))
        elif not line or _OVER.match(line):
            open_ = False
        elif open_:  # a paragraph broken into lines
            found[-1].body += line
        if not open_ and not heading and _sets_days(before + line, opened=bool(found)):
            said = "这里写了哪天放假、上班，却不在任何一个节日的段落里。请对照原文，并入所属节日那一段，中间不留空行。"
            strange.append((number, "days_outside_section", said))
        before = line if found and not open_ and not line.endswith(("。", ";", ":")) else ""
    return found, strange


def _sets_days(words: str, *, opened: bool) -> bool:
    """Whether words outside the paragraphs say of a day that it is off or worked, so that they must not be passed over.

    Before the first paragraph clause by clause: there a notice may tell from which day a law grants more days off.
    """
    parts = [words] if opened else re.split(r"[,。;]", words)
    return any(_DATED.search(part) and _SETS.search(part) for part in parts)


def _festivals(heading: str) -> tuple[str, ...] | None:
    """The festivals a heading names, in its order; None when one is unknown."""
    names = [re.sub(r"[“”\"'‘’]", "", part) for part in re.split(r"[、和及]", heading)]
    known = [_ALIASES.get(name, name) for name in names]
    return tuple(known) if all(name in FESTIVALS for name in known) else None


def _fill(section: _Section, year: int) -> None:
    """Read the clauses of a section. Raises `_Wrong` for the first that cannot stand."""
    for sentence in re.split(r"[。;]", section.body):
        if sentence.startswith(_ADVICE) and not (_DATED.search(sentence) and _SETS.search(sentence)):
            continue
        last: date | None = None
        for clause in _clauses(sentence):
            days, rest, last = _dates(section, clause, year, last)
            _clause(section, clause, days, rest)
    if not section.off:
        raise _Wrong("no_days", f"{section.name.zh}没有写哪天放假。请补全这一段。")
    for count in section.counts:
        if count != len(section.off):
            raise _Wrong(
                "count_differs",
                f"{section.name.zh}写明{count}天，日期却是{_span(section.off)}，共{len(section.off)}天。请对照原文改正。",
            )
    if section.no_makeup and section.worked:
        raise _Wrong("makeup_after_none", f"{section.name.zh}写明不调休，又写了上班日。请对照原文改正。")
    _in_place(section, year)


def _clauses(sentence: str) -> list[str]:
    """Split at commas that stand outside brackets."""
    return [clause for clause in re.split(r",(?![^()]*\))", sentence.removeprefix("其中")) if clause]


def _clause(section: _Section, clause: str, days: list[date], rest: str) -> None:
    """Take a clause: ``days`` stand before ``rest``."""
    if days and (off := _OFF.fullmatch(rest)):
        section.off += days
        if off[1]:
            section.counts.append(_whole(off[1]))
    elif days and rest == "补休":
        section.off += days
    elif days and _WORKED.fullmatch(rest):
        section.worked += days
    elif not days and (count := _COUNT.fullmatch(rest)):
        section.counts.append(_whole(count[1]))
    elif not days and _SILENT.fullmatch(rest):
        section.no_makeup = section.no_makeup or rest.endswith("调休")
    elif not (days and _TOLD.fullmatch(rest)):
        raise _Wrong("clause_unread", f"看不懂“{_cut(clause)}”。请对照原文，改成“×月×日至×日放假，共×天”这样的写法。")


def _dates(section: _Section, clause: str, year: int, last: date | None) -> tuple[list[date], str, date | None]:
    """The days a clause begins with, what follows them, and the last day read."""
    days: list[date] = []
    at = 0
    while (found := _RANGE.match(clause, at)) and found[0] != "":
        if "日" not in found[0]:
            break
        first = _day(section, found.groups()[:4], year, last)
        last = first
        days.append(first)
        if found[7]:
            last = _day(section, found.groups()[4:], year, first)
            if last <= first:
                raise _Wrong("range_reversed", f"“{found[0]}”的末日不在首日之后。请对照原文改正。")
            days += [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
        at = found.end()
        if clause[at : at + 1] in ("、", "和", "及"):
            at += 1
    rest = clause[at:]
    moved = _RANGE.search(rest)
    if moved and _TOLD.match(rest):  # "29日（星期六）公休日调至31日（星期一）": only its weekday is looked at
        last = _day(section, moved.groups()[:4], year, last)
        rest = rest[: moved.start()]
    return days, rest, last


def _day(section: _Section, parts: tuple[str | None, ...], year: int, last: date | None) -> date:
    """One day of a notice; what is left out is that of the day before it. Checks the weekday in brackets."""
    said_year, said_month, said_day, note = parts
    if said_month is None and last is None:
        raise _Wrong("month_missing", f"“{said_day}日”没有写月份。请对照原文补上。")
    month = int(said_month) if said_month else (last.month if last else 0)
    if said_year:
        of = int(said_year)
    elif said_month is None and last is not None:
        of = last.year
    else:
        of = year - 1 if month == 12 and section.festivals == ("元旦",) else year
    try:
        found = date(of, month, int(said_day or 0))
    except ValueError:
        raise _Wrong("no_such_day", f"没有{of}年{month}月{said_day}日这一天。请对照原文改正。") from None
    if found.year != year and not (found.year == year - 1 and month == 12 and section.festivals == ("元旦",)):
        raise _Wrong("day_outside_year", f"{found}不在{year}年（只有元旦可以写到上一年12月）。请核对 --year 和原文。")
    weekday = _WEEKDAY.search(note or "")
    if weekday and weekday[1].replace("天", "日") != WEEK[found.weekday()]:
        raise _Wrong("weekday_differs", f"{found}是周{WEEK[found.weekday()]}，不是周{weekday[1]}。请对照原文改正。")
    return found


def _in_place(section: _Section, year: int) -> None:
    """Do the days lie where the festival lies, and are make-up days Saturdays or Sundays near it?"""
    for festival in (FESTIVALS[name] for name in section.festivals):
        must = [date(year, *day) for day in festival.holds]
        missing = [day for day in must if day not in section.off]
        if missing and (festival.every or len(missing) == len(must)):
            raise _Wrong("festival_not_off", f"{festival.name.zh}的放假日期里没有{missing[0]}。请对照原文改正。")
    bounds = [FESTIVALS[name].between for name in section.festivals]
    first = min(date(year, *start) for start, _ in bounds)
    last = max(date(year, *end) for _, end in bounds)
    first = date(year - 1, 12, 27) if section.festivals == ("元旦",) else first
    for day in section.off:
        if not first <= day <= last:
            raise _Wrong("day_far_off", f"{day}不在{section.name.zh}前后。请对照原文改正。")
    for day in section.worked:
        if day.weekday() < 5:
            raise _Wrong(
                "makeup_on_weekday", f"{day}是周{WEEK[day.weekday()]}，本来就上班，不是调休上班日。请对照原文改正。"
            )
        if min(abs((day - off).days) for off in section.off) > FAR:
            raise _Wrong("day_far_off", f"{day}离{section.name.zh}超过{FAR}天。请对照原文改正。")


def _each_once(sections: list[_Section]) -> Iterator[tuple[int, str, str]]:
    """The seven festivals, each once."""
    counted = Counter(name for section in sections for name in section.festivals)
    for name in FESTIVALS:
        if not counted[name]:
            yield 0, "festival_missing", f"缺少{name}的安排。请用通知全文。"
    for section in sections:
        for name in section.festivals:
            if counted[name] > 1:
                yield section.line, "festival_twice", f"{name}写了{counted[name]}次。请删去重复的一段。"


def _together(sections: list[_Section]) -> Iterator[tuple[int, str, str]]:
    """No day twice, and none both off and worked."""
    seen: dict[date, str] = {}
    for section in sections:
        for day, kind in (*((day, "放假") for day in section.off), *((day, "上班") for day in section.worked)):
            if day in seen:
                how = "写了两次" if seen[day] == kind else "又放假又上班"
                yield section.line, "day_twice", f"{day}{how}。请对照原文改正。"
            seen[day] = kind


def _notice(sections: list[_Section], year: int, number: str) -> Notice:
    days: dict[date, CalendarDay] = {}
    for section in sections:
        days |= {day: CalendarDay("holiday", section.name) for day in section.off}
        days |= {day: CalendarDay("makeup", section.name) for day in section.worked}
    off = sum(day.weekday() < 5 for day, special in days.items() if special.kind == "holiday")
    leave = sum(one.days[year >= 2025] for one in FESTIVALS.values())
    worked = sum(special.kind == "makeup" for special in days.values())
    return Notice(
        year=year,
        days={day: days[day] for day in sorted(days) if day.year == year},
        before={day: days[day] for day in sorted(days) if day.year < year},
        number=number,
        balance=worked - (off - leave),
    )


def _whole(text: str) -> int:
    """A number of days, in digits or as a Chinese numeral up to nineteen."""
    if text.isdigit():
        return int(text)
    return 10 + _HAN.get(text[1:], 0) if text.startswith("十") else _HAN.get(text, 0)


def _span(days: list[date]) -> str:
    return str(days[0]) if len(days) == 1 else f"{min(days)}至{max(days)}"
