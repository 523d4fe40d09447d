"""A third city, generated: the fictional city with every value that code might have taken for granted made odd.

Other article numbers, matter codes, organisation codes and user names, another time zone, shorter periods, fewer
persons in a question, a later age, a field that nobody is shown. A journey that holds here reads its law from the pack.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

ID, PREFIX = "odd-city", "QX"
HIDDEN = "CF_YJ"  # the field that no channel releases
ORGANS = {"scjgj": "gs2", "fgw": "zong", "ggzy": "pai7", "zjj": "jian", "jtj": "lu", "czj": "qian", "gwy": "renshi"}
MATTERS = {
    "public_resource_trading": "qx_auction",
    "market_access": "qx_gate",
    "qualification_review": "qx_paper",
    "administrative_licence": "qx_permit",
    "civil_servant_recruitment": "qx_staff",
    "honours": "qx_praise",
    "policy_support": "qx_help",
    "research_projects": "qx_lab",
    "other_by_law": "qx_rest",
}
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
EXAMPLES = """\
- name: "三个自然日，遇休息日也照算"
  given: {received: "2026-11-20T10:00:00+06:00", deadline: objection.decide}
  expect: {due: "2026-11-23", provisional: false, article: "QX-30"}
- name: "当地23时30分仍是当天"
  given: {received: "2026-11-20T23:30:00+06:00", deadline: objection.mark}
  expect: {due: "2026-11-21", provisional: false, article: "QX-30"}
"""
EDITS: dict[str, tuple[tuple[str, str], ...]] = {
    "odd-national/pack.yaml": ((r'^id: "?cn-national"?$', 'id: "odd-national"'),),
    "odd-national/catalog/CF.yaml": (
        (
            r"(- code: CF_YJ\n(?:    .*\n)*?    disclosure: )\{[^}]*\}",
            r"\1" + "{public: withheld, government: withheld, authorised: withheld, own: withheld}",
        ),
    ),
    "odd-national/repair.yaml": (
        (
            r"(rule_set: ndrc36_2025(?:.*\n)*?    general: \{publish: true, )min: \{[^}]*\}, max: \{[^}]*\}",
            r'\1min: {count: "1", unit: month}, max: {count: "2", unit: month}',
        ),
    ),
    "odd-city/pack.yaml": (
        (r'^id: "demo-city"$', 'id: "odd-city"'),
        (r'^version: ".*"$', 'version: "2031.7"'),
        (r'^extends: "cn-national"$', 'extends: "odd-national"'),
        (r'^zone: "Asia/Shanghai"$', 'zone: "Asia/Urumqi"'),
        (r"^catalog_levels: .*$", "catalog_levels: [national, city]"),
        (r'full_capacity_from: "18"', 'full_capacity_from: "19"'),
        (r"衡川", "歧川"),
    ),
    "odd-city/deadlines.yaml": (
        (r'(name: objection\.mark(?:.*\n)*?.*)count: "2", unit: working_day', r'\1count: "1", unit: calendar_day'),
        (r'count: "5", unit: working_day', 'count: "3", unit: calendar_day'),
    ),
    "odd-city/matters.yaml": ((r'max_parties: "3"', 'max_parties: "1"'), (r'max: "200"', 'max: "2"')),
}


def write(root: Path, packs: Path) -> Path:
    """Write the pack and the national layer it stands on under ``root``, from those in ``packs``; gives its folder."""
    for source, target in (("cn-national", "odd-national"), ("demo-city", ID)):
        shutil.copytree(packs / source, root / target)
    folder = root / ID
    shutil.rmtree(folder / "examples")
    (root / "odd-national" / "examples" / "publicity.yaml").unlink()
    shutil.rmtree(folder / "demo" / "sent")  # its list names the departments by the codes of the other city
    for path in sorted((folder / "demo").iterdir()):
        data = _recoded(path.read_bytes())
        path.rename(path.with_name(_renamed(path.name))).write_bytes(data)
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("catalog/*.yaml"))):
        path.write_text(_renamed(_recoded(path.read_bytes()).decode()), encoding="utf-8")
    for name, edits in EDITS.items():
        _edit(root / name, edits)
    (folder / "examples").mkdir()
    (folder / "examples" / "odd.yaml").write_text(EXAMPLES, encoding="utf-8")
    return folder


def _renamed(text: str) -> str:
    """Every code of an organisation, a matter and an article under its odd name."""
    for old, new in {**ORGANS, **MATTERS}.items():
        text = re.sub(rf"(?<![a-z_]){old}(?![a-z_])", new, text)
    return re.sub(r"\bDC(-\d+|\b)", rf"{PREFIX}\1", text)


def _recoded(data: bytes) -> bytes:
    """Every credit code under a division of its own, with a new check character: no two cities share a code."""

    def moved(match: re.Match[bytes]) -> bytes:
        body = (match[1] + b"620797" + match[2]).decode()
        total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
        return (body + SIGNS[-total % 31]).encode()

    return re.sub(rb"\b([1-9A-Y][1-9])620798([0-9A-Z]{9})[0-9A-Z]\b", moved, data)


def _edit(path: Path, edits: Iterable[tuple[str, str]]) -> None:
    """Make each change; one that finds nothing is an error of this generator."""
    text = path.read_text(encoding="utf-8")
    for pattern, replacement in edits:
        text, made = re.subn(pattern, replacement, text, flags=re.MULTILINE)
        assert made, f"{path.name} does not contain {pattern}"
    path.write_text(text, encoding="utf-8")
