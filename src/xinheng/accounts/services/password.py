"""An account's password: changed by its holder, given once by an administrator, and none that is soon guessed.

The ledger has the act and nothing of the password.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from pypinyin import lazy_pinyin

from xinheng.accounts import selectors
from xinheng.accounts.models import Account
from xinheng.accounts.rules import ONE_TIME_FOR, Origin, may_give_password, may_open_way
from xinheng.accounts.services.entry import ANYWHERE, confirm_password, end_sessions
from xinheng.ledger.models import LawVersion
from xinheng.ledger.services import append
from xinheng.lib.errors import BadInput, NotAllowed
from xinheng.ui import city

OWN_PART = 6  # letters a password needs beside what everybody would try
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_ONE_TIME_LENGTH = 16
_LOOKALIKE = str.maketrans("@$01357", "asolest")
_NUMBERS = re.compile(r"\d{3,}")
_REPEATED = re.compile(r"(.)\1{2,}")
_NO_LETTER = re.compile(r"[\W_]+")

# What people in China begin with: words of love and luck in pinyin, the keyboard, the house itself. Numbers (520, 1314,
# birthdays, telephones) are left out of every count anyway.
COMMON: tuple[str, ...] = (
    *("woaini", "woaiwo", "aini", "iloveyou", "iloveu", "loveyou", "love", "aiqing", "laopo", "laogong", "baobao"),
    *("baobei", "mima", "nihao", "nihaoma", "zhongguo", "zhonghua", "china", "beijing", "shanghai", "guangzhou"),
    *("shenzhen", "tianxia", "facai", "gongxi", "xinnian", "kuaile", "shengri", "jiayou", "caonima", "haohao"),
    *("taobao", "tencent", "weixin", "baidu", "alibaba", "huawei", "dongfang", "wangyi", "dragon", "sunshine"),
    *("qwertyuiop", "qwerty", "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "zxcvbn", "zxcv", "qazwsxedc", "qazwsx"),
    *("qwer", "wasd", "1qaz", "2wsx", "3edc", "4rfv", "abcdefg", "abcdef", "abcd", "abc", "monkey", "hello"),
    *("administrator", "admin", "root", "test", "ceshi", "guest", "user", "password", "passwd", "pass", "word"),
    *("welcome", "letmein", "login", "denglu", "yonghu", "guanliyuan", "guanli", "xitong", "zhengfu", "gov"),
    *("xinyong", "xinheng", "credit", "pingtai", "shifan", "demo"),
)


class NotFamiliar:
    """Django's validator for Chinese habits: names, pinyin, keyboard walks, numbers. Listed in the settings."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when less than `OWN_PART` letters are left of it beside what everybody would try."""
        known = [*COMMON, *_of_city(city.pack().name.zh), *(_names(user) if isinstance(user, Account) else ())]
        for spelt in (password.lower(), password.lower().translate(_LOOKALIKE)):
            if own_part(spelt, known) < OWN_PART:
                raise ValidationError("", code="password_familiar")

    def get_help_text(self) -> str:
        """The page says it in its own words."""
        return ""


def own_part(password: str, known: Iterable[str]) -> int:
    """How many characters of ``password`` are neither a known piece nor a number, a repetition or a sign."""
    rest = password
    for piece in sorted({one for one in known if len(one) > 2}, key=len, reverse=True):
        rest = rest.replace(piece, " ")
    for pattern in (_NUMBERS, _REPEATED, _NO_LETTER):
        rest = pattern.sub("", rest)
    return len(rest)


@cache
def _of_city(name: str) -> tuple[str, ...]:
    return tuple(_spelt(name.removesuffix("市")))


def _names(account: Account) -> Iterator[str]:
    """What stands in the register about the holder, as somebody who guesses would write it."""
    body = account.organisation
    said = (account.username, account.staff_number, body.code if body else "")
    yield from (part for text in said for part in re.split(r"\W+", text.lower()))
    for name in (account.display_name, body.name_zh if body else ""):
        yield from _spelt(name)


def _spelt(name: str) -> Iterator[str]:
    """A Chinese name in pinyin: whole, its syllables, its initials."""
    syllables = [one.lower() for one in lazy_pinyin(name) if one.strip()]
    yield name.lower()
    yield "".join(syllables)
    yield from syllables
    yield "".join(one[0] for one in syllables)


def change_password(
    *,
    account_id: int,
    old: str,
    new: str,
    session: str | None,
    law: LawVersion,
    at: datetime,
    origin: Origin = ANYWHERE,
) -> Account:
    """Give an account the password its holder chose; all its sessions but ``session`` end. One entry ``password.set``.

    Raises NotAllowed ``password_wrong`` or a pause, BadInput ``password_too_weak`` or ``password_same``.
    """
    confirm_password(account_id=account_id, password=old, at=at, origin=origin)
    if old == new:
        raise BadInput("password_same")
    account = selectors.account(account_id)
    try:
        password_validation.validate_password(new, account)
    except ValidationError:
        raise BadInput("password_too_weak") from None
    _set(account, new, until=None, session=session, actor=account, act="password.set", law=law, at=at)
    return account


def set_one_time_password(*, account_id: int, set_by: Account, law: LawVersion, at: datetime) -> str:
    """Give an account a password for `ONE_TIME_FOR` that opens nothing but the page where the holder sets another.

    All sessions of the account end; one entry ``password.given``. The answer is the only place that ever shows it.
    Raises NotAllowed with the reason of `rules.may_give_password` or `rules.may_open_way`.
    """
    account, by = selectors.account(account_id), selectors.account_asker(set_by)
    verdict = may_give_password(account_id=account_id, by=set_by.id, roles=by.roles)
    if verdict:
        held = selectors.roles_of(account_id)
        verdict = may_open_way(organisation_id=account.organisation_id, account_id=account_id, roles=held, by=by)
    if not verdict:
        raise NotAllowed(verdict.reason, article=verdict.article or None)
    text = fresh_password()
    _set(account, text, until=at + ONE_TIME_FOR, session=None, actor=set_by, act="password.given", law=law, at=at)
    return text


def fresh_password() -> str:
    """A password for one time, without letters that are mistaken for others."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_ONE_TIME_LENGTH))


@transaction.atomic
def _set(
    account: Account,
    password: str,
    *,
    until: datetime | None,
    session: str | None,
    actor: Account,
    act: str,
    law: LawVersion,
    at: datetime,
) -> None:
    account.set_password(password)
    account.one_time_until = until
    Account.objects.filter(id=account.id).update(password=account.password, one_time_until=until)
    end_sessions(account_id=account.id, but=session)
    append(
        act=act,
        at=at,
        law=law,
        actor=f"account:{actor.id}",
        organisation=account.organisation.code if account.organisation else "",
        channel="web",
        subject=None,
        ground={},
        result="done",
        fields={},
        extra={"account": str(account.id)},
    )
