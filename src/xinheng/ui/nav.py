"""Which entries stand in the head of a page?

One row that fits a phone without a menu button. An entry stands there when its room has built the page; desks show
what the roles of the viewer may open.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xinheng.ui.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Entry:
    """``name`` is a URL name; ``covers`` are further names that count as being here; empty ``roles`` means everyone."""

    name: str
    label: str
    covers: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a template prints it."""

    label: str
    url: str
    here: bool


_OWN = ("disclosure:own", "disclosure:own_looks", "disclosure:own_copy", "disclosure:own_notice")
PORTAL = (
    Entry("portal:home", _("首页")),
    Entry("portal:search", _("查询"), ("portal:subject",)),
    Entry("portal:publicity", _("双公示"), args=("CF",)),
    Entry(
        "disclosure:own_file",
        _("我的"),
        ("disclosure:own", "disclosure:own_looks", "disclosure:own_copy", "disclosure:own_notice", "subjects:standing"),
    ),
    Entry("portal:ledger", _("台账"), ("portal:receipt",)),
    Entry("portal:service", _("办事"), ("portal:date", "portal:notice")),
    Entry(
        "portal:law",
        _("法规"),
        ("portal:lists", "catalog:catalog", "catalog:item", "catalog:version", "catalog:compare"),
    ),
)
DESK = (
    Entry("desk:home", _("待办")),
    Entry(
        "disclosure:query",
        _("查询"),
        ("disclosure:batch", "disclosure:receipts", "disclosure:kept_receipt"),
        roles=frozenset({"querier"}),
    ),
    Entry(
        "records:intake",
        _("报送"),
        ("records:batch", "records:templates", "records:receipt", "records:withdrawal"),
        roles=frozenset({"collector"}),
    ),
    Entry("records:review", _("复核"), roles=frozenset({"reviewer"})),
    Entry("intake:quality", _("质量"), roles=frozenset({"collector"})),
    Entry("intake:providers", _("各单位"), roles=frozenset({"operator", "supervisor"})),
    Entry(
        "norms:norms",
        _("目录"),
        ("norms:draft", "norms:norm", "norms:text", "norms:field", "norms:field_new"),
        roles=frozenset({"operator", "reviewer", "supervisor"}),
    ),
    Entry("oversight:log", _("日志"), ("oversight:log_entry",), roles=frozenset({"auditor", "supervisor"})),
    Entry(
        "accounts:accounts",
        _("账号"),
        ("accounts:account", "accounts:account_new", "accounts:clients", "subjects:links"),
        roles=frozenset({"administrator"}),
    ),
    Entry(
        "accounts:organisations",
        _("单位册"),
        ("accounts:organisation", "accounts:organisation_new"),
        roles=frozenset({"administrator"}),
    ),
    Entry("accounts:grants", _("授予"), roles=frozenset({"administrator"})),
    Entry("portal:law", _("法规")),
)


def shown(entries: tuple[Entry, ...], request: HttpRequest, viewer: Viewer) -> list[Shown]:
    """The entries for this viewer, the present one marked."""
    match = request.resolver_match
    here = match.view_name if match is not None else ""
    row = []
    for entry in entries:
        if entry.roles and not entry.roles & viewer.roles:
            continue
        try:
            url = reverse(entry.name, args=entry.args)
        except NoReverseMatch:
            continue
        row.append(Shown(label=gettext(entry.label), url=url, here=here == entry.name or here in entry.covers))
    return row
