"""Which rows about me wait in intake, and what do they say? (QRY-2)

The same decision as over a record of the own file. What INV-9 seals is not there at all; of a row of which somebody
has still to find out whether it is sealed, only item, provider and time are told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xinheng.disclosure.rules import Asker, Ground, SubjectFacts
from xinheng.disclosure.services.shown import WITHHELD, ShownField, provider_names, tell
from xinheng.intake.selectors import WaitingRow, waiting_about
from xinheng.law import lookup
from xinheng.law.conditions import holds
from xinheng.law.enums import SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Bilingual, Pack
from xinheng.law.persons import age
from xinheng.lib.codes import check, idnumber
from xinheng.records.rules import HeldRecord, RecordState

ADULT = 18  # conduct as a minor is protected by national statute in every city
# findings by which a person has still to find out whether the row is sealed or about a minor
OPEN_QUESTIONS = frozenset({"sealed_suspected", "conduct_as_minor_suspected", "age_unknown", "capacity_unclear"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits for a second person. ``fields`` is empty while somebody has still to see whether it may stay
    (``unsettled``).
    """

    row_id: int
    item: str
    item_label: Bilingual
    article: str
    provider_zh: str
    provider_en: str
    received_at: datetime
    fields: tuple[ShownField, ...]
    unsettled: bool

    @property
    def visible(self) -> tuple[ShownField, ...]:
        """The fields with a value to print."""
        return tuple(shown for shown in self.fields if shown.value)

    @property
    def withheld(self) -> tuple[ShownField, ...]:
        """The fields that the decision keeps back."""
        return tuple(shown for shown in self.fields if shown.release == WITHHELD)


def waiting_of(
    keys: Sequence[str],
    *,
    asker: Asker,
    ground: Ground,
    subject: SubjectFacts,
    identifier: str,
    day: date,
    pack: Pack,
) -> tuple[Waiting, ...]:
    """The waiting rows with one of these keys as the subject is shown them."""
    out = []
    for row in waiting_about(keys):
        item = lookup.recorded(pack, row.item_code, row.item_from)
        verdicts = _sealing(item, row.values, subject.kind, day)
        if "reject" in verdicts:
            continue
        held = _as_record(row, item, subject, identifier)
        told = tell(asker=asker, ground=ground, subject=subject, held=[held], day=day, pack=pack)
        if told.records:
            out.append(_waiting(row, item, told.records[0].fields, suspected=bool(verdicts)))
    return tuple(out)


def said_of(rows: Sequence[Waiting]) -> dict[str, dict[str, list[str]]]:
    """What the ledger is told of waiting rows whose fields are shown: item -> the rows, and the fields by how they are
    shown, as of records. Fields without content are left out.
    """
    said: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        if not row.fields:
            continue
        told = said.setdefault(row.item, {"rows": []})
        told["rows"].append(str(row.row_id))
        for shown in (*row.visible, *row.withheld):
            codes = told.setdefault(shown.release, [])
            if shown.code not in codes:
                codes.append(shown.code)
    return said


def _waiting(row: WaitingRow, item: ItemVersion, fields: tuple[ShownField, ...], *, suspected: bool) -> Waiting:
    unsettled = suspected or any(finding.code in OPEN_QUESTIONS for finding in row.findings)
    names = provider_names(row.provider_id)
    return Waiting(
        row_id=row.row_id,
        item=item.code,
        item_label=item.label,
        article=item.article,
        provider_zh=names[0] or row.provider,
        provider_en=names[1] or row.provider,
        received_at=row.received_at,
        fields=() if unsettled else fields,
        unsettled=unsettled,
    )


def _sealing(item: ItemVersion, values: Mapping[str, str], kind: SubjectKind, day: date) -> set[str]:
    """What the rules of sealing in force on ``day`` say of the row, however long it has waited (INV-9)."""
    if kind is not SubjectKind.NATURAL_PERSON:
        return set()
    said = {code: "".join(text.split()) for code, text in values.items()}
    rules = (rule for rule in item.sealed if rule.kind is kind and rule.from_ <= day)
    return {rule.verdict for rule in rules if holds(rule.when, said, kind)}


def _as_record(row: WaitingRow, item: ItemVersion, subject: SubjectFacts, identifier: str) -> HeldRecord:
    """The row as the record that it would become, so that one decision serves both."""
    decided_on = _day(row.values.get(item.role("decided_on") or "", ""), row.received_at.date())
    born = idnumber.birth_date(identifier) if check(identifier).kind == "id" else None
    return HeldRecord(
        subject_id=subject.subject_id,
        record_id=row.row_id,
        subject_kind=subject.kind,
        item_code=row.item_code,
        item_from=row.item_from,
        item_version_id=row.item_version_id,
        law_version_id=0,
        law="",
        provider_id=row.provider_id,
        batch_id=row.batch_id,
        row=row.row,
        registered_at=row.received_at,
        decided_on=decided_on,
        state=RecordState.ACTIVE,
        publicity=None,
        use=None,
        retention_until=None,
        severity="",
        severity_suggested=False,
        disputed=False,
        as_minor=born is not None and age(born, decided_on) < ADULT,
        person_statute="",
        cause="",
        version_n=0,
        content_id=0,
        content=row.values,
    )


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
