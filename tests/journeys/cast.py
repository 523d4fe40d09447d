"""Who plays in a journey: officers, subjects and outsiders of one law, found by what the pack says of them.

No name of a city, organisation, matter or article stands here, so the same journey runs under any law.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.disclosure.city import two_lists
from tests.records.rows import row, sheet
from xinheng.accounts.services import DemoAccount
from xinheng.law import citation, lookup
from xinheng.law.pack import Bilingual, Matter, Pack
from xinheng.lib import clock

CASE = "〔2026〕旅程0041号"
REFUSED_CASE = "〔2026〕旅程0042号"
UNLISTED = "daily_patrol"  # a matter that no law lists
UNKNOWN_COMPANY = "91350100M000100Y43"  # the example of the national standard: nobody of a demo city has it
UNKNOWN_PERSON = "622201200510101399"
THIRD = "620799196512120843"  # the number of a third person that stands in a free text
FINE = "罚款三万七千元整"
JSON = {"Accept": "application/json"}


@dataclass
class Page:
    """What came back: status, the text as it is read, and everything that was sent, headers included."""

    status: int
    source: str
    headers: Mapping[str, str]

    @cached_property
    def words(self) -> str:
        """The text without tags."""
        bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.source, flags=re.S)
        return " ".join(unescape(re.sub(r"<[^>]+>", "", bare)).split())

    @property
    def all(self) -> str:
        """Everything that crossed the door."""
        return self.source + "\n".join(f"{name}: {value}" for name, value in self.headers.items())


@dataclass
class Cast:
    """The people of one law. ``people``: the accounts of the demo."""

    pack: Pack
    people: tuple[DemoAccount, ...]
    browsers: dict[str, Client] = field(default_factory=dict)

    # Under which law

    @property
    def today(self) -> date:
        return clock.today(self.pack.zone)

    def article_of(self, reason: str) -> str:
        """The article that founds a refusal, as this law's pack says."""
        return lookup.reason_article(self.pack, reason, self.today)

    def cited(self, article: str) -> str:
        """How a page names an article of this law; nothing for a rule of the house, which cites none."""
        return citation.cite(self.pack, article) if article else ""

    @cached_property
    def matter(self) -> Matter:
        """A matter for which an officer of the demo may ask about penalties of persons and organisations."""
        return next(m for m in lookup.matters(self.pack, self.today) if self._fits(m) and self._askers(m))

    @cached_property
    def foreign_matter(self) -> Matter:
        """A matter that this law lists but for which the querier's organisation has no power."""
        own = self.powers(self.querier)
        return next(
            m for m in lookup.matters(self.pack, self.today) if m.powers and not m.powers & own and m.statute == "none"
        )

    @staticmethod
    def _fits(matter: Matter) -> bool:
        return bool(
            matter.statute == "none" and matter.persons_admitted and "CF" in matter.items and matter.powers
            and matter.case_number == "required"
        )  # fmt: skip

    def _askers(self, matter: Matter) -> list[str]:
        return [p.username for p in self.people if "querier" in p.roles and matter.powers & self.powers(p.username)]

    def powers(self, username: str) -> frozenset[str]:
        from xinheng.accounts.selectors import asker_by_username

        return asker_by_username(username).powers

    # Officers

    def with_role(self, *roles: str, of: str | None = None, but: str | None = None) -> str:
        """The first account with all of ``roles``, of or not of an organisation."""
        return next(
            p.username
            for p in self.people
            if set(roles) <= set(p.roles) and of in (None, p.organisation) and p.organisation != but
        )

    @cached_property
    def bureau(self) -> str:
        """Code of an organisation that has a collector and a reviewer."""
        of = {role: {p.organisation for p in self.people if role in p.roles} for role in ("collector", "reviewer")}
        return next(p.organisation for p in self.people if p.organisation in of["collector"] & of["reviewer"])

    @cached_property
    def collector(self) -> str:
        return self.with_role("collector", of=self.bureau)

    @cached_property
    def reviewer(self) -> str:
        return self.with_role("reviewer", of=self.bureau)

    @cached_property
    def stranger(self) -> str:
        """A collector of another organisation."""
        return self.with_role("collector", but=self.bureau)

    @cached_property
    def querier(self) -> str:
        return self._askers(self.matter)[0]

    @cached_property
    def powerless(self) -> str:
        """A querier whose organisation has no power for the matter."""
        return next(
            p.username for p in self.people if "querier" in p.roles and not self.matter.powers & self.powers(p.username)
        )

    @cached_property
    def auditor(self) -> str:
        return self.with_role("auditor")

    # Subjects

    def _rows(self, name: str) -> list[Mapping[str, Any]]:
        found: Any = self.pack.demo[name]
        return list(found)

    @cached_property
    def company(self) -> dict[str, str]:
        """The enterprise whose account is ``qiye``, as a row of the national format names it."""
        code = next(p.subject for p in self.people if p.username == "qiye")
        return self._company(next(one for one in self._rows("enterprises") if one["code"] == code))

    @cached_property
    def other(self) -> dict[str, str]:
        """Another enterprise."""
        return self._company(
            next(one for one in self._rows("enterprises") if one["code"] != self.company["CF_XDR_SHXYM"])
        )

    @staticmethod
    def _company(one: Mapping[str, Any]) -> dict[str, str]:
        return {
            "CF_XDR_MC": Bilingual.of(one["name"]).zh,
            "CF_XDR_SHXYM": str(one["code"]),
            "CF_FRDB": str(one["representative"]),
        }

    @cached_property
    def shop(self) -> dict[str, str]:
        """An individual business that carries the name of its operator."""
        one = next(
            one for one in self._rows("individual_businesses") if one["operator"] in Bilingual.of(one["name"]).zh
        )
        return {
            "CF_XDR_MC": Bilingual.of(one["name"]).zh,
            "CF_XDR_LB": "个体工商户",
            "CF_XDR_SHXYM": str(one["code"]),
            "CF_FRDB": str(one["operator"]),
        }

    @cached_property
    def operator(self) -> str:
        return self.shop["CF_FRDB"]

    def person(self, key: str = "lin") -> dict[str, str]:
        """A person of the demo as a row names it; lin's account is ``gongmin``, minor is under age."""
        one = next(one for one in self._rows("persons") if one["key"] == key)
        return {
            "CF_XDR_MC": str(one["name"]),
            "CF_XDR_LB": "自然人",
            "CF_XDR_SHXYM": "",
            "CF_FRDB": "",
            "CF_XDR_ZJLX": "身份证",
            "CF_XDR_ZJHM": str(one["id_number"]),
        }

    @property
    def company_code(self) -> str:
        return self.company["CF_XDR_SHXYM"]

    @property
    def person_id(self) -> str:
        return self.person()["CF_XDR_ZJHM"]

    @property
    def person_name(self) -> str:
        return self.person()["CF_XDR_MC"]

    # What they do

    def penalty(self, number: int | str, who: Mapping[str, str], **changed: str) -> dict[str, str]:
        """A row of a penalty as the bureau would send it."""
        one: Any = next(o for o in self._rows("organisations") if o["code"] == self.bureau)
        name, code = Bilingual.of(one["name"]).zh, str(one["uscc"])
        authority = {"CF_CFJG": name, "CF_CFJGDM": code, "CF_SJLY": name, "CF_SJLYDM": code}
        return row(number, who, **{"CF_NR": FINE, **authority, **changed})

    def browser(self, username: str = "") -> Client:
        """A browser in which ``username`` is signed in; a visitor's without one."""
        from xinheng.accounts.selectors import account_by_username

        if username not in self.browsers:
            client = Client(raise_request_exception=False)
            if username:
                client.force_login(account_by_username(username))
            self.browsers[username] = client
        return self.browsers[username]

    def get(self, path: str, by: str = "", query: Mapping[str, str] | None = None, machine: bool = False) -> Page:
        return page_of(self.browser(by).get(path, query or {}, headers=JSON if machine else None))

    def post(self, path: str, fields: Mapping[str, Any], by: str = "", machine: bool = False) -> Page:
        return page_of(self.browser(by).post(path, dict(fields), headers=JSON if machine else None))

    def report(self, *rows: Mapping[str, str], by: str | None = None, item: str = "CF") -> Page:
        """Send rows through the form; the page of the batch, or the form with its faults."""
        file = SimpleUploadedFile("处罚.csv", sheet(rows), "text/csv")
        sent = self.post("/desk/intake", {"item": item, "file": file}, by or self.collector)
        return self.get(sent.headers["Location"], by or self.collector) if sent.status == 302 else sent

    def ask(self, who: str, by: str | None = None, machine: bool = False, parties: bool = True, **changed: str) -> Page:
        """An official question through the form, persons listed as parties unless told otherwise."""
        ground = {"matter": self.matter.code, "case_number": CASE, "statute": "", **changed}
        asked = two_lists(who) if parties else {"who": who}
        return self.post("/desk/query", {**ground, **asked}, by or self.querier, machine)

    def secrets(self) -> tuple[str, ...]:
        """What no outsider may ever read."""
        return (self.person_name, self.person_id, THIRD)

    def records(self) -> Iterator[Any]:
        from xinheng.records.models import Record

        yield from Record.objects.order_by("id")

    def record_of(self, code: str) -> dict[str, Any]:
        """Place of the only record of a subject."""
        from xinheng.records.models import Record
        from xinheng.subjects.selectors import by_identifier

        known = by_identifier(None, code)
        assert known is not None
        held = Record.objects.get(subject_id=known.subject_id)
        return {"subject_id": held.subject_id, "record_id": held.id}

    def now(self) -> datetime:
        return clock.now()


def page_of(response: Any) -> Page:
    """The page in an answer of the test client, whatever its kind."""
    return Page(response.status_code, bytes(response.content).decode(errors="replace"), dict(response.headers))


def damages() -> set[str]:
    """What verification finds, every check of every room."""
    from xinheng.ledger import verify

    found = list(verify.run())
    what = {one.what for one in found if isinstance(one, verify.Damage)}
    assert all(one.ok for one in found if isinstance(one, verify.CheckResult)) == (not what)
    return what
