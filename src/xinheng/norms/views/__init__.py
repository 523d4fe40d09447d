"""Doors of the norms: the desk of whoever makes an instrument, and the consultations open to everyone."""

from xinheng.norms.views.desk import draft, norm, norms
from xinheng.norms.views.public import consultation, consultations
from xinheng.norms.views.texts import field, text

__all__ = ["consultation", "consultations", "draft", "field", "norm", "norms", "text"]
