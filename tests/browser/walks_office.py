"""The walks of the competent department: who runs the platform, who keeps accounts, who audits, who watches."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.town import Town
from tests.browser.walking import Walk
from tests.browser.walks_staff import ABSENT, asks

Another = Callable[[str], Walk]


def operator(walk: Walk, town: Town, another: Another) -> None:
    """Answers an opinion on a draft of the catalogue, begins another draft, looks at how all report."""
    citizen = another("citizen-of-operator")
    _has_an_opinion(citizen)
    walk.come_in("fgw.operator")
    walk.at("/desk", "desk")
    walk.nav(walk.word("各单位"))
    walk.at("/desk/quality/providers", "providers")
    walk.nav(walk.word("目录"))
    walk.at("/desk/norms", "norms", walk.word("市公共信用信息补充目录"))
    walk.cites()
    assert town.world.norm is not None
    label = walk.label(town.world.norm.label)
    walk.click(label[0].upper() + label[1:], within="main")
    walk.at(r"/desk/norms/\d+", "norm")
    walk.cites()
    walk.press(walk.word("记入台账并答复"))
    walk.errs("answer-empty", walk.word("请填写“{label}”").format(label=walk.word("意见要点")))
    form = walk.page.locator("form").filter(has=walk.page.get_by_role("button", name=walk.word("记入台账并答复")))
    answered = form.count()
    form.first.get_by_label(walk.word("采纳"), exact=True).check()
    form.first.get_by_label(walk.word("意见要点"), exact=True).fill(walk.own("写明修复期限", "State the term"))
    form.first.get_by_label(walk.word("答复和理由"), exact=True).fill(walk.own("已写入说明。", "Written in."))
    walk.press(walk.word("记入台账并答复"))
    walk.at(r"/desk/norms/\d+", "answered")
    assert form.count() == answered - 1
    _begins_a_draft(walk)
    walk.sign_out()


def _has_an_opinion(citizen: Walk) -> None:
    citizen.start()
    citizen.click(citizen.word("信用信息目录"), within=".xh-foot")
    citizen.click(citizen.word("目录草案，请您提意见"), within="main")
    citizen.at("/consultations", "consultations", citizen.word("目录草案，请您提意见"))
    citizen._go(citizen.page.locator("main h3 a").first)
    citizen.at(r"/consultations/\d+", "consultation")
    citizen.press(citizen.word("提交意见"))
    citizen.errs("no-words", citizen.word("请填写“{label}”").format(label=citizen.word("您的意见")))
    citizen.fill(citizen.word("您的意见"), citizen.own("建议写明修复期限。", "Please state the term of repair."))
    citizen.press(citizen.word("提交意见"))
    citizen.at(r"/consultations/\d+", "heard")
    citizen.reads(citizen.word("您的意见收到了，已记入台账。答复会在这一页公布。"))


def _begins_a_draft(walk: Walk) -> None:
    walk.nav(walk.word("目录"))
    walk.click(walk.word("起草"), within="main")
    walk.at("/desk/norms/new", "draft", walk.word("起草补充目录"))
    walk.tick(walk.word("新设一个目录项"))
    code = f"WALK_{walk.window.language[:2].upper()}{walk.window.width}"
    walk.fill(walk.word("新目录项的代码"), code.lower())
    walk.fill(walk.word("名称"), "产品召回信息")
    walk.fill(walk.word("英文名称"), "recalls of products")
    walk.fill(walk.word("为什么要编制"), walk.own("召回情况要让消费者看得到。", "Consumers must see recalls."))
    walk.press(walk.word("记入台账并起草"))
    walk.errs("draft-code", walk.word("代码要以大写字母开头，只用大写字母、数字和下划线，2到24个字符"))
    walk.fill(walk.word("新目录项的代码"), code)
    walk.page.locator("main [name=departments]").first.check()
    walk.press(walk.word("记入台账并起草"))
    walk.at(r"/desk/norms/\d+", "drafted", walk.own("产品召回信息", "Recalls of products"))
    walk.reads(code)


def auditor(walk: Walk, town: Town, another: Another) -> None:
    """Narrows the log, opens an unusual query, writes what was found; every look of one's own stands there too."""
    _asks_twice_under_one_case(another("querier-of-auditor"))
    town.minute()
    walk.come_in("fgw.auditor")
    walk.at("/desk", "desk")
    walk.nav(walk.word("日志"))
    walk.at("/desk/log", "log", walk.word("谁查了什么"))
    walk.reads(walk.word("这里不出现被查的人是谁。"), walk.word("异常的在前"))
    walk.unfold(walk.word("按条件看"))
    walk.fill(walk.word("台账条目"), "abc")
    walk.press(walk.word("记入台账并看"))
    walk.errs("log-error", walk.word("条目号只有数字"))
    walk.fill(walk.word("台账条目"), "")
    walk.choose(walk.word("单位"), walk.own("衡川市市场监督管理局", "Hengchuan Market Regulation Bureau"))
    walk.press(walk.word("记入台账并看"))
    walk.at("/desk/log", "log-narrowed")
    assert walk.download(walk.word("下载CSV")).decode("utf-8-sig").count("\n") > 1
    rows = walk.page.locator("main tbody tr")
    unusual = rows.filter(has_text=walk.word("还没核对")).first
    walk._go(unusual.get_by_role("link").first)
    entry = walk.page.url.rsplit("/", 1)[-1]
    walk.at(r"/desk/log/\d+", "entry")
    walk.reads(walk.word("为什么要看"), walk.word("审计看查询对不对，不看被查的人：姓名和号码不在这里出现。"))
    walk.press(walk.word("记入台账：已核对"))
    walk.errs("review-empty")
    words = walk.page.locator("main textarea")
    words.fill("622201200510101380")
    walk.press(walk.word("记入台账：已核对"))
    walk.errs("review-number", walk.said("review_holds_identifier")[:6])
    words.fill(walk.own("问过经办人，是练习用的事项。", "Asked the officer: an exercise."))
    walk.press(walk.word("记入台账：已核对"))
    walk.at(rf"/desk/log/{entry}", "reviewed")
    walk.reads(walk.word("已核对"), walk.own("问过经办人", "Asked the officer"))
    town.minute()
    walk.nav(walk.word("日志"))
    walk.unfold(walk.word("按条件看"))
    walk.choose(walk.word("哪一种"), walk.word("看日志"))
    walk.press(walk.word("记入台账并看"))
    walk.at("/desk/log", "own-looks")
    assert rows.filter(has_text=walk.word("看日志")).count() >= 3
    walk.sign_out()


