"""How is the official text of a regulation split into its articles, and is any article missing?

Packs carry no statute text. A city attaches the official text as a plain file; it is split by article, compared with
the pack's list of articles and kept under ``XINHENG_HOME/law-text/``, to be shown beside our summaries.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from xinheng.law.citation import arabic_number, chinese_number
from xinheng.law.errors import Finding
from xinheng.law.pack import Article, Pack
from xinheng.lib.errors import BadInput

_BLANK = "\u0020\u0009\u00a0\u3000\ufeff\u200b"
_NUMBER = "零一二三四五六七八九十百"
_ARTICLE = re.compile(rf"第([{_NUMBER}]{{1,7}})条(?=[{_BLANK}]|$)[{_BLANK}]*(.*)")
_CHAPTER = re.compile(rf"第[{_NUMBER}]{{1,5}}[章节编](?=[{_BLANK}]|$).*")
_PAGE = re.compile(r"[-—–·\s]*(第\s*)?\d{1,4}(\s*页)?[-—–·\s]*")
_BULLET = re.compile(r"^[-*•]\s+(?=\S)")
_ITEM = re.compile(rf"^[(（][{_NUMBER}]{{1,4}}[)）]")
_ENDS = tuple("。；：！？;:.!?”」")
_ODD = re.compile(r"[A-Za-z]{2,}|\ufffd")


@dataclass(frozen=True, slots=True)
class SplitText:
    """The articles by number, each a text of paragraphs parted by line breaks; ``remarks`` name what looks damaged."""

    articles: dict[int, str]
    faults: tuple[Finding, ...]
    remarks: tuple[Finding, ...]


@dataclass(slots=True)
class _Splitter:
    """Reads line by line; a paragraph that a page break cut in two is joined again."""

    file: str
    articles: dict[int, list[str]] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    number: int = 0
    closed: bool = True

    def line(self, row: int, text: str) -> None:
        """Take one line of the file."""
        if not text or _PAGE.fullmatch(text):
            return
        if _CHAPTER.fullmatch(text) and self.closed:
            return
        match = _ARTICLE.fullmatch(text)
        if match and self.heads(row, match[1]):
            self.paragraph(row, match[2])
        elif self.number:
            self.paragraph(row, _BULLET.sub("", text))

    def heads(self, row: int, written: str) -> bool:
        """Say whether 第…条 at the start of a line begins an article.

        Inside a sentence it is a reference; where only the full stop before a heading is lost, the article counts as
        missing and nothing is kept, so that no article is ever cut in two.
        """
        if not self.closed:
            return False
        number = _number(written)
        if number is None:
            self.fault(row, "article_number", f"看不懂条号“第{written}条”")
            return False
        if number in self.articles:
            self.fault(row, "article_twice", f"第{written}条出现两次")
            return False
        self.number = number
        self.articles[number] = []
        return True

    def paragraph(self, row: int, text: str) -> None:
        """Add a line to the article: to the sentence still open, or as a new paragraph."""
        if not text:
            return
        odd = _ODD.search(text)
        if odd:
            self.remarks.append(Finding(self.file, row, 1, "odd_text", f"第{self.number}条里夹有“{odd[0]}”，请核对"))
        paragraphs = self.articles[self.number]
        if paragraphs and not self.closed and not _ITEM.match(text):
            paragraphs[-1] += text
        else:
            paragraphs.append(text)
        self.closed = text.endswith(_ENDS)

    def fault(self, row: int, code: str, message: str) -> None:
        """Note what keeps the text from being stored."""
        self.faults.append(Finding(self.file, row, 1, code, message))


def split(text: str, *, file: str = "") -> SplitText:
    """Split the plain text of a regulation by article; titles and lines before them are left out."""
    splitter = _Splitter(file)
    for row, raw in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        splitter.line(row, raw.strip(_BLANK + "\f"))
    joined = {number: "\n".join(paragraphs) for number, paragraphs in splitter.articles.items()}
    return SplitText(joined, tuple(splitter.faults), tuple(splitter.remarks))


def _number(written: str) -> int | None:
    """Read the number of an article, None when no article can have it."""
    try:
        return arabic_number(written)
    except ValueError:
        return None


def compare(found: SplitText, pack: Pack, *, file: str) -> Iterator[Finding]:
    """Give what is missing, too much or empty against the pack's own list of articles."""
    wanted = {int(article.number): article for article in own_articles(pack) if article.number}
    for number in sorted(wanted.keys() - found.articles.keys()):
        yield Finding(file, 1, 1, "article_missing", f"缺少第{chinese_number(number)}条（{wanted[number].summary.zh}）")
    for number in sorted(found.articles.keys() - wanted.keys()):
        yield Finding(file, 1, 1, "article_unknown", f"法规包没有第{chinese_number(number)}条")
    for number, text in found.articles.items():
        if not text:
            yield Finding(file, 1, 1, "article_empty", f"第{chinese_number(number)}条没有内容")


def own_articles(pack: Pack) -> tuple[Article, ...]:
    """Give the numbered articles of the city's own regulation, in order."""
    law = pack.law
    found = [a for a in pack.articles.values() if law and a.law == law.prefix and a.number and a.number.isdigit()]
    return tuple(sorted(found, key=lambda article: int(article.number or 0)))


def attach(path: Path, pack: Pack, *, home: Path) -> tuple[SplitText, tuple[Finding, ...]]:
    """Split a file, compare it with the pack and keep it; nothing is kept when there is a fault.

    Raises `BadInput` when the file can't be read as UTF-8 (or GB 18030) text.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise BadInput("file_unreadable", path=str(path)) from None
    found = split(_decode(data, path), file=str(path))
    faults = (*found.faults, *compare(found, pack, file=str(path)))
    if not faults:
        _keep(found, pack, home=home, digest=hashlib.sha256(data).hexdigest(), name=path.name)
    return found, faults


def official_text(home: Path, pack: Pack, article_id: str) -> str | None:
    """Give the official text of an article, None when the city attached none."""
    law = pack.law
    path = _place(home, pack)
    if law is None or not path.is_file():
        return None
    kept: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return kept["articles"].get(re.sub(r"\(\d+\)$", "", article_id))


def _decode(data: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("file_unreadable", path=str(path))


def _place(home: Path, pack: Pack) -> Path:
    return home / "law-text" / f"{pack.id}.json"


def _keep(found: SplitText, pack: Pack, *, home: Path, digest: str, name: str) -> None:
    """Write the articles under their ids; a half-written file never replaces a whole one."""
    prefix = pack.law.prefix if pack.law else pack.id
    content = {
        "law": pack.label,
        "file": name,
        "sha256": digest,
        "articles": {f"{prefix}-{number}": text for number, text in found.articles.items()},
    }
    path = _place(home, pack)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
