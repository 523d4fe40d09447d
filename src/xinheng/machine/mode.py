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
