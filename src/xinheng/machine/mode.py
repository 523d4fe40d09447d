"""What is this deployment for? Production is strict about keys and rights; demo and test look after themselves."""

from __future__ import annotations

import os
from enum import StrEnum

from xinheng.machine.errors import MachineError


class Mode(StrEnum):
    """The three modes of ``XINHENG_MODE``."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


def mode() -> Mode:
    """The mode named by ``XINHENG_MODE`` (demo when unset). Raises MachineError for an unknown word."""
    text = os.environ.get("XINHENG_MODE") or Mode.DEMO.value
    try:
        return Mode(text)
    except ValueError:
        raise MachineError(
            "mode_unknown",
            zh=f"XINHENG_MODE 的值“{text}”无效，应为 demo、test 或 production。",
            en=f"XINHENG_MODE is {text!r}; it must be demo, test or production.",
        ) from None


REQUIRED = "required"
OFFERED = "offered"


def second_step() -> str:
    """``required`` or ``offered``: must staff show the code of an authenticator, by ``XINHENG_TOTP``?

    Unset: required in production, else offered. Raises MachineError for another word, and in production for less than
    required.
    """
    production = mode() is Mode.PRODUCTION
    text = os.environ.get("XINHENG_TOTP") or (REQUIRED if production else OFFERED)
    if text not in (REQUIRED, OFFERED):
        raise MachineError(
            "totp_unknown",
            zh=f"XINHENG_TOTP 的值“{text}”无效，应为 required 或 offered。",
            en=f"XINHENG_TOTP is {text!r}; it must be required or offered.",
        )
    if production and text != REQUIRED:
        raise MachineError(
            "production_without_totp",
            zh="正式运行时工作人员登录必须用动态口令，请去掉 XINHENG_TOTP 或设为 required。",
            en="In production staff must sign in with an authenticator: unset XINHENG_TOTP or set it to required.",
        )
    return text
