"""Build the one catalogue of English words from the parts that the rooms keep.

    python tools/build_locale.py             merge src/xinheng/locale/parts/*.po into locale/en/LC_MESSAGES/django.po
    and .mo python tools/build_locale.py --check     exit 1 when the committed catalogue is not that, or a msgid in
    the source has no English python tools/build_locale.py --missing   print a PO skeleton of what has no English yet,
    by file

msgids are Chinese and stand in templates and Python; the Chinese page needs no catalogue. Made with Babel and
Django's own lexer, so no gettext tools are needed. The output has no dates: the same words give the same bytes.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType

from xinheng.ui import wording

SOURCE = Path(__file__).resolve().parents[1] / "src" / "xinheng"
PARTS = SOURCE / "locale" / "parts"
TARGET = SOURCE / "locale" / "en" / "LC_MESSAGES"

_STRING = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_TRANSLATE = re.compile(rf"^(?:translate|trans)\s+{_STRING}(.*)$", re.DOTALL)
_CONTEXT = re.compile(rf"\bcontext\s+{_STRING}")
_UNDERSCORE = re.compile(rf"_\({_STRING}\)")
_BLOCK = re.compile(r"^(?:blocktranslate|blocktrans)\b")
_SIMPLE = {"gettext", "gettext_lazy", "gettext_noop", "_"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_WITH_CONTEXT = {"pgettext", "pgettext_lazy"}


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """A msgid of the source: its context, its plural form if it counts, and where it stands."""

    msgid: str
    context: str = ""
    plural: str = ""
    place: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two msgids the same."""
        return (self.context, self.msgid)


def words() -> list[Word]:
    """Every msgid in templates and Python of the package, and of the codes whose sentences other rooms keep."""
    found: list[Word] = []
    for path in sorted(SOURCE.rglob("*.html")):
        found += _of_template(path.read_text(encoding="utf-8"), str(path.relative_to(SOURCE)))
    for path in sorted(SOURCE.rglob("*.py")):
        found += _of_python(path.read_text(encoding="utf-8"), str(path.relative_to(SOURCE)))
    worded = {**wording.WORDS, **{f"{code} instead": text for code, text in wording.INSTEAD.items()}}
    return found + [Word(text, place=f"ui/wording {code}") for code, text in worded.items()]


def _of_template(text: str, place: str) -> Iterator[Word]:
    block: list[str] | None = None
    head = ""
    plural: list[str] | None = None
    for token in Lexer(text).tokenize():
        content = token.contents
        if block is not None:
            if token.token_type is TokenType.BLOCK and content.startswith("endblocktrans"):
                trimmed = " trimmed" in head
                context = _first(_CONTEXT.search(head))
                yield Word(
                    _joined(block, trimmed), context, _joined(plural, trimmed) if plural is not None else "", place
                )
                block, plural = None, None
            elif token.token_type is TokenType.BLOCK and content.strip() == "plural":
                plural = []
            else:
                piece = (
                    content.replace("%", "%%") if token.token_type is TokenType.TEXT else f"%({content.split('|')[0]})s"
                )
                (block if plural is None else plural).append(piece)
            continue
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            for match in _UNDERSCORE.finditer(content):
                yield Word(_doubled(_first(match)), place=place)
        if token.token_type is TokenType.BLOCK:
            if match := _TRANSLATE.match(content):
                yield Word(_doubled(_first(match)), _first(_CONTEXT.search(match[3])), place=place)
            elif _BLOCK.match(content):
                block, head = [], content


def _joined(pieces: list[str], trimmed: bool) -> str:
    text = "".join(pieces)
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


def _doubled(text: str) -> str:
    """Django doubles per cent signs of template texts before it looks them up."""
    return text.replace("%", "%%")


