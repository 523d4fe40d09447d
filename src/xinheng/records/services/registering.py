"""How do many accepted rows become records at once? Column by column, written once, by COPY, sorted by subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from typing import Any

import orjson
import polars as pl
import psycopg

from xinheng.accounts.models import Organisation
from xinheng.intake.rules.check import ROW
from xinheng.intake.rules.lane import KIND
from xinheng.intake.services import BODY, SALTS
from xinheng.law.enums import FieldType, SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.lib import merkle
from xinheng.lib.canonical import canonical, leaf_hash
from xinheng.lib.clock import stamp
from xinheng.lib.errors import Conflict
from xinheng.records import selectors
from xinheng.records.models import Record, RecordContent, RecordKey, RecordVersion
from xinheng.records.rules import Act, RecordState, holds_identifier
from xinheng.records.services.judging import Origin, claim_of, dates_of
from xinheng.records.services.spelling import operators_by
from xinheng.store.copying import Writer, copying
from xinheng.store.crypto import seal, seal_all
from xinheng.store.ids import take
from xinheng.subjects.rules import SubjectClaim
from xinheng.subjects.services import find_or_register_many

_MAYBE_NUMBER = "[0-9]{11}"  # what `holds_identifier` can find holds eleven digits in a row
_CASES = 20_000  # different cases whose dates are remembered
_ROLES = ("name", "kind", "uscc", "org_code", "id_type", "id_number", "decided_on")


class Raced(Conflict):
    """Another transaction registered one of our rows in between: the batch is judged again."""


@dataclass(slots=True)
class Register:
    """The records of one batch while its blocks arrive. ``tree`` holds the leaves of their first versions, by id."""

    origin: Origin
    provider: Organisation
    actor: str
    entry_id: int
    writer: Writer
    tree: merkle.Frontier = field(default_factory=merkle.Frontier)
    _subjects: dict[bytes, int] = field(default_factory=dict)
    _dates: dict[tuple[str, ...], tuple[Any, ...]] = field(default_factory=dict)

    @property
    def item(self) -> ItemVersion:
        return self.origin.item

    def place(self, rows: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
        """Give rows their subjects and ids: `ROW`, ``#kind``, `BODY` (canonical values), `SALTS` and the fields of the
        item; ``keys`` are the digests of their natural keys. New subjects are registered.
        """
        if not rows.height:
            return rows
        frame = rows.with_columns(subject_id=pl.Series(self._subject_ids(rows), dtype=pl.Int64), key=pl.Series(keys))
        # Rows of one subject lie together on the disk, and locks are taken in one order.
        frame = frame.sort("subject_id", ROW)
        return frame.with_columns(
            record_id=pl.Series(take("record", frame.height), dtype=pl.Int64),
            id=pl.Series(take("version", frame.height), dtype=pl.Int64),
        )

    def write(self, frame: pl.DataFrame) -> None:
        """Hand what `place` made to the writer, table by table: what comes next is made while it writes. The writer
        raises `Raced` when a record is registered already.
        """
        if not frame.height:
            return
        wanted = frame.select("key", "subject_id", "record_id").sort("key")
        self.writer.run(lambda cursor: _take_keys(cursor, wanted))
        frame = frame.with_columns(content_commit=_commits(frame), **self._dated(frame))
        versions = self._versions(frame)
        self.writer.add(Record._meta.db_table, _projection(versions))
        self.writer.add(RecordVersion._meta.db_table, versions)
        self.writer.add(RecordContent._meta.db_table, self._contents(frame))
        self.tree.extend(_leaves(versions))

    # Subjects -------------------------------------------------------------------------------------------------------

    def _subject_ids(self, rows: pl.DataFrame) -> list[int]:
        """The subject of each row; one that the batch named before is not looked up again."""
        codes = {role: code for role in _ROLES if (code := self.item.role(role))}
        if operator := self.item.role("representative"):  # stands in the name of a business, not of a company
            business = pl.col(KIND) == SubjectKind.INDIVIDUAL_BUSINESS.value
            rows = rows.with_columns(pl.when(business).then(pl.col(operator)).otherwise(pl.lit("")).alias(operator))
            codes["representative"] = operator
        day = codes["decided_on"]
        who = [code for role, code in codes.items() if role != "decided_on"]
        named = rows.group_by(who, maintain_order=True).agg(pl.col(day).max().alias("_last"))
        places = rows.select(who).join(named.with_row_index("_n"), on=who, how="left", maintain_order="left")["_n"]
        keys = [blake2b("\0".join(key).encode(), digest_size=16).digest() for key in named.select(who).iter_rows()]
        fresh = [n for n, key in enumerate(keys) if key not in self._subjects]
        named = named.rename({"_last": day}).select(*who, day)
        claims = [self._claim(values) for values in named[fresh].iter_rows(named=True)]
        found = find_or_register_many(
            claims,
            law_version=self.origin.law_version,
            at=self.origin.at,
            operators_of=operators_by(self.origin.pack),
        )
        self._subjects |= {keys[n]: subject for n, subject in zip(fresh, found, strict=True)}
        numbers = [self._subjects[key] for key in keys]
        return [numbers[n] for n in places.to_list()]

    def _claim(self, values: Mapping[str, str]) -> SubjectClaim:
        return claim_of(self.item, values, f"batch:{self.origin.batch_id}")

    # Dates ----------------------------------------------------------------------------------------------------------

    def _dated(self, frame: pl.DataFrame) -> dict[str, pl.Series]:
        """The dates and the class of each record; equal cases are judged once."""
        deciding = self._deciding()
        cases = frame.select(KIND, *deciding)
        different = cases.unique(maintain_order=True)
        if len(self._dates) > _CASES:
            self._dates.clear()
        for case in different.iter_rows():
            if case not in self._dates:
                kind = SubjectKind(case[0])
                dates = dates_of(self.origin, kind, dict(zip(deciding, case[1:], strict=True)))
                self._dates[case] = tuple(getattr(dates, name) for name in _DATES)
        answers = pl.DataFrame([self._dates[case] for case in different.iter_rows()], schema=_DATES, orient="row")
        told = cases.join(different.hstack(answers), on=[KIND, *deciding], how="left", maintain_order="left")
        return {name: told[name] for name in _DATES}

    def _deciding(self) -> list[str]:
        """The fields on which dates and class rest: see `law.publicity`."""
        wanted = {self.item.role(role) for role in ("decided_on", "severity", "valid_until")}
        suggested = (one.when.field for rules in self.origin.pack.rule_sets for one in rules.suggest)
        return [entry.code for entry in self.item.fields if entry.code in {*wanted, *suggested}]

    # Tables ---------------------------------------------------------------------------------------------------------

    def _versions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The first version of each record: every column of a snapshot, and of a version."""
        origin, lit = self.origin, pl.lit
        return frame.select(
            "subject_id",
            "record_id",
            "id",
            *_DATES,
            "content_commit",
            subject_kind=pl.col(KIND),
            item_code=lit(origin.item.code),
            item_version_id=lit(origin.item_version_id),
            law_version_id=lit(origin.law_version.id),
            provider_id=lit(origin.provider_id),
            batch_id=lit(origin.batch_id),
            row=pl.col(ROW),
            registered_at=lit(stamp(origin.at)),
            state=lit(RecordState.ACTIVE.value),
            disputed=lit(False),
            as_minor=lit(False),
            person_statute=lit(""),
            cause=lit(""),
            content_id=pl.col("id"),
            n=lit(1),
            act=lit(Act.REGISTERED.value),
            at=lit(stamp(origin.at)),
            actor=lit(self.actor),
            organisation=lit(self.provider.code),
            reason=lit(""),
            article=lit(origin.item.article),
            entry_id=lit(self.entry_id),
        )

    def _contents(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Contents with what is personal to each kind of subject sealed."""
        body = frame[BODY].to_list()
        sealed: list[bytes | None] = [None] * frame.height
        for kind in frame[KIND].unique().to_list():
            self._seal(frame, SubjectKind(kind), body, sealed)
        return frame.select(
            "subject_id", "id", "record_id", body=pl.Series(body, dtype=pl.String),
            personal=pl.Series(sealed, dtype=pl.Binary), salt=pl.col(SALTS),
        )  # fmt: skip

    def _seal(self, frame: pl.DataFrame, kind: SubjectKind, body: list[str], sealed: list[bytes | None]) -> None:
        """Take what is personal out of the bodies of one kind of subject."""
        always, sometimes = _personal(self.item, kind)
        free = pl.any_horizontal([*(pl.col(code).str.contains(_MAYBE_NUMBER) for code in sometimes), pl.lit(False)])
        said = pl.concat_str([pl.when(pl.col(code) != "").then(pl.lit("1")).otherwise(pl.lit("0")) for code in always])
        marked = frame.with_row_index("_n").filter(pl.col(KIND) == kind.value)
        marked = marked.with_columns(free.alias("_free"), (said if always else pl.lit("")).alias("_said"))
        for (loose, which), rows in marked.partition_by("_free", "_said", as_dict=True).items():
            hidden = [code for code, flag in zip(always, which, strict=True) if flag == "1"]
            if loose:
                self._seal_loose(rows, always, sometimes, body, sealed)
            elif hidden:
                self._seal_alike(rows, hidden, body, sealed)

    def _seal_alike(
        self, rows: pl.DataFrame, hidden: Sequence[str], body: list[str], sealed: list[bytes | None]
    ) -> None:
        """Rows of which the same fields are sealed, as columns."""
        fields = [pl.lit("").alias(code) if code in hidden else pl.col(code) for code in _sorted(self.item)]
        left = rows.select(pl.struct(fields).struct.json_encode()).to_series()
        taken = rows.select(pl.struct(sorted(hidden)).struct.json_encode().cast(pl.Binary)).to_series()
        places = [selectors.aad(*place) for place in rows.select("subject_id", "id").iter_rows()]
        secrets = seal_all(taken.to_list(), places)
        for n, text, secret in zip(rows["_n"].to_list(), left.to_list(), secrets, strict=True):
            body[n], sealed[n] = text, secret

    def _seal_loose(
        self,
        rows: pl.DataFrame,
        always: Sequence[str],
        sometimes: Sequence[str],
        body: list[str],
        sealed: list[bytes | None],
    ) -> None:
        """Rows whose texts may hold a number of a person, one by one."""
        for n, subject_id, content_id, whole in rows.select("_n", "subject_id", "id", BODY).iter_rows():
            values: dict[str, str] = orjson.loads(whole)
            hidden = {code: values[code] for code in always if values[code]}
            hidden |= {code: said for code in sometimes if (said := values[code]) and holds_identifier(said)}
            if hidden:
                body[n] = canonical({code: "" if code in hidden else said for code, said in values.items()}).decode()
                sealed[n] = seal(canonical(hidden), aad=selectors.aad(subject_id, content_id))


def _sorted(item: ItemVersion) -> list[str]:
    """The fields in the order of the canonical form."""
    return sorted(entry.code for entry in item.fields)


_DATES = {
    "decided_on": pl.Date,
    "publicity_from": pl.Date,
    "publicity_until": pl.Date,
    "use_until": pl.Date,
    "retention_until": pl.Date,
    "severity": pl.String,
    "severity_suggested": pl.Boolean,
}


def _personal(item: ItemVersion, kind: SubjectKind) -> tuple[list[str], list[str]]:
    """(fields that are always sealed for this kind, fields that are sealed when they hold a number of a person)."""
    always = [
        entry.code
        for entry in item.fields
        if entry.personal_to(kind) or (kind is SubjectKind.NATURAL_PERSON and entry.type is FieldType.TEXT)
    ]
    free = (FieldType.TEXT, FieldType.STRING)
    return always, [entry.code for entry in item.fields if entry.type in free and entry.code not in always]


def _commits(frame: pl.DataFrame) -> pl.Series:
    """Commitment of each content: SHA-256(salt ‖ canonical values)."""
    pairs = zip(frame[SALTS], frame[BODY].cast(pl.Binary), strict=True)
    return pl.Series([sha256(salt + body).digest() for salt, body in pairs], dtype=pl.Binary)


def _leaves(versions: pl.DataFrame) -> list[bytes]:
    """What the ledger binds of each version; the same bytes as `records.rules.version_leaf`."""
    text = [pl.col(name).cast(pl.String).fill_null("") for name in _TEXT]
    plain = versions.select(
        *text, pl.col("id").cast(pl.String).alias("version"), "severity_suggested", "disputed", "as_minor",
        content_commit=pl.col("content_commit").bin.encode("hex"),
    )  # fmt: skip
    body = plain.select(pl.struct(sorted(plain.columns)).struct.json_encode().cast(pl.Binary)).to_series()
    return [leaf_hash(one) for one in body]


_TEXT = (
    *("subject_id", "record_id", "subject_kind", "item_code", "item_version_id", "law_version_id", "provider_id"),
    *("batch_id", "row", "registered_at", "decided_on", "state", "publicity_from", "publicity_until", "use_until"),
    *("retention_until", "severity", "person_statute", "cause", "content_id"),
    *("n", "act", "at", "actor", "organisation", "reason", "article"),
)
_OF_HISTORY = ("record_id", "n", "act", "at", "actor", "organisation", "reason", "article", "entry_id", "id")


def _projection(versions: pl.DataFrame) -> pl.DataFrame:
    held = versions.drop(_OF_HISTORY)
    return held.with_columns(id=versions["record_id"], version_n=pl.lit(1))


def _take_keys(cursor: psycopg.Cursor[Any], wanted: pl.DataFrame) -> None:
    """Write the natural keys, in key order. Raises `Raced` when one is taken: then the batch is compared again."""
    try:
        copying(RecordKey._meta.db_table, wanted)(cursor)
    except psycopg.errors.UniqueViolation:
        raise Raced("batch_raced") from None
