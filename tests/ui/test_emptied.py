"""The summary of errors says that what was filled in is still there only where that is so."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_password_that_was_emptied_is_not_said_to_be_still_there() -> None:
    page = Client().post("/sign-in", {"username": "nobody", "password": "wrong"}).content.decode()
    assert "还不能提交" in page and "已填的内容都还在" not in page
    assert "忘了密码，工作人员找本单位管理员" in page  # and what to do
