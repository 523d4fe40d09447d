"""Who goes to which address, and what may stand in the answer there.

`people` and `stops` make the rounds; `allowed` says for each registered page which marks it may hold, read off the
table of `may_see.py`. A page that is not named there may hold none.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.journeys.marked_city import CLOSED, COMPANY, PERSON, SHOP, MarkedCity
from tests.journeys.marks import Mark
from tests.journeys.may_see import MaySee
from tests.journeys.spoken import Spoken
from xinheng.accounts.models import Account
from xinheng.accounts.rules import STAFF
from xinheng.law import lookup
from xinheng.ui.pages import PAGES, Page

VISITOR = "visitor"
SUBJECTS = {"gongmin": PERSON, "qiye": COMPANY, "getihu": SHOP, "guardian": PERSON, "no file": ""}
MANY = ("organisation", "batch", "query", "receipt", "account")  # places of which a stranger tries only some
PRINTS_THE_LAW = ("catalog:", "records:public_template", "records:template", "records:api_description")


@dataclass(frozen=True)
class Who:
    """Somebody at the doors. ``body``: the organisation; ``subject``: for whom the account stands."""

    name: str
    account: Account | None = None
    body: str = ""
    subject: str = ""

    @property
    def role(self) -> str:
        return self.name.partition("/")[2] or ("subject" if self.name in SUBJECTS else "")


def people(city: MarkedCity) -> list[Who]:
    """Everybody: a visitor, an account without a role, each role here and elsewhere, subjects and who acts for one."""
    found = [Who(VISITOR), Who("no role", city.accounts["no role"])]
    for place in ("holder", "competent"):
        for role in sorted(STAFF):
            account = city.accounts[f"{place}/{role.value}"]
            assert account.organisation is not None
            found.append(Who(f"{place}/{role.value}", account, body=account.organisation.code))
    found.append(_drafter(city))
    return found + [Who(name, city.accounts[name], subject=subject) for name, subject in SUBJECTS.items()]


def _drafter(city: MarkedCity) -> Who:
    """An operator of the department that drafts, who reads what is said about its drafts."""
    account = Account.objects.get(username=city.cast.with_role("operator"))
    assert account.organisation is not None
    return Who("drafter/operator", account, body=account.organisation.code)


@dataclass(frozen=True)
class Stop:
    """An address, the page it belongs to, and what fills its places."""

    page: Page
    address: str
    places: Mapping[str, str] = field(default_factory=dict)


def readable() -> list[Page]:
    """Every registered address that is read."""
    return [page for page in PAGES if page.kind != "act"]


def stops(city: MarkedCity, page: Page, numbers: Mapping[str, Sequence[str]], *, wide: bool) -> Iterator[Stop]:
    """The addresses of a page: with every number that is somebody's, and with guessed ones. ``wide``: for every item
    and every record; otherwise a few of them.
    """
    examples = [page.example]
    if wide and "/publicity/CF" in page.example:
        items = lookup.items(city.cast.pack, city.cast.today)
        examples = [page.example.replace("CF", item.code) for item in items]
    for example in examples:
        item = re.search(r"/publicity/(\w+)", example)
        listed = {"item": item[1]} if item else {}
        for places in _filled(city, re.findall(r"{(\w+)}", example), numbers, wide=wide):
            yield Stop(page, example.format(**places), {**places, **listed})


def _filled(
    city: MarkedCity, names: Sequence[str], numbers: Mapping[str, Sequence[str]], *, wide: bool
) -> Iterator[dict[str, str]]:
    if "record" in names:
        yield from _of_records(city, wide=wide)
        return
    choices = [list(numbers[name])[: None if wide or name not in MANY else 2] for name in names]
    for chosen in itertools.product(*choices):
        yield dict(zip(names, chosen, strict=True))


def _of_records(city: MarkedCity, *, wide: bool) -> Iterator[dict[str, str]]:
    """Records under their own subject's code; those of the first item under another's as well."""
    held = [one for one in city.records if one.number]
    for one in held if wide else held[:2]:
        yield {"organisation": city.code(one.subject), "record": str(one.number), "subject": one.subject}
        if one.item.code == "CF":
            other = COMPANY if one.subject != COMPANY else SHOP
            yield {"organisation": city.code(other), "record": str(one.number), "subject": other}


def numbers_of(city: MarkedCity, spoken: Spoken) -> dict[str, list[str]]:
    """What can stand in the places of an address: numbers and codes of ours, and guessed ones."""
    bureau = city.cast.bureau
    foreign = [batch for body, batches in city.batches.items() if body != bureau for batch in batches]
    some = [city.accounts[name].id for name in ("gongmin", "holder/querier", "no role")]
    return {
        "organisation": [*map(city.code, city.whose), city.cast.person_name],
        "format": ["csv", "json", "xml"],
        "batch": [str(number) for number in (*city.batches[bureau], *foreign[:1], 999_999)],
        "account": [str(number) for number in some],
        "receipt": spoken.entries,
        "query": spoken.entries,
        "norm": [spoken.norm],
        "consultation": [spoken.norm],
        "field": ["XDR_MC"],
    }


def allowed(may: MaySee, spoken: Spoken, stop: Stop, who: Who) -> set[Mark]:
    """What this page may hold for this asker; nothing where no line says otherwise."""
    found = _of_records_here(may, stop, who) | _of_words_here(spoken, stop.page.name, who) | own_name(who)
    if stop.page.name.startswith(PRINTS_THE_LAW):  # the lists of values themselves, whoever they are said of
        found |= {Mark("", code) for code in CLOSED}
    return found


def _of_records_here(may: MaySee, stop: Stop, who: Who) -> set[Mark]:
    subjects = {may.city.code(subject): subject for subject in may.city.whose}
    subject = subjects.get(stop.places.get("organisation", ""), "nobody")
    number, item = int(stop.places.get("record", "0")), stop.places.get("item", "CF")
    match stop.page.name:
        case "portal:home":
            return may.public()
        case "portal:search":
            return may.public(names=True)
        case "portal:subject" | "portal:subject_export":
            return may.public(subject=subject, bulk=stop.page.kind == "file")
        case "portal:record" | "portal:record_json":
            return may.public(subject=subject, number=number, bulk=stop.page.kind == "file")
        case "portal:publicity" | "portal:publicity_export":
            return may.public(item=item, bulk=stop.page.kind == "file")
        case "disclosure:own_file" | "disclosure:own_copy" | "disclosure:own_copy_json" | "disclosure:own_copy_csv":
            return may.own(who.subject)
        case "disclosure:own" | "disclosure:own_notice" | "disclosure:own_looks" | "subjects:standing":
            return {Mark(who.subject, "name")}
        case "disclosure:own_looks_json":
            return {Mark(who.subject, "name")}
        case "records:batch" | "records:review" if who.role in ("collector", "reviewer"):
            return may.sender(who.body) | may.documents(who.body)
        case "records:returned" if who.role in ("collector", "reviewer"):
            return may.sender(who.body, opened=True)
        case "intake:quality" if who.role in ("collector", "reviewer"):
            return may.documents(who.body) | may.sender(who.body)  # sentences about mistakes name the value
        case "subjects:verify":  # the verification of a demonstration offers its invented people to everybody
            return {Mark(subject, name) for subject in may.city.whose for name in ("name", "operator")}
    return set()


def _of_words_here(spoken: Spoken, page: str, who: Who) -> set[Mark]:
    """What people typed: the case to the organisation that stated it, to whom it was about and to who oversees."""
    bureau = spoken.of(who.body)
    match page:
        case "disclosure:receipts" | "disclosure:kept_receipt" | "disclosure:kept_receipt_text":
            return bureau if who.role == "querier" else set()
        case "oversight:log" | "oversight:log_csv":
            return spoken.cases if who.role in ("auditor", "supervisor") else set()
        case "oversight:log_entry":
            return spoken.cases | spoken.roles | spoken.reviews if who.role in ("auditor", "supervisor") else set()
        case "disclosure:own_looks" | "disclosure:own_looks_json" | "disclosure:own_looks_csv":
            return spoken.about(who.subject)
        case "disclosure:own_copy" | "disclosure:own_copy_json":
            return spoken.about(who.subject)
        case "records:review" | "records:withdrawal" | "records:batch" if who.role in ("collector", "reviewer"):
            return spoken.withdrawals if who.body == spoken.bureau else set()
        case "norms:norm" if who.name == "drafter/operator":
            return spoken.opinions
    return set()


def own_name(who: Who) -> set[Mark]:
    """The name of the own account stands on every page that its holder opens."""
    corner = {"gongmin": Mark(PERSON, "name"), "getihu": Mark(SHOP, "operator")}
    return {corner[who.name]} if who.name in corner else set()
