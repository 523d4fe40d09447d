"""The accounts' door on the command line: `xinheng found`, which makes the first two administrators."""

from __future__ import annotations

import getpass
import json

import click


@click.command()
@click.option("--code", required=True, metavar="CODE", help="主管部门的单位代号。 Code of the competent department.")
@click.option("--name", required=True, metavar="NAME", help="主管部门的名称。 Its name.")
@click.option("--uscc", default="", metavar="USCC", help="统一社会信用代码。 Its unified social credit code.")
@click.option(
    "--admin",
    "admins",
    nargs=3,
    multiple=True,
    metavar="USER NAME NUMBER",
    help="管理员的用户名、姓名、工号，写两次。 User name, name and staff number; given twice.",
)
@click.option("--json", "as_json", is_flag=True, help="每行一个JSON对象。 JSON Lines.")
def found(*, code: str, name: str, uscc: str, admins: tuple[tuple[str, str, str], ...], as_json: bool) -> None:
    """正式启用时设立最初的两名管理员；一次性密码只显示这一次。 Make the first two administrators, once.

    只在还没有管理员时可以用。以后的岗位和职权都由两名管理员授予。
    Only while there is no administrator. Afterwards two administrators give every right.
    """
    from xinheng.accounts.services.founding import Founder, found_platform
    from xinheng.lib import clock
    from xinheng.ui import city

    opened = found_platform(
        code=code,
        name=name,
        uscc=uscc,
        founders=[Founder(*one) for one in admins],
        user=getpass.getuser(),
        pack=city.pack(),
        at=clock.now(),
    )
    for username, password in opened:
        line = {"username": username, "one_time_password": password}
        click.echo(json.dumps(line) if as_json else f"{username}　{password}")
    click.echo(json.dumps({"summary": {"administrators": len(opened)}}) if as_json else SAID)


SAID = "这是一次性密码，只显示这一次：当面交给两个人，各自登录后马上换成自己的。"
