"""Which faults are put into rows, and what is the right answer about each?"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

NO_CODE = "00000000000000000X"
ANOTHER = "11620798990000033L"  # the housing bureau of the demonstration city
_WIDE = {point: point + 0xFEE0 for point in range(0x21, 0x7F)}
_PLAIN = (
    "检查时发现有关商品没有标明价格，也没有公示收费项目，当事人在责令改正的期限内没有改正，"
    "有现场检查笔录、询问笔录和照片为证。"
)

type Cells = dict[str, str]
type Change = Callable[[Cells, random.Random], None]


@dataclass(frozen=True, slots=True)
class Expected:
    """The right answer about a row: the verdict and every (field, code) that is found."""

    verdict: str
    findings: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """``needs``: kind of subject, empty for any. ``raw``: what is done to the finished line. ``of_earlier``: the row is
    an earlier one with another content.
    """

    column: str
    code: str
    verdict: str
    change: Change
    needs: str = ""
    raw: Callable[[str], str] | None = None
    of_earlier: bool = False

    @property
    def expected(self) -> Expected:
        return Expected(self.verdict, frozenset({(self.column, self.code)}))


def spoiled(fault: Fault, line: str, columns: Sequence[str], chance: random.Random) -> str:
    """The line with the fault in it."""
    cells = dict(zip(columns, next(csv.reader(io.StringIO(line))), strict=True))
    fault.change(cells, chance)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells.values())
    return fault.raw(text.getvalue()) if fault.raw else text.getvalue()


def _put(**cells: str) -> Change:
    return lambda row, _: row.update(cells)


def _with(column: str, change: Callable[[str], str]) -> Change:
    return lambda row, _: row.update({column: change(row[column])})


def _wrong_check(text: str) -> str:
    return text[:-1] + ("1" if text[-1] != "1" else "2")


def _wrong_digit(row: Cells, chance: random.Random) -> None:
    """Another digit somewhere in the organisation part, or another check character: what a typist does."""
    code = row["CF_XDR_SHXYM"]
    at = chance.randrange(10, 18)
    others = [c for c in "0123456789" if c != code[at]]
    row["CF_XDR_SHXYM"] = code[:at] + chance.choice(others) + code[at + 1 :]


def _minor(row: Cells, _: random.Random) -> None:
    body = row["CF_XDR_ZJHM"][:6] + "2013" + row["CF_XDR_ZJHM"][10:17]
    row["CF_XDR_ZJHM"] = body + _id_check(body)


def _id_check(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def _other_facts(row: Cells, chance: random.Random) -> None:
    row["CF_SY"] = f"{_PLAIN}重新送达，共{chance.randint(2, 99)}页。"


_TOLD = _PLAIN + "经办人身份证号620799197503074216在卷。"


def _without_cell(line: str) -> str:
    """A cell lost in the middle, or the last one: every other line, told by its length."""
    cells = line.rstrip("\n").split(",")
    return ",".join(cells[:-1] if len(line) % 2 else cells[:15] + cells[16:]) + "\n"


# Found under the provider scjgj of the demonstration city on 2026-11-20.
FAULTS: dict[str, Fault] = {
    "check digit": Fault("CF_XDR_SHXYM", "uscc_check_character", "reject", _wrong_digit, "body"),
    "bad date": Fault("CF_JDRQ", "date_not_real", "reject", _put(CF_JDRQ="2026/02/30")),
    "date order": Fault("CF_YXQ", "valid_until_before_decision", "review", _put(CF_YXQ="2020/01/01")),
    "placeholder code": Fault("CF_XDR_SHXYM", "placeholder", "review", _put(CF_XDR_SHXYM=NO_CODE), "body"),
    "future date": Fault(
        "CF_JDRQ", "decided_in_future", "reject", _put(CF_JDRQ="2027/03/01", CF_YXQ="2099/12/31", CF_GSJZQ="")
    ),
    "duplicate key": Fault("", "differs_in_file", "review", _other_facts, of_earlier=True),
    "wrong enum": Fault("CF_CFLB", "enum_unknown", "reject", _put(CF_CFLB="罚金")),
    "negative amount": Fault("CF_NR_FK", "decimal_negative", "reject", _put(CF_NR_FK="-0.5")),
    "over-long text": Fault("CF_XDR_MC", "too_long", "reject", _with("CF_XDR_MC", lambda t: (t * 100)[:201])),
    "full-width digits": Fault(
        "CF_XDR_SHXYM", "normalised", "accept", _with("CF_XDR_SHXYM", lambda t: t.translate(_WIDE)), "body"
    ),
    "zero-width mark": Fault(
        "CF_CFJGDM", "normalised", "accept", _with("CF_CFJGDM", lambda t: f"{t[:9]}\ufeff{t[9:]}")
    ),
    "ragged row": Fault("", "row_too_short", "reject", _put(CF_SY=_PLAIN), raw=_without_cell),
    "missing subject": Fault("CF_XDR_SHXYM", "required_missing", "reject", _put(CF_XDR_SHXYM=""), "body"),
    "unauthorised source": Fault("CF_SJLYDM", "authority_is_not_the_sender", "review", _put(CF_SJLYDM=ANOTHER)),
    "fine missing": Fault("CF_NR_FK", "required_missing", "reject", _put(CF_NR_FK="")),
    "document missing": Fault("CF_WSH", "document_missing", "reject", _put(CF_WSH="")),
    "code for person": Fault(
        "CF_XDR_SHXYM", "code_for_person", "reject", _put(CF_XDR_SHXYM="11620798990000041F"), "person"
    ),
    "minor": Fault("CF_XDR_ZJHM", "minor_adverse", "reject", _minor, "person"),
    "identity check": Fault(
        "CF_XDR_ZJHM", "id_check_character", "reject", _with("CF_XDR_ZJHM", _wrong_check), "person"
    ),
    "number in text": Fault("CF_SY", "personal_in_text", "accept", _put(CF_SY=_TOLD)),
    "scientific": Fault("CF_XDR_SHXYM", "excel_scientific", "reject", _put(CF_XDR_SHXYM="9.1620798E+17"), "body"),
    "ambiguous date": Fault("CF_JDRQ", "date_ambiguous", "reject", _put(CF_JDRQ="5/1/26")),
    "written date": Fault("CF_JDRQ", "normalised", "accept", _put(CF_JDRQ="2024年5月6日", CF_GSJZQ="")),
    "serial date": Fault("CF_JDRQ", "date_serial", "accept", _put(CF_JDRQ="45418", CF_GSJZQ="")),
    "amount in yuan": Fault("CF_NR_FK", "fine_unit_suspected", "review", _put(CF_NR_FK="2000", CF_NR="罚款2000元。")),
    "unit in cell": Fault("CF_NR_FK", "normalised", "accept", _put(CF_NR_FK="2000元")),
    "wrong kind": Fault(
        "CF_XDR_LB", "kind_does_not_fit_code", "review", _put(CF_XDR_LB="法人及非法人组织"), "business"
    ),
    "stray quotation mark": Fault("", "stray_quote", "reject", _put(CF_SY=_PLAIN), raw=lambda line: '"衡川"' + line),
    "surplus cell": Fault("", "row_too_long", "reject", _put(CF_SY=_PLAIN), raw=lambda line: line[:-1] + ",多\n"),
    "odd character": Fault("CF_XDR_MC", "name_character", "reject", _with("CF_XDR_MC", lambda t: t[:3] + "?" + t[4:])),
    "sealed matter": Fault(
        "CF_YJ", "sealed", "reject", _put(CF_YJ="《中华人民共和国治安管理处罚法》第二十六条"), "person"
    ),
}

# The fourteen kinds of the comparison: a code that names nobody and a day to come stand for what only a catalog knows.
SEEDED = (
    *("check digit", "bad date", "date order", "placeholder code", "future date", "duplicate key", "wrong enum"),
    *("negative amount", "over-long text", "full-width digits", "zero-width mark", "ragged row", "missing subject"),
    "unauthorised source",
)
