"""Files that lie or attack, made small: what each is, and the refusal it must get ("" when its good rows are read)."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
import xlwt

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRINGS = f'<sst xmlns="{MAIN}"><si><t>x</t></si></sst>'.encode()
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'


def sheet(rows: str = CELL, before: str = "") -> bytes:
    """The XML of one sheet."""
    declared = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{declared}{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def parts(*sheets: bytes, names: list[str] | None = None) -> dict[str, bytes]:
    """The parts of a workbook with these sheets."""
    names = names or [f"S{n}" for n in range(len(sheets))]
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    links = "".join(
        f'<Relationship Id="rId{n + 1}" Type="{RELS}/worksheet" Target="worksheets/sheet{n + 1}.xml"/>'
        for n in range(len(sheets))
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    begin = f'<Relationships xmlns="{package}/relationships">'
    main = f'<Relationship Id="rId1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>'.encode(),
        "_rels/.rels": f"{begin}{main}</Relationships>".encode(),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>{listed}</sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f"{begin}{links}</Relationships>".encode(),
        **{f"xl/worksheets/sheet{n + 1}.xml": text for n, text in enumerate(sheets)},
    }


def packed(contents: Mapping[str, bytes], *, level: int = 1) -> bytes:
    """A zip file of them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in contents.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def book(*sheets: bytes, **more: bytes) -> bytes:
    """A workbook of these sheets, with more parts (strings, styles) by short name."""
    return packed(parts(*sheets) | {f"xl/{name}.xml": data for name, data in more.items()})