def _asks_twice_under_one_case(querier: Walk) -> None:
    """What is unusual: one case under two matters."""
    querier.start()
    querier.click(querier.word("登录"), within=".xh-tools")
    querier.sign_in("scjgj.querier")
    for matter in ("market_access", "administrative_licence"):
        querier.nav(querier.word("查询"))
        asks(querier, ABSENT, "〔2026〕0099号", matter)


def supervisor(walk: Walk, town: Town, another: Another) -> None:
    """Watches: sees the same and can do nothing."""
    town.minute()
    walk.come_in("fgw.supervisor")
    walk.at("/desk", "desk")
    walk.nav(walk.word("各单位"))
    walk.at("/desk/quality/providers", "providers")
    assert walk.download("CSV", exact=False).decode("utf-8-sig").count("\n") > 1
    walk.nav(walk.word("目录"))
    walk.at("/desk/norms", "norms", walk.word("市公共信用信息补充目录"))
    assert walk.page.get_by_role("link", name=walk.word("起草"), exact=True).count() == 0
    walk.nav(walk.word("日志"))
    walk.at("/desk/log", "log", walk.word("谁查了什么"))
    walk.unfold(walk.word("按条件看"))
    walk.fill(walk.word("台账条目"), "abc")
    walk.press(walk.word("记入台账并看"))
    walk.errs("log-error", walk.word("条目号只有数字"))
    walk.fill(walk.word("台账条目"), "")
    walk.press(walk.word("记入台账并看"))
    walk._go(walk.page.locator("main tbody th a").first)
    walk.at(r"/desk/log/\d+", "entry")
    assert walk.page.locator("main form").count() == 0, "a supervisor only watches"
    walk.sign_out()


