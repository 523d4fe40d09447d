"""What is the answer about one code?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["uscc", "id", "org"]

PLACEHOLDER = "00000000000000000X"  # 17 zeros and X: "this body has no code yet"; it identifies nobody

# Stable reason codes and their sentence. A reason of a valid code is a warning.
WORDS: dict[str, str] = {
    "blank": "空行，没有代码",
    "excel_scientific": "科学计数法（如9.135E+17）已丢失数字，无法还原；请将单元格设为文本后重新填写",
    "excel_number": "带小数点的数字不是代码；请将单元格设为文本后重新填写",
    "formula": "以等号开头的是公式，不是代码；请填写代码本身",
    "look_alike": "第{position}位的“{character}”（{point}）形似“{like}”但不是它；请核对后重新输入",
    "character": "第{position}位的“{character}”（{point}）不能出现在代码中",
    "length": "共{length}位；统一社会信用代码和身份证号码为18位（旧身份证号码15位），组织机构代码为9位",
    "placeholder": "17个0加X是“暂无代码”的占位，不代表任何主体；请补填真实代码",
    "uscc_letter": "第{position}位的{character}不用于统一社会信用代码（不含I、O、Z、S、V），疑为{like}；请核对",
    "uscc_authority": "第1位{character}不是登记管理部门代码",
    "uscc_body_kind": "第2位{character}不是登记管理部门“{authority}”的机构类别",
    "uscc_division_digits": "第3至8位“{division}”应为6位数字的行政区划码",
    "uscc_check_character": "校验位应为{expected}，现为{found}；请核对各位",
    "uscc_division": "登记地行政区划{division}不在省级代码表内；请核对",
    "uscc_org_check": "第9至17位的组织机构代码校验位应为{expected}，现为{found}；请核对",
    "id_letter_inside": "第{position}位的{character}不是数字，身份证号码只有最后一位可以是X；请核对",
    "id_letter": "第{position}位的{character}不是数字，疑为{like}；请核对",
    "id_date": "第7至14位“{date}”不是可信的出生日期",
    "id_date_15": "第7至12位“{date}”不是可信的出生日期",
    "id_future": "出生日期{date}晚于今天",
    "id_check_character": "校验位应为{expected}，现为{found}；请核对各位",
    "id_truncated": "末三位为000且校验位不符，疑被表格软件截断；请将单元格设为文本后重新填写",
    "id_division": "行政区划{division}不在省级代码表内；请核对",
    "org_check_character": "校验位应为{expected}，现为{found}；请核对各位",
    "org_letter": "第9位{character}不是组织机构代码的校验位（数字或X）",
    "normalised": "已规范写法：{changes}",
}


@dataclass(frozen=True, slots=True)
class CodeVerdict:
    """``kind`` and ``canonical`` are None when unknown; ``code`` is the stable reason, a warning when ``valid``."""

    kind: Kind | None
    valid: bool
    canonical: str | None
    code: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str | None:
        """The reason as a Chinese sentence."""
        return None if self.code is None else WORDS[self.code].format_map(self.params)

    @property
    def reason(self) -> str | None:
        """``code: sentence``, or None when there is nothing to say."""
        return None if self.code is None else f"{self.code}: {self.message}"
