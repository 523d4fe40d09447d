"""The walk of a visitor: organisations and persons looked up, lists, the law, a receipt checked, a day counted."""

from __future__ import annotations

from tests.browser.town import FORMER, RENAMED, Town
from tests.browser.walking import Walk

NAME = "衡川市云衡食品有限公司"
CODE = "91620798MA90000116"


def visitor(walk: Walk, town: Town) -> None:
    """Nobody signs in."""
    walk.start()
    walk.at("/", "home")
    _finds_an_organisation(walk)
    _finds_no_person(walk)
    _narrows_a_list(walk)
    _reads_the_law(walk)
    _checks_a_receipt(walk, town)
    _counts_days(walk)


def _search(walk: Walk, text: str) -> None:
    walk.fill(walk.word("单位名称或统一社会信用代码"), text)
    walk.press(walk.word("查询"))


def _finds_an_organisation(walk: Walk) -> None:
    _search(walk, "云")
    walk.at("/search", "search-short", walk.word("请至少写两个字"))
    _search(walk, "云衡食品")
    walk.at("/search", "search-name", walk.word("“%(said)s”，找到%(n)s家单位", 1, said="云衡食品"))
    walk.click(NAME, within="main")
    walk.at(f"/subjects/{CODE}", "subject", NAME)
    walk.reads(CODE, walk.word("这页不打分"), walk.word("公示开始"))
    assert CODE in walk.download(walk.word("下载这一页（CSV）")).decode("utf-8-sig")
    walk.click(walk.word("这一条的固定网址"), within="main", exact=False)
    walk.at(rf"/subjects/{CODE}/records/\d+", "record")
    walk.cites()
    walk.nav(walk.word("查询"))
    for asked in ("yunheng", "yhsp", CODE):
        _search(walk, asked)
        assert walk.page.locator("main").get_by_role("link", name=NAME).count() or walk.page.url.endswith(CODE), asked
        walk.nav(walk.word("查询"))
    walk.at("/search", "search", walk.word("查一家单位的公共信用信息"))
    _search(walk, FORMER)
    walk.at("/search", "search-former")
    walk.reads(walk.word("原名："), FORMER)
    walk.click(RENAMED["CF_XDR_MC"], within="main")
    walk.heads(RENAMED["CF_XDR_MC"])


def _finds_no_person(walk: Walk) -> None:
    """Who is on file and who is nobody get the same answer."""
    walk.nav(walk.word("查询"))
    answers = []
    for asked in ("林既白", "赵不在", "620799199006200457", "622201200510101380"):
        _search(walk, asked)
        walk.lacks("CF", "XK")
        answers.append(walk.told.replace(asked, ""))
        if asked == "林既白":
            walk.at("/search", "search-person", walk.word("“%(said)s”，找到%(n)s家单位", 0, said=asked))
            walk.reads(walk.word("查询期内无相关信息"))
    assert len(set(answers[:2])) == len(set(answers[2:])) == 1, answers


def _narrows_a_list(walk: Walk) -> None:
    walk.nav(walk.word("双公示"))
    walk.at("/publicity/CF", "list")
    walk.cites()
    walk.unfold(walk.word("按单位、机关、日期筛选"))
    walk.fill(walk.word("决定日期从"), "2026-06-01")
    walk.fill(walk.word("决定日期到"), "2026-05-01")
    walk.press(walk.word("筛选"))
    walk.errs("list-error", walk.word("“到”不能早于“从”"))
    walk.fill(walk.word("决定日期从"), "2025-01-01")
    walk.fill(walk.word("决定日期到"), "")
    walk.press(walk.word("筛选"))
    walk.at("/publicity/CF", "list-narrowed")
    file = walk.download("CSV").decode("utf-8-sig")
    assert file.count("\n") > 3 and "620799" not in file
    walk.click(walk.word("看全部"), within="main")
    walk.click(walk.word("下一页"), within="main")
    walk.at("/publicity/CF", "list-next")
    walk.click(walk.word("回到第一页"), within="main")
    walk.click(walk.word("全部公示和名单"), within="main")
    walk.at("/publicity", "published", walk.word("公示和名单，今天各有多少"))


def _reads_the_law(walk: Walk) -> None:
    walk.nav(walk.word("法规"))
    walk.at("/law", "law")
    walk.click(walk.word("激励和惩戒清单"), within="main")
    walk.at("/lists", "measures", walk.word("激励和惩戒清单"))
    walk.click(walk.word("信用信息目录"), within=".xh-foot")
    walk.at("/catalog", "catalog", walk.word("平台归集哪些信用信息，谁能看到"))
    label = walk.label(walk.world.pack.items["CF"].versions[-1].label)
    walk.click(label[0].upper() + label[1:], within="main")
    walk.at("/catalog/CF", "catalog-item")
    walk.cites()


def _checks_a_receipt(walk: Walk, town: Town) -> None:
    entry, leaf = town.receipt()
    walk.nav(walk.word("台账"))
    walk.at("/ledger", "ledger", walk.word("台账，谁都可以核验"))
    walk.click(walk.word("核验一张回执"), within="main")
    walk.at("/ledger/receipt", "receipt", walk.word("核验回执"))
    walk.fill(walk.word("台账条目号"), str(entry))
    walk.fill(walk.word("叶值"), leaf[:-1])
    walk.press(walk.word("核验"))
    walk.errs("receipt-error", walk.word("叶值应当是64位，由0到9和a到f组成"))
    walk.fill(walk.word("叶值"), leaf)
    walk.press(walk.word("核验"))
    walk.at("/ledger/receipt", "receipt-checked", walk.word("在台账上，是第%(n)s条", n=1))
    walk.fill(walk.word("台账条目号"), str(entry))
    walk.fill(walk.word("叶值"), "0" * 64)
    walk.press(walk.word("核验"))
    walk.heads(walk.word("台账上没有对得上的一条"))


def _counts_days(walk: Walk) -> None:
    walk.nav(walk.word("办事"))
    walk.at(
        "/service",
        "service",
        walk.own("我们按什么时限办，办不到怎么办", "The time limits we work by, and what to do if we fail"),
    )
    walk.click(walk.word("算到哪一天"), within="main", exact=False)
    walk.at("/law/date", "date")
    walk.press(walk.word("算出到期日"))
    walk.errs("date-error", walk.word("请填写“{label}”").format(label=walk.word("哪一天收到")))
    walk.fill(walk.word("哪一天收到"), "2026-02-14")
    walk.press(walk.word("算出到期日"))
    walk.at("/law/date", "date-counted")
    walk.reads(walk.word("逐日来看"))
    walk.cites()
