"""How do thousands of keys or numbers travel in one parameter, for less than what an array costs to write?

Placeholders for each would have to be planned, an array is escaped item by item; one text that the database splits
costs next to nothing. Only for keys and numbers, which hold no comma.
"""

from __future__ import annotations

from collections.abc import Iterable

TEXTS = "string_to_array(%s, ',')"
NUMBERS = "string_to_array(%s, ',')::bigint[]"


def texts(keys: Iterable[str]) -> str:
    """The parameter for `TEXTS`. No key holds a comma: they are codes, digests and their kinds."""
    return ",".join(keys)


def numbers(ids: Iterable[int]) -> str:
    """The parameter for `NUMBERS`."""
    return ",".join(map(str, ids))