def administrators(walk: Walk, town: Town, another: Another) -> None:
    """One proposes an account with a role, the other decides; a role ends, a password is given, a house is entered."""
    tag = f"{walk.window.language[:2]}{walk.window.width}"
    walk.come_in("fgw.admin")
    walk.at("/desk", "desk")
    _proposes_an_account(walk, f"jtj.{tag}")
    second = another("administrator2")
    second.start()
    second.click(second.word("登录"), within=".xh-tools")
    second.sign_in("fgw.admin2")
    second.at("/desk", "desk2")
    password = _grants(second, f"jtj.{tag}")
    newcomer = another("newcomer")
    _begins_to_work(newcomer, f"jtj.{tag}", password)
    _ends_the_role(walk, f"jtj.{tag}")
    _gives_a_password(walk, f"jtj.{tag}", newcomer)
    _enters_an_organisation(walk, second, f"walk{tag}")
    walk.click(walk.word("账号安全"), within=".xh-tools")
    walk.at("/account/sessions", "sessions", walk.word("登录情况"))
    walk.sign_out()


def _proposes_an_account(walk: Walk, username: str) -> None:
    walk.nav(walk.word("账号"))
    walk.at("/desk/accounts", "accounts", walk.word("账号和岗位"))
    walk.click(walk.word("提出开通账号"), within="main")
    walk.at("/desk/accounts/new", "account-new", walk.word("提出开通账号"))
    walk.fill(walk.word("姓名"), walk.own("试用", "Example"))
    walk.fill(walk.word("工号"), "T1")
    walk.choose(walk.word("单位"), walk.own("衡川市交通运输局", "Hengchuan Transport Bureau"))
    walk.fill(walk.word("用户名"), username.upper())
    walk.tick(walk.said("role.querier"))
    walk.press(walk.word("提出"))
    walk.errs("account-wrong", walk.word("用户名只用小写字母、数字、点和横线"))
    walk.fill(walk.word("用户名"), username)
    walk.fill(walk.word("理由"), walk.own("新到岗", "New in office"))
    walk.press(walk.word("提出"))
    walk.at(r"/desk/accounts/\d+", "account-proposed", username)
    walk.reads(walk.word("没有开通"), walk.word("已提出，等另一名管理员决定"))
    walk.click(walk.word("去决定"), within="main")
    walk.at("/desk/grants", "own-proposal")
    assert walk.page.get_by_role("button", name=walk.word("同意这一件")).count() == 0


def _grants(second: Walk, username: str) -> str:
    """The second administrator opens the account and grants the role; the password that is shown once."""
    second.nav(second.word("授予"))
    second.at("/desk/grants", "grants")
    refusals = second.page.locator("details").filter(has_text=second.word("不同意这一件"))
    refusals.first.locator("summary").click()
    second._go(refusals.first.get_by_role("button"))
    second.errs("refused-without-reason", second.word("请填写“{label}”").format(label=second.word("理由")))
    second.press(second.word("同意这一件"))
    second.at("/desk/grants", "opened", second.word("账号已开通"))
    second.reads(username)
    password = second.page.locator("main dd.xh-code").nth(1).inner_text()
    second.click(second.word("回到授予"), within="main")
    second.press(second.word("同意这一件"))
    second.at("/desk/grants", "granted")
    second.reads(second.word("已同意，当场生效，记入台账。"))
    second.lacks(username)
    return password


