"""Which of the persons listed in a question may join the parties of a case? (INV-3, QRY-1)

The bound of the pack holds for the case and not for one question: who asks about twenty more under the same number
asks about too many. Pure: persons stand here as keyed digests.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

from xinheng.lib.codes.clean import invisible, looks_like

Keys = Sequence[str]  # the digests of one text under every live key version, newest first


def case_words(number: str) -> str:
    """A case number for comparing, "" when nothing of it is a letter or digit.

    Width, case, brackets, hyphens, spaces, what draws nothing and letters of other scripts drawn like ours make no
    other case of it, wherever they stand: a bound that a space gets around is none. Two numbers that differ in their
    separators alone (1-12, 11-2) count as one.
    """
    plain = unicodedata.normalize("NFKC", "".join(looks_like(c) or c for c in number if not invisible(c))).casefold()
    return "".join(c for c in plain if c.isalnum())


def newcomers(listed: Collection[str], named: Mapping[str, Keys]) -> frozenset[str]:
    """Those of ``named`` (newest digest → all its digests) who are no party yet."""
    return frozenset(newest for newest, keys in named.items() if not any(key in listed for key in keys))


def beyond(listed: Collection[str], fresh: Iterable[str], most: int) -> frozenset[str]:
    """The newcomers who may not join: all of them when they and the parties so far are more than ``most``.

    Who is a party already stays one; a list that is too long is not cut, since nobody could say whom to leave out.
    """
    new = frozenset(fresh)
    return new if len(listed) + len(new) > most else frozenset()
