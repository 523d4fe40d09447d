"""What does the log say of flags and reviews of queries, for `lines` to compare the tables with?

A flag was entered when it was given, a review when it was written. So nobody takes a flag from a query, or notes a
review that nobody wrote, without the next verification telling it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from xinheng.disclosure.models import QueryReview
from xinheng.disclosure.services.folding import FLAGGED, REVIEWED
from xinheng.ledger.models import LedgerLeaf
from xinheng.ledger.verify import Damage, Tally, Verification
from xinheng.lib.clock import stamp

REVIEWS = "query_review"


@dataclass
class Looked:
    """Entry of a query -> its flags as they were entered; the queries that somebody reviewed."""

    flags: dict[str, set[str]] = field(default_factory=dict)
    reviewed: set[int] = field(default_factory=set)

    def of(self, entry_id: int) -> tuple[set[str], int]:
        """(flags, stage) that the line of an entry has by the log."""
        flags = self.flags.get(str(entry_id), set())
        return flags, 0 if not flags else 1 if entry_id in self.reviewed else 2


def entered_flags(verification: Verification) -> dict[str, set[str]]:
    """Flags as the log says them: those of the last reading of everything, and what later readings added."""
    said = [(entry, body["fields"]) for entry, body in verification.bodies(FLAGGED) if body is not None]
    anew = [one for one in said if one[1]["anew"]]
    newest: Mapping[str, Any] = max(anew, key=lambda one: _order(verification, *one))[1] if anew else {}
    begins = int(newest["last"]) + 1 if newest else 0
    found = {str(entry): set(str(text).split()) for entry, text in newest.get("flags", {}).items()}
    for _, fields in said:
        if not fields["anew"] and int(fields["first"]) >= begins:
            for entry, text in fields["flags"].items():
                found.setdefault(str(entry), set()).update(str(text).split())
    return found


def _order(verification: Verification, entry: int, fields: Mapping[str, Any]) -> tuple[int, str, int]:
    facts = verification.facts(entry)
    return int(fields["last"]), facts.at if facts else "", entry


def check_reviews(tally: Tally, verification: Verification, looked: Looked, mark: int) -> Iterator[Damage]:
    """Each review that was read out of the log has its row, and each row its review. Fills ``looked.reviewed``."""
    rows = {row.entry_id: row for row in QueryReview.objects.all().iterator(2000)}
    said = {entry: body for entry, body in verification.bodies(REVIEWED) if body is not None}
    places = dict(LedgerLeaf.objects.filter(entry_id__in=list(said)).values_list("entry_id", "index"))
    for entry, body in said.items():
        row = rows.pop(entry, None)
        if row is None:
            if places.get(entry, mark + 1) <= mark:
                yield tally.damage("query_review_missing", REVIEWS, expected="a review", found="none", entry=entry)
            continue
        facts = verification.facts(entry)
        expected = (str(body["fields"]["entry"]), str(body["actor"]), facts.at if facts else "")
        found = (str(row.line_id), f"account:{row.account_id}", stamp(row.at))
        looked.reviewed.add(int(expected[0]))
        if found != expected:
            yield tally.damage("query_review_differs", REVIEWS, expected=expected, found=found, entry=entry)
    for entry in rows:
        yield tally.damage("query_review_without_entry", REVIEWS, expected="an entry", found=entry, entry=entry)
