"""How are head, instruments, articles, terms and calendar of a pack read?"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from xinheng.law.enums import Level, Rank, SubjectKind
from xinheng.law.loader.layers import Layer
from xinheng.law.loader.reading import Faults, Reader, frozen, records
from xinheng.law.pack import Article, Bilingual, CalendarDay, CalendarYear, Law

LAW_KINDS = (
    "local_regulation",
    "statute",
    "administrative_regulation",
    "ministry_order",
    "policy",
    "standard",
    "house",
)


class Head:
    """The keys of ``pack.yaml`` of one layer."""

    def __init__(self, layer: Layer) -> None:
        head = layer.head
        self.id = layer.id
        self.version = head.text("version")
        self.name = head.bilingual("name")
        self.zone = head.text("zone")
        self.division = head.text("division")
        self.subject_kinds = head.words("subject_kinds", SubjectKind)
        self.catalog_levels = head.words("catalog_levels", Level)
        self.rank = head.word("rank", Rank)
        self.fictional = head.flag("fictional", default=False)
        self.empty = head.flag("empty", default=False, attribute="")
        self.notice = head.optional_bilingual("notice", attribute="notices")
        head.documentary("extends", "id", "note")
        self._judge(layer)

    def _judge(self, layer: Layer) -> None:
        head = layer.head
        try:
            ZoneInfo(self.zone or "?")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            head.fault("zone_unknown", f"没有时区“{self.zone}”", "zone")
        if not self.subject_kinds:
            head.fault("missing_key", "至少要有一种信用主体", "subject_kinds")
        if self.empty and self.notice is None:
            head.fault("missing_key", "空的一层必须写notice说明缘由", "empty")
        if self.empty and len(layer.files) > 1:
            head.fault("not_empty", "写明empty: true的一层不能再有别的文件", "empty")


def laws(layers: list[Layer]) -> dict[str, Law]:
    """Read the instruments that articles belong to."""
    found: dict[str, Law] = {}
    for layer in layers:
        for entry in layer.head.each("laws", "Law", needed=False):
            law = _law(entry)
            if law.prefix in found:
                entry.fault("rank_violated", f"文件代号“{law.prefix}”已由上一层使用", "prefix")
            if law.rank.height > layer.rank.height:
                entry.fault("rank_violated", "下位法规包不能登记上位文件", "rank")
            found.setdefault(law.prefix, law)
        layer.head.documentary("laws")
        layer.head.done()
    return found


def _law(entry: Reader) -> Law:
    force = entry.inner("in_force", "Law")
    chapters = {}
    for part in entry.each("chapters", "Law", needed=False):
        chapters[part.text("number", attribute="chapters")] = part.bilingual("title", attribute="chapters")
        part.done()
    found = Law(
        prefix=entry.text("prefix"),
        title=entry.bilingual("title"),
        short=entry.bilingual("short"),
        kind=entry.choice("kind", *LAW_KINDS),
        rank=entry.word("rank", Rank),
        from_=force.optional_day("from", "from_") if force else None,
        until=force.optional_day("until") if force else None,
        force_note=force.optional_bilingual("note", "force_note") if force else None,
        adopted=entry.optional_day("adopted"),
        approved=entry.optional_day("approved"),
        chapters=frozen(chapters),
    )
    if force is not None:
        force.documentary("evidence")
        force.done()
    entry.documentary("note")
    entry.done()
    return found


def articles(layers: list[Layer], known: dict[str, Law], faults: Faults) -> dict[str, Article]:
    """Read every article with our summary; number "whole" cites the instrument as a whole."""
    found: dict[str, Article] = {}
    for layer in layers:
        source = layer.files.get("articles")
        for entry in records(source, faults, "Article") if source else ():
            article = _article(entry, known)
            if article.id in found:
                entry.fault("duplicate_name", f"条文“{article.id}”已经写过", "id")
            elif _skips(article, found, known):
                entry.fault("article_missing", f"“{article.id}”之前缺少一条：地方条例的条文必须逐条列出", "number")
            found.setdefault(article.id, article)
    return found


def _skips(article: Article, before: dict[str, Article], known: dict[str, Law]) -> bool:
    """Say whether the article before this one is missing: a city's own regulation is carried whole and in order."""
    law, number = known.get(article.law), article.number or ""
    if law is None or law.kind != "local_regulation" or not number.isdigit() or int(number) <= 1:
        return False
    return f"{article.law}-{int(number) - 1}" not in before