def good() -> bytes:
    """A workbook that nothing is wrong with."""
    made = openpyxl.Workbook()
    made.active.append(["甲", "乙"])
    made.active.append(["1", "2"])
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    """The file of a workbook."""
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def old(rows: int = 400) -> bytes:
    """An old workbook long enough that its stream lies in sectors of its own."""
    made = xlwt.Workbook(encoding="utf-8")
    page = made.add_sheet("甲")
    for row in range(rows):
        page.write(row, 0, f"第{row}行")
        page.write(row, 1, row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def bomb() -> bytes:
    return book(sheet() + b" " * (100 << 20))


def far_cell() -> bytes:
    return book(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def ten_million_rows() -> bytes:
    contents = parts(sheet())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in contents.items():
            if "sheet1" not in name:
                archive.writestr(name, data)
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            stream.write(f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData>'.encode())
            block = b"<row><c><v>1</v></c></row>" * 10_000
            for _ in range(1000):
                stream.write(block)
            stream.write(b"</sheetData></worksheet>")
    return target.getvalue()


def rows_beyond_dimension() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 100003}</v></c></row>' for n in range(1, 150_001))
    return book(sheet(rows).replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>'))


def rows_without_places() -> bytes:
    rows = "".join(f"<row><c><v>{n * 7919 % 100003}</v></c></row>" for n in range(150_000))
    return book(sheet(rows))


def laughs() -> bytes:
    pairs = zip("abcdefghi", "bcdefghij", strict=True)
    entities = '<!ENTITY a "lol">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairs)
    return book(sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>', f"<!DOCTYPE x [{entities}]>"))


def laughing_strings() -> bytes:
    text = f'<!DOCTYPE x [<!ENTITY a "b">]><sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'
    return book(sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), sharedStrings=text.encode())


def attributes() -> bytes:
    many = " ".join(f'a{n}="{n}"' for n in range(100_000))
    return book(sheet(f'<row r="1" {many}><c r="A1"><v>1</v></c></row>'))


def deep() -> bytes:
    return book(sheet("<row><c>" + "<is>" * 200_000 + "</is>" * 200_000 + "</c></row>"))


def truncated() -> bytes:
    return good()[:-200]


def truncated_inside() -> bytes:
    whole = good()
    return whole[: len(whole) // 2]


def wrong_sum() -> bytes:
    data = bytearray(packed(parts(sheet())))
    at = data.rfind(b"PK\x01\x02")
    data[at + 16 : at + 20] = b"\1\2\3\4"
    return bytes(data)


def paths() -> bytes:
    return packed(parts(sheet()) | {"../../../etc/cron.d/x": b"<x/>"})


def overlapping() -> bytes:
    contents = parts(sheet(), sheet("<row/>" * 5000))
    data = bytearray(packed(contents))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    at = data.rfind(b"PK\x01\x02")
    data[at + 42 : at + 46] = struct.pack("<I", first)
    return bytes(data)


def doubled_part() -> bytes:
    data = packed(parts(sheet()) | {"xl/worksheets/sheet9.xml": sheet("")})
    return data.replace(b"sheet9.xml", b"sheet1.xml")


def string_out_of_range() -> bytes:
    return book(sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), sharedStrings=STRINGS)


def negative_string() -> bytes:
    return book(sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), sharedStrings=STRINGS)


def negative_place() -> bytes:
    return book(sheet('<row r="-1"><c r="A-1"><v>1</v></c></row>'))


def styles() -> bytes:
    formats = '<cellXfs count="4294967295"><xf numFmtId="-1" xfId="0"/></cellXfs>'
    text = f'<styleSheet xmlns="{MAIN}">{formats}<cellStyleXfs><xf xfId="0"/></cellStyleXfs></styleSheet>'
    return book(sheet('<row r="1"><c r="A1" s="4294967295"><v>1</v></c></row>'), styles=text.encode())


def inside_another() -> bytes:
    return packed(parts(sheet()) | {"xl/embeddings/book.xlsx": bomb()})


def nul_bytes() -> bytes:
    return book(sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>a\0b</t></is></c><c r="B1"><v>1</v></c></row>'))


def many_sheets() -> bytes:
    return packed(parts(*[b"<x/>"] * 40_000), level=0)


def many_listed_sheets() -> bytes:
    contents = parts(*[b""] * 40_000)
    kept = {name: data for name, data in contents.items() if "worksheets/" not in name}
    return packed(kept | {"xl/worksheets/sheet1.xml": sheet()})


def empty_strings() -> bytes:
    text = f'<sst xmlns="{MAIN}">{"<si><t/></si>" * 1_000_000}</sst>'
    rows = CELL.replace("</row>", '<c r="B1" t="s"><v>999999</v></c></row>')
    return book(sheet(rows), sharedStrings=text.encode())


def sixteen() -> bytes:
    return book(sheet().decode().replace("UTF-8", "UTF-16").encode("utf-16"))


def quoted_bracket() -> bytes:
    """A bracket inside an attribute hides the place of the cell from anyone who looks for tags."""
    return book(sheet("""<row r="1"><c s='>' r="ZZ1"><v>1</v></c></row>"""))


def new_error() -> bytes:
    return book(sheet('<row r="2"><c r="C2" t="e"><v>#SPILL!</v></c></row>'))


def missing_sheet() -> bytes:
    contents = parts(sheet(), sheet())
    del contents["xl/worksheets/sheet2.xml"]
    return packed(contents)


def same_names() -> bytes:
    return packed(parts(sheet(), sheet(), names=["甲", "甲"]))


def huge_directory() -> bytes:
    data = bytearray(good())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = struct.pack("<I", 0x7FFFFFFF)
    return bytes(data)


def cyclic_chain() -> bytes:
    """Every entry of the table of sectors points at itself."""
    data = bytearray(old())
    table = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    for number in range(128):
        struct.pack_into("<I", data, table + 4 * number, number)
    return bytes(data)


def lying_records() -> bytes:
    data = bytearray(old())
    at = 512 + 4 + struct.unpack_from("<H", data, 514)[0]
    struct.pack_into("<H", data, at + 2, 0xFFFF)
    return bytes(data)


def lying_strings() -> bytes:
    data = bytearray(old())
    at = data.index(b"\xfc\x00", 512)
    struct.pack_into("<II", data, at + 4, 0xFFFFFFFF, 0xFFFFFFFF)
    return bytes(data)


def renamed(stream: str) -> bytes:
    """An old workbook whose stream bears another name."""
    data = old()
    before = "Workbook".encode("utf-16-le")
    at = data.index(before)
    name = stream.encode("utf-16-le")
    changed = bytearray(data)
    changed[at : at + 64] = name.ljust(64, b"\0")
    struct.pack_into("<H", changed, at + 64, len(name) + 2)
    return bytes(changed)


def encrypted_record() -> bytes:
    data = bytearray(old())
    at = 512 + 4 + struct.unpack_from("<H", data, 514)[0]
    struct.pack_into("<H", data, at, 0x2F)
    return bytes(data)


def office(name: str) -> bytes:
    return packed({name: b"<x/>"})


WORKBOOKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (bomb, "workbook_bomb"),
    "one cell in the last corner": (far_cell, "workbook_too_many_rows"),
    "ten million rows that call themselves one": (ten_million_rows, "workbook_too_many_rows"),
    "more rows than the dimension says": (rows_beyond_dimension, "workbook_too_many_rows"),
    "too many rows without places": (rows_without_places, "workbook_too_many_rows"),
    "billion laughs": (laughs, "workbook_unsafe"),
    "entity in the strings": (laughing_strings, "workbook_unsafe"),
    "a hundred thousand attributes": (attributes, "workbook_unsafe"),
    "deep nesting": (deep, "file_empty"),
    "truncated": (truncated, "workbook_damaged"),
    "half a file": (truncated_inside, "workbook_damaged"),
    "wrong check sum": (wrong_sum, "workbook_damaged"),
    "path traversal": (paths, "workbook_unsafe"),
    "overlapping parts": (overlapping, "workbook_unsafe"),
    "doubled part": (doubled_part, "workbook_damaged"),
    "text out of range": (string_out_of_range, "workbook_damaged"),
    "negative text": (negative_string, "workbook_damaged"),
    "negative place": (negative_place, "workbook_damaged"),
    "styles that refer to themselves": (styles, ""),
    "workbook in a workbook": (inside_another, ""),
    "null character": (nul_bytes, ""),
    "40,000 sheets": (many_sheets, "workbook_too_many_parts"),
    "40,000 listed sheets": (many_listed_sheets, "workbook_too_many_sheets"),
    "a million empty texts": (empty_strings, ""),
    "UTF-16": (sixteen, "workbook_unsafe"),
    "bracket in an attribute": (quoted_bracket, "workbook_too_many_columns"),
    "an error of a newer program": (new_error, "workbook_error_cell"),
    "missing sheet": (missing_sheet, "workbook_damaged"),
    "two sheets of one name": (same_names, "workbook_damaged"),
    "directory of 2 GB": (huge_directory, "workbook_damaged"),
    "chain that bites its tail": (cyclic_chain, "workbook_damaged"),
    "record length that lies": (lying_records, "workbook_damaged"),
    "four billion texts": (lying_strings, ""),
    "password": (lambda: renamed("EncryptedPackage"), "workbook_password"),
    "password of an old workbook": (encrypted_record, "workbook_password"),
    "text document": (lambda: renamed("WordDocument"), "workbook_not_but"),
    "new text document": (lambda: office("word/document.xml"), "workbook_not_but"),
    "binary workbook": (lambda: office("xl/workbook.bin"), "workbook_other_kind"),
    "open document": (lambda: office("content.xml"), "workbook_other_kind"),
    "web page": ("<html><table><tr><td>甲</td></tr></table></html>".encode, "workbook_is_page"),
    "text": ("甲,乙\n1,2\n".encode, "workbook_not"),
    "nothing": (lambda: b"", "file_empty"),
    "zip signature alone": (lambda: b"PK\3\4", "workbook_damaged"),
    "OLE signature alone": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600, "workbook_damaged"),
}
LINES: dict[str, tuple[Callable[[], bytes], str]] = {
    "depth bomb": (lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "lines_none"),
    "depth bomb as an array": (lambda: b"[" * 2_000_000, "lines_array_broken"),
    "number beyond all": (lambda: b'{"a":1e999999}', ""),
    "a line of 100 MB": (lambda: b'{"a":"' + b"x" * (100 << 20) + b'"}', "lines_none"),
    "an element of 100 MB": (lambda: b'[{"a":"' + b"x" * (100 << 20) + b'"}]', "lines_array_broken"),
    "another name in each line": (lambda: b"".join(b'{"a%d":1}\n' % n for n in range(5000)), "lines_too_many_names"),
    "only faults": (lambda: b"x\n" * 200_000, "lines_too_many_faults"),
    "no end of digits": (lambda: b'{"a":' + b"9" * 500_000 + b"}", "lines_none"),
    "workbook": (good, "lines_none"),
}
