"""Is each subject who its records, its keys and the ledger say it is?

Registered with `ledger verify`. A subject's code, names and keys follow from the contents of its records, which the
ledger binds, and from its sealed identity; links of accounts and freezes follow from their entries. Where content was
lawfully erased, what it said of the subject can't be compared any more. One pass over each table in the order of the
subjects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from django.conf import settings

from xinheng.catalog.models import CatalogItemVersion
from xinheng.catalog.selectors import supplemented
from xinheng.intake.rules import roles_of
from xinheng.law import lookup
from xinheng.law.enums import SubjectKind
from xinheng.law.errors import NoValueInForce
from xinheng.law.loader import load
from xinheng.ledger.verify import Damage, Finding, Tally, Verification, stream
from xinheng.ledger.verify.snapshot import open_committed
from xinheng.lib.clock import stamp
from xinheng.lib.errors import Conflict
from xinheng.records import selectors
from xinheng.records.models import Record, RecordContent
from xinheng.records.rules import RecordState
from xinheng.store.crypto import unseal
from xinheng.subjects.models import AccountSubject, Subject, SubjectAccount, SubjectIdentity, SubjectKey, SubjectName
from xinheng.subjects.rules import section
from xinheng.subjects.selectors import aad, keys_of

CHUNK = 2000
Stated = tuple[str, str, str]  # scheme, identifier, name
_FIRST_LINKS = """
SELECT e.id, e.bytes, b.sealed, b.salt, s.id
FROM ledger_body b JOIN ledger_entry e ON e.id = b.entry_id LEFT JOIN subject s ON s.tag = b.tag WHERE b.seq = 1
"""


def check_subjects(verification: Verification) -> Iterator[Finding]:
    """Every subject follows from what is bound. One CheckResult ``subjects`` at the end, counting subjects."""
    tally = Tally("subjects")
    links = {
        str(body["fields"]["link"]): (entry, body)
        for entry, body in verification.bodies("subject.linked")
        if body is not None
    }
    yield from _identities(tally, links)
    yield from _freezes(tally, verification)
    yield from _links(tally, links, verification)
    yield from _tags(tally)
    yield tally.result()


class _Groups:
    """The rows of a table that leads with a subject, handed out subject by subject in ascending order."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, key=lambda row: int(row[0]))
        self._held = next(self._groups, None)

    def of(self, subject_id: int) -> tuple[list[tuple[Any, ...]], list[int]]:
        """(rows of the subject, numbers before it that belong to no subject)."""
        strays: list[int] = []
        while self._held is not None and self._held[0] < subject_id:
            strays.append(self._held[0])
            self._held = next(self._groups, None)
        if self._held is None or self._held[0] != subject_id:
            return [], strays
        rows = list(self._held[1])
        self._held = next(self._groups, None)
        return rows, strays


def _identities(tally: Tally, links: Mapping[str, tuple[int, Mapping[str, Any]]]) -> Iterator[Damage]:
    """Codes, names and keys of every subject."""
    keys = _Groups(SubjectKey.objects.order_by("subject_id").values_list("subject_id", "key").iterator(CHUNK))
    names = _Groups(SubjectName.objects.order_by("subject_id").values_list("subject_id", "name").iterator(CHUNK))
    sealed = _Groups(
        SubjectIdentity.objects.order_by("subject_id").values_list("subject_id", "id", "kind", "sealed").iterator(CHUNK)
    )
    said = _Groups(_stated())
    erased = _Groups(
        Record.objects.filter(state=RecordState.ERASED.value)
        .order_by("subject_id")
        .values_list("subject_id")
        .iterator(CHUNK)
    )
    linked: dict[int, set[tuple[str, str]]] = {}
    for _, body in links.values():
        fields = body["fields"]
        linked.setdefault(int(body["subject"]), set()).add((str(fields["name"]), str(fields["code"])))
    for subject in Subject.objects.order_by("id").iterator(CHUNK):
        tally.count += 1
        held, strays = keys.of(subject.id)
        for stray in strays:
            yield tally.damage("subject_key_astray", "subject_key", expected="a subject", found="none", subject=stray)
        stated = {(str(scheme), str(text), str(name)) for _, scheme, text, name in said.of(subject.id)[0]}
        texts = {str(key) for _, key in held}
        if subject.kind == SubjectKind.NATURAL_PERSON:
            yield from _person(tally, subject.id, texts, sealed.of(subject.id)[0], stated)
        else:
            whole = not erased.of(subject.id)[0]
            also = linked.get(subject.id, set())
            bound = {name for _, _, name in stated} | {name for name, _ in also} if whole else set()
            history = {str(name) for _, name in names.of(subject.id)[0]}
            yield from _code(tally, subject, texts, stated, also)
            yield from _names(tally, subject, history, bound)
    for stray in keys.of(2**63 - 1)[1]:
        yield tally.damage("subject_key_astray", "subject_key", expected="a subject", found="none", subject=stray)