def _article(entry: Reader, known: dict[str, Law]) -> Article:
    id, number = entry.text("id"), entry.text("number")
    prefix = id if number == "whole" else id.removesuffix(f"-{number}")
    if prefix not in known:
        entry.fault("law_unknown", f"条文“{id}”不属于已登记的任何文件，或者与编号“{number}”不符", "id")
    found = Article(
        id=id,
        law=prefix,
        number=None if number == "whole" else number,
        chapter=entry.optional("chapter"),
        from_=entry.day("from", "from_"),
        until=entry.optional_day("until"),
        summary=entry.bilingual("summary"),
        asks=entry.texts("asks"),
        states=entry.choice("states", "software", "conduct"),
        orders_publication=entry.flag("orders_publication", default=False),
    )
    if found.orders_publication and entry.optional("evidence", "") != "text":
        entry.fault("unverified_on", "要求公开自然人信息的条文必须逐字核对过（evidence: text）", "orders_publication")
    entry.documentary("note", "evidence")
    entry.done()
    return found


def terms(layers: list[Layer], faults: Faults) -> dict[str, Bilingual]:
    """Read the glossary."""
    found: dict[str, Bilingual] = {}
    for layer in layers:
        for name, source in layer.files.items():
            for entry in records(source, faults, "Bilingual") if name.startswith("terms/") else ():
                key = entry.text("key", "")
                if key in found:
                    entry.fault("duplicate_name", f"术语“{key}”已经写过", "key")
                found[key] = Bilingual(entry.text("zh"), entry.text("en"))
                entry.documentary("evidence", "note", "article")
                entry.done()
    return found


def calendar(layers: list[Layer], faults: Faults) -> dict[int, CalendarYear]:
    """Read the years with their days off and make-up days; years must follow one another."""
    found: dict[int, CalendarYear] = {}
    last: Reader | None = None
    for layer in layers:
        for name, source in sorted(layer.files.items()):
            if not name.startswith("calendar/"):
                continue
            reader = Reader(source.node, source, faults, "CalendarYear")
            year = _year(reader)
            if str(year.year) != source.stem:
                reader.fault("name_differs", f"年份{year.year}与文件名“{source.stem}”不一致", "year")
            elif year.year in found:
                reader.fault("rank_violated", f"{year.year}年的日历已由上一层规定", "year")
            elif found and year.year - 1 not in found:
                reader.fault("gap", f"缺少{year.year - 1}年的日历", "year")
            found.setdefault(year.year, year)
            last = reader
    announced = [year for year in sorted(found) if found[year].announced]
    if last is not None and announced and announced != list(range(announced[0], announced[-1] + 1)):
        last.fault("gap", "已公布的年份之间夹有未公布的年份", "year")
    return found


def _year(reader: Reader) -> CalendarYear:
    year = reader.whole("year")
    days: dict[date, CalendarDay] = {}
    for entry in reader.each("days", "CalendarDay"):
        day = entry.day("date", "")
        special = CalendarDay(entry.choice("kind", "holiday", "makeup"), entry.optional_bilingual("name"))
        if day.year != year:
            entry.fault("wrong_year", f"{day}不在{year}年", "date")
        if day in days:
            entry.fault("duplicate_value", f"{day}写了两次", "date")
        if special.kind == "makeup" and day.weekday() < 5:
            entry.fault("makeup_on_weekday", f"{day}本来就是工作日，不是调休上班日", "date")
        entry.documentary("note")
        entry.done()
        days[day] = special
    found = CalendarYear(year, reader.flag("announced"), reader.text("source"), frozen(days))
    if days and not found.announced:
        reader.fault("not_announced", "未公布的年份不能写放假安排", "days")
    reader.documentary("note")
    reader.done()
    return found
