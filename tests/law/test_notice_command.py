"""Does ``law notice`` write the year, all of it or nothing, and does everything still hold afterwards?"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import PACKS, ROOT
from tests.law.notice_texts import REAL, kinds
from xinheng.law import deadlines
from xinheng.law.commands import law
from xinheng.law.loader import check, load
from xinheng.law.notices import read

NUMBER = "国办发明电〔2026〕9号"
NOTICE = """\
国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。2月13日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
"""
OVER_THE_YEAR = NOTICE.replace(
    "1月1日（周五）至3日（周日）放假，共3天。", "12月31日（周四）至1月2日（周六）放假调休，共3天。1月3日（周日）上班。"
)

Run = Callable[..., Result]


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of the packs of the house."""
    shutil.copytree(ROOT / "lawpacks", tmp_path / "lawpacks")
    return tmp_path / "lawpacks"


@pytest.fixture
def run(packs: Path, tmp_path: Path) -> Run:
    """Runs the command on a text (or bytes) against the copy."""

    def call(text: str | bytes, *more: str, year: str = "2027", source: str = NUMBER) -> Result:
        file = tmp_path / "notice.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        words = ["notice", str(file), "--year", year, "--source", source, *more]
        return CliRunner(env={"XINHENG_LAWPACKS": str(packs)}).invoke(law, words)

    return call


def files(packs: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (packs / "cn-national" / "calendar").iterdir()}


def due(packs: Path, city: str) -> deadlines.Due:
    return deadlines.due(
        load(city, root=packs), "objection.decide", datetime.fromisoformat("2026-12-28T10:00:00+08:00")
    )


@pytest.mark.req("OBJ-1", "REP-1", "ZY-46", "SP-25", kind="journey")
def test_the_year_is_written_and_provisional_days_become_final(packs: Path, run: Run) -> None:
    before = {city: due(packs, city) for city in PACKS}
    done = run(NOTICE)
    assert done.exit_code == 0, done.output
    assert "2027-01-01 周五 放假（元旦）" in done.output and "已写入" in done.output
    notice = read(NOTICE, 2027)[0]
    assert notice is not None
    for city in PACKS:
        pack = load(city, root=packs)
        year = pack.calendar[2027]
        assert year.announced and kinds(year.days) == kinds(notice.days)
        assert year.source == f"国务院办公厅关于2027年部分节假日安排的通知（{NUMBER}）"
        assert check(city, root=packs) == ()
        assert before[city].provisional and not due(packs, city).provisional
        assert due(packs, city).due > before[city].due


@pytest.mark.req("OBJ-1", kind="rule")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_office_programs_are_read(packs: Path, run: Run, encoding: str) -> None:
    assert run(NOTICE.replace("\n", "\r\n").encode(encoding)).exit_code == 0
    assert load("siping", root=packs).calendar[2027].announced


@pytest.mark.req("OBJ-1", "REP-1", kind="rule")
def test_days_of_december_go_to_the_year_before(packs: Path, run: Run) -> None:
    done = run(OVER_THE_YEAR, "--replace")
    assert done.exit_code == 0, done.output
    pack = load("zhangye", root=packs)
    assert pack.calendar[2026].days[date(2026, 12, 31)].kind == "holiday"
    committed = load("zhangye", root=ROOT / "lawpacks").calendar[2026].days
    assert kinds(pack.calendar[2026].days) == {**kinds(committed), date(2026, 12, 31): "holiday"}
    assert due(packs, "zhangye").due == date(2027, 1, 7)
    again = run(OVER_THE_YEAR)
    assert again.exit_code == 0 and "没有改动" in again.output
    back = run(NOTICE, "--replace")
    assert back.exit_code == 0, back.output
    assert date(2026, 12, 31) not in load("zhangye", root=packs).calendar[2026].days
    assert "2026-12-31 周四 照常（元旦），原为放假" in back.output


def test_a_dry_run_writes_nothing(packs: Path, run: Run) -> None:
    before = files(packs)
    done = run(NOTICE, "--dry-run", "--json")
    assert done.exit_code == 0
    *days, summary = [json.loads(line) for line in done.stdout.splitlines()]
    assert days[0] == {"day": "2027-01-01", "before": "plain", "after": "holiday"}
    assert summary == {
        "summary": {"year": 2027, "days_off": 27, "makeup": 4, "findings": 0, "written": [], "dry_run": True}
    }
    assert files(packs) == before


