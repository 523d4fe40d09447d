"""The walks of a department: who reports, who looks a second time, who asks."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.browser.town import Town
from tests.browser.walking import Walk
from tests.records.rows import row, sheet

Another = Callable[[str], Walk]
CASE = "〔2026〕0041号"
ABSENT = "91350100M000100Y43"
CODE = "91620798MA90000116"


def collector(walk: Walk, town: Town, another: Another) -> None:
    """Takes the template, sends a file with faults, mends them, prints the receipt."""
    walk.come_in("scjgj.collector")
    walk.at("/desk", "desk")
    walk.nav(walk.word("报送"))
    walk.at("/desk/intake", "intake", walk.word("报送双公示信息"))
    walk.click(walk.word("下载模板"), within="main")
    walk.at("/desk/intake/templates", "templates", walk.word("报送模板"))
    assert walk.download(walk.word("下载"), exact=False).startswith(b"PK")
    walk.nav(walk.word("报送"))
    walk.press(walk.word("报送这份文件"))
    walk.errs("no-file", walk.word("请填写“{label}”").format(label=walk.word("文件")))
    _sends(walk, row("走1"), row("走2", CF_JDRQ="2027/11/12"), row("走3", CF_XDR_SHXYM="9162O798MA90000116"))
    batch = walk.page.url.removeprefix(walk.eyes.base)
    walk.at(r"/desk/intake/\d+", "batch", walk.word("%(a)s行已接收，%(n)s行等处理", a=1, n=2))
    walk.cites()
    _mends(walk)
    walk.at(batch, "mended", walk.word("%(a)s行已接收，没有要处理的", a=1))
    walk.reads(walk.word("已改正"))
    walk.click(walk.word("打印回执"), within="main")
    walk.at(f"{batch}/receipt", "receipt", walk.word("报送回执"))
    walk.reads(batch.rsplit("/", 1)[-1], walk.word("平台的签名承诺"))
    walk.cites()
    assert walk.page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    walk.nav(walk.word("质量"))
    walk.at("/desk/quality", "quality")
    walk.sign_out()


def _sends(walk: Walk, *rows: dict[str, str]) -> None:
    walk.choose(walk.word("目录项"), walk.label(walk.world.pack.items["CF"].versions[-1].label))
    walk.attach(walk.word("文件"), "penalties-2026-11.csv", sheet(rows))
    walk.press(walk.word("报送这份文件"))


def _mends(walk: Walk) -> None:
    """The one row as it is suggested, the other by hand: wrong first."""
    first, second = (walk.page.locator(f"section[aria-labelledby=row{number}]") for number in (3, 4))
    first.get_by_label(walk.word("我来填"), exact=True).check()
    first.locator("input[type=text]").first.fill("2026/14/12")
    second.get_by_label(walk.word("采用建议"), exact=True).check()
    walk.press(walk.word("提交选好的行"))
    walk.errs("mended-wrong")
    assert first.locator("input[type=text]").first.input_value() == "2026/14/12"
    assert second.get_by_label(walk.word("采用建议"), exact=True).is_checked()
    first.locator("input[type=text]").first.fill("2026/11/12")
    walk.press(walk.word("提交选好的行"))


def reviewer(walk: Walk, town: Town, another: Another) -> None:
    """Decides as the second person about what a colleague sent again with another amount."""
    colleague = another("collector-of-reviewer")
    colleague.start()
    colleague.click(colleague.word("登录"), within=".xh-tools")
    colleague.sign_in("scjgj.collector")
    for changed in ({}, {"CF_NR": "罚款五万元", "CF_NR_FK": "5"}):
        colleague.nav(colleague.word("报送"))
        _sends(colleague, row("复1", **changed))
    colleague.at(r"/desk/intake/\d+", "sent-again")
    walk.come_in("scjgj.reviewer")
    walk.at("/desk", "desk")
    before = walk.page.locator("main .xh-mark").count()
    assert before, "nothing waits on the desk"
    walk.nav(walk.word("复核"))
    walk.at("/desk/review", "review")
    waits = int(re.findall(r"\d+", walk.page.locator("h1").inner_text())[0])
    card = walk.page.locator("section.xh-card").filter(has_text=walk.word("与已有记录不同的地方")).last
    assert card.locator("ins", has_text="5").count()
    name = f"#{card.get_attribute('aria-labelledby')}"
    inside = f"section[aria-labelledby={name[1:]}]"
    walk.press(walk.word("记入台账并决定"), within=inside)
    walk.errs("undecided", walk.word("请填写“{label}”").format(label=walk.word("理由")))
    walk.tick(walk.word("登记；与已有记录不同的，更正原记录"), within=inside)
    walk.press(walk.word("记入台账并决定"), within=inside)
    walk.errs("no-reason", walk.word("请填写“{label}”").format(label=walk.word("理由")))
    walk.fill(walk.word("理由"), walk.own("复核决定书，金额更正为五万元", "The decision says five"), within=inside)
    walk.press(walk.word("记入台账并决定"), within=inside)
    walk.at("/desk/review", "decided")
    walk.reads(walk.word("已登记这一行，记入台账。"))
    left = re.findall(r"\d+", walk.page.locator("h1").inner_text())
    assert int(left[0] if left else 0) == waits - 1
    walk.sign_out()


def querier(walk: Walk, town: Town, another: Another) -> None:
    """Asks about one organisation for a matter and a case, is refused, asks by file, finds the receipts again."""
    walk.come_in("scjgj.querier")
    walk.at("/desk", "desk")
    walk.nav(walk.word("查询"))
    walk.at("/desk/query", "query", walk.word("为一件公事查询"))
    walk.cites()
    walk.press(walk.word("记入台账并查询"))
    walk.errs("nothing-said", walk.word("请填写“{label}”").format(label=walk.word("事项")))
    asks(walk, CODE, case="")
    walk.at("/desk/query", "refused", walk.said("case_missing"))
    walk.reads(walk.word("可以这样做"), walk.word("本次请求已记录，被查的人可以看到。"))
    walk.cites()
    walk.click(walk.own("重新填写事项和案件编号", "state matter and case number again"), within="main", exact=False)
    asks(walk, f"{CODE} 衡川市云衡食品有限公司")
    walk.at("/desk/query", "answer", walk.word("查到%(n)s个主体的结果", 1))
    walk.reads(walk.word("依据"), walk.word("看完之后"), walk.word("查询回执"), walk.word("回执号"))
    answer, receipt = (walk.page.locator(f"main {one}").first.bounding_box() for one in ("section.xh-card", ".xh-rcpt"))
    assert answer and receipt and answer["y"] <= receipt["y"], "the answer comes first"
    walk.cites()
    asks(walk, ABSENT)
    walk.at("/desk/query", "empty")
    walk.reads(walk.word("没有信息不等于评价。"))
    receipt = walk.page.locator(".xh-rcpt dd.xh-code").first.inner_text()
    _asks_by_file(walk)
    walk.click(walk.word("本单位的回执"), within="main")
    walk.at("/desk/query/receipts", "receipts", walk.word("本单位的查询回执"))
    walk.fill(walk.word("案件或项目编号"), "〔1999〕1号")
    walk.press(walk.word("找"))
    walk.reads(walk.word("没有这样的回执"))
    walk.fill(walk.word("案件或项目编号"), CASE)
    walk.press(walk.word("找"))
    walk.at("/desk/query/receipts", "receipts-found")
    walk.click(receipt, within="main")
    walk.at(rf"/desk/query/receipts/{receipt}", "receipt", walk.word("查询回执"))
    walk.reads(CASE, walk.word("平台的签名承诺"))
    assert walk.page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    assert receipt in walk.download(walk.word("下载（文字）")).decode()
    town.minute()
    walk.click(walk.word("核验这张回执"), within="main")
    walk.at("/ledger/receipt", "receipt-checked")
    assert walk.page.locator("main .xh-mark").count()
    walk.click(walk.word("工作台"), within=".xh-tools")
    walk.at("/desk", "desk-after")
    walk.reads(walk.word("您最近查的"))
    walk.sign_out()


def matter_of(walk: Walk, code: str) -> str:
    """The name of a matter."""
    found = walk.world.pack.matters[code]
    return walk.label(found.label or found.values[-1].label)


def asks(walk: Walk, who: str, case: str = CASE, matter: str = "market_access") -> None:
    """Fill in the ground and ask."""
    walk.choose(walk.word("事项"), matter_of(walk, matter))
    walk.fill(walk.word("案件或项目编号"), case)
    walk.fill(walk.word("查哪些单位"), who)
    walk.press(walk.word("记入台账并查询"))


def _asks_by_file(walk: Walk) -> None:
    walk.nav(walk.word("查询"))
    walk.click(walk.word("名单很长：按文件查询"), within="main")
    walk.at("/desk/query/batch", "list", walk.word("按文件查询"))
    walk.choose(walk.word("事项"), matter_of(walk, "market_access"))
    walk.fill(walk.word("案件或项目编号"), CASE)
    walk.attach(walk.word("名单"), "empty.csv", b"a,b\n1,2\n")
    walk.press(walk.word("记入台账并查询"))
    walk.errs("list-unreadable", walk.said("ids_file_unreadable")[:10])
    walk.attach(walk.word("名单"), "list.csv", f"identifier,kind,name\n{CODE},,\n{ABSENT},,\n1,passport,\n".encode())
    walk.press(walk.word("记入台账并查询"))
    walk.at("/desk/query/batch", "list-answered", walk.word("名单%(n)s行，都有答复", 3))
    walk.reads(walk.word("读不懂的行，没有查"), walk.word("整批回执"))
    walk.cites()
