"""How do rows stand to what is on file: new, the same, or different? (decisions: natural key, identical content)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from xinheng.intake.rules import RowResult, Standing, Verdict, roles_of
from xinheng.intake.rules.check import ROW, Judged
from xinheng.intake.rules.lane import KIND, NATURAL
from xinheng.intake.services import standing
from xinheng.law.enums import SubjectKind
from xinheng.law.items import ItemVersion
from xinheng.law.pack import Pack
from xinheng.lib.text import bare_name
from xinheng.records import selectors
from xinheng.records.services.judging import Values, natural_keys, same_content
from xinheng.records.services.revoking import KEY, Revocations
from xinheng.store.crypto import blind_all
from xinheng.subjects.rules import Scheme
from xinheng.subjects.selectors import by_identifiers

__all__ = ["KEY", "Comparison"]


class Comparison:
    """Compares the rows of one file, block by block, with what is on file."""

    def __init__(self, item: ItemVersion, pack: Pack, provider_id: int) -> None:
        self._item, self._pack = item, pack
        self.revocations = Revocations(item, provider_id)
        self._operators: dict[str, set[str]] = {}  # code of an individual business -> its operators, as far as known

    def block(self, judged: Judged) -> Judged:
        """The block with what is on file said of each row; ``clean`` has the key of its record in `KEY`.

        A row that the file repeats was compared already.
        """
        rings = blind_all("record", judged.clean[NATURAL].to_list())
        clean = judged.clean.with_columns(pl.Series(KEY, rings[0] if rings else [], dtype=pl.String))
        asked = [row for row in judged.results if row.verdict is not Verdict.REJECT and not row.unchanged]
        keys = {row.row: natural_keys(self._item, row.values) for row in asked}
        found = selectors.found_by_keys([key for several in (*rings, *keys.values()) for key in several])
        # Only what may be on file, or has an operator to compare, is looked at one by one.
        hit = pl.Series([any(ring[n] in found for ring in rings) for n in range(clean.height)], dtype=pl.Boolean)
        places = clean.with_row_index("_n").filter(hit | (clean[KIND] == SubjectKind.INDIVIDUAL_BUSINESS.value))
        aside = {row.row: row for row in Judged(places.drop(KEY, "_n"), ()).each()}
        keys |= {row: [ring[n] for ring in rings] for n, row in places.select("_n", ROW).iter_rows()}
        stands = self._stands(sorted([*aside.values(), *asked], key=lambda row: row.row), keys, found)
        moved = [standing(row, stands[row.row]) for row in aside.values() if stands[row.row] is not Standing.NEW]
        left = clean.filter(~pl.col(ROW).is_in([row.row for row in moved])) if moved else clean
        results = [standing(row, stands.get(row.row, Standing.NEW)) for row in judged.results]
        return self.revocations.block(Judged(left, sorted([*results, *moved], key=lambda row: row.row)))

    def _stands(
        self, rows: Sequence[RowResult], keys: Mapping[int, Sequence[str]], found: Mapping[str, tuple[int, int]]
    ) -> Mapping[int, Standing]:
        """Row number -> standing, for rows in file order; ``keys`` of each row, and which of them are on file."""
        known = {row.row: next((found[key] for key in keys[row.row] if key in found), None) for row in rows}
        held = selectors.contents_in_force({record for record in known.values() if record is not None})
        self._learn_operators(rows)
        return {row.row: self._stand(row, known[row.row], held) for row in rows}

    def _stand(
        self,
        result: RowResult,
        known: tuple[int, int] | None,
        held: Mapping[int, Values],
    ) -> Standing:
        if known is None:
            return self._new(result)
        on_file = held.get(known[1])  # None: erased; what comes again then waits for a person
        same = on_file is not None and same_content(self._item, result.values, on_file)
        return Standing.UNCHANGED if same else Standing.DIFFERS

    def _new(self, result: RowResult) -> Standing:
        """A record that is not on file; of an individual business only with the operator that is known (INV-4)."""
        code, operator = self._operator(result)
        known = self._operators.setdefault(code, set())
        if operator and known and operator not in known:
            return Standing.OPERATOR_DIFFERS
        if result.verdict is Verdict.ACCEPT:
            known |= {operator} - {""}
        return Standing.NEW

    def _learn_operators(self, rows: Iterable[RowResult]) -> None:
        """Read the operators on file of the individual businesses among ``rows``: two statements, or none."""
        codes = sorted({code for row in rows if (code := self._operator(row)[0])} - self._operators.keys())
        if not codes:
            return
        businesses = zip(codes, by_identifiers([(Scheme.USCC, code) for code in codes]), strict=True)
        on_file = {subject.subject_id: code for code, subject in businesses if subject is not None}
        for number, names in selectors.named_ever(set(on_file), role="representative", pack=self._pack).items():
            self._operators[on_file[number]] = {bare_name(name) for name in names}

    def _operator(self, result: RowResult) -> tuple[str, str]:
        """(unified code, operator) that a row gives for an individual business; empty for every other subject."""
        roles = roles_of(self._item)
        if roles.subject_kind(result.values) is not SubjectKind.INDIVIDUAL_BUSINESS:
            return "", ""
        return roles.value("uscc", result.values), bare_name(roles.value("representative", result.values))
