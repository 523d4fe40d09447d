"""Which sentence stands for a code?

Errors, refusals, withheld fields and findings carry stable codes. Here each code has one Chinese sentence, the msgid
of its English one, and where there is something the reader can do, a second sentence with that. A module per room
lies beside this one: ``wording/<room>.py`` with ``WORDS`` and optionally ``INSTEAD``; two modules that word one code
differently fail at import. Importable without Django settings, because the command line prints the Chinese sentences
too.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping

from django.utils.translation import gettext

from xinheng.law.words import variant

WORDS: dict[str, str] = {}
INSTEAD: dict[str, str] = {}


def _collect() -> None:
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        for name, into in (("WORDS", WORDS), ("INSTEAD", INSTEAD)):
            for code, sentence in getattr(module, name, {}).items():
                if into.setdefault(code, sentence) != sentence:
                    raise RuntimeError(f"code {code} is worded twice, in {found.name} and before")


_collect()


def known(code: str) -> bool:
    """True when ``code`` has a sentence."""
    return code in WORDS


def plain(code: str, params: Mapping[str, str]) -> str:
    """The Chinese sentence of ``code``, for the command line. A code without words is returned as it is."""
    return _fill(WORDS.get(variant(code, params), code), params, what=WORDS.get)


def say(code: str, params: Mapping[str, str]) -> str:
    """The sentence of ``code`` in the language of the page."""
    code = variant(code, params)
    return _fill(gettext(WORDS[code]), params, what=_translated) if code in WORDS else code


def _translated(code: str, otherwise: str) -> str:
    return gettext(WORDS[code]) if code in WORDS else otherwise


def instead(code: str, params: Mapping[str, str]) -> str:
    """What the reader can do instead, in the language of the page; empty when nothing is worded."""
    return _fill(gettext(INSTEAD[code]), params) if code in INSTEAD else ""


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _fill(sentence: str, params: Mapping[str, str], *, what: Callable[[str, str], str] | None = None) -> str:
    """``%(name)s`` places filled; a place without a value shows an ellipsis, never a failure inside an error page.

    ``what`` gives the word for the kind of value that an error of the law names.
    """
    if what is not None and "what" in params:
        params = {**params, "what": what(f"what.{params['what']}", params["what"])}
    return sentence % _Gaps(params) if params or "%(" in sentence else sentence.replace("%%", "%")
