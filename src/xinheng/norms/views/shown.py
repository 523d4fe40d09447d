"""How do the pages show an instrument: its road as steps, its text as attributes and fields?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xinheng.law.enums import Unit
from xinheng.law.errors import NoValueInForce
from xinheng.law.norms import CATALOG_ITEM, Procedure, procedure
from xinheng.law.pack import Amount, Bilingual, Pack
from xinheng.norms.forms.texts import CHANNELS, MASKS, PERIODS, PUBLICITY, RELEASES, SHARING, TYPES, WAYS
from xinheng.norms.rules import Change, State, Text
from xinheng.norms.selectors import NormView
from xinheng.ui import city, format, language, wording
from xinheng.ui.templatetags.xinheng import length_word

ROAD = (State.DRAFT, State.CONSULTING, State.ANSWERING, State.SUBMITTED, State.APPROVED, State.PUBLISHED)


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field of a draft in words: ``sees`` is (how much, who) for each degree of disclosure."""

    code: str
    label: str
    type: str
    required: str
    sees: tuple[tuple[str, str], ...]
    bound: bool


def supplement(pack: Pack, today: date) -> Procedure | None:
    """The procedure of the city's supplement, None when the pack says nothing about it."""
    try:
        return procedure(pack, CATALOG_ITEM, today)
    except NoValueInForce:
        return None


def steps_of(found: NormView, today: date) -> list[Mapping[str, Any]]:
    """The road as the component ``steps`` takes it: done, here, to come."""
    road = [state for state in ROAD if found.facts.change is not Change.RETIRE or state not in ROAD[1:3]]
    if found.facts.state is State.ABANDONED:
        return [{"text": _("已放弃"), "state": "here"}]
    place = road.index(found.facts.state)
    last = found.facts.state is State.PUBLISHED
    return [
        {
            "text": wording.say(f"norm_road.{state.value}", {}),
            "small": _small(found, state),
            "state": "done" if n < place or last else "here" if n == place else "",
        }
        for n, state in enumerate(road)
    ]


def described(text: Text) -> dict[str, Any]:
    """The attributes of ZY-32 as (label, words, whether they are Chinese in any case), and the fields."""
    item, lang = text.item, language.current()
    version = item["versions"][0]
    pack = city.pack()
    kinds = [
        f"{wording.say(f'kind.{kind}', {})}{_('：')}{_word(PUBLICITY, attribute)}"
        for kind, attribute in version.get("kinds", {}).items()
    ]
    powers = [_label(pack.powers.get(code), code, lang) for code in version.get("providers", [])]
    matters = [_label(pack.matters.get(code), code, lang) for code in version.get("matters", [])]
    rows = [
        (_("对应的具体行为"), (version.get("conduct") or {}).get(lang_key(lang), "")),
        (_("依据"), _("；").join(one.title for one in text.basis)),
        (_("归集的目的"), (version.get("purpose") or {}).get(lang_key(lang), "")),
        (_("公开属性"), _word(PUBLICITY, version.get("publicity", ""))),
        (_("各类主体"), _("；").join(kinds)),
        (_("公示多久"), _word(PERIODS, version.get("publicity_period", ""))),
        (_("共享范围"), _joined(SHARING, version.get("sharing", []))),
        (_("归集来源"), _("、").join(powers) or _("各提供单位")),
        (_("归集渠道"), _joined(WAYS, version.get("channel", []))),
        (_("更新频次"), _length(version.get("frequency"))),
        (_("保存期限"), _length(version.get("retention"))),
        (_("可以查的事项"), _("、").join(matters)),
    ]
    said = [(label, words, label == _("依据")) for label, words in rows if words]
    return {"rows": said, "fields": [_field(item, one, lang) for one in item["fields"]]}


def lang_key(lang: str) -> str:
    """The key of a text in a pack file for a language of the page."""
    return "en" if lang.startswith("en") else "zh"


def _field(item: Mapping[str, Any], field: Mapping[str, Any], lang: str) -> FieldShown:
    kind = next(iter(field["type"])) if isinstance(field["type"], dict) else field["type"]
    required = field["required"]
    when = _("有条件") if isinstance(required, dict) else ""
    words = {"always": _("必填"), "no": _("可不填")}
    masked = _word(MASKS, field["mask"])
    seen: dict[str, list[str]] = {}
    for channel, said in CHANNELS:
        seen.setdefault(_release(field["disclosure"][channel], masked), []).append(str(said))
    return FieldShown(
        code=field["code"],
        label=field["label"][lang_key(lang)],
        type=_word(TYPES, kind),
        required=when or words[required],
        sees=tuple((word, _("、").join(who)) for word, who in seen.items()),
        bound=field["code"] in item.get("roles", {}).values(),
    )


def _release(word: str, masked: str) -> str:
    return masked if word == "masked" else _word(RELEASES, word)


def _small(found: NormView, state: State) -> str:
    """What is known about a step: until when, by which document, from which day."""
    approval = found.approval
    if state is State.CONSULTING and found.facts.due_on:
        return _("%(day)s截止") % {"day": format.day(found.facts.due_on, language.current())}
    if state is State.APPROVED and approval:
        return str(approval["document"])
    if state is State.PUBLISHED and found.effective_from:
        return _("%(day)s起施行") % {"day": format.day(found.effective_from, language.current())}
    return ""


def _word(choices: tuple[tuple[Any, Any], ...], value: str) -> str:
    return next((str(word) for code, word in choices if str(code) == value), value)


def _joined(choices: tuple[tuple[Any, Any], ...], values: list[str]) -> str:
    return _("、").join(_word(choices, value) for value in values)


def _length(amount: Mapping[str, str] | None) -> str:
    if not amount:
        return ""
    return length_word(Amount(int(amount["count"]), Unit(amount["unit"])))


def _label(timeline: Any, code: str, lang: str) -> str:
    label: Bilingual | None = getattr(timeline, "label", None)
    return label.get(lang) if label else code
