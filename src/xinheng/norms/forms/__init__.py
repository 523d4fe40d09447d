"""What is filled in while an instrument is made: its text, and each step of its procedure."""

from xinheng.norms.forms.steps import (
    AnswerForm,
    ApproveForm,
    BareForm,
    CosignForm,
    DraftForm,
    EraseForm,
    HearForm,
    OpinionForm,
    PublishForm,
    ReasonForm,
)
from xinheng.norms.forms.texts import FieldForm, TextForm

__all__ = [
    "AnswerForm",
    "ApproveForm",
    "BareForm",
    "CosignForm",
    "DraftForm",
    "EraseForm",
    "FieldForm",
    "HearForm",
    "OpinionForm",
    "PublishForm",
    "ReasonForm",
    "TextForm",
]
