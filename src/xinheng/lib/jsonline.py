"""How is one answer written on one line?

JSON in UTF-8. Characters that some readers take for the end of a line (U+0085, U+2028, U+2029) are escaped, so that a
line stays a line whoever splits it.
"""

from __future__ import annotations

import json
from typing import Any

_BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def json_line(value: Any) -> str:
    """``value`` as one line of JSON, without the line's end."""
    return json.dumps(value, ensure_ascii=False).translate(_BREAKS)
