"""Which receipts does an organisation hold, and what do they say? (QRY-5, ACC-1)

A question leaves a line that names its entries, so that an officer finds the receipt again: ground and result, never
the content and never the subject. The receipt itself is made anew from the entry, with the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from xinheng.accounts.selectors import names_of
from xinheng.disclosure.models import AskedQuestion
from xinheng.disclosure.rules import UNLISTED, as_told, case_words
from xinheng.disclosure.services.looks import ANSWERED, Look, looks_of
from xinheng.disclosure.services.parties import kept_since
from xinheng.law.pack import Bilingual, Pack
from xinheng.ledger import selectors as ledger
from xinheng.ledger.rules import Receipt, receipt_text
from xinheng.ledger.services import promise
from xinheng.lib.dates import day_after
from xinheng.lib.errors import BadInput, NotFound
from xinheng.store.crypto import blind, blind_now

RESULTS = ("granted", "empty", "refused")
PAGE = 30
_INSERT = (
    "INSERT INTO asked_question"
    " (id, organisation_id, account_id, at, matter, case_digest, granted, empty, refused, entries, batch) VALUES "
)
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Noted:
    """A question that was just entered: who asked for what, and each entry with its result as the asker was told.
    ``matter`` is a code of the law pack, empty for anything else that was typed.

    ``batch`` 0: the first part of a batch, which gives the others its number.
    """

    organisation_id: int
    account_id: int
    at: datetime
    matter: str
    case_number: str
    answers: Sequence[tuple[int, str]]
    batch: int | None = None

    def row(self) -> list[Any]:
        """The line that is kept."""
        results = Counter(result for _, result in self.answers)
        return [
            self.answers[0][0],
            self.organisation_id,
            self.account_id,
            self.at,
            self.matter[:64],
            blind_now("case", case_words(self.case_number)),
            *(results[result] for result in RESULTS),
            [entry for entry, _ in self.answers],
            self.answers[0][0] if self.batch == 0 else self.batch,
        ]


def note(questions: Sequence[Noted]) -> None:
    """Keep a line for each question, in the transaction of its entries; one statement."""
    if not questions:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT + ", ".join([_ROW] * len(questions)), [value for one in questions for value in one.row()]
        )


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """What a list of receipts is narrowed to; empty means all. Days are legal days, ``until`` included."""

    matter: str = ""
    case_number: str = ""
    result: str = ""
    account_id: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A line of the list: a question with the counts of its results."""

    id: int
    at: datetime
    matter: Bilingual
    officer: str
    granted: int
    empty: int
    refused: int
    batch: int | None

    @property
    def total(self) -> int:
        """How many were asked about."""
        return self.granted + self.empty + self.refused

    @property
    def key(self) -> str:
        """Where the next page goes on."""
        return f"{int(self.at.timestamp() * 1_000_000)}_{self.id}"


def questions(
    *, organisation_id: int, wanted: QuestionFilter, after: str, pack: Pack, limit: int = PAGE
) -> list[Question]:
    """The questions of an organisation, newest first, up to one more than ``limit``. Raises BadInput for a bad key."""
    rows = AskedQuestion.objects.filter(organisation_id=organisation_id)
    if after:
        at, number = _key(after)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=number))
    if wanted.matter:
        rows = rows.filter(matter=wanted.matter)
    if wanted.case_number.strip():
        rows = rows.filter(case_digest__in=blind("case", case_words(wanted.case_number)))
    if wanted.result in RESULTS:
        rows = rows.filter(**{f"{wanted.result}__gt": 0})
    if wanted.account_id is not None:
        rows = rows.filter(account_id=wanted.account_id)
    if wanted.since:
        rows = rows.filter(at__gte=datetime.combine(wanted.since, datetime.min.time(), pack.tz))
    if wanted.until and (end := day_after(wanted.until)):
        rows = rows.filter(at__lt=datetime.combine(end, datetime.min.time(), pack.tz))
    found = list(rows.defer("entries").order_by("-at", "-id")[: limit + 1])
    names = names_of({one.account_id for one in found})
    return [
        Question(
            id=one.id,
            at=one.at,
            matter=_matter(one.matter, pack),
            officer=names[one.account_id].display_name if one.account_id in names else "",
            granted=one.granted,
            empty=one.empty,
            refused=one.refused,
            batch=one.batch,
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A receipt opened again. ``result`` and ``reason`` as the asker was told them; ``others``: the entries of the same
    question, this one too.
    """

    look: Look
    result: str
    reason: str
    promise: str
    text: str
    others: tuple[int, ...]


def kept_receipt(*, entry_id: int, organisation_code: str, pack: Pack) -> KeptReceipt:
    """The receipt of an entry of one's own organisation: ground and result, without subject and content.

    Raises NotFound for any other entry, alike whether there is one.
    """
    found = _own(entry_id, organisation_code)
    question = AskedQuestion.objects.filter(id=entry_id).first()
    receipt = Receipt(found.entry_id, found.leaf, found.at, found.act, found.law)
    signed = promise(receipt)
    (look,) = looks_of([found], pack, officers=False)
    result, reason = as_told(look.result, look.reason)
    others = tuple(question.entries) if question else (entry_id,)
    return KeptReceipt(look, result, reason, signed, receipt_text(receipt, signed), others)


def question_text(*, entry_id: int, organisation_code: str, pack: Pack) -> str:
    """The receipts of all entries of the question that begins with this entry, as text. Raises NotFound."""
    one = kept_receipt(entry_id=entry_id, organisation_code=organisation_code, pack=pack)
    texts = []
    for number in one.others:
        found = _own(number, organisation_code)
        receipt = Receipt(found.entry_id, found.leaf, found.at, found.act, found.law)
        texts.append(receipt_text(receipt, promise(receipt)))
    return "\n".join(texts)


def forget_questions(*, at: datetime, pack: Pack) -> int:
    """Drop lines whose term is over (limit ``query.log`` of the pack); how many went. The ledger stays."""
    before = kept_since(at.astimezone(pack.tz).date(), pack)
    if before is None:
        return 0
    return AskedQuestion.objects.filter(at__lt=datetime.combine(before, datetime.min.time(), pack.tz)).delete()[0]


def _own(entry_id: int, organisation_code: str) -> ledger.OpenEntry:
    try:
        found = ledger.entry(entry_id)
    except NotFound:
        raise NotFound("page_not_found") from None
    if found.act != ANSWERED or found.body is None or not organisation_code or found.body["org"] != organisation_code:
        raise NotFound("page_not_found")
    return found


def _key(text: str) -> tuple[datetime, int]:
    at, _, number = text.partition("_")
    try:
        return datetime.fromtimestamp(0, tz=UTC) + timedelta(microseconds=int(at)), int(number)
    except (ValueError, OverflowError):
        raise BadInput("paging_key_unreadable") from None


def _matter(code: str, pack: Pack) -> Bilingual:
    timeline = pack.matters.get(code)
    return timeline.values[-1].label if timeline else UNLISTED