@pytest.mark.req("OBJ-1", "REP-1", kind="refusal")
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2月13日（周六）", "2月13日（周日）", ":4:1 weekday_differs 2027-02-13是周六，不是周日"),
        ("共7天。2月13日", "共8天。2月13日", ":4:1 count_differs"),
        ("二、春节：", "二、植树节：", "festival_missing"),
        ("关于2027年", "关于2028年", "wrong_year"),
    ],
)
def test_a_fault_is_said_with_its_line_and_nothing_is_written(
    packs: Path, run: Run, old: str, new: str, says: str
) -> None:
    before = files(packs)
    done = run(NOTICE.replace(old, new, 1))
    assert done.exit_code == 1
    assert says in done.stdout and "没有写入任何文件" in done.stdout
    objects = [json.loads(line) for line in run(NOTICE.replace(old, new, 1), "--json").stdout.splitlines()]
    assert objects[-1]["summary"] == {"findings": len(objects) - 1, "written": []}
    assert files(packs) == before


@pytest.mark.req("OBJ-1", "REP-1", kind="refusal")
@pytest.mark.parametrize(
    ("change", "more", "code"),
    [
        (("2月13日（周六）上班。", ""), (), "notice_unbalanced"),
        (("", ""), ("--year", "2029"), "wrong_year"),
        (("", ""), ("--source", "国办发明电〔2026〕8号"), "notice_source_differs"),
        (("", ""), ("--source", "网上看到的"), "notice_source_malformed"),
    ],
)
def test_what_does_not_belong_together_is_refused(
    packs: Path, run: Run, change: tuple[str, str], more: tuple[str, ...], code: str
) -> None:
    before = files(packs)
    done = run(NOTICE.replace(*change), *more, "--json")
    assert done.exit_code == 1 and code in done.stdout
    assert files(packs) == before


def test_an_unusual_balance_is_taken_when_it_is_confirmed(packs: Path, run: Run) -> None:
    assert run(NOTICE.replace("2月13日（周六）上班。", ""), "--unbalanced").exit_code == 0
    assert date(2027, 2, 13) not in load("zhangye", root=packs).calendar[2027].days


def test_a_year_that_leaves_a_gap_is_refused(run: Run, packs: Path) -> None:
    bare = re.sub(r"（[^）]*）|(?<=。)[^。\n]*上班。", "", NOTICE.replace("2027", "2028").replace(NUMBER, ""))
    done = run(bare, "--json", "--unbalanced", year="2028")
    assert json.loads(done.stdout)["error"] == {
        "code": "notice_year_apart",
        "message": "2028年的日历接不上：下一个可以公布的年份是2027年",
    }


@pytest.mark.req("OBJ-1", "REP-1", kind="refusal")
def test_a_year_already_announced_is_replaced_only_when_asked(packs: Path, run: Run) -> None:
    same = run(REAL[2026], year="2026", source="国办发明电〔2025〕7号")
    assert same.exit_code == 0 and "没有改动" in same.output
    other = REAL[2026].replace("5月9日（周六）上班", "5月10日（周日）上班")
    before = files(packs)
    refused = run(other, year="2026", source="国办发明电〔2025〕7号")
    assert refused.exit_code == 1 and files(packs) == before
    assert "2026-05-09 周六 照常（劳动节），原为上班（调休）" in refused.stdout
    assert "2026-05-10 周日 上班（调休）（劳动节）" in refused.stdout
    assert "--replace" in refused.stderr
    assert run(other, "--replace", year="2026", source="国办发明电〔2025〕7号").exit_code == 0
    days = kinds(load("zhangye", root=packs).calendar[2026].days)
    assert date(2026, 5, 9) not in days and days[date(2026, 5, 10)] == "makeup"


@pytest.mark.req("OBJ-1", kind="refusal")
def test_a_year_that_would_break_an_example_is_not_written(packs: Path, run: Run) -> None:
    """An example of the pack says that 26 February 2026 is counted; a notice that makes it a day off is not silent."""
    other = REAL[2026].replace(
        "至23日（农历正月初七、周一）放假调休，共9天", "至24日（农历正月初八、周二）放假调休，共10天"
    )
    before = files(packs)
    done = run(other, "--replace", "--unbalanced", year="2026", source="国办发明电〔2025〕7号")
    assert done.exit_code == 1 and "example_differs" in done.stdout
    assert files(packs) == before


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"%PDF-1.7\n\x00\x01", b"\xff\xfe\x00", b"\x80\x81\xff"])
def test_what_is_no_text_is_said_to_be_none(run: Run, data: bytes) -> None:
    done = run(data, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["code"] == "notice_not_text"


def test_a_file_that_is_not_there_is_an_error() -> None:
    done = CliRunner().invoke(law, ["notice", "/nowhere.txt", "--year", "2027", "--source", NUMBER, "--json"])
    assert done.exit_code == 1 and json.loads(done.stdout)["error"]["code"] == "file_unreadable"
