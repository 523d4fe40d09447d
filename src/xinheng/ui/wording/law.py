"""Codes of the law itself: the sentences of its own commands, with an English one each."""

from __future__ import annotations

import re

from xinheng.law.words import SENTENCES, WHAT

# Said by the commands of the law only, in their own words; elsewhere the code has the words of the hall.
OWN = frozenset({"day_unreadable"})

WORDS = {code: re.sub(r"\{(\w+)\}", r"%(\1)s", text) for code, text in SENTENCES.items() if code not in OWN} | {
    f"what.{kind}": word for kind, word in WHAT.items()
}
