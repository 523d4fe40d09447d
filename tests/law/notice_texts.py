"""Notices as they are published: three of recent years by hand, and a writer of such texts from a calendar.

The writer knows nothing of the reader: it only turns days into the phrases of the official texts, old and new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from xinheng.law.pack import CalendarDay, Pack

HAN = "一二三四五六日"
ORDER = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
OTHER = "抗战胜利70周年纪念日"  # 2015, by a notice of its own
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

Days = Mapping[date, CalendarDay]


@dataclass(frozen=True)
class Style:
    """How a notice of its time writes: the word for a weekday ("" for none), the dash of a range, the digits."""

    weekday: str
    dash: str = "至"
    wide: bool = False
    numbered: str = "{}、"


STYLES = {
    "2020s": Style("周"),
    "2010s": Style("星期"),
    "2000s": Style("", "－", wide=True, numbered="（{}）"),
}


def own_days(pack: Pack, year: int) -> tuple[dict[date, CalendarDay], dict[date, CalendarDay]]:
    """What the notice for a year sets: days of the year, and days of the December before."""

    def named(day: date, one: CalendarDay) -> str:
        return one.name.zh if one.name else ""

    def of_next(day: date, one: CalendarDay) -> bool:
        return day.month == 12 and named(day, one) == "元旦"

    days = {d: one for d, one in pack.calendar[year].days.items() if not of_next(d, one) and named(d, one) != OTHER}
    before = {d: one for d, one in pack.calendar[year - 1].days.items() if of_next(d, one)}
    return days, before


def kinds(days: Days) -> dict[date, str]:
    return {day: one.kind for day, one in days.items()}


def written(pack: Pack, year: int, style: Style) -> str:
    """The notice for a year in the phrases of a time."""
    days, before = own_days(pack, year)
    sections: dict[str, list[tuple[date, str]]] = {}
    for day, one in sorted({**before, **days}.items()):
        assert one.name is not None
        sections.setdefault(one.name.zh, []).append((day, one.kind))
    named = [(name, sections[name]) for name in ORDER if name in sections]
    if _joined(sections):
        both = sorted(sections["国庆节"] + sections.pop("中秋节", []))
        named = [(name, found) for name, found in named if name not in ("国庆节", "中秋节")]
        named.append(("国庆节、中秋节", both))
    lines = [
        style.numbered.format("一二三四五六七"[place]) + f"{name}：" + _section(found, year, style)
        for place, (name, found) in enumerate(named)
    ]
    text = "\n".join(lines)
    return (
        f"国务院办公厅关于{year}年\n部分节假日安排的通知\n国办发明电〔{year - 1}〕7号\n"
        "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n"
        f"经国务院批准，现将{year}年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。\n"
        f"{text.translate(FULL_WIDTH) if style.wide else text}\n"
        "节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。\n国务院办公厅\n"
    )


def _joined(sections: Mapping[str, list[tuple[date, str]]]) -> bool:
    """Whether Mid-autumn lies in the week of National Day, or is not told apart from it."""
    if "中秋节" not in sections:
        return True
    off = [day for name in ("国庆节", "中秋节") for day, kind in sections[name] if kind == "holiday"]
    return (max(off) - min(off)).days + 1 == len(off)


def _section(found: list[tuple[date, str]], year: int, style: Style) -> str:
    off = [day for day, kind in found if kind == "holiday"]
    worked = [day for day, kind in found if kind == "makeup"]
    said = _off(off, worked, year, style)
    return said + (f"{'、'.join(_day(day, year, style) for day in worked)}上班。" if worked else "")


def _off(off: list[date], worked: list[date], year: int, style: Style) -> str:
    first, last = off[0], off[-1]
    verb = "放假调休" if worked else "放假"
    if len(off) == 1:
        return f"{_day(first, year, style)}放假。"
    if (last - first).days + 1 != len(off):
        return f"{_day(first, year, style)}放假，{'、'.join(_day(day, year, style) for day in off[1:])}补休。"
    end = _day(last, year, style, after=first)
    return f"{_day(first, year, style)}{style.dash}{end}{verb}，共{len(off)}天。"


def _day(day: date, year: int, style: Style, after: date | None = None) -> str:
    if day.year != year or (after and after.year != day.year):
        head = f"{day.year}年{day.month}月"
    else:
        head = "" if after and after.month == day.month else f"{day.month}月"
    weekday = f"（{style.weekday}{HAN[day.weekday()]}）" if style.weekday else ""
    return f"{head}{day.day}日{weekday}"


def moved(day: date, by: int) -> date:
    return day + timedelta(days=by)


REAL = {
    2024: """\
国务院办公厅关于2024年部分节假日安排的通知
国办发明电〔2023〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2024年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，遇有重大突发事件，要按规定及时报告并妥善处置，确保人民群众祥和平安度过节日假期。
国务院办公厅
2023年10月25日
""",
    2025: """\
国务院办公厅关于2025年
部分节假日安排的通知
国办发明电〔2024〕12号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，根据2024年11月修订的《全国年节及纪念日放假办法》，自2025年1月1日起，全体公民放假的假日增加2天，其中春节、劳动节各增加1天。现将2025年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，遇有重大突发事件，要按规定及时报告并妥善处置，确保人民群众祥和平安度过节日假期。
国务院办公厅
2024年11月12日
""",
    2026: """\
国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
国务院办公厅
2025年11月4日
""",
    2008: """\
国务院办公厅关于２００８年部分节假日安排的通知
国办发〔2007〕76号
（一）元旦：2007年12月30日—2008年1月1日放假，共3天。其中，1月1日（星期二）为法定节假日，12月30日（星期日）为公休日，12月29日（星期六）公休日调至12月31日（星期一），12月29日（星期六）上班。
（二）春节：2月6日—12日（农历除夕至正月初六）放假，共7天。其中，2月6日（除夕）、2月7日（春节）、2月8日（正月初二）为法定节假日，2月9日（星期六）、10日（星期日）照常公休，2月2日（星期六）、3日（星期日）两个公休日调至2月11日（星期一）、12日（星期二），2月2日（星期六）、3日（星期日）上班。
（三）清明节：4月4日—6日放假，共3天。其中，4月4日（清明节）为法定节假日，4月5日（星期六）、6日（星期日）照常公休。
（四）“五一”国际劳动节：5月1日—3日放假，共3天。其中，5月1日为法定节假日，5月3日（星期六）为公休日，5月4日（星期日）公休日调至5月2日（星期五），5月4日（星期日）上班。
（五）端午节：6月7日—9日放假，共3天。
（六）中秋节：9月13日—15日放假，共3天。
（七）国庆节：9月29日—10月5日放假，共7天。其中，10月1日、2日、3日为法定节假日，9月27日（星期六）、28日（星期日）两个公休日调至9月29日（星期一）、30日（星期二），9月27日（星期六）、28日（星期日）上班。
""",
}
