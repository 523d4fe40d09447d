"""Write the calendar files of lawpacks/cn-national from the packaged State Council notices.

Which days between 2004 and 2026 were days off and which weekend days were worked? The answer comes from the
development dependency `chinese_calendar`; this tool turns it into one file a year that a person can read and mend.
A year whose notice is not out yet is written with `announced: false`, so every date that reaches it is provisional.
Run again only to add a year: the files, not this tool, are what the platform reads.
"""

import argparse
import datetime
from collections import defaultdict
from pathlib import Path

from chinese_calendar import constants

NAMES = {
    "New Year's Day": ("元旦", "New Year's Day"),
    "Spring Festival": ("春节", "Spring Festival"),
    "Tomb-sweeping Day": ("清明节", "Tomb-sweeping Day"),
    "Labour Day": ("劳动节", "Labour Day"),
    "Dragon Boat Festival": ("端午节", "Dragon Boat Festival"),
    "National Day": ("国庆节", "National Day"),
    "Mid-autumn Festival": ("中秋节", "Mid-autumn Festival"),
    "Anti-Fascist 70th Day": ("抗战胜利70周年纪念日", "70th anniversary of the victory over fascism"),
}


def lines_of_year(*, year: int, days: dict[datetime.date, tuple[str, str]]) -> list[str]:
    """Return the lines of one announced year; `days` maps a day to (kind, festival)."""
    lines = [
        f'year: "{year}"',
        "announced: true",
        f'source: "国务院办公厅关于{year}年部分节假日安排的通知；经 chinese_calendar 1.11.0 转录 (transcribed)"',
        "days:",
    ]
    for day, (kind, festival) in sorted(days.items()):
        name_zh, name_en = NAMES[festival]
        lines.append(f'  - {{date: "{day.isoformat()}", kind: {kind}, name: {{zh: "{name_zh}", en: "{name_en}"}}}}')
    return lines


def announced_years() -> dict[int, dict[datetime.date, tuple[str, str]]]:
    """Return year -> day -> (holiday | makeup, festival) for every year that the package knows."""
    years: dict[int, dict[datetime.date, tuple[str, str]]] = defaultdict(dict)
    for day, festival in constants.holidays.items():
        years[day.year][day] = ("holiday", festival)
    for day, festival in constants.workdays.items():
        years[day.year][day] = ("makeup", festival)
    return dict(years)


def main() -> None:
    """Write one file a year and, for the year after the last notice, a file that says it is not announced."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("lawpacks/cn-national/calendar"))
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    years = announced_years()
    for year, days in sorted(years.items()):
        text = "\n".join(lines_of_year(year=year, days=days)) + "\n"
        (folder / f"{year}.yaml").write_text(text, encoding="utf-8")
    unknown = max(years) + 1
    (folder / f"{unknown}.yaml").write_text(
        f'year: "{unknown}"\nannounced: false\n'
        'source: "国务院办公厅尚未公布安排：只按星期计算，到期日均为暂定 (not announced: provisional)"\ndays: []\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
