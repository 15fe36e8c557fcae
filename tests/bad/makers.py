"""Files that cannot be written down as text."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/%s" Target="%s"/></Relationships>'
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_BOOK = (
    f'<?xml version="1.0"?><workbook {_MAIN} xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Sites" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def workbook(sheet: bytes, **more: bytes) -> bytes:
    """A workbook of one sheet, given as its XML."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", _TYPES)
        book.writestr("_rels/.rels", _RELATIONS % ("officeDocument", "xl/workbook.xml"))
        book.writestr("xl/workbook.xml", _BOOK)
        book.writestr("xl/_rels/workbook.xml.rels", _RELATIONS % ("worksheet", "worksheets/sheet1.xml"))
        book.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, data in more.items():
            book.writestr(name, data)
    return file.getvalue()


def _sheet(rows: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>'.encode()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


_HEADER = f'<row r="1">{cell("A1", "name")}{cell("B1", "country")}</row>'


def _bomb() -> bytes:
    """A small file that unfolds to 600 MB, and says so."""
    return _says_its_size(workbook(_sheet(_HEADER)), 600_000_000)


def _liar() -> bytes:
    """A small file that unfolds to 500 MB, and says that it does not."""
    blank = zlib.compressobj(1, zlib.DEFLATED, -15)
    mega = blank.compress(b" " * 1_000_000) + blank.flush(zlib.Z_FULL_FLUSH)
    packed = mega * 500 + blank.flush()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", packed)
    data = file.getvalue()
    for head in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.index(head) + (8 if head.endswith(b"\x04") else 10)
        data = data[:at] + zipfile.ZIP_DEFLATED.to_bytes(2, "little") + data[at + 2 :]
    return data


def _says_its_size(data: bytes, size: int) -> bytes:
    """The archive with another size in its list of contents, for the last of them."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + size.to_bytes(4, "little") + data[at + 4 :]


def _lol() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'
    return workbook(_sheet(f'{_HEADER}<row r="2">{cell("A2", "&l9;")}{cell("B2", "FR")}</row>', head))


def _far() -> bytes:
    """Two cells, the second in the last corner of the largest sheet there is: 17 thousand million cells between."""
    return workbook(_sheet(f'{_HEADER}<row r="1048576">{cell("XFD1048576", "x")}</row>'))


def _formula() -> bytes:
    row = '<row r="2"><c r="A2" t="str"><f>1+1</f><v>Lyon</v></c>' + cell("B2", "FR") + "</row>"
    return workbook(_sheet(_HEADER + row))


def _unknown() -> bytes:
    """As a program writes it that calculates nothing."""
    name = '<c r="A2" t="str"><f>1+1</f><v></v></c>'
    row = f'<row r="2">{name}{cell("B2", "FR")}<c r="C2"><f>2+2</f><v></v></c><c r="D2"><f>2+3</f></c></row>'
    return workbook(_sheet(_HEADER + row + f'<row r="3">{cell("A3", "Lyon")}{cell("B3", "FR")}</row>'))


def _plain() -> bytes:
    return workbook(_sheet(f'{_HEADER}<row r="2">{cell("A2", "Lyon")}{cell("B2", "FR")}</row>'))


def _wrong_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("readme.txt", "no workbook")
    return file.getvalue()


MAKERS: Mapping[str, Callable[[], bytes]] = {
    "bomb": _bomb,
    "liar": _liar,
    "lol": _lol,
    "far": _far,
    "formula": _formula,
    "unknown": _unknown,
    "plain": _plain,
    "wrong zip": _wrong_zip,
    "cut off": lambda: _plain()[:-200],
    "empty zip": lambda: b"PK\x05\x06" + b"\0" * 18,
    "half": lambda: _plain()[:400],
    "nul": lambda: b"name,country\nLy\0on,FR\n",
    "utf-16": lambda: "name,country\nLyon,FR\n".encode("utf-16"),
    "utf-16 without mark": lambda: "name,country\nLyon,FR\n".encode("utf-16-le"),
}
