"""Which errors may a question about the law end in?"""

from __future__ import annotations

from dataclasses import dataclass

from xinheng.lib.errors import NotFound, XinhengError


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault of a pack: file as given, line and column from 1, stable code, one Chinese sentence."""

    file: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} {self.code} {self.message}"


class PackError(XinhengError):
    """A pack is refused; ``findings`` say where and why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("pack_refused", count=str(len(findings)), first=str(findings[0]) if findings else "")
        self.findings = findings

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class UnknownPack(NotFound):
    """No pack of that id, and no folder of that name."""

    def __init__(self, name: str) -> None:
        super().__init__("pack_unknown", name=name)


class NoValueInForce(XinhengError):
    """The pack holds no value in force on the day asked: an error, never a default."""

    def __init__(self, *, what: str, name: str, on: str, pack: str) -> None:
        super().__init__("no_value_in_force", what=what, name=name, on=on, pack=pack)

    def __str__(self) -> str:
        return (
            f"{self.code}: {self.params['what']} {self.params['name']} on {self.params['on']} in {self.params['pack']}"
        )
