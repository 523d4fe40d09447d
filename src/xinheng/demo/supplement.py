"""A draft of the city's supplement on its way, so that its pages have something to show. By the verbs a city uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from xinheng.accounts import selectors as accounts
from xinheng.accounts.rules import AskerFacts, Role
from xinheng.accounts.services import DemoAccount
from xinheng.law.enums import Level
from xinheng.law.items import ItemVersion
from xinheng.law.norms import CATALOG_ITEM, Procedure, procedure
from xinheng.law.pack import Pack
from xinheng.lib.clock import day_of
from xinheng.norms import selectors, services
from xinheng.norms.rules import Basis, Change, Text, begun

REASONS = "演示：产品质量的处理决定要让招标、审批部门和社会公众看得到，先征求各方意见。"
ASSESSMENT = "演示：只收办理公务必需的字段，自然人的信息不公开，证件号加密保存，保存期满删除。"
OPINION = "演示意见：建议写明企业整改以后多久可以申请修复。"


def draft_supplement(*, pack: Pack, people: Sequence[DemoAccount], at: datetime) -> int | None:
    """Put one draft out for opinions, drafted along by a department of the demo; None where the city makes none."""
    today = day_of(at, pack.zone)
    if CATALOG_ITEM not in pack.norms or not (law := procedure(pack, CATALOG_ITEM, today)).provided:
        return None
    askers = [accounts.asker_by_username(person.username) for person in people]
    drafter = next(one for one in askers if law.drafter in one.powers and Role.OPERATOR in one.roles)
    found = _item(pack, askers, drafter, today)
    if found is None or selectors.on_its_way(kind=CATALOG_ITEM, code=found[0].code) is not None:
        return None
    version, department = found
    assert department.organisation_id is not None
    number = services.draft(
        change=Change.AMEND if version.state == "on" else Change.ENACT,
        text=_text(version, law, today),
        departments=[department.organisation_id],
        asker=drafter,
        at=at,
        pack=pack,
    )
    services.cosign(norm_id=number, agreed=True, reason="", asker=department, at=at, pack=pack)
    services.open_consultation(norm_id=number, asker=drafter, at=at, pack=pack)
    group = law.consult[0]
    services.receive_opinion(norm_id=number, group=group, text=OPINION, name="", at=at, pack=pack)
    return number


def _item(
    pack: Pack, askers: Sequence[AskerFacts], drafter: AskerFacts, today: date
) -> tuple[ItemVersion, AskerFacts] | None:
    """A draft of the pack, or an item of the city, whose source has a reviewer among the accounts; and that account."""
    reviewers = [one for one in askers if Role.REVIEWER in one.roles and one.organisation_id != drafter.organisation_id]
    for item in pack.items.values():
        version = item.draft or item.on(today)
        if version is None or version.level is not Level.CITY:
            continue
        for reviewer in reviewers:
            if set(version.providers) & reviewer.powers:
                return version, reviewer
    return None


def _text(version: ItemVersion, law: Procedure, today: date) -> Text:
    label = {"zh": version.label.zh, "en": version.label.en}
    proposed = today + timedelta(days=60)
    item = begun(version, code=version.code, label=label, article=law.article, proposed=proposed)
    own = tuple(Basis("regulation", title) for title in version.basis if "《" in title and "条" in title)
    return Text(item, (*own, Basis("state_rule", "《全国公共信用信息基础目录》")), REASONS, ASSESSMENT)
