"""What can verification say? One result for each check, one line for each damage, one for each lawful erasure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xinheng.ledger.verify.snapshot import Verification


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check ran over ``count`` things."""

    check: str
    ok: bool
    count: int

    def line(self) -> dict[str, Any]:
        return {"check": self.check, "ok": self.ok, "count": self.count}


@dataclass(frozen=True, slots=True)
class Damage:
    """Something differs from what was signed. ``what`` is a stable code."""

    what: str
    table: str
    expected: str
    found: str
    entry: int | None = None
    record: int | None = None
    subject: int | None = None

    def line(self) -> dict[str, Any]:
        place = {"entry": self.entry, "record": self.record, "subject": self.subject}
        named = {name: str(value) for name, value in place.items() if value is not None}
        said = {"what": self.what, "table": self.table, **named, "expected": self.expected, "found": self.found}
        return {"damage": said}


@dataclass(frozen=True, slots=True)
class Erased:
    """Row ``key`` of ``table`` is gone under the sealed entry ``under``, which names ground and article."""

    table: str
    key: str
    under: int
    ground: str
    article: str

    def line(self) -> dict[str, Any]:
        said = f"erased under {self.article}"
        return {
            "erased": {
                "table": self.table, "key": self.key, "what": said, "under": str(self.under), "ground": self.ground,
                "article": self.article,
            }
        }  # fmt: skip


Finding = CheckResult | Damage | Erased
Check = Callable[["Verification"], Iterator[Finding]]


class Tally:
    """Passes findings on and remembers whether any was damage."""

    def __init__(self, check: str) -> None:
        self._check = check
        self._ok = True
        self.count = 0

    def damage(
        self,
        what: str,
        table: str,
        *,
        expected: object = "",
        found: object = "",
        entry: int | None = None,
        record: int | None = None,
        subject: int | None = None,
    ) -> Damage:
        """A damage, which turns the result of this check to not ok."""
        self._ok = False
        return Damage(what, table, str(expected), str(found), entry, record, subject)

    def result(self) -> CheckResult:
        return CheckResult(self._check, self._ok, self.count)
