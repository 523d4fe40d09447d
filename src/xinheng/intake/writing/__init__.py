"""Workbooks that the platform writes for those who report: the template of an item, and rows returned to be mended."""

from __future__ import annotations

from xinheng.intake.writing.returned import Returned, Told, returned
from xinheng.intake.writing.template import template

__all__ = ["Returned", "Told", "returned", "template"]