def _first(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    return next((group for group in match.groups()[:2] if group is not None), "")


def _of_python(text: str, place: str) -> Iterator[Word]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in _SIMPLE and texts:
            yield Word(texts[0], place=place)
        elif name in _PLURAL and len(texts) >= 2:
            yield Word(texts[0], plural=texts[1], place=place)
        elif name in _WITH_CONTEXT and len(texts) >= 2:
            yield Word(texts[1], texts[0], place=place)


def merged() -> Catalog:
    """All parts in one catalogue, sorted; stops when two rooms say the same msgid in different English."""
    gathered: dict[tuple[str, str], tuple[object, object, str]] = {}
    for part in sorted(PARTS.glob("*.po")):
        for message in read_po(io.BytesIO(part.read_bytes()), locale="en"):
            if not message.id:
                continue
            one = message.id[0] if isinstance(message.id, tuple) else message.id
            key = (message.context or "", one)
            if (
                key in gathered
                and gathered[key][1] != message.string
                and isinstance(gathered[key][0], type(message.id))
            ):
                raise SystemExit(
                    f"build_locale: “{one}” is {gathered[key][1]!r} in {gathered[key][2]}, "
                    f"{message.string!r} in {part.name}; agree, or tell the two apart by a context"
                )
            if key not in gathered or isinstance(message.id, tuple):
                gathered[key] = (message.id, message.string, part.name)
    catalogue = Catalog(
        locale="en", header_comment="# English words of xinheng, merged from locale/parts by tools/build_locale.py."
    )
    for (context, _), (msgid, string, _part) in sorted(gathered.items()):
        catalogue.add(msgid, string, context=context or None)  # type: ignore[arg-type]
    return catalogue


def rendered() -> tuple[bytes, bytes]:
    """The bytes of django.po and django.mo."""
    catalogue = merged()
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, omit_header=True, width=0)
    header = (
        b'# English words of xinheng, merged from locale/parts by tools/build_locale.py.\nmsgid ""\nmsgstr ""\n'
        b'"Language: en\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        b'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    po_bytes = header + po.getvalue()
    write_mo(mo, read_po(io.BytesIO(po_bytes), locale="en"))
    return po_bytes, _undated(mo.getvalue())


def _undated(mo: bytes) -> bytes:
    """Babel writes the day into the header of the .mo file; a fixed day of the same length keeps the bytes the same."""
    return re.sub(
        rb"(PO-Revision-Date|POT-Creation-Date): \d{4}-\d\d-\d\d \d\d:\d\d[+-]\d{4}", rb"\1: 2026-01-01 00:00+0000", mo
    )


def missing() -> list[Word]:
    """msgids of the source that have no English, or no plural English where they count."""
    catalogue = merged()
    gaps = []
    for word in words():
        message = catalogue.get(word.msgid, context=word.context or None)
        said = message.string if message is not None else ""
        whole = all(said) and bool(said) if isinstance(said, tuple) else bool(said)
        if not whole or (word.plural and not isinstance(said, tuple)):
            gaps.append(word)
    return gaps


def unused() -> list[str]:
    """Words of the catalogue that no source asks for any more."""
    asked = {word.key for word in words()}
    return [
        str(message.id)
        for message in merged()
        if message.id
        and (message.context or "", message.id[0] if isinstance(message.id, tuple) else message.id) not in asked
    ]


def main() -> int:
    """Write, check or list."""
    if "--missing" in sys.argv[1:]:
        seen = set()
        for word in sorted(missing(), key=lambda one: one.place):
            if word.key in seen:
                continue
            seen.add(word.key)
            quoted = word.msgid.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            context = f'msgctxt "{word.context}"\n' if word.context else ""
            tail = f'msgid_plural "{quoted}"\nmsgstr[0] ""\nmsgstr[1] ""' if word.plural else 'msgstr ""'
            print(f'#: {word.place}\n{context}msgid "{quoted}"\n{tail}\n')
        return 0
    po, mo = rendered()
    if "--check" in sys.argv[1:]:
        gaps = missing()
        for word in gaps:
            print(f"{word.place}: no English for “{word.msgid}”")
        stale = not (TARGET / "django.mo").exists() or (TARGET / "django.mo").read_bytes() != mo
        stale = stale or (TARGET / "django.po").read_bytes() != po
        if stale:
            print("locale/en is not what its parts give: run python tools/build_locale.py")
        return 1 if gaps or stale else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "django.po").write_bytes(po)
    (TARGET / "django.mo").write_bytes(mo)
    print(f"django.mo: {len(mo):,} bytes; without English: {len(missing())}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
