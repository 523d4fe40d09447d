"""What does a collector send, and what does a reviewer decide?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinheng.ui.forms import HouseForm


class UploadForm(HouseForm):
    """The catalog item and the file in the national format."""

    item = forms.ChoiceField(label=_("目录项"))
    file = forms.FileField(
        label=_("文件"),
        help_text=_("xlsx、xls、CSV、制表符文本或JSON Lines，文字编码不限；列名用字段代码或中文列名"),
        allow_empty_file=False,
        error_messages={"empty": _("这个文件是空的")},
    )

    def __init__(self, *args: Any, items: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["item"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = list(items)

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is larger than the setting allows, and say the limit."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        most = settings.XINHENG_MAX_UPLOAD_MB
        if (file.size or 0) > most * 1024 * 1024:
            raise forms.ValidationError(gettext("文件超过%(most)sMB，没有收下") % {"most": most})
        return file


class ReviewForm(HouseForm):
    """The decision about one waiting row; the reason is never optional."""

    row_id = forms.IntegerField(widget=forms.HiddenInput())
    outcome = forms.ChoiceField(
        label=_("决定"),
        choices=[("accept", _("登记；与已有记录不同的，更正原记录")), ("return", _("退回报送单位"))],
        widget=forms.RadioSelect(),
    )
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("记入台账，报送单位能看到"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
