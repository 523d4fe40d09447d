"""What is said when the machine itself is not fit, in whole sentences of both languages."""

from __future__ import annotations

from xinheng.lib.errors import XinhengError


class MachineError(XinhengError):
    """The machine, not the user's input, stands in the way; ``zh`` and ``en`` say what to do. Never holds a
    password or key."""

    def __init__(self, code: str, *, zh: str, en: str, **params: str) -> None:
        super().__init__(code, zh=zh, en=en, **params)
        self.zh = zh
        self.en = en

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"
