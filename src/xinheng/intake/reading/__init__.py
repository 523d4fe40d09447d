"""Reading the files that providers send, whatever their format, and judging them: no database and no network."""

from __future__ import annotations

from xinheng.intake.reading.checking import FileReport, check_blocks, check_file
from xinheng.intake.reading.limits import Limits

__all__ = ["FileReport", "Limits", "check_blocks", "check_file"]
