"""What does every component look like in every state? The page of samples, for looking, not for use.

All samples are invented; the two codes carry a division that does not exist.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinheng.ui import city, clocks, icons, marks
from xinheng.ui.forms import HouseForm
from xinheng.ui.paging import KeyPage
from xinheng.ui.tables import Column, table

CODE = "91620799MA0K3X7P28"


class SampleForm(HouseForm):
    """Every kind of question, shown with its errors."""

    case = forms.CharField(label=gettext_lazy("案件或项目编号"), help_text=gettext_lazy("写在案卷上的编号"))
    why = forms.CharField(label=gettext_lazy("为什么不对"), widget=forms.Textarea(attrs={"rows": 3}))
    matter = forms.ChoiceField(
        label=gettext_lazy("事项"),
        choices=[("", "—"), ("bid", gettext_lazy("公共资源交易")), ("honour", gettext_lazy("表彰评优"))],
    )
    what = forms.ChoiceField(
        label=gettext_lazy("哪里不对"),
        widget=forms.RadioSelect,
        choices=[("wrong", gettext_lazy("内容写错或漏写")), ("other", gettext_lazy("不是我（单位）的"))],
    )
    paper = forms.FileField(label=gettext_lazy("证明材料"), help_text=gettext_lazy("每个不超过10 MB"))
    sure = forms.BooleanField(label=gettext_lazy("我已核对一遍"))


def gallery_context() -> dict[str, Any]:
    """Samples for ``ui/gallery.html``."""
    today = city.today()
    received = today - timedelta(days=4)
    counted = tuple(received + timedelta(days=n) for n in (1, 4, 5, 6))
    chips = [
        clocks.chip(due=today + timedelta(days=13), today=today, left=9),
        clocks.chip(due=today + timedelta(days=4), today=today, left=3),
        clocks.chip(due=today, today=today, left=0),
        clocks.chip(due=today - timedelta(days=1), today=today, left=-1),
        clocks.chip(due=today + timedelta(days=9), today=today, left=6, waiting_for=_("申请人")),
        clocks.chip(
            due=today + timedelta(days=60),
            today=today,
            left=41,
            provisional=True,
            why=clocks.why_url(deadline="objection.decide", received=received),
        ),
    ]
    return {
        "chips": chips,
        "days": clocks.strip(received=received, counted=counted, today=today),
        "marks": list(marks.MARKS),
        "mark_table": table(
            _("状态标记"),
            [_("名称"), _("什么时候用")],
            [(format_html("{}", _(found.word)), _(found.when)) for found in marks.MARKS.values()],
        ),
        "icons": icons.names(),
        "from_on": date(today.year - 1, today.month, 1),
        "until_on": date(today.year, today.month, 1) + timedelta(days=120),
        "repair_early": date(today.year - 1, today.month, 1) + timedelta(days=90),
        "repair_late": today + timedelta(days=60),
        "form": SampleForm(data={}),
        "clean": SampleForm(auto_id="clean_%s"),
        "figures": [
            {"label": _("已接收"), "value": 308, "unit": _("行"), "note": _("今天起公示，不等其余各行")},
            {"label": _("等处理"), "value": 4, "unit": _("行")},
            {"label": _("及时率"), "value": "97.4", "unit": "%"},
            {"label": _("最急的一行"), "value": _("今天")},
        ],
        "licences": table(
            _("行政许可"),
            [_("许可事项"), _("有效期至"), Column(_("金额"), numeric=True)],
            [(_("道路货物运输经营"), _("长期"), "3.00"), (_("排污许可"), "2030-05-20", "0.50")],
            shown=True,
        ),
        "receipt": [
            (_("回执号"), format_html('<span class="xh-code">{}</span>', "1204591")),
            (_("事项"), _("公共资源交易")),
            (_("叶值"), format_html('<span class="xh-code">{}</span>', "c41d09aa…7be3")),
        ],
        "looks": [
            {
                "when": "10:42",
                "who": _("示例单位"),
                "verb": _("看了2项"),
                "rows": [(_("为什么事"), _("表彰评优"))],
                "seen": [_("行政处罚：无")],
                "unseen": [_("住址")],
            },
            {
                "when": "16:05",
                "who": _("示例单位"),
                "verb": _("想看，被拒绝"),
                "refused": True,
                "rows": [(_("看到的"), _("什么也没有看到"))],
            },
        ],
        "finding": {
            "id": "find-1",
            "title": _("第57行　处罚决定日期"),
            "kind": "returned",
            "whose": CODE,
            "says": _("日期在将来。"),
            "yours": "2027/11/12",
            "proposed": "2026/11/12",
            "rule": _("不得晚于报送日"),
            "article": None,
        },
        "steps": [
            {"text": _("收到申请"), "state": "done", "small": _("网上")},
            {"text": _("决定"), "state": "here"},
            {"text": _("告知申请人")},
        ],
        "page": KeyPage(rows=(), next_key="2026-11-20_5", first=False),
        "code": CODE,
        "long_term": date(2099, 12, 31),
    }
