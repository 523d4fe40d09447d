"""What may stand in an answer: mark by mark, from the law's columns and the table of the oracle, by default nothing.

Nothing of the decision is called here. `tests/disclosure/oracle.py` says which records and fields a ground reaches;
what a mask leaves of a value is written down below (decisions.md, 6 and 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.disclosure import oracle
from tests.journeys.marked_city import KINDS, REPRESENTATIVE, RETURNED, WAITING, Marked, MarkedCity
from tests.journeys.marks import Mark
from xinheng.disclosure.rules import Channel, Ground, SubjectFacts
from xinheng.law.enums import FieldType, MaskName
from xinheng.law.items import Field

OPERATOR = ("operator", "former operator")  # names that a mask takes out of a name and out of free text


@dataclass(frozen=True)
class MaySee:
    """The table for one city."""

    city: MarkedCity

    def public(
        self, *, subject: str = "", item: str = "", number: int = 0, bulk: bool = False, names: bool = False
    ) -> set[Mark]:
        """What everybody may read: of one subject, one list or one record, else of all. ``bulk``: in exports names of
        representatives are left out as well (INV-3). ``names``: the names of who is public, and nothing else.
        """
        found = set()
        for one in self.city.records:
            if one.state in (WAITING, RETURNED) or subject not in ("", one.subject) or number not in (0, one.number):
                continue
            if item in ("", one.item.code):
                found |= self._of(one, "public", bulk=bulk)
        return {mark for mark in found if mark.field == "name"} if names else found

    def official(self, subjects: Iterable[str], matter: str) -> set[Mark]:
        """What an officer may read of these subjects in a matter; persons are parties of the case."""
        asked = set(subjects)
        found = set()
        for one in self.city.records:
            if one.state not in (WAITING, RETURNED) and one.subject in asked:
                found |= self._of(one, "official", matter=matter)
        return found

    def own(self, subject: str) -> set[Mark]:
        """What a subject may read in its own file: its records and the rows about it that wait (QRY-2)."""
        mine = [one for one in self.city.records if one.subject == subject and one.state != RETURNED]
        return set().union(*(self._of(one, "own") for one in mine))

    def sender(self, provider: str, *, opened: bool = False) -> set[Mark]:
        """What an organisation may see of the rows it sent itself and that are not taken in yet: all but numbers of
        persons, which stay masked until they are ``opened`` and that is entered (decisions.md, 7).
        """
        sent = [one for one in self.city.records if one.provider == provider and one.state in (WAITING, RETURNED)]
        found = {mark for one in sent for marks in one.fields.values() for mark in marks}
        if opened:
            return found.union(*(marks for one in sent for marks in one.numbers.values()))
        return {mark for mark in found if mark.field != "id" and not mark.field.endswith("_ZJHM")}

    def documents(self, provider: str) -> set[Mark]:
        """The numbers of the documents of what an organisation sent, by which its clerks find a row again."""
        sent = [one for one in self.city.records if one.provider == provider]
        return set().union(*(one.fields[one.item.roles["document_number"]] for one in sent))

    def _of(self, one: Marked, channel: str, *, matter: str = "", bulk: bool = False) -> set[Mark]:
        """The marks of a record that a ground lets through."""
        day, pack = self.city.cast.today, self.city.cast.pack
        ground = Ground(Channel(channel), matter or None, "〔2026〕1号", None, None)
        subject, facts = SubjectFacts(1, KINDS[one.subject]), one.facts(day)
        if not oracle.reaches(ground, facts, day, pack):
            return set()
        public, seen = oracle.seen(ground, subject, facts, day)
        if not seen:
            return set()
        found: set[Mark] = set()
        roles = {code: role for role, code in reversed(list(one.item.roles.items()))}
        for code, word in oracle.releases(ground, subject, facts, public).items():
            entry = one.item.by_code[code]
            if bulk and self._kept_out_of_files(entry, roles.get(code, "")):
                continue
            found |= self._left(one, entry, roles.get(code, ""), word, channel)
        return found

    @staticmethod
    def _kept_out_of_files(entry: Field, role: str) -> bool:
        return entry.exports == "withheld" or entry.type is FieldType.IDNUMBER or role in REPRESENTATIVE

    @staticmethod
    def _left(one: Marked, entry: Field, role: str, word: str, channel: str) -> set[Mark]:
        """What is left of a field. A mask leaves the words of free text and of a name, without who runs a shop and
        without numbers of third persons; of everything else it leaves less than the mark.
        """
        if word == "withheld" or entry.code not in one.fields:
            return set()
        marks = one.fields[entry.code]
        if channel == "own":
            return marks | one.numbers[entry.code] if word == "full" else set()
        worded = entry.type is FieldType.TEXT or entry.mask is MaskName.FREE_TEXT or role == "name"
        if word == "full" and not (worded and channel == "public"):
            return marks
        return {mark for mark in marks if mark.field not in OPERATOR} if worded else set()
