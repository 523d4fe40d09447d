"""Which rows are faultless at first sight, thousands at a time?

The lane answers only "faultless, and this is what they say". Whatever it does not understand it leaves to the
row-by-row judgement, which alone gives findings; so each test here may be stricter than the rule, never laxer. A
property in the tests compares both on the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_, or_

import numpy as np
import polars as pl

from xinheng.intake.rules.amounts import CONFISCATED, FINES
from xinheng.intake.rules.layout import Column
from xinheng.intake.rules.persons import TELLS_OF_AGE, TRADITIONAL
from xinheng.intake.rules.roles import BRACKETS
from xinheng.intake.rules.rows import ID_CARD, ODD_IN_NAMES, Judge, is_free
from xinheng.intake.rules.values import FRACTION, NOTHING, SCIENTIFIC, read_cell
from xinheng.law import lookup
from xinheng.law.conditions import Comparison, Condition
from xinheng.law.enums import FieldType, SubjectKind
from xinheng.law.items import Check, Field
from xinheng.law.publicity import latest_end
from xinheng.lib.codes.vector import KINDS, check_many
from xinheng.lib.codes.verdict import Kind
from xinheng.lib.dates import LONG_TERM

NATURAL = "#natural"
KIND = "#kind"
# Characters that mean themselves: what `lib.text.clean` would not touch.
_SEEN = (
    r"!-~\u4e00-\u9fff\u3400-\u4dbf\u3001\u3002\u3008-\u3011\u3014\u3015\uff0c\uff08\uff09\uff1a\uff1b\uff01\uff1f\uff05"
    r"\u2018\u2019\u201c\u201d\u2014\u2026\u00b7\u2103"
)
_WORDS = f"^[ {_SEEN}]*$"
_LINES = rf"^[\n {_SEEN}]*$"
_LOOSE = r"^[ \n]|[ \n]$|  | \n|\n "  # white space that would be taken away
_SPACED = r"[\u2e80-\u9fff·] [\u2e80-\u9fff·]"
_MANY_DIGITS = "[0-9](?:[ -]?[0-9]){9}"
_ODD = ODD_IN_NAMES.pattern
_SPOILT = f"^(?:['=]|(?:{SCIENTIFIC.pattern}|{FRACTION.pattern})$)"
_YEAR_OF_NUMBER = r"[〔\[(（【] *(?:19|20)[0-9]{2} *年? *[〕\])）】]"
_DIGITS_18 = "^[0-9]{17}[0-9X]$"
_YEAR = "(?:19|20)[0-9]{2} ?[年./-]"
_HELD = 100_000  # cells of a column whose reading is remembered
_EXACT = frozenset({FieldType.DATE, FieldType.DECIMAL, FieldType.ENUM, FieldType.MULTI_ENUM, FieldType.ORG_CODE})
_NAMES = ("name", "representative", "authority", "source")


@dataclass(slots=True)
class Lane:
    """The fast lane for one layout of one item; `clean` is its only question."""

    judge: Judge
    _read: dict[str, dict[str, str | None]] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether this layout can go through the lane at all: the one of 2015 fills in and drops."""
        item = self.judge.roles.item
        needed = all(item.role(role) for role in ("name", "kind", "uscc", "document_number", "decided_on", "authority"))
        return needed and not self.judge.layout.old and not any(column.status for column in self.judge.layout.columns)

    def clean(self, frame: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
        """(which rows are faultless, what each says: a column per field of the item, `NATURAL` and `KIND`)."""
        values = self._values(frame)
        values = values.with_columns(self._kind().alias(KIND))
        values = values.with_columns(self._natural().alias(NATURAL), _ok=self._fits())
        ok = values["_ok"].fill_null(False)
        if ok.any():
            ok &= self._persons(values, ok)
            ok &= self._published(values, ok)
        return ok, values.drop("_ok")

    # Cells ----------------------------------------------------------------------------------------------------------

    def _values(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Canonical values, null where the lane does not understand the cell."""
        item, given = self.judge.roles.item, {}
        for n, column in enumerate(self.judge.layout.columns):
            if column.field is not None:
                given[column.field.code] = (column, frame[f"c{n}"])
        columns = [
            self._cells(entry, *given[entry.code]).alias(entry.code)
            if entry.code in given
            else pl.repeat("", frame.height, dtype=pl.String, eager=True).alias(entry.code)
            for entry in item.fields
        ]
        # Cells behind the last column of the header must be empty.
        surplus = [pl.col(name) == "" for name in frame.columns[self.judge.layout.width :]]
        extra = frame.select(_surplus=reduce(and_, surplus, pl.lit(True))).to_series()
        first = item.fields[0].code
        made = pl.DataFrame(columns)
        return made if not surplus else made.with_columns(pl.when(extra).then(pl.col(first)).alias(first))

    def _cells(self, entry: Field, column: Column, cells: pl.Series) -> pl.Series:
        if entry.type in _EXACT:
            return self._exact(entry, column, cells)
        if entry.type is FieldType.USCC:
            return self._codes(cells, "uscc", optional=entry.required != "always")
        if entry.type is FieldType.IDNUMBER:
            return self._codes(cells, "id", optional=True)
        return self._texts(entry, cells)

    def _exact(self, entry: Field, column: Column, cells: pl.Series) -> pl.Series:
        """Columns of few different cells: each is read once, by the reader of the row-by-row judgement."""
        held = self._read.setdefault(entry.code, {})
        if len(held) > _HELD:
            held.clear()
        said = cells.unique().to_list()
        for cell in said:
            if cell not in held:
                read = read_cell(cell, column, entry, self.judge.today)
                held[cell] = None if read.unreadable or read.findings else read.text
        return cells.replace_strict(said, [held[cell] for cell in said], return_dtype=pl.String)

    def _codes(self, cells: pl.Series, kind: Kind, *, optional: bool) -> pl.Series:
        fits = np.zeros(len(cells), dtype=bool)
        places = np.flatnonzero((cells.str.len_bytes() == 18).to_numpy())
        if len(places):
            verdicts = check_many(cells[places].to_list(), today=self.judge.today)
            fits[places] = verdicts.plain & (verdicts.kinds == KINDS.index(kind))
        nothing = cells.is_in(["", *NOTHING] if optional else [""])
        made = pl.DataFrame({"cell": cells.rename("cell"), "fits": fits, "nothing": nothing})
        return made.select(
            pl.when(pl.col("nothing")).then(pl.lit("")).when(pl.col("fits")).then(pl.col("cell"))
        ).to_series()

    def _texts(self, entry: Field, cells: pl.Series) -> pl.Series:
        cell = pl.col("cell")
        free, lines = is_free(entry), entry.type is FieldType.TEXT
        fits = cell.str.contains(_LINES if lines else _WORDS) & ~cell.str.contains(_LOOSE)
        if not lines:
            fits &= ~cell.str.contains(_SPACED) & ~cell.str.contains(_SPOILT)
        if entry.length:
            fits &= cell.str.len_chars() <= entry.length
        fits &= ~cell.str.starts_with("#")  # what a workbook shows in the place of a value
        if free:
            fits &= ~cell.str.contains(_MANY_DIGITS)
        if any(self.judge.roles.code(role) == entry.code for role in _NAMES):
            fits &= ~cell.str.contains(_ODD)
        if entry.code in self._keys():
            fits &= ~cell.str.contains(r'["\\]')
        empty = cell.is_in(sorted(NOTHING)) if entry.required == "always" or not lines else pl.lit(False)
        said = pl.when(empty).then(pl.lit("")).when(fits).then(cell)
        return cells.rename("cell").to_frame().select(said).to_series()

    def _keys(self) -> frozenset[str]:
        """Fields whose text stands in the natural key: a quotation mark there would have to be escaped."""
        roles = ("document_number", "authority", "authority_code")
        return frozenset(code for role in roles if (code := self.judge.roles.code(role)))

    # Rows -----------------------------------------------------------------------------------------------------------

    def _col(self, role: str) -> pl.Expr:
        code = self.judge.roles.code(role)
        return pl.col(code) if code else pl.lit("")

    def _kind(self) -> pl.Expr:
        """The kind of subject, null where the item or the city does not collect it."""
        item, pack = self.judge.roles.item, self.judge.pack
        allowed = {
            word: kind.value
            for word, kind in item.kinds_map.items()
            if kind in item.kinds and pack.subject_kind_allowed(kind)
        }
        return self._col("kind").replace_strict(
            list(allowed), list(allowed.values()), default=None, return_dtype=pl.String
        )

    def _is(self, *kinds: SubjectKind) -> pl.Expr:
        return pl.col(KIND).is_in([kind.value for kind in kinds])

    def _natural(self) -> pl.Expr:
        """The canonical natural key; see `Roles.natural_key`."""
        who = (
            pl.when(self._is(SubjectKind.NATURAL_PERSON))
            .then(pl.lit("id:") + self._col("id_number"))
            .otherwise(pl.lit("uscc:") + self._col("uscc"))
        )
        authority = self._col("authority_code") if self.judge.roles.code("authority_code") else pl.lit("")
        by = pl.when(authority == "").then(self._col("authority")).otherwise(authority)
        parts = [self._col("document_number").str.replace_many(list(BRACKETS), list(BRACKETS.values())), who, by]
        return pl.concat_str(
            [pl.lit(f'["{self.judge.roles.item.code}","'), parts[0], pl.lit('","'), parts[1], pl.lit('","'), parts[2],
             pl.lit('"]')]
        )  # fmt: skip

    def _fits(self) -> pl.Expr:
        """Whether everything holds that `rows.check_row` and `persons.check_person` look at, persons' ages apart."""
        item = self.judge.roles.item
        understood = [pl.col(entry.code).is_not_null() for entry in item.fields]
        return reduce(
            and_, [*understood, pl.col(KIND).is_not_null(), *self._subject(), *self._required(), *self._pack_checks(),
                   *self._amounts(), *self._documents(), *self._sealed()]
        )  # fmt: skip

    def _subject(self) -> Iterator[pl.Expr]:
        """Identified by the right number, and sent by whoever decided it."""
        person, code = self._is(SubjectKind.NATURAL_PERSON), self._col("uscc")
        yield pl.when(person).then((code == "") & (self._col("id_number") != "")).otherwise(code != "")
        yield ~(self._is(SubjectKind.LEGAL_PERSON) & code.str.starts_with("92"))
        yield self._col("document_number").str.replace_all(_YEAR_OF_NUMBER, "").str.contains("[0-9]")
        yield self._col("document_number").str.contains("[^0]")
        yield self._col("decided_on") != ""
        if item := self.judge.roles.item.revocation:
            yield ~pl.col(item.field).is_in(item.values)
        for role in ("authority_code", "source_code"):
            if self.judge.roles.code(role):  # another organ's code is told, as a note at least
                yield self._col(role).is_in(["", self.judge.provider.uscc])

    def _required(self) -> Iterator[pl.Expr]:
        for entry in self.judge.roles.item.fields:
            if isinstance(entry.required, Condition):
                yield (pl.col(entry.code) != "") | ~self._may_hold(entry.required)
            elif entry.required == "always":
                yield pl.col(entry.code) != ""

    def _may_hold(self, condition: Condition) -> pl.Expr:
        """True wherever the condition holds, perhaps elsewhere too."""
        if condition.test is Comparison.KIND_IS:
            return pl.col(KIND).is_in(condition.values)
        if (condition.field or "") not in self.judge.roles.item.by_code:
            return pl.lit(True)
        text = pl.col(condition.field or "")
        match condition.test:
            case Comparison.EMPTY:
                return (text == "") if condition.values == ("true",) else (text != "")
            case Comparison.EQUALS:
                return text == condition.values[0]
            case _:
                return reduce(or_, (text.str.contains(part, literal=True) for part in condition.values))

    def _sealed(self) -> Iterator[pl.Expr]:
        """No word of a sealed matter stands anywhere in the row, however it is spaced or wrapped."""
        words = sorted({word for rule in self.judge.roles.item.sealed for word in rule.when.values})
        free = (FieldType.TEXT, FieldType.STRING, FieldType.ENUM, FieldType.MULTI_ENUM)
        for entry in self.judge.roles.item.fields if words else ():
            if entry.type in free:
                said = pl.col(entry.code).str.replace_all(r"\s", "")
                said = said.str.replace_many(list(TRADITIONAL), list(TRADITIONAL.values()))
                yield ~said.str.contains_any(words)

    def _pack_checks(self) -> Iterator[pl.Expr]:
        for check in self.judge.roles.item.checks:
            value = pl.col(check.field)
            silent = (value == "") if check.when is None else (value == "") | ~self._may_hold(check.when)
            yield silent | self._holds(check, value)

    def _holds(self, check: Check, value: pl.Expr) -> pl.Expr:
        match check.check:
            case "not_after_today":
                return value <= self.judge.today.isoformat()
            case "not_before":
                other = pl.col(check.other or "")
                return (other == "") | (value >= other)
            case "code_prefix":
                return reduce(or_, (value.str.starts_with(prefix) for prefix in check.prefixes))
            case _:
                return pl.lit(False)

    def _amounts(self) -> Iterator[pl.Expr]:
        """No amount in another unit than 10,000 yuan, told by the decision, and no fine of nought.

        An amount told in Chinese numerals is left to the row-by-row judgement where it may be one of at least a yuan.
        """
        content = self.judge.roles.code("content")
        for role, statements in (("fine", FINES), ("confiscated", CONFISCATED)):
            entry = self.judge.role_field(role)
            if entry is None or not content:
                continue
            entered = pl.col(entry.code).cast(pl.Float64, strict=False)
            for one in statements:
                if not one.in_figures:
                    yield ~((entered >= 1) & pl.col(content).str.contains(one.pattern)).fill_null(False)
                    continue
                stated = pl.col(content).str.extract(one.pattern, 1).str.replace_all(",", "")
                times = pl.when(pl.col(content).str.extract(one.pattern, 2) == "元").then(1).otherwise(10_000)
                yuan = stated.cast(pl.Float64, strict=False) * times
                yield ~((yuan - entered).abs() < 0.01).fill_null(False)
                yield ~((yuan - entered * 1e8).abs() < 0.01).fill_null(False)
            if role == "fine" and isinstance(entry.required, Condition):
                yield (pl.col(entry.code) != "0") | ~self._may_hold(entry.required)

    def _documents(self) -> Iterator[pl.Expr]:
        """A number of a document is understood only as that of an identity card."""
        for entry in self.judge.roles.item.fields:
            if entry.type is FieldType.IDNUMBER:
                kind = pl.col(entry.document_kind) if entry.document_kind else pl.lit("")
                yield (pl.col(entry.code) == "") | kind.is_in(["", ID_CARD])

    def _persons(self, values: pl.DataFrame, ok: pl.Series) -> pl.Series:
        """Whether each person was surely of full age, also on every day that the facts name."""
        persons = np.flatnonzero((ok & (values[KIND] == SubjectKind.NATURAL_PERSON.value)).to_numpy())
        fits = np.ones(values.height, dtype=bool)
        if len(persons):
            rule = lookup.person_rule(self.judge.pack, self.judge.today)
            years = max(18, rule.full_capacity_from or 18)
            fits[persons] = values[persons].select(self._of_age(years)).to_series().fill_null(False).to_numpy()
        return pl.Series(fits)

    def _of_age(self, years: int) -> pl.Expr:
        born = self._col("id_number").str.slice(6, 8).cast(pl.Int64, strict=False)
        decided = self._col("decided_on").str.replace_all("-", "").cast(pl.Int64, strict=False)
        told = [
            pl.col(entry.code).str.extract_all(_YEAR).list.eval(pl.element().str.head(4).cast(pl.Int64)).list.min()
            for entry in self.judge.roles.item.fields
            if entry.type is FieldType.TEXT
        ]
        texts = [pl.col(entry.code) for entry in self.judge.roles.item.fields if entry.type is FieldType.TEXT]
        earliest = pl.min_horizontal(told) if told else pl.lit(None, dtype=pl.Int64)
        grown = earliest.is_null() | (earliest > born // 10_000 + 18)
        grown &= reduce(and_, (~text.str.contains(TELLS_OF_AGE) for text in texts), pl.lit(True))
        # A day more than the law asks for: at the birthday itself the row-by-row judgement decides.
        return (self._col("id_number") != "") & (decided - born > years * 10_000 + 1) & grown

    def _published(self, values: pl.DataFrame, ok: pl.Series) -> pl.Series:
        """Whether the sender's own last day of publicity is no later than the law allows; see `latest_end`."""
        end, decided = self.judge.roles.code("publicity_end"), self.judge.roles.code("decided_on")
        if not end or not decided:
            return pl.Series(np.ones(values.height, dtype=bool))
        severity = self._col("severity")
        told = values.select(pl.col(end).alias("end"), pl.col(decided).alias("decided"), severity.alias("severity"))
        asked = told.filter(ok & (told["end"] != "")).select("decided", "severity").unique()
        latest = [self._latest(*pair) for pair in asked.iter_rows()]
        asked = asked.with_columns(pl.Series("latest", latest, dtype=pl.String))
        joined = told.join(asked, on=["decided", "severity"], how="left", maintain_order="left")
        return joined.select(((pl.col("end") == "") | (pl.col("end") <= pl.col("latest"))).fill_null(False)).to_series()

    def _latest(self, decided: str, severity: str) -> str:
        found = latest_end(self.judge.pack, self.judge.roles.item, date.fromisoformat(decided), severity)
        return found[0].isoformat() if found else LONG_TERM.isoformat()


def as_values(row: Mapping[str, str]) -> dict[str, str]:
    """The values of a row of the lane: fields that say something."""
    return {code: text for code, text in row.items() if text and not code.startswith("#")}
