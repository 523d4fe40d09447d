"""The walk of whoever is on file: own file, copies, who looked, a complaint, a second step, a password, sessions."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

from tests.browser.town import Town
from tests.browser.walking import Walk
from xinheng.accounts.rules import CODE_SECONDS, totp
from xinheng.accounts.services import DEMO_PASSWORD
from xinheng.lib import clock

Another = Callable[[str], Walk]
NEW_PASSWORD = "lantern-harbour-quiet-1987"
NAMES = {"gongmin": "林既白", "qiye": "衡川市云衡食品有限公司", "getihu": "衡川市吴大勇五金店"}


def own(username: str, *, also: str = "step password") -> Callable[[Walk, Town, Another], None]:
    """The walk of an account of the demo; ``also``: a second step of sign-in, a new password and other sessions."""

    def walked(walk: Walk, town: Town, another: Another) -> None:
        walk.come_in(username)
        _reads_the_file(walk, username)
        _takes_a_copy(walk)
        _sees_who_looked(walk)
        secret = _sets_a_second_step(walk) if "step" in also else b""
        if "password" in also:
            _changes_the_password(walk)
        _ends_the_other_session(walk, another, username, NEW_PASSWORD if "password" in also else DEMO_PASSWORD, secret)
        _asks_for_no_desk(walk)
        walk.sign_out()
        walk.at("/", "gone")

    return walked


def _reads_the_file(walk: Walk, username: str) -> None:
    walk.at("/my/file", "file")
    walk.reads(NAMES[username], walk.word("查阅回执"))
    walk.cites()
    records = walk.page.locator("main article").count()
    if records:
        walk.reads(walk.word("来自"), walk.word("依据的目录项"), walk.word("公众能不能看"))
    else:
        walk.reads(walk.word("没有信息不等于评价。"))


def _takes_a_copy(walk: Walk) -> None:
    told = json.loads(walk.download("JSON"))
    assert told, "an empty copy"
    assert walk.download("CSV").decode("utf-8-sig").count(",") > 2
    walk.click(walk.word("打印或存成PDF"), within="main")
    walk.at("/my/copy", "copy", walk.word("本人档案复制件"))
    assert walk.page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    walk.click(walk.word("回到我的信息"), within="main")


def _sees_who_looked(walk: Walk) -> None:
    walk.click(walk.word("谁看过"), within="main")
    walk.at("/my/looks", "looks", walk.word("谁看过我的档案"))
    walk.cites()
    walk.fill(walk.word("从哪一天"), "2026-11-20")
    walk.fill(walk.word("到哪一天"), "2026-11-01")
    walk.press(walk.word("只看这些"))
    walk.errs("looks-error", walk.word("“到哪一天”不能早于“从哪一天”"))
    walk.fill(walk.word("从哪一天"), "")
    walk.fill(walk.word("到哪一天"), "")
    walk.choose(walk.word("哪些"), walk.word("机关查的"))
    walk.press(walk.word("只看这些"))
    walk.at("/my/looks", "looks-official")
    if walk.page.locator(".xh-tl").count():
        walk.reads(walk.world.pack.matters["market_access"].label.get(walk.window.language))
        walk.click(walk.word("投诉这次查看"), within="main", exact=False)
        walk.at("/my/notice", "complain", walk.word("您的信息怎么处理"))
        assert "about=" in walk.page.url
        walk.reads(walk.word("服务窗口在哪里"))
        walk.click(walk.word("谁看过"), within="main")
    else:
        walk.reads(walk.word("没有这样的记录"))
        walk.click(walk.word("看全部"), within="main")
    walk.choose(walk.word("哪些"), walk.word("本人一方看的"))
    walk.press(walk.word("只看这些"))
    assert walk.page.locator(".xh-tl--self").count() >= 1
    walk.look("looks-own")


def _sets_a_second_step(walk: Walk) -> bytes:
    walk.click(walk.word("账号安全"), within=".xh-tools")
    walk.at("/account/sessions", "sessions", walk.word("登录情况"))
    walk.click(walk.word("动态口令"), within="main")
    walk.fill(walk.word("密码"), "mistyped-password")
    walk.press(walk.word("开始设置"))
    walk.errs("factor-password", walk.said("password_wrong"))
    walk.fill(walk.word("密码"), DEMO_PASSWORD)
    walk.press(walk.word("开始设置"))
    walk.at("/account/factor", "factor", walk.word("动态口令"))
    typed = walk.page.locator("main p.xh-code[lang=en]").inner_text()
    secret = base64.b32decode(typed.replace(" ", ""))
    walk.fill(walk.word("动态口令"), "000000")
    walk.press(walk.word("启用"))
    walk.errs("factor-code", walk.said("first_code_wrong"))
    walk.fill(walk.word("动态口令"), _code(secret, -1))
    walk.press(walk.word("启用"))
    walk.at("/account/factor", "recovery", walk.word("动态口令已启用"))
    assert walk.page.locator(".xh-codes li").count() == 10
    walk.click(walk.word("抄好了，继续"), within="main")
    return secret


def _changes_the_password(walk: Walk) -> None:
    walk.click(walk.word("账号安全"), within=".xh-tools")
    walk.click(walk.word("改密码"), within="main")
    for old, new, again, message in (
        ("mistyped", NEW_PASSWORD, NEW_PASSWORD, walk.said("password_wrong")),
        (DEMO_PASSWORD, "password123", "password123", walk.said("password_too_weak")),
        (DEMO_PASSWORD, NEW_PASSWORD, "another", walk.word("两遍新密码不一样")),
    ):
        _types(walk, old, new, again)
        walk.errs(f"password-{old[:2]}{new[:2]}{again[:2]}", message)
    _types(walk, DEMO_PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    walk.at("/account/password", "password-changed", walk.word("改密码"))
    walk.reads(walk.word("密码已经改好"))


def _types(walk: Walk, old: str, new: str, again: str) -> None:
    walk.fill(walk.word("现在的密码"), old)
    walk.fill(walk.word("新密码"), new)
    walk.fill(walk.word("新密码再输一遍"), again)
    walk.press(walk.word("保存新密码"))


def _ends_the_other_session(walk: Walk, another: Another, username: str, password: str, secret: bytes) -> None:
    """The same person at a second machine, with a code where one is set; then sent away from the first."""
    there = another(walk.who + "-again")
    there.start()
    there.click(there.word("登录"), within=".xh-tools")
    there.sign_in(username, password)
    if secret:
        there.at("/sign-in/code", "code", there.word("输入动态口令"))
        there.fill(there.word("动态口令"), "000000")
        there.press(there.word("登录"))
        there.errs("code-wrong", there.said("code_wrong"))
        there.fill(there.word("动态口令"), _code(secret))
        there.press(there.word("登录"))
    there.at("/my/file", "file-again")
    walk.click(walk.word("账号安全"), within=".xh-tools")
    walk.at("/account/sessions", "sessions-two", walk.word("登录情况"))
    walk.press(walk.word("退出其他所有登录"))
    walk.at("/account/sessions", "sessions-one")
    assert walk.page.locator("main .xh-card").count() == 1
    there.click(there.word("谁看过"), within="main")
    there.at("/sign-in", "sent-away", there.word("登录"))


def _asks_for_no_desk(walk: Walk) -> None:
    """No desk is offered to whoever is on file."""
    assert walk.page.get_by_role("link", name=walk.word("工作台"), exact=True).count() == 0


def _code(secret: bytes, steps: int = 0) -> str:
    return totp(secret, int(clock.real().timestamp()) // CODE_SECONDS + steps)
