"""Does an organisation find all its receipts, and is every party of a case still counted? Registered with
`ledger verify`.

Both tables say no more than the lines of the log of queries, which `lines` compares with the ledger. Who takes a
receipt away, or a party so that another person may be asked about in the case (INV-3), is told here. What is not read
out of the log yet is looked at the next time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import batched

from xinheng.disclosure.models import AskedQuestion, CaseParty, QueryLine
from xinheng.disclosure.rules import Channel, Reason, case_words
from xinheng.disclosure.services.folding import ANSWERED, case_place
from xinheng.disclosure.services.parties import kept_since
from xinheng.law.pack import Pack
from xinheng.ledger.models import LedgerEntry
from xinheng.ledger.verify import Damage, Finding, Tally, Verification, stream
from xinheng.lib.clock import today
from xinheng.lib.errors import XinhengError
from xinheng.store.crypto import blind, unseal
from xinheng.ui import city

CHUNK = 500
_ANSWER = b'{"act":"' + ANSWERED.encode() + b'",'
QUESTION, PARTY = "asked_question", "case_party"
_WITHOUT_QUESTION = """
SELECT entry_id FROM query_line WHERE ground = 'official' AND at >= %s
EXCEPT SELECT unnest(entries) FROM asked_question ORDER BY 1
"""
_PERSONS = """
SELECT organisation_id, matter, case_digest, CASE WHEN case_digest = '' THEN (at AT TIME ZONE %s)::date END,
  min(entry_id), array_agg(DISTINCT coalesce('tag:' || encode(subject_tag, 'hex'), asked))
FROM query_line WHERE ground = 'official' AND person AND result <> 'refused' AND matter <> '' AND at >= %s
  AND organisation_id IS NOT NULL
GROUP BY 1, 2, 3, 4
"""


def check_questions(verification: Verification) -> Iterator[Finding]:
    """One CheckResult ``questions``, counting questions and parties."""
    tally, pack = Tally("questions"), city.pack()
    since = kept_since(today(pack.zone), pack)
    begins = datetime.combine(since or date(1970, 1, 1), datetime.min.time(), pack.tz)
    for part in batched(AskedQuestion.objects.order_by("id").iterator(CHUNK), CHUNK, strict=False):
        yield from _questions(tally, part)
    for (entry,) in stream(_WITHOUT_QUESTION, [begins]):
        yield tally.damage("question_missing", QUESTION, expected="a question", found="none", entry=entry)
    for rows in batched(CaseParty.objects.order_by("first_entry").iterator(CHUNK), CHUNK, strict=False):
        yield from _parties(tally, rows)
    yield from _too_few(tally, begins, pack)
    yield tally.result()


def _questions(tally: Tally, part: Sequence[AskedQuestion]) -> Iterator[Damage]:
    """Each question names answers that its organisation's officer got, as many as it says."""
    entries = {entry for row in part for entry in row.entries}
    lines = QueryLine.objects.in_bulk(list(entries))
    known = _answers(entries)
    for row in part:
        tally.count += 1
        found = [lines[entry] for entry in row.entries if entry in lines]
        if not row.entries or row.id != row.entries[0] or not known.issuperset(row.entries):
            yield tally.damage("question_entries", QUESTION, expected="its entries", found=row.entries, entry=row.id)
        elif wrong := {name for line in found for name in _unlike(row, line)}:
            yield tally.damage("question_differs", QUESTION, expected="as asked", found=sorted(wrong), entry=row.id)
        elif len(found) == len(row.entries) and _counts(found) != (row.granted, row.empty, row.refused):
            said = (row.granted, row.empty, row.refused)
            yield tally.damage("question_counts", QUESTION, expected=_counts(found), found=said, entry=row.id)


def _unlike(row: AskedQuestion, line: QueryLine) -> Iterator[str]:
    if line.ground != Channel.OFFICIAL:
        yield "ground"
    if row.organisation_id != (line.organisation_id or 0):
        yield "organisation"
    if row.account_id != (line.account_id or 0):
        yield "account"
    if row.at != line.at:
        yield "at"
    if line.matter and row.matter != line.matter:
        yield "matter"
    if row.case_digest not in blind("case", case_words(_case(line))):
        yield "case"


def _answers(entries: Collection[int]) -> set[int]:
    """Those of these entries that answer a question, by their own bytes."""
    rows = LedgerEntry.objects.filter(id__in=entries).values_list("id", "bytes")
    return {number for number, data in rows if bytes(data).startswith(_ANSWER)}


def _case(line: QueryLine) -> str:
    if line.case_sealed is None:
        return ""
    try:
        return unseal(bytes(line.case_sealed), aad=case_place(line.entry_id)).decode()
    except (XinhengError, IndexError, ValueError):
        return ""


def _counts(lines: Sequence[QueryLine]) -> tuple[int, int, int]:
    """Results as the asker was told them: about somebody who died nothing was found."""
    told = Counter("empty" if line.reason == Reason.SUBJECT_FROZEN else line.result for line in lines)
    return told["granted"], told["empty"], told["refused"]


def _parties(tally: Tally, part: Sequence[CaseParty]) -> Iterator[Damage]:
    """The first question about each party was asked by that organisation about a person, in that matter and case."""
    lines = QueryLine.objects.in_bulk([row.first_entry for row in part])
    known = _answers({row.first_entry for row in part})
    for row in part:
        tally.count += 1
        line = lines.get(row.first_entry)
        if line is None:
            fits = row.first_entry in known
        else:
            same = (row.organisation_id, row.at, True) == (line.organisation_id, line.at, line.person)
            fits = same and row.matter in (line.matter, row.matter if not line.matter else "")
            fits = fits and row.case_digest in blind("case", _place(line, city.pack()))
        if not fits:
            yield tally.damage("party_differs", PARTY, expected="a question", found="another", entry=row.first_entry)


def _place(line: QueryLine, pack: Pack) -> str:
    """The case of a line as parties are kept under it; the day where its matter has no case numbers."""
    return case_words(_case(line)) or line.at.astimezone(pack.tz).date().isoformat()


def _too_few(tally: Tally, begins: datetime, pack: Pack) -> Iterator[Damage]:
    """As many persons as were answered about in a case are its parties at least.

    Somebody may first be unknown and then on file, or asked for under an earlier key: so each sort is counted alone.
    """
    asked: dict[tuple[int, str, str], tuple[set[str], int]] = {}
    groups = list(stream(_PERSONS, [pack.zone, begins]))
    lines: Mapping[int, QueryLine] = QueryLine.objects.in_bulk([group[4] for group in groups])
    for body, matter, _, _, entry, about in groups:
        persons, _ = asked.setdefault((body, matter, _place(lines[entry], pack)), (set(), entry))
        persons.update(about)
    for (body, matter, case), (persons, first) in asked.items():
        digests = blind("case", case)
        kept = CaseParty.objects.filter(organisation_id=body, matter=matter, case_digest__in=digests).count()
        least = max(Counter(one.partition(":")[0] for one in persons).values())
        if kept < least:
            yield tally.damage("party_missing", PARTY, expected=least, found=kept, entry=first)
