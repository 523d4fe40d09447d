"""A draft of an item, and the officers of the demo city that carry it through the procedure of ZY-32."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from xinheng.accounts.rules import AskerFacts
from xinheng.accounts.selectors import asker_by_username, organisation_by_code
from xinheng.catalog import services as catalog
from xinheng.law import writing
from xinheng.law.pack import Pack
from xinheng.norms import selectors, services
from xinheng.norms.rules import Basis, Change, Outcome, Text

START = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
CODE = "HC_GREEN"


def item(pack: Pack, code: str = CODE, **changes: Any) -> dict[str, Any]:
    """An item about organisations alone, in the shape of a pack file."""
    tree = writing.tree(replace(pack.items["CF"].versions[-1], rank=pack.rank))
    tree |= {"code": code, "level": "city", "label": {"zh": "绿色施工检查信息", "en": "inspections of green building"}}
    law = pack.law
    assert law is not None
    catalog_article = next(a.id for a in pack.articles.values() if a.law == law.prefix and "CAT-1" in a.asks)
    tree["versions"] = [
        tree["versions"][0]
        | {
            "from": "2026-12-01",
            "until": None,
            "kinds": {"legal_person": "public", "unincorporated": "public"},
            "basis": ["《建设工程质量管理条例》第六十四条"],
            "article": catalog_article,
        }
        | changes
    ]
    tree["kinds_map"] = {"法人及非法人组织": "legal_person", "个体工商户": "individual_business"}
    return tree


def text(pack: Pack, **changes: Any) -> Text:
    """A complete text."""
    return Text(
        item(pack, **changes),
        (Basis("regulation", "《建设工程质量管理条例》第六十四条"),),
        "施工单位的检查结果需要共享。",
    )


@dataclass
class Road:
    """An instrument on its way, with who does what. ``at`` moves on by hand."""

    pack: Pack
    change: Change = Change.ENACT
    at: datetime = START
    norm_id: int = 0
    who: dict[str, AskerFacts] = field(default_factory=dict)

    def asker(self, name: str) -> AskerFacts:
        if name not in self.who:
            self.who[name] = asker_by_username(name)
        return self.who[name]

    @property
    def fgw(self) -> dict[str, Any]:
        return {"norm_id": self.norm_id, "asker": self.asker("fgw.operator"), "at": self.at, "pack": self.pack}

    @property
    def chief(self) -> dict[str, Any]:
        return self.fgw | {"asker": self.asker("fgw.operator2")}

    @property
    def department(self) -> dict[str, Any]:
        return self.fgw | {"asker": self.asker("scjgj.reviewer")}

    def view(self) -> selectors.NormView:
        return selectors.norm(self.norm_id, pack=self.pack, today=self.today)

    @property
    def today(self) -> date:
        return self.at.astimezone(self.pack.tz).date()

    def draft(self, wanted: Text | None = None) -> Road:
        bodies = [organisation_by_code("scjgj").id]
        given = self.fgw
        given.pop("norm_id")
        self.norm_id = services.draft(change=self.change, text=wanted or text(self.pack), departments=bodies, **given)
        return self

    def cosigned(self) -> Road:
        services.cosign(agreed=True, reason="", **self.department)
        return self

    def consulting(self) -> Road:
        services.open_consultation(**self.fgw)
        return self

    def heard(self) -> Road:
        for group in self.view().procedure.consult:
            if group != "public":
                services.record_hearing(group=group, how="书面征求三家单位意见，回收三份", **self.fgw)
        return self

    def opinion(self, said: str = "检查频次建议写明", name: str = "某某协会") -> int:
        given = {"norm_id": self.norm_id, "at": self.at, "pack": self.pack}
        return services.receive_opinion(group="association", text=said, name=name, **given)

    def answered(self) -> Road:
        for one in selectors.opinions(self.norm_id, opened=False):
            if one.answer is None:
                services.answer_opinion(
                    opinion=one.id, outcome=Outcome.ADOPTED, gist="写明频次", reasons="采纳，已写明。", **self.fgw
                )
        return self

    def over(self) -> Road:
        due = self.view().facts.due_on
        assert due is not None
        self.at = datetime.combine(due + timedelta(days=1), datetime.min.time(), tzinfo=self.pack.tz)
        return self

    def closed(self) -> Road:
        services.close_consultation(**self.fgw)
        return self

    def submitted(self) -> Road:
        services.submit(**self.fgw)
        return self

    def approved(self) -> Road:
        services.approve(document="衡政函〔2026〕31号", approved_on=self.today, **self.chief)
        return self

    def published(self, effective_from: date) -> Road:
        catalog.publish_norm(effective_from=effective_from, **self.chief)
        return self

    def ready_to_publish(self) -> Road:
        self.draft().cosigned().consulting().heard()
        self.opinion()
        return self.answered().over().closed().submitted().approved()