def _begins_to_work(newcomer: Walk, username: str, password: str) -> None:
    newcomer.start()
    newcomer.click(newcomer.word("登录"), within=".xh-tools")
    newcomer.sign_in(username, password)
    newcomer.at("/account/password", "must-change", newcomer.word("先设一个自己的密码"))
    _takes_a_password(newcomer, password, password)
    newcomer.errs("same", newcomer.said("password_same"))
    _takes_a_password(newcomer, password, "orchard-violet-river-42")
    newcomer.at("/desk", "first-desk")
    newcomer.reads(newcomer.said("role.querier"))


def _takes_a_password(walk: Walk, old: str, new: str) -> None:
    walk.fill(walk.word("现在的密码"), old)
    walk.fill(walk.word("新密码"), new)
    walk.fill(walk.word("新密码再输一遍"), new)
    walk.press(walk.word("保存新密码"))


def _opens(walk: Walk, username: str) -> None:
    walk.nav(walk.word("账号"))
    walk.fill(walk.word("用户名、姓名或者工号"), username)
    walk.press(walk.word("看"))
    walk.click(username, within="main")


def _ends_the_role(walk: Walk, username: str) -> None:
    _opens(walk, username)
    walk.at(r"/desk/accounts/\d+", "account")
    ending = walk.word("撤销“%(role)s”", role=walk.said("role.querier"))
    walk.unfold(ending)
    walk.press(ending)
    walk.errs("revoked-without-reason", walk.word("请填写“{label}”").format(label=walk.word("理由")))
    walk.page.locator("details[open] textarea:visible").fill(walk.own("调离", "Left the office"))
    walk.press(ending)
    walk.at(r"/desk/accounts/\d+", "revoked")
    walk.reads(walk.word("没有岗位"), walk.word("以前的岗位"))


def _gives_a_password(walk: Walk, username: str, holder: Walk) -> None:
    walk.press(walk.word("给一个一次性密码"))
    walk.at(r"/desk/accounts/\d+", "password-given", walk.word("已发一次性密码"))
    given = walk.page.locator("main dd.xh-code").nth(1).inner_text()
    holder.click(holder.word("账号安全"), within=".xh-tools")
    holder.at("/sign-in", "signed-out", holder.word("登录"))
    holder.sign_in(username, given)
    holder.at("/account/password", "must-change-again", holder.word("先设一个自己的密码"))


def _enters_an_organisation(walk: Walk, second: Walk, code: str) -> None:
    walk.nav(walk.word("单位册"))
    walk.at("/desk/organisations", "organisations", walk.word("单位和职权"))
    walk.cites()
    walk.click(walk.word("提出登记单位"), within="main")
    walk.at("/desk/organisations/new", "organisation-new", walk.word("提出登记单位"))
    walk.fill(walk.word("单位名称"), f"衡川市试行局{code}")
    walk.fill(walk.word("英文名称"), f"Hengchuan Trial Bureau {code}")
    walk.fill(walk.word("单位代号"), "1 bureau")
    walk.fill(walk.word("理由"), walk.own("机构改革", "Reform"))
    walk.press(walk.word("提出"))
    walk.errs("organisation-wrong", walk.word("单位代号只用小写字母和数字，以字母开头"))
    walk.fill(walk.word("单位代号"), code)
    walk.press(walk.word("提出"))
    walk.at(rf"/desk/organisations/{code}", "organisation")
    walk.reads(walk.word("没有启用"))
    second.nav(second.word("授予"))
    second.press(second.word("同意这一件"))
    walk.nav(walk.word("单位册"))
    walk.click(walk.own(f"衡川市试行局{code}", f"Hengchuan Trial Bureau {code}"), within="main", exact=False)
    walk.at(rf"/desk/organisations/{code}", "organisation-in-use")
    walk.reads(walk.word("使用中"), walk.word("没有职权"))