def _stated() -> Iterator[tuple[Any, ...]]:
    """(subject, scheme, identifier, name) as each kept content of a record states its subject."""
    pack = supplemented(load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS))
    starts = dict(CatalogItemVersion.objects.values_list("id", "valid_from"))
    rows = RecordContent.objects.order_by("subject_id").values_list(
        "subject_id", "id", "body", "personal", "version__item_code", "version__item_version_id"
    )
    for subject_id, content_id, body, personal, item_code, version_id in rows.iterator(CHUNK):
        try:
            roles = roles_of(lookup.recorded(pack, item_code, starts[version_id]))
            values = selectors.open_content(subject_id, content_id, body, personal)
        except (NoValueInForce, KeyError, Conflict, ValueError):
            continue  # an item that the law no longer holds; what can't be opened `records` tells
        named = roles.identifier(values)
        if named is not None:
            yield subject_id, *named, roles.value("name", values)


def _person(
    tally: Tally, subject_id: int, keys: set[str], sealed: list[tuple[Any, ...]], stated: set[Stated]
) -> Iterator[Damage]:
    """The keys of a person are those of the sealed identifiers, and what the records state is among these."""
    identifiers: set[tuple[str, str]] = set()
    for _, number, kind, data in sealed:
        try:
            text = unseal(bytes(data), aad=aad(subject_id, number, kind)).decode()
        except Conflict:
            yield tally.damage("identity_altered", "subject_identity", found="unreadable", subject=subject_id)
            continue
        if kind != "name":
            identifiers.add((kind, text))
    lawful = {key: one for one in identifiers for key in keys_of(*one)}
    for _ in keys - lawful.keys():
        what = "subject_key_of_another"
        yield tally.damage(what, "subject_key", expected="the person's", found="another's", subject=subject_id)
    for _ in identifiers - {lawful[key] for key in keys & lawful.keys()}:
        yield tally.damage("subject_key_missing", "subject_key", expected="a key", found="none", subject=subject_id)
    for _ in {(scheme, text) for scheme, text, _ in stated} - identifiers:
        what = "subject_identity_differs"
        yield tally.damage(what, "subject_identity", expected="as recorded", found="another", subject=subject_id)


def _code(
    tally: Tally, subject: Subject, keys: set[str], stated: set[Stated], linked: set[tuple[str, str]]
) -> Iterator[Damage]:
    """The code of an organisation is the one its keys and its records have."""
    code = str(subject.code)
    own = {f"uscc:{code}", f"org:{section(code)}"} if len(code) == 18 else {f"org:{code}"}
    main = f"uscc:{code}" if len(code) == 18 else f"org:{code}"
    for key in sorted(keys - own):
        yield tally.damage("subject_key_of_another", "subject_key", expected=code, found=key, subject=subject.id)
    if main not in keys:
        yield tally.damage("subject_key_missing", "subject_key", expected=main, found="none", subject=subject.id)
    for text in sorted({text for _, text, _ in stated} | {text for _, text in linked}):
        if code not in (text, section(text)) and section(code) != text:
            yield tally.damage("subject_code", "subject", expected=text, found=code, subject=subject.id)


