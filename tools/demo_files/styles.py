"""In which forms do offices send? File formats, headings and habits of writing, one style for each kind of clerk."""

from __future__ import annotations

from dataclasses import dataclass

from demo_files.dress import Habit

PLAIN = Habit(("stroke", "hyphen"), ("plain",), ("plain",))
TIDY = Habit(("stroke",), ("plain",), ("plain",), cells=True)
WRITTEN = Habit(("written", "written0"), ("unit", "plain"), ("plain", "plain", "tail"))
MIXED = Habit(
    ("stroke", "dotted", "written", "compact", "hyphen"),
    ("plain", "yuan", "zeros"),
    ("plain", "plain", "spaced", "lower"),
)
CARELESS = Habit(
    ("dotted", "short", "full", "han", "serial"),
    ("full", "grouped", "sign", "words", "unit_apart"),
    ("full", "lower", "apostrophe", "wide", "plain"),
)
SYSTEM = Habit(("timed", "midnight", "compact"), ("zeros",), ("plain", "hidden"))
SPREADSHEET = Habit(("short", "serial", "midnight"), ("plain", "yuan"), ("plain", "apostrophe", "nbsp"), cells=True)
IN_YUAN = Habit(("stroke",), ("head_yuan", "head_grouped"), ("plain",))


@dataclass(frozen=True)
class Style:
    """One way of sending.

    ``form``: xlsx, xls, csv, tsv, txt (what Excel calls Unicode text) or jsonl; ``heads``: codes, labels, both or
    marked; ``lines``: title lines above; ``tail``: empty lines behind; ``remark``: a line of notes behind the header;
    ``total``: a last line of sums; ``front``: an instruction sheet; ``halves``: rows parted between two sheets;
    ``inline``: texts within the sheet; ``broken``: lines out of shape.
    """

    form: str
    encoding: str = ""
    separator: str = ","
    heads: str = "labels"
    habit: Habit = PLAIN
    lean: bool = True
    shuffled: bool = False
    lines: tuple[str, ...] = ()
    tail: int = 0
    remark: bool = False
    total: bool = False
    old: bool = False
    front: bool = False
    halves: bool = False
    inline: bool = False
    broken: tuple[str, ...] = ()
    in_yuan: bool = False
    rare: bool = False
    hidden_heads: bool = False

    @property
    def told(self) -> str:
        """The form in one word for the list of files."""
        return f"{self.form} {self.encoding}".strip() + (" semicolon" if self.separator == ";" else "")


TITLE, NOTE = "{name}{item}公示表（{year}年{month}月）", "填表说明：带*的必填；金额单位为万元；日期写成2026/01/31。"
STYLES = (
    Style("xlsx", habit=TIDY, heads="marked", lines=(TITLE, "填报单位：{name}　　填报日期：{year}年{month}月"), tail=6),
    Style("csv", "utf-8-sig", habit=MIXED),
    Style("csv", "gb18030", habit=WRITTEN, shuffled=True, rare=True),
    Style("xls", habit=SPREADSHEET, lines=(TITLE,), lean=False, total=True),
    Style("txt", "utf-16", "\t", habit=WRITTEN, rare=True),
    Style("csv", "gbk", habit=CARELESS, heads="marked", lines=(TITLE, NOTE)),
    Style("xlsx", habit=SPREADSHEET, heads="both", front=True, tail=20, rare=True),
    Style("jsonl", "utf-8", heads="codes", habit=SYSTEM),
    Style("csv", "gb18030", old=True, heads="codes", habit=MIXED),
    Style("tsv", "utf-8", "\t", lines=(TITLE,), habit=MIXED, tail=3, rare=True),
    Style("csv", "utf-8", heads="both", habit=CARELESS, lean=False, hidden_heads=True, tail=5),
    Style("xlsx", habit=PLAIN, heads="labels", halves=True, lines=(TITLE,), shuffled=True),
    Style("csv", "utf-8", ";", heads="codes", habit=SYSTEM),
    Style("xls", heads="codes", habit=TIDY, shuffled=True, tail=8),
    Style("csv", "gbk", habit=PLAIN, broken=("row_too_long", "row_too_short", "stray_quote")),
    Style("jsonl", "utf-8", heads="labels", habit=MIXED, rare=True),
    Style("csv", "utf-8-sig", habit=IN_YUAN, in_yuan=True, lines=(TITLE,), total=True),
    Style("xlsx", habit=MIXED, heads="codes", inline=True, front=True, remark=True),
    Style("csv", "gb18030", habit=WRITTEN, remark=True, rare=True),
)
MONTH = Style("xlsx", habit=TIDY, heads="labels", lines=(TITLE,), front=True)  # the big one
