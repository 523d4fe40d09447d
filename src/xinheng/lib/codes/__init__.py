"""Is this a code, of which kind, and how is it written properly?

Unified social credit codes (GB 32100-2015), identity numbers (GB 11643-1999, 15 and 18 digits) and organisation codes
(GB 11714). What a keyboard or a spreadsheet did to the outside of a code is undone (width, case, spaces, invisible
characters, apostrophes); what would need a guess (look-alikes, scientific notation, a wrong check character) is refused
with a reason in words.
"""

from __future__ import annotations

from xinheng.lib.codes.check import check
from xinheng.lib.codes.verdict import PLACEHOLDER, CodeVerdict

__all__ = ["PLACEHOLDER", "CodeVerdict", "check"]
