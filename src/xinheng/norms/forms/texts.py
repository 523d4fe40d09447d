"""The forms of a text: the attributes that ZY-32 asks of an item, and one field of it.

A text as filled in becomes the shape of a pack file; whether it holds, the law room judges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinheng.law.enums import Attribute, FieldType, MaskName, ReleaseWord, SubjectKind
from xinheng.norms.forms.steps import text_area
from xinheng.norms.rules import Basis, Text
from xinheng.ui import wording
from xinheng.ui.forms import HouseForm

PUBLICITY = ((Attribute.PUBLIC, _("公开")), (Attribute.BY_MATTER, _("按事项提供")), (Attribute.NONE, _("不公开")))
PERIODS = (
    ("repair_rules", _("按信用修复规则")),
    ("validity", _("有效期内")),
    ("retention", _("保存期内")),
    ("none", _("不公示")),
)
UNITS = (
    ("working_day", _("个工作日")),
    ("calendar_day", _("天")),
    ("month", _("个月")),
    ("year", _("年")),
)
BASES = (("law", _("法律")), ("regulation", _("法规")), ("state_rule", _("国家规定")))
RELEASES = ((ReleaseWord.FULL, _("全部显示")), (ReleaseWord.MASKED, _("遮盖显示")), (ReleaseWord.WITHHELD, _("不显示")))
MASKS = (
    (MaskName.NONE, _("不遮盖")),
    (MaskName.ID_TAIL, _("证件号只留末两位")),
    (MaskName.SURNAME, _("姓名只留姓")),
    (MaskName.FREE_TEXT, _("遮盖文字里的号码")),
    (MaskName.FREE_TEXT_NAMES, _("遮盖文字里的号码和姓名")),
    (MaskName.OPERATOR_IN_NAME, _("遮盖字号里的经营者姓名")),
)
TYPES = (
    (FieldType.STRING, _("短文字")),
    (FieldType.TEXT, _("长文字")),
    (FieldType.DATE, _("日期")),
    (FieldType.DECIMAL, _("数字")),
    (FieldType.ENUM, _("从列表里选一个")),
    (FieldType.MULTI_ENUM, _("从列表里选几个")),
    (FieldType.USCC, _("统一社会信用代码")),
    (FieldType.ORG_CODE, _("组织机构代码")),
    (FieldType.IDNUMBER, _("公民身份号码")),
)
CHANNELS = (
    ("public", _("公开网站")),
    ("government", _("机关办事查询")),
    ("authorised", _("经本人授权")),
    ("own", _("本人档案")),
)
SHARING = (("government", _("机关和授权组织")), ("authorised", _("经授权的人")), ("own", _("本人")))
WAYS = (("upload", _("文件上传")), ("api", _("接口")), ("exchange", _("平台交换")), ("declaration", _("自行申报")))
PLAIN = ("publicity", "publicity_period", "sharing", "providers", "channel", "matters")
LENGTHS = ("frequency", "retention")


class TextForm(HouseForm):
    """Name, conduct, basis and the attributes of an item; the fields have forms of their own."""

    name_zh = forms.CharField(label=_("名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=200)
    conduct_zh = forms.CharField(label=_("对应的具体行为"), max_length=500, widget=text_area(2))
    conduct_en = forms.CharField(label=_("对应的具体行为（英文）"), max_length=500, widget=text_area(2, "en"))
    basis_law = forms.CharField(
        label=_("依据的法律"), help_text=_("一行一条，写到条：《……法》第……条"), required=False, widget=text_area(2)
    )
    basis_regulation = forms.CharField(
        label=_("依据的法规"), help_text=_("一行一条"), required=False, widget=text_area(2)
    )
    basis_state_rule = forms.CharField(
        label=_("依据的国家规定"), help_text=_("一行一条"), required=False, widget=text_area(2)
    )
    purpose_zh = forms.CharField(label=_("归集的目的"), max_length=500, required=False)
    purpose_en = forms.CharField(label=_("归集的目的（英文）"), max_length=500, required=False)
    adverse = forms.BooleanField(label=_("对主体不利（失信信息）"), required=False)
    publicity = forms.ChoiceField(label=_("公开属性"), choices=PUBLICITY)
    publicity_period = forms.ChoiceField(label=_("公示多久"), choices=PERIODS)
    person_statute = forms.CharField(
        label=_("规定公开个人信息的法律条文"),
        help_text=_("没有就空着：个人的信息不公开"),
        max_length=64,
        required=False,
    )
    sharing = forms.MultipleChoiceField(label=_("共享范围"), choices=SHARING, widget=forms.CheckboxSelectMultiple())
    providers = forms.MultipleChoiceField(
        label=_("归集来源"),
        help_text=_("有其中一项职权的单位可以报送"),
        widget=forms.CheckboxSelectMultiple(),
        required=False,
    )
    channel = forms.MultipleChoiceField(label=_("归集渠道"), choices=WAYS, widget=forms.CheckboxSelectMultiple())
    frequency_count = forms.IntegerField(label=_("更新频次：最迟"), min_value=1, max_value=9999)
    frequency_unit = forms.ChoiceField(label=_("更新频次的单位"), choices=UNITS)
    retention_count = forms.IntegerField(label=_("保存"), min_value=1, max_value=99)
    retention_unit = forms.ChoiceField(label=_("保存的单位"), choices=UNITS[2:])
    matters = forms.MultipleChoiceField(
        label=_("哪些公务事项可以查"), widget=forms.CheckboxSelectMultiple(), required=False
    )
    reasons = forms.CharField(label=_("为什么要编制"), help_text=_("随草案公布"), max_length=4000, widget=text_area(4))
    assessment = forms.CharField(
        label=_("个人信息保护影响评估"),
        help_text=_("涉及自然人的必须有：为什么必需、有什么影响、怎样保护"),
        max_length=4000,
        required=False,
        widget=text_area(4),
    )
    why = forms.CharField(label=_("这次改了什么"), help_text=_("记入台账"), max_length=500)
    text_n = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[SubjectKind],
        powers: Sequence[tuple[str, str]],
        matters: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = tuple(kinds)
        for name, choices in (("providers", powers), ("matters", matters)):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = list(choices)
        for kind in kinds:
            label = wording.say(f"kind.{kind.value}", {})
            levels: list[tuple[str, Any]] = [("", _("不归集")), *PUBLICITY]
            self.fields[f"kind_{kind.value}"] = forms.ChoiceField(label=label, choices=levels, required=False)

    def kind_fields(self) -> list[forms.BoundField]:
        """The questions about each kind of subject."""
        return [self[f"kind_{kind.value}"] for kind in self.kinds]

    @staticmethod
    def filled(text: Text) -> dict[str, Any]:
        """What the form shows of a text."""
        version = text.item["versions"][0]
        said = {name: version.get(name) or {} for name in ("conduct", "purpose")}
        return {
            **{f"name_{lang}": text.item["label"][lang] for lang in ("zh", "en")},
            **{f"{name}_{lang}": said[name].get(lang, "") for name in said for lang in ("zh", "en")},
            **{f"basis_{kind}": "\n".join(b.title for b in text.basis if b.kind == kind) for kind, _label in BASES},
            **{name: version.get(name) for name in PLAIN},
            **{f"kind_{kind}": attribute for kind, attribute in version.get("kinds", {}).items()},
            "adverse": version.get("adverse") == "true",
            "person_statute": version.get("person_statute") or "",
            **{f"{name}_{part}": version[name][part] for name in LENGTHS for part in ("count", "unit")},
            "reasons": text.reasons,
            "assessment": text.assessment,
        }

    def basis(self) -> tuple[Basis, ...]:
        """The lines of the basis, each with its kind."""
        return tuple(
            Basis(kind, line.strip())
            for kind, _label in BASES
            for line in self.cleaned_data[f"basis_{kind}"].splitlines()
            if line.strip()
        )

    def label(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.cleaned_data["name_zh"], "en": self.cleaned_data["name_en"]}

    def attributes(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes in the shape of a pack file; ``before`` is the version that they change."""
        given = self.cleaned_data
        purpose = {"zh": given["purpose_zh"], "en": given["purpose_en"]}
        return {
            "conduct": {"zh": given["conduct_zh"], "en": given["conduct_en"]},
            "basis": [one.title for one in self.basis()],
            "purpose": purpose if all(purpose.values()) else None,
            "adverse": "true" if given["adverse"] else "false",
            "person_statute": given["person_statute"],
            **{name: given[name] for name in PLAIN},
            "frequency": {"count": str(given["frequency_count"]), "unit": given["frequency_unit"]},
            "retention": {
                **before.get("retention", {}),
                "count": str(given["retention_count"]),
                "unit": given["retention_unit"],
            },
            "kinds": {kind.value: given[f"kind_{kind.value}"] for kind in self.kinds if given[f"kind_{kind.value}"]},
        }