def _names(tally: Tally, subject: Subject, history: set[str], bound: set[str]) -> Iterator[Damage]:
    """The name of an organisation is in its history, and the history holds names only that were stated.

    ``bound``: names told by records, or by the entry that linked an account. Empty where a content was erased, or
    nothing bound names the subject: then only the history is compared.
    """
    name = str(subject.name)
    if name and name not in history:
        yield tally.damage("subject_name", "subject", expected=sorted(history), found=name, subject=subject.id)
    if bound:
        for one in sorted(history - bound):
            yield tally.damage("subject_name", "subject_name", expected=sorted(bound), found=one, subject=subject.id)


def _freezes(tally: Tally, verification: Verification) -> Iterator[Damage]:
    entries = {int(body["subject"]): entry for entry, body in verification.bodies("subject.frozen") if body is not None}
    for number in Subject.objects.filter(frozen=True).order_by("id").values_list("id", flat=True).iterator(CHUNK):
        if entries.pop(number, None) is None:
            what = "subject_frozen_without_entry"
            yield tally.damage(what, "subject", expected="not frozen", found="frozen", subject=number)
    for number, entry in entries.items():
        yield tally.damage("subject_frozen", "subject", expected="frozen", found="not", entry=entry, subject=number)


def _links(
    tally: Tally, links: Mapping[str, tuple[int, Mapping[str, Any]]], verification: Verification
) -> Iterator[Damage]:
    """Every account stands for whom its entries say as long as they say, and opens no other file."""
    left = dict(links)
    ended = {
        str(body["fields"]["link"]): str(body["fields"]["until"])
        for _, body in verification.bodies("subject.unlinked")
        if body is not None
    }
    for row in SubjectAccount.objects.order_by("id").iterator(CHUNK):
        entry, body = left.pop(str(row.id), (None, None))
        found = (
            row.subject_id,
            row.account_id,
            str(row.capacity),
            stamp(row.from_at),
            stamp(row.until_at) if row.until_at else "",
        )
        expected = _link(body, ended) if body else None
        if found != expected:
            yield tally.damage(
                "account_link", "subject_account", expected=expected, found=found, entry=entry, subject=row.subject_id
            )
    for entry, body in left.values():
        number = int(body["subject"])
        expected = _link(body, ended)
        yield tally.damage(
            "account_link", "subject_account", expected=expected, found="none", entry=entry, subject=number
        )
    own = {
        int(body["fields"]["account"]): (entry, int(body["subject"]))
        for entry, body in links.values()
        if body["fields"]["own_file"] and str(body["fields"]["link"]) not in ended
    }
    for account, subject in AccountSubject.objects.order_by("account_id").values_list().iterator(CHUNK):
        opened = own.pop(account, None)
        if opened is None or opened[1] != subject:
            yield tally.damage(
                "own_file",
                "account_subject",
                expected=opened[1] if opened else "none",
                found=subject,
                entry=opened[0] if opened else None,
                subject=subject,
            )
    for entry, number in own.values():
        yield tally.damage("own_file", "account_subject", expected=number, found="none", entry=entry, subject=number)


def _link(body: Mapping[str, Any], ended: Mapping[str, str]) -> tuple[int, int, str, str, str]:
    """What a link's row holds by its entry, and by the entry that ended it."""
    fields = body["fields"]
    until = ended.get(str(fields["link"]), "")
    return int(body["subject"]), int(fields["account"]), str(fields["capacity"]), str(fields["from"]), until


def _tags(tally: Tally) -> Iterator[Damage]:
    """The tag of a subject leads to its own chain: the first entry of each chain names its subject."""
    for entry, data, sealed, salt, subject in stream(_FIRST_LINKS):
        body = open_committed(bytes(data), sealed, salt)
        if body is not None and str(subject) != body["subject"]:
            yield tally.damage("subject_tag", "subject", expected=body["subject"], found=subject, entry=entry)
