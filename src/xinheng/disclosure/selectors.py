"""Which matters may this officer use, what stands beside an answer, and what did an officer ask of late?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from xinheng.disclosure.models import QueryLine
from xinheng.disclosure.rules import UNLISTED, Asker, Channel, as_told, offered
from xinheng.law.citation import cite
from xinheng.law.errors import NoValueInForce
from xinheng.law.lookup import article as law_article
from xinheng.law.lookup import ground as law_ground
from xinheng.law.lookup import matters as matters_in_force
from xinheng.law.pack import Bilingual, Matter, Pack
from xinheng.law.statutes import listed
from xinheng.law.texts import official_text
from xinheng.ledger.selectors import CheckpointFacts, latest_checkpoint


def founding(pack: Pack, name: str, day: date) -> str:
    """The article of the pack for a recurring sentence of a page; "" for a house rule."""
    return law_ground(pack, name, day).article


@dataclass(frozen=True, slots=True)
class Matters:
    """The matters in force: those the organisation may use, and those that the law lists for others."""

    offered: tuple[Matter, ...]
    closed: tuple[Matter, ...]


def matters_for(asker: Asker, day: date, pack: Pack) -> Matters:
    """The matters in force on ``day``, parted by whether the asker's organisation may use them."""
    running = matters_in_force(pack, day)
    mine = tuple(matter for matter in running if offered(asker, matter))
    return Matters(mine, tuple(matter for matter in running if matter not in mine))


def choices(matters: Matters, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The matters as a grouped list of choices, in ``language``."""
    groups = [(_("您单位有权办理的"), matters.offered), (_("法律列出、您单位没有职权的"), matters.closed)]
    return [(title, [(m.code, m.label.get(language)) for m in group]) for title, group in groups if group]


def citable(matters: Matters, day: date, pack: Pack, language: str) -> str:
    """What may be cited in the offered matters that are founded on another law, in words; "" where there is none."""
    wanted = (matter for matter in matters.offered if matter.statute == "must_cite")
    cited = dict.fromkeys(cite(pack, one.id, language) for matter in wanted for one in listed(pack, matter, day))
    return (", " if language.startswith("en") else "、").join(cited)


def statute(article_id: str, pack: Pack, language: str) -> str:
    """The words of the article where its text is attached (Chinese), else our summary; "" for a house rule."""
    if not article_id:
        return ""
    if not language.startswith("en") and (text := official_text(settings.XINHENG_HOME, pack, article_id)):
        return text
    try:
        return law_article(pack, article_id).summary.get(language)
    except NoValueInForce:
        return ""


def entry_number(text: str) -> str:
    """The number of an entry as somebody's address names it, "" for anything else."""
    return text if text.isascii() and text.isdigit() and len(text) < 20 else ""


def proof() -> CheckpointFacts | None:
    """The newest signed state of the ledger."""
    return latest_checkpoint()


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of an officer, as the own desk shows it: not about whom."""

    entry_id: int
    at: datetime
    matter: Bilingual
    result: str
    reason: str
    records: int


def last_asked(account_id: int, *, pack: Pack, limit: int = 5) -> tuple[Asked, ...]:
    """The newest official queries of an account, also refused and empty ones, as it was told them; one statement."""
    taken_up = QueryLine.objects.exclude(subject_tag=None, asked="")  # a denial is about nobody and has no receipt
    lines = taken_up.filter(account_id=account_id, ground=Channel.OFFICIAL.value).order_by("-at", "-leaf")
    return tuple(
        Asked(line.entry_id, line.at, _label(line.matter, pack), *as_told(line.result, line.reason), line.records)
        for line in lines[:limit]
    )


def unusual_open() -> int:
    """How many unusual queries nobody reviewed yet; one statement on an index."""
    return QueryLine.objects.filter(stage=2).count()


def _label(code: str, pack: Pack) -> Bilingual:
    timeline = pack.matters.get(code)
    label = (timeline.label or timeline.values[-1].label) if timeline else None
    return label or UNLISTED