class FieldForm(HouseForm):
    """One field of an item: what is filled in, when it must be, who sees how much of it."""

    code = forms.RegexField(
        regex=r"^[A-Z][A-Z0-9_]{1,31}$",
        label=_("字段代码"),
        error_messages={"invalid": _("代码要以大写字母开头，只用大写字母、数字和下划线，2到32个字符")},
    )
    name_zh = forms.CharField(label=_("名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=200)
    type = forms.ChoiceField(label=_("填什么"), choices=TYPES)
    values = forms.CharField(
        label=_("列表里的值"), help_text=_("从列表里选的才填；一行一个，中文|英文"), required=False, widget=text_area(4)
    )
    length = forms.IntegerField(label=_("最多几个字"), min_value=1, max_value=9999, required=False)
    digits = forms.IntegerField(label=_("数字一共几位"), min_value=1, max_value=38, required=False)
    places = forms.IntegerField(label=_("其中小数几位"), min_value=0, max_value=18, required=False)
    required = forms.ChoiceField(
        label=_("什么时候必填"),
        choices=[
            ("always", _("总是")),
            ("no", _("可以不填")),
            ("when", _("另一字段含有下面的字时")),
            ("keep", _("照原来的条件")),
        ],
        widget=forms.RadioSelect(),
    )
    when_field = forms.ChoiceField(label=_("看哪个字段"), required=False)
    when_contains = forms.CharField(label=_("含有"), max_length=100, required=False)
    mask = forms.ChoiceField(label=_("遮盖方式"), choices=MASKS)
    personal = forms.BooleanField(label=_("是个人信息"), required=False)
    rule_zh = forms.CharField(label=_("填写说明"), max_length=300, required=False)
    rule_en = forms.CharField(label=_("填写说明（英文）"), max_length=300, required=False)
    text_n = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, codes: Sequence[str], fixed: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for channel, label in CHANNELS:
            self.fields[f"see_{channel}"] = forms.ChoiceField(label=label, choices=RELEASES)
        chosen = self.fields["when_field"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", ""), *[(code, code) for code in codes]]
        self.codes, self.fixed = set(codes), fixed
        if fixed:
            self.fields["code"].disabled = True

    def see_fields(self) -> list[forms.BoundField]:
        """The questions about each channel."""
        return [self[f"see_{channel}"] for channel, _label in CHANNELS]

    def clean(self) -> dict[str, Any]:
        """What belongs to the type is there; a new field has a code of its own."""
        found = super().clean() or {}
        kind = found.get("type")
        needs = {"enum": ["values"], "multi_enum": ["values"], "decimal": ["digits", "places"]}
        missing = [name for name in needs.get(str(kind), []) if found.get(name) in (None, "")]
        missing += [
            name for name in ("when_field", "when_contains") if found.get("required") == "when" and not found.get(name)
        ]
        for name in missing:
            if name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        if not self.fixed and found.get("code") in self.codes:
            self.add_error("code", _("已经有这个代码的字段"))
        return found

    @staticmethod
    def filled(text: Text, code: str) -> dict[str, Any]:
        """What the form shows of a field."""
        field = next(one for one in text.item["fields"] if one["code"] == code)
        kind = field["type"]
        name = next(iter(kind)) if isinstance(kind, dict) else kind
        inner = kind[name] if isinstance(kind, dict) else {}
        enum = text.item.get("enums", {}).get(inner, {}) if isinstance(inner, str) else {}
        when = field["required"]["when"] if isinstance(field["required"], dict) else {}
        return {
            "code": code,
            **{f"name_{lang}": field["label"][lang] for lang in ("zh", "en")},
            "type": name,
            "values": "\n".join(f"{one['value']}|{one.get('en', '')}" for one in enum.get("values", [])),
            "length": field.get("length"),
            **({"digits": inner["digits"], "places": inner["places"]} if name == "decimal" else {}),
            "required": ("when" if "contains" in when else "keep") if when else field["required"],
            "when_field": when.get("field", ""),
            "when_contains": "；".join(when.get("contains", [])),
            "mask": field["mask"],
            "personal": field.get("personal") == "true",
            **{f"rule_{lang}": (field.get("rule") or {}).get(lang, "") for lang in ("zh", "en")},
            **{f"see_{channel}": word for channel, word in field["disclosure"].items()},
        }

    def field(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The field in the shape of a pack file; ``before`` is the one that it changes, empty for a new one."""
        given = self.cleaned_data
        kind: Any = given["type"]
        if kind == FieldType.DECIMAL:
            kind = {"decimal": {"digits": str(given["digits"]), "places": str(given["places"])}}
        elif kind in {FieldType.ENUM, FieldType.MULTI_ENUM}:
            old = before.get("type")
            kind = {kind: next(iter(old.values())) if isinstance(old, dict) and kind in old else given["code"]}
        rule = {"zh": given["rule_zh"], "en": given["rule_en"]}
        changed = {
            "code": given["code"],
            "label": {"zh": given["name_zh"], "en": given["name_en"]},
            "type": kind,
            "length": str(given["length"]) if given["length"] else None,
            "required": self._required(before),
            "disclosure": {channel: given[f"see_{channel}"] for channel, _label in CHANNELS},
            "mask": given["mask"],
            "personal": "true" if given["personal"] else "false",
            "rule": rule if all(rule.values()) else None,
        }
        return {name: value for name, value in {**before, **changed}.items() if value is not None}

    def listed(self) -> list[dict[str, str]]:
        """The values of the enumeration, Chinese and English."""
        lines = [line.partition("|") for line in self.cleaned_data["values"].splitlines() if line.strip()]
        return [{"value": zh.strip(), "en": en.strip() or zh.strip()} for zh, _bar, en in lines]

    def _required(self, before: Mapping[str, Any]) -> Any:
        """When it must be filled; a condition of another form than "contains" can be kept and not be put here."""
        given = self.cleaned_data
        if given["required"] == "keep":
            return before.get("required", "no")
        if given["required"] != "when":
            return given["required"]
        parts = [part.strip() for part in given["when_contains"].split("；") if part.strip()]
        return {"when": {"field": given["when_field"], "contains": parts}}
