"""Which invariant, function and article does the platform keep, and which tests prove it?

The answer is read from the committed result of a whole test run, so it comes without running anything. An id is done
only with a passing rule test, a passing journey through a door and a passing refusal, under each pack whose articles
name it, and only when nothing of what its text asks is known to be missing (`xinheng.law.gaps`); a test that failed or
did not run proves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from xinheng.law.gaps import GAPS, LATER
from xinheng.law.loader import load, strict
from xinheng.law.pack import Article, Bilingual, Pack
from xinheng.law.requirements import FUNCTIONS, INVARIANTS

KINDS = ("rule", "journey", "refusal")
WORDS = {
    "rule": ("规则测试", "rule test"),
    "journey": ("流程测试", "journey"),
    "refusal": ("拒绝测试", "refusal"),
}


class State(StrEnum):
    """How far a line is proved."""

    DONE = "done"
    PARTLY = "partly"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Test:
    """One test of the committed result; ``law``: the pack it ran under, None when it is bound to none."""

    test: str
    ids: frozenset[str]
    kind: str
    law: str | None
    passed: bool

    __test__ = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer."""

    id: str
    kind: str
    state: State
    tests: tuple[str, ...]
    note: Bilingual


def laws(root: Path) -> tuple[Pack, ...]:
    """Give the packs of real cities under ``root``, in the order of their ids."""
    return tuple(load(path.parent.name, root=root) for path in sorted(root.glob("*/pack.yaml")) if _is_city(path))


def _is_city(path: Path) -> bool:
    """Say from the head alone whether a pack is that of a real city; the layers above are read with their cities."""
    node = strict.compose(path.read_bytes(), lambda *_: None)
    head = strict.plain(node) if isinstance(node, strict.Mapping) else {}
    return bool(head.get("rank") == "city" and head.get("fictional", "false") != "true")


def results(path: Path) -> tuple[Test, ...]:
    """Read the committed result; none when there is no file yet."""
    if not path.is_file():
        return ()
    return tuple(
        Test(one["test"], frozenset(one["ids"]), one["kind"], one["law"], one["passed"])
        for one in json.loads(path.read_text(encoding="utf-8"))["tests"]
    )


def lines(root: Path, path: Path) -> Iterator[Line]:
    """Give a line for each invariant, each function and each article of every city's law, whatever pack is served."""
    packs, tests = laws(root), results(path)
    states: dict[str, State] = {}
    for kind, table in (("invariant", INVARIANTS), ("requirement", FUNCTIONS)):
        for id, title in table.items():
            line = _requirement(id, kind, title, packs, tests)
            states[id] = line.state
            yield line
    for pack in packs:
        law = pack.law
        for article in pack.articles.values():
            if law is not None and article.law == law.prefix:
                yield _article(article, pack, states, tests)


def _requirement(id: str, kind: str, title: tuple[str, str], packs: tuple[Pack, ...], tests: tuple[Test, ...]) -> Line:
    """Judge an invariant or function: every kind of proof under every pack whose articles ask for it."""
    named = [pack for pack in packs if any(id in article.asks for article in pack.articles.values())]
    passing = [test for test in tests if id in test.ids and test.passed]
    missing = [
        (pack, proof)
        for pack in named or packs
        for proof in KINDS
        if not any(test.kind == proof and _counts(test, pack) for test in passing)
    ]
    gap = GAPS.get(id, LATER)
    held = bool(missing) or gap is not None
    state = State.NOT_YET if not passing else State.PARTLY if held else State.DONE
    lacks = missing if passing else []
    zh = [gap[0] if gap else "", "、".join(f"{pack.name.zh}缺{WORDS[proof][0]}" for pack, proof in lacks)]
    en = [gap[1] if gap else "", ", ".join(f"{pack.name.en} lacks a {WORDS[proof][1]}" for pack, proof in lacks)]
    note = Bilingual(
        "：".join(filter(None, [title[0], "；".join(filter(None, zh))])),
        ": ".join(filter(None, [title[1], "; ".join(filter(None, en))])),
    )
    return Line(id, kind, state, _names(passing), note)


def _article(article: Article, pack: Pack, states: dict[str, State], tests: tuple[Test, ...]) -> Line:
    """Judge an article: done when all it asks is done and a test under its law names it, nothing without such a test;
    one that asks nothing is carried so that it can be opened.
    """
    passing = [
        test
        for test in tests
        if article.id in {_whole(id) for id in test.ids} and test.passed and test.law in (None, pack.id)
    ]
    asked = [states.get(id, State.NOT_YET) for id in article.asks]
    if not asked:
        note = Bilingual(f"{article.summary.zh}：不向软件提出要求", f"{article.summary.en}: asks nothing of software")
        return Line(article.id, "article", State.DONE, _names(passing), note)
    state = State.NOT_YET
    if passing:
        state = State.DONE if all(one is State.DONE for one in asked) else State.PARTLY
    asks = ", ".join(article.asks)
    note = Bilingual(f"{article.summary.zh}（{asks}）", f"{article.summary.en} ({asks})")
    return Line(article.id, "article", state, _names(passing), note)


def _counts(test: Test, pack: Pack) -> bool:
    """Say whether a test proves something under a pack: it ran under it, or is bound to no law or to the pack's own."""
    if test.law is not None:
        return test.law == pack.id
    cited = {_whole(id).rpartition("-")[0] for id in test.ids if id not in INVARIANTS and id not in FUNCTIONS}
    return not cited or bool(pack.law and pack.law.prefix in cited)


def _whole(id: str) -> str:
    return id.partition("(")[0]


def _names(tests: list[Test]) -> tuple[str, ...]:
    return tuple(sorted({test.test for test in tests}))
