"""The template of every item is read back whole, offers every list, explains every field, and takes its examples."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest

from tests.conftest import PACKS, load_pack
from tests.intake.made import TODAY
from xinheng.demo.sent import sent_files
from xinheng.intake.reading import FileReport, check_file
from xinheng.intake.rules import FileRefused, ProviderFacts, RowResult, Verdict, provider_in_pack
from xinheng.intake.rules.layout import find_layout, is_repeated_header
from xinheng.intake.writing import template
from xinheng.intake.writing.examples import example_organ
from xinheng.law import lookup
from xinheng.law.enums import FieldType
from xinheng.law.items import Field, ItemVersion
from xinheng.law.pack import Pack

ITEMS = [(name, item.code) for name in PACKS for item in lookup.items(load_pack(name), TODAY)]
DATA, SAID, SHOWN = 0, 1, 2


@pytest.fixture(params=ITEMS, ids=["-".join(one) for one in ITEMS])
def made(request: pytest.FixtureRequest) -> tuple[Pack, ItemVersion, bytes]:
    """A pack, one of its items, and the template."""
    pack = load_pack(request.param[0])
    item = lookup.item(pack, request.param[1], TODAY)
    return pack, item, template(item, pack=pack, today=TODAY)


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sender(pack: Pack, item: ItemVersion) -> ProviderFacts:
    """An organisation that may report the item, under the code of the invented organ of the examples."""
    code = next(sent.provider for sent in sent_files(pack) if sent.item == item.code)
    return replace(provider_in_pack(pack, code), uscc=example_organ(pack))


def judged(data: bytes, pack: Pack, item: ItemVersion, report: FileReport | None = None) -> list[RowResult]:
    provider = sender(pack, item)
    return list(check_file(data, item=item, pack=pack, provider=provider, today=TODAY, report=report))


def text_of(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows(values_only=True):
        yield ["" if cell is None else str(cell) for cell in row]


def lists_of(book: Any) -> dict[str, list[str]]:
    """Letter of a column of the data sheet → what its drop-down list offers."""
    found: dict[str, list[str]] = {}
    for rule in book.worksheets[DATA].data_validations.dataValidation:
        if rule.type == "list":
            sheet, _, where = book.defined_names[rule.formula1].attr_text.partition("!")
            cells = book[sheet.strip("'")][where.replace("$", "")]
            letter = str(rule.sqref).split(":", maxsplit=1)[0].rstrip("0123456789")
            found[letter] = [row[0].value for row in cells]
    return found


@pytest.mark.req("CAT-2", "INT-1", kind="rule")
def test_both_header_rows_are_read_and_no_column_is_unknown(made: tuple[Pack, ItemVersion, bytes]) -> None:
    _, item, data = made
    labels, codes = list(text_of(opened(data).worksheets[DATA]))[:2]
    for head in (labels, codes):
        layout = find_layout(",".join(head), item)
        assert layout.unknown() == [] == layout.ignored()
        assert layout.present == {entry.code for entry in item.fields if not entry.platform}
        assert not layout.old
    assert is_repeated_header(codes, item)
    required = {e.label.zh for e in item.fields if e.required == "always" and not e.platform}
    assert {label.rstrip("*") for label in labels if label.endswith("*")} == required


@pytest.mark.req("INT-1", kind="rule")
def test_no_line_behind_the_data_looks_like_a_header(made: tuple[Pack, ItemVersion, bytes]) -> None:
    pack, item, _ = made
    for sheet in opened(template(item, pack=pack, today=TODAY, english=True)).worksheets[1:]:
        assert not any(is_repeated_header(line, item) for line in text_of(sheet))


@pytest.mark.req("INT-1", kind="refusal")
def test_an_unfilled_template_has_no_rows(made: tuple[Pack, ItemVersion, bytes]) -> None:
    pack, item, data = made
    for file in (data, saved(opened(data)), template(item, pack=pack, today=TODAY, english=True)):
        with pytest.raises(FileRefused) as refused:
            judged(file, pack, item)
        assert refused.value.code == "file_no_rows"


@pytest.mark.req("CAT-2", "INT-1", kind="rule")
def test_the_examples_copied_into_the_data_sheet_are_accepted_as_they_stand(
    made: tuple[Pack, ItemVersion, bytes],
) -> None:
    pack, item, data = made
    book = opened(data)
    shown = list(text_of(book.worksheets[SHOWN]))[2:]
    fields = [entry for entry in item.fields if not entry.platform]
    assert [line[0] for line in shown] == [entry.code for entry in fields]
    for n in range(3):
        for place, line in enumerate(shown, start=1):
            book.worksheets[DATA].cell(3 + n, place).value = line[3 + n] or None
    report = FileReport()
    rows = judged(saved(book), pack, item, report)
    assert [(row.row, row.verdict, row.findings) for row in rows] == [(n, Verdict.ACCEPT, ()) for n in (3, 4, 5)]
    assert report.counts["headers"] == 2
    assert report.summary()["columns_unknown"] == []
    assert set(report.skipped) == {"填报说明", "填写示例"}


@pytest.mark.req("CAT-2", kind="rule")
def test_every_enumeration_is_a_list_and_open_ones_do_not_block(made: tuple[Pack, ItemVersion, bytes]) -> None:
    _, item, data = made
    book = opened(data)
    sheet, lists = book.worksheets[DATA], lists_of(book)
    rules = {str(r.sqref).split(":", maxsplit=1)[0]: r for r in sheet.data_validations.dataValidation}
    for place, entry in enumerate([e for e in item.fields if not e.platform], start=1):
        letter = openpyxl.utils.get_column_letter(place)
        rule = rules[f"{letter}3"]
        assert rule.prompt
        assert len(rule.prompt) <= 255
        assert (letter in lists) == (entry.enum is not None)
        if entry.enum is not None:
            assert lists[letter][: len(entry.enum.values)] == [one.value for one in entry.enum.values]
            closed = entry.type is FieldType.ENUM and not entry.enum.open_prefix
            assert (rule.errorStyle in (None, "stop")) == closed
    assert book.worksheets[-1].sheet_state == "hidden"


@pytest.mark.req("CAT-2", kind="rule")
def test_codes_are_text_and_days_are_days(made: tuple[Pack, ItemVersion, bytes]) -> None:
    _, item, data = made
    book = opened(data)
    sheet = book.worksheets[DATA]
    fields = [e for e in item.fields if not e.platform]
    for place, entry in enumerate(fields, start=1):
        number = sheet.column_dimensions[openpyxl.utils.get_column_letter(place)]
        look = "General" if entry.type is FieldType.DECIMAL else "yyyy/mm/dd" if _is_day(entry) else "@"
        assert number.number_format == look, entry.code
    assert sheet.freeze_panes == "B3"


def _is_day(entry: Field) -> bool:
    return entry.type is FieldType.DATE


@pytest.mark.req("INT-1", kind="rule")
def test_days_and_amounts_typed_as_such_are_read(pack: Pack) -> None:
    item = lookup.item(pack, "CF", TODAY)
    book = opened(template(item, pack=pack, today=TODAY))
    sheet = book.worksheets[DATA]
    shown = list(text_of(book.worksheets[SHOWN]))[2:]
    for place, line in enumerate(shown, start=1):
        entry, cell = item.by_code[line[0]], line[3]
        typed: Any = cell
        if cell and _is_day(entry):
            typed = date(*map(int, cell.split("/")))
        elif cell and entry.type is FieldType.DECIMAL:
            typed = float(cell)
        sheet.cell(3, place).value = typed or None
    rows = judged(saved(book), pack, item)
    assert [(row.verdict, row.findings) for row in rows] == [(Verdict.ACCEPT, ())]


@pytest.mark.req("CAT-2", "INV-2", "INV-9", kind="rule")
def test_the_instructions_tell_every_field_and_what_is_never_sent(made: tuple[Pack, ItemVersion, bytes]) -> None:
    pack, item, _ = made
    book = opened(template(item, pack=pack, today=TODAY, english=True))
    for sheet, english in ((book["填报说明"], False), (book["Instructions"], True)):
        lines = list(text_of(sheet))
        whole = "\n".join(cell for line in lines for cell in line)
        told = {line[0]: line for line in lines if line[0] in item.by_code}
        assert set(told) == {entry.code for entry in item.fields if not entry.platform}
        for code, line in told.items():
            entry = item.by_code[code]
            assert line[1] == (entry.label.en if english else entry.label.zh)
            assert all(line[2:4])
            if entry.enum:
                assert all(one.value in line[4] for one in entry.enum.values)
            assert line[5] or entry.required != "always"
        assert "sheet." not in whole
        assert "%(" not in whole
        for rule in item.sealed:
            assert all(value in whole for value in rule.when.values)
        assert ("working day" if english else "个工作日") in whole
        assert len(book.worksheets) == 5


@pytest.mark.req("CAT-2", kind="rule")
def test_every_name_in_the_examples_is_invented(made: tuple[Pack, ItemVersion, bytes]) -> None:
    pack, _, data = made
    bodies = pack.demo["organisations"]
    assert isinstance(bodies, tuple)
    whole = "\n".join(cell for line in text_of(opened(data).worksheets[SHOWN]) for cell in line)
    assert not any(str(body["uscc"]) in whole for body in bodies)  # type: ignore[call-overload, index]
