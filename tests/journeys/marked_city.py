"""A city in which every field of every record says whose it is, under any law.

One record of each item in force for each kind of subject that the item is collected about; beside them a record whose
publicity is over, one that was withdrawn, rows that wait and rows that came back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.journeys.marks import Mark, Marks, weekends
from tests.journeys.matrix_city import MatrixCity
from tests.records.rows import sheet
from tests.records.sending import sent
from xinheng.accounts.models import Account, Organisation
from xinheng.disclosure.rules import Period, RecordFacts
from xinheng.law import lookup
from xinheng.law.calendar import is_workday
from xinheng.law.enums import FieldType, SubjectKind
from xinheng.law.items import Field, ItemVersion
from xinheng.law.pack import Bilingual
from xinheng.lib import clock
from xinheng.lib.text import STARS
from xinheng.records.models import Record
from xinheng.records.rules import RecordState

COMPANY, SHOP, PERSON, STRANGER, QUIET = "企", "店", "人", "旁人", "静企"
LEGAL, BUSINESS, NATURAL = SubjectKind.LEGAL_PERSON, SubjectKind.INDIVIDUAL_BUSINESS, SubjectKind.NATURAL_PERSON
KINDS = {COMPANY: LEGAL, SHOP: BUSINESS, PERSON: NATURAL, STRANGER: NATURAL, QUIET: LEGAL}
WORDS = {LEGAL: "法人及非法人组织", BUSINESS: "个体工商户", NATURAL: "自然人"}
LIVE, FORMER, OVER, WITHDRAWN, WAITING, RETURNED = "在", "前", "期满", "撤", "待", "退"
BODIES = ("authority", "authority_code", "source", "source_code")  # offices: nobody's personal data, nothing withheld
CODES = ("uscc", "registration", "org_code")  # codes of bodies, which a person has not
REPRESENTATIVE = ("representative", "representative_id_type", "representative_id")
# Words of closed lists stand in many records, so they say of which field they are and not of whom. Templates and the
# catalog print the lists themselves.
EMPTY = {
    (f"{PERSON}CF", "BZ"),  # so that only the row that waits holds this field
    (f"{COMPANY}CF{OVER}", "CF_GSJZQ"),  # no day fits: the months of a minor penalty are over
}
IN_THE_GALLERY = date(2025, 11, 1)  # invented there, too
CLOSED = {"SD_QK": "未送达", "JJ_QK": "行政复议中"}


@dataclass
class Marked:
    """One record or row. ``fields``: field code -> the marks that its value holds; ``numbers``: those of third persons
    inside its free text.
    """

    key: str
    subject: str
    item: ItemVersion
    state: str
    values: dict[str, str]
    fields: dict[str, set[Mark]] = field(default_factory=dict)
    numbers: dict[str, set[Mark]] = field(default_factory=dict)
    number: int = 0
    provider: str = ""

    def facts(self, day: date) -> RecordFacts:
        """The record as the law looks at it, from what this city knows of it."""
        public = self.state in (LIVE, FORMER) and self.subject not in (PERSON, STRANGER)
        always = Period(day - timedelta(days=700), day + timedelta(days=700))
        return RecordFacts(
            record_id=self.number,
            item=self.item,
            state=RecordState.WITHDRAWN if self.state == WITHDRAWN else RecordState.ACTIVE,
            publicity=always if public else None,
            disputed=False,
            consent=None,
            self_declared=False,
            use=always,
        )


@dataclass
class MarkedCity(MatrixCity):
    """The city of the access matrix with marked records in place of its own."""

    marks: Marks = field(default_factory=Marks)
    records: list[Marked] = field(default_factory=list)
    whose: dict[str, dict[str, str]] = field(default_factory=dict)  # subject -> name, code, id, representative
    batches: dict[str, list[int]] = field(default_factory=dict)  # provider -> its batches

    def report(self) -> None:
        """Everybody is named, and every item is reported by a source that the catalog names."""
        self._name_everybody()
        for item in lookup.items(self.cast.pack, self.cast.today):
            rows = [self._marked(item, subject, LIVE) for subject in self._subjects(item)]
            if item.code == "CF":
                rows += [self._marked(item, COMPANY, OVER), self._marked(item, COMPANY, WITHDRAWN)]
                rows += [self._marked(item, STRANGER, LIVE), self._marked(item, SHOP, FORMER)]
                rows += [self._marked(item, subject, state) for state in (WAITING, RETURNED) for subject in KINDS]
            if rows:
                self._send(item, rows)
        self._accept()
        self._number()

    def _subjects(self, item: ItemVersion) -> Iterator[str]:
        for subject in (COMPANY, SHOP, PERSON):
            if KINDS[subject] in item.kinds:
                yield subject
        if item.kinds.get(LEGAL) == "by_matter":
            yield QUIET

    def code(self, subject: str) -> str:
        """By which a subject is asked for: its code, a person's number."""
        known = self.whose[subject]
        return known.get("code") or known["id"]

    # Who they are

    def _name_everybody(self) -> None:
        cast, marks = self.cast, self.marks
        worked = {day for day in weekends() if is_workday(cast.pack, day).is_workday}
        marks.taken = frozenset(worked | {IN_THE_GALLERY})
        demo: Any = cast.pack.demo
        taken = {cast.company_code, cast.other["CF_XDR_SHXYM"]}
        quiet = next(one for one in demo["enterprises"] if one["code"] not in taken and one["kind"] == "legal_person")
        stranger = cast.person("tang")
        self.whose = {
            COMPANY: {"name": cast.company["CF_XDR_MC"], "code": cast.company_code},
            SHOP: {"name": cast.shop["CF_XDR_MC"], "code": cast.shop["CF_XDR_SHXYM"]},
            QUIET: {"name": Bilingual.of(quiet["name"]).zh, "code": str(quiet["code"])},
            PERSON: {"name": cast.person_name, "id": cast.person_id},
            STRANGER: {"name": stranger["CF_XDR_MC"], "id": stranger["CF_XDR_ZJHM"]},
        }
        for subject, known in self.whose.items():
            if KINDS[subject] is NATURAL:
                marks.keep(known["name"], subject, "name")
                marks.keep_identity(known["id"], subject, "id")
            elif subject == SHOP:
                self.whose[SHOP]["operator"] = marks.keep(cast.operator, SHOP, "operator")
                self.whose[SHOP]["former"] = marks.word(SHOP, "former operator")
                marks.keep(known["name"].replace(cast.operator, STARS), SHOP, "name")
            else:
                marks.keep(known["name"], subject, "name")
                self.whose[subject]["operator"] = marks.word(subject, "representative")
        for code, word in CLOSED.items():
            marks.keep(word, "", code)

    # What is said of them

    def _marked(self, item: ItemVersion, subject: str, state: str) -> Marked:
        key = f"{subject}{item.code}{'' if state == LIVE else state}"
        one = Marked(key, subject, item, state, {})
        roles = {code: role for role, code in reversed(list(item.roles.items()))}
        for entry in item.fields:
            value = self._value(one, entry, roles.get(entry.code, ""))
            if value and (key, entry.code) not in EMPTY:
                one.values[entry.code] = value
        if state == WAITING:
            for code in ("CF_JDRQ", "CF_YXQ"):  # valid until a day before the decision: a second person looks
                one.values[code] = self.marks.day(key, code, when="past").isoformat()
        if state == RETURNED:
            one.values["CF_YJ"] = ""
        for code, value in one.values.items():
            found = self.marks.found(value)
            if code in CLOSED:
                found = {Mark("", code)}
            one.fields[code] = {mark for mark in found if not mark.field.startswith("number in")}
            one.numbers[code] = found - one.fields[code]
        one.fields[item.roles["name"]].add(Mark(subject, "name"))
        self.records.append(one)
        return one

    def _value(self, one: Marked, entry: Field, role: str) -> str:
        known, natural = self.whose[one.subject], KINDS[one.subject] is NATURAL
        match role:
            case "name":
                return known["name"]
            case "kind":
                return WORDS[KINDS[one.subject]]
            case "uscc" | "registration" | "org_code" if natural:
                return ""
            case "uscc":
                return known["code"]
            case "org_code":
                return known["code"][8:17]
            case "id_type":
                return "身份证" if natural else ""
            case "id_number":
                return known["id"] if natural else ""
            case "representative":
                return "" if natural else known["former" if one.state == FORMER else "operator"]
            case "representative_id_type" | "representative_id" if natural:
                return ""
            case "representative_id_type":
                return "身份证" if one.subject == SHOP else f"其他-{self.marks.word(one.key, entry.code)}"
            case "representative_id":
                new = self.marks.identity if one.subject == SHOP else self.marks.paper
                return new(one.key, entry.code)
            case "document_number":
                return f"{self.marks.word(one.key, entry.code)}1号"
            case "severity":
                return "轻微" if one.state == OVER else "严重"
            case "penalty_kinds":
                return f"罚款;没收违法所得;其他-{self.marks.word(one.key, entry.code)}"
            case "state":
                return "1"
            case _ if role in BODIES:
                return ""
        return "" if natural and entry.code.startswith(("CF_XDR_", "XK_XDR_")) else self._plain(one, entry, role)

    def _plain(self, one: Marked, entry: Field, role: str) -> str:
        marks, key, code = self.marks, one.key, entry.code
        match entry.type:
            case FieldType.DATE:
                when = {"decided_on": "past", "valid_from": "past", "publicity_end": "soon"}.get(role, "far")
                return marks.day(key, code, when=when).isoformat()
            case FieldType.DECIMAL:
                return marks.amount(key, code)
            case FieldType.ENUM | FieldType.MULTI_ENUM:
                assert entry.enum is not None
                if code in CLOSED:
                    return CLOSED[code]
                open_ = entry.enum.open_prefix
                return f"{open_}{marks.word(key, code)}" if open_ else entry.enum.values[0].value
            case FieldType.TEXT if role in ("facts", "content", "") or code == "BZ":
                return self._story(one, code)
            case FieldType.TEXT:
                return f"《{marks.word(key, code)}规定》第三条"
            case _:
                return marks.word(key, code)

    def _story(self, one: Marked, code: str) -> str:
        """Free text as clerks write it: a third person's numbers stand in it, and who runs the shop."""
        inside = f"number in {code}"
        words = f"{self.marks.word(one.key, code)}一事，证人身份证{self.marks.identity(one.key, inside)}，"
        words += f"电话{self.marks.phone(one.key, inside)}"
        known = self.whose[one.subject]
        return f"{words}，经营者{known['operator']}、{known['former']}在场" if one.subject == SHOP else words

    # Sending

    def _send(self, item: ItemVersion, rows: list[Marked]) -> None:
        body = self._source(item)
        for row in rows:
            row.provider = body.code
            for role, value in zip(BODIES, (body.name_zh, body.uscc) * 2, strict=True):
                if role in item.roles:
                    row.values[item.roles[role]] = value
        receipt = sent(
            file=sheet([row.values for row in rows]),
            file_name=f"{item.code}.csv",
            item_code=item.code,
            provider=body,
            actor="platform",
            channel="cli",
            at=clock.now(),
        )
        for one, told in zip(rows, receipt.rows, strict=True):
            due = {WAITING: "waiting", FORMER: "waiting", RETURNED: "returned"}.get(one.state, "registered")
            assert told.state.value == due, (one.key, told.state, [(f.code, f.field) for f in told.findings])
        self.batches.setdefault(body.code, []).append(receipt.batch_id)

    def _source(self, item: ItemVersion) -> Organisation:
        if not item.providers:
            return self.organisation()
        found = Organisation.objects.filter(powers__power__in=item.providers).order_by("id").first()
        assert found is not None, item.code
        return found

    def _accept(self) -> None:
        """The row that names another operator waited; a second person lets it in, and says why."""
        from xinheng.intake.selectors import waiting_rows
        from xinheng.records.services import review_row

        (former,) = (one for one in self.records if one.state == FORMER)
        row = next(row for row in waiting_rows(limit=100) if self.whose[SHOP]["former"] in row.values.values())
        review_row(
            row_id=row.row_id,
            outcome="accept",
            reviewer=Account.objects.get(username=self.cast.reviewer).id,
            reason=self.marks.word(former.key, "reason"),
            channel="web",
            at=clock.now(),
        )

    def _number(self) -> None:
        """Each record gets its number, told by the number of its document; one of them is withdrawn then."""
        from xinheng.records.selectors import record
        from xinheng.records.services import withdraw

        documents = {row.values[row.item.roles["document_number"]]: row for row in self.records}
        for held in Record.objects.order_by("id"):
            item = lookup.item(self.cast.pack, held.item_code, self.cast.today)
            content = record(held.subject_id, held.id).content or {}
            one = documents[content[item.roles["document_number"]]]
            one.number = held.id
            if one.state == WITHDRAWN:
                reason = self.marks.word(one.key, "reason")
                withdraw(
                    subject_id=held.subject_id,
                    record_id=held.id,
                    cause="document_revoked",
                    reason=reason,
                    article=item.article,
                    actor="platform",
                    organisation=one.provider,
                    channel="cli",
                    at=clock.now(),
                )
