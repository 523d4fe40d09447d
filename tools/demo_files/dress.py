"""How do clerks write what is right? Dates, amounts and codes in many forms, each with the note of intake."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from demo_files.rows import LONG_TERM, Cell, Layout, Raw, Sent

FULL = str.maketrans("0123456789", "０１２３４５６７８９")
HAN = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True)
class Habit:
    """How one clerk writes: names of forms to choose from. ``cells``: dates and amounts as cells of a workbook."""

    dates: tuple[str, ...]
    money: tuple[str, ...]
    codes: tuple[str, ...]
    cells: bool = False


def _han_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else str(tens).translate(HAN))
        + ("十" if tens else "")
        + (str(ones).translate(HAN) if ones else "")
    )


def _han(day: date) -> str:
    return f"{str(day.year).translate(HAN)}年{_han_number(day.month)}月{_han_number(day.day)}日"


# form -> (how a day is written, the note that intake makes of it)
DATES: dict[str, tuple[Callable[[date], str], str]] = {
    "stroke": (lambda d: f"{d:%Y/%m/%d}", ""),
    "short": (lambda d: f"{d.year}/{d.month}/{d.day}", ""),
    "hyphen": (lambda d: f"{d:%Y-%m-%d}", ""),
    "compact": (lambda d: f"{d:%Y%m%d}", ""),
    "midnight": (lambda d: f"{d.year}/{d.month}/{d.day} 0:00:00", ""),
    "written": (lambda d: f"{d.year}年{d.month}月{d.day}日", "normalised"),
    "written0": (lambda d: f"{d:%Y年%m月%d日}", "normalised"),
    "dotted": (lambda d: f"{d.year}.{d.month}.{d.day}", "normalised"),
    "timed": (lambda d: f"{d:%Y-%m-%d} 10:23:45", "normalised"),
    "full": (lambda d: f"{d:%Y}／{d:%m}／{d:%d}".translate(FULL), "normalised"),
    "han": (_han, "normalised"),
    "serial": (lambda d: str((d - date(1899, 12, 30)).days), "date_serial"),
}
ENDLESS = ("长期", "长期有效", "永久有效")
MONEY: dict[str, tuple[Callable[[Decimal], str], str]] = {
    "plain": (lambda m: f"{m:f}", ""),
    "zeros": (lambda m: f"{m:.2f}", ""),
    "full": (lambda m: f"{m:f}".translate(FULL).replace(".", "．"), "normalised"),
    "unit": (lambda m: f"{m:f}万元", "normalised"),
    "unit_apart": (lambda m: f"{m:f} 万元", "normalised"),
    "yuan": (lambda m: f"{int(m * 10_000)}元", "normalised"),
    "grouped": (lambda m: f"{int(m * 10_000):,}元", "normalised"),
    "sign": (lambda m: f"￥{int(m * 10_000):,}.00元", "normalised"),
    "words": (lambda m: f"人民币{int(m * 10_000)}元整", "normalised"),
    "head_yuan": (lambda m: str(int(m * 10_000)), "normalised"),  # the header says yuan
    "head_grouped": (lambda m: f"{int(m * 10_000):,}", "normalised"),
}
CODES: dict[str, Callable[[str], str]] = {
    "plain": lambda c: c,
    "lower": str.lower,
    "spaced": lambda c: f"{c[:8]} {c[8:]}",
    "full": lambda c: "".join(chr(ord(x) + 0xFEE0) for x in c),
    "apostrophe": lambda c: "'" + c,
    "tail": lambda c: c + " ",
    "hidden": lambda c: c + "\u200b",
    "wide": lambda c: f"{c[:2]}\u3000{c[2:]}",
    "nbsp": lambda c: f"{c[:2]}\u00a0{c[2:]}",
}


def dress(row: Sent, layout: Layout, habit: Habit, chance: random.Random) -> None:
    """Write the cells of a row in the clerk's manner and put down the notes that follow."""
    for code, cell in row.cells.items():
        if isinstance(cell, Raw | float) or cell == "":
            continue
        row.cells[code], note = _dressed(cell, layout.types[code], habit, chance)
        if note:
            row.note(code, note)


def _dressed(cell: str | date | Decimal, kind: str, habit: Habit, chance: random.Random) -> tuple[Cell, str]:
    if isinstance(cell, date):
        if cell == LONG_TERM and not chance.randrange(3):
            return chance.choice(ENDLESS), "normalised"
        if habit.cells and chance.randrange(5):
            return cell, ""
        write, note = DATES[chance.choice(habit.dates)]
        return write(cell), note
    if isinstance(cell, Decimal):
        if habit.cells and chance.randrange(5):
            return cell, ""
        form, note = MONEY[chance.choice(habit.money)]
        return form(cell), note
    if kind == "uscc":
        text = CODES[chance.choice(habit.codes)](cell)
        return text, "" if text.strip() == cell else "normalised"
    if kind == "idnumber" and cell.endswith("X") and "lower" in habit.codes:
        return cell.lower(), "normalised"
    if kind == "text" and not chance.randrange(12) and "。" in cell[:-1]:
        return cell.replace("。", "。\n", 1), ""
    return cell, ""
