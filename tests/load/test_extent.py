"""A workbook is as large as what it unfolds to, and that is known before it is opened."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

import pytest

from rollout.load.extent import check_extent
from rollout.load.sheet import read_sheet
from rollout.problem import RolloutError
from tests.bad.makers import cell, workbook

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
FILLED = '<table:table-cell office:value-type="string"{}><text:p>name</text:p></table:table-cell>'
SIXTEEN = ' table:number-columns-repeated="16"'
BLANK_ROWS = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'


def ods(rows: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("content.xml", f"<office:body {NAMESPACES}><table:table>{rows}</table:table></office:body>")
    return out.getvalue()


def record(kind: int, data: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return head + bytes([len(data)]) + data


def xlsb(*cells: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        body = b"".join(
            record(0, row.to_bytes(4, "little") + b"\0" * 13) + record(7, column.to_bytes(4, "little") + b"\0" * 8)
            for row, column in cells
        )
        book.writestr("xl/worksheets/sheet1.bin", record(129, b"") + body + record(130, b""))
    return out.getvalue()


def xlsx(*places: str, blank: str = "") -> bytes:
    rows = "".join(f"<row>{cell(place, 'x')}</row>" for place in places)
    return workbook(f"<worksheet><sheetData>{rows}{blank}</sheetData></worksheet>".encode())


@pytest.mark.parametrize(
    "data",
    [
        xlsx("A1", "B2"),
        xlsx("XFD1", "XFD1048576"),
        xlsx("A1", blank='<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
        ods(f"<table:table-row>{FILLED.format('')}</table:table-row>{BLANK_ROWS}"),
        xlsb((0, 0), (1000, 50)),
        b"\xd0\xcf\x11\xe0 an old workbook",
    ],
)
def test_what_is_blank_counts_for_nothing(data: bytes) -> None:
    check_extent(data, "a")


@pytest.mark.parametrize(
    "data",
    [
        xlsx("A1", "XFD1048576"),
        ods(f"<table:table-row table:number-rows-repeated='1048576'>{FILLED.format(SIXTEEN)}</table:table-row>"),
        ods(f"<table:table-row>{FILLED.format('')}</table:table-row>{BLANK_ROWS}<table:table-row><table:table-cell table:number-columns-repeated='900'/>{FILLED.format('')}</table:table-row>"),
        xlsb((0, 0), (1_048_575, 16_383)),
    ],
)  # fmt: skip
def test_what_lies_between_two_filled_cells_counts(data: bytes) -> None:
    with pytest.raises(RolloutError, match="too-large"):
        check_extent(data, "a")


@pytest.mark.parametrize("place", ["AAAAAAAAAAAA2", "A123456789", "", "2", "A"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    """The reader makes a far column of too many letters, and asks for hundreds of gigabytes."""
    with pytest.raises(RolloutError, match="is no place of a cell"):
        check_extent(xlsx(place), "plan.xlsx")


def test_places_in_small_letters_count() -> None:
    with pytest.raises(RolloutError, match="cells large"):
        check_extent(xlsx("a1", "xfd1048576"), "plan.xlsx")


def test_an_encoding_nobody_knows_is_refused() -> None:
    with pytest.raises(RolloutError, match="this is not a workbook"):
        check_extent(
            workbook(b'<?xml version="1.0" encoding="UTFe-8"?><worksheet><sheetData/></worksheet>'), "plan.xlsx"
        )


def test_what_a_part_has_beyond_its_size_is_never_unpacked(tmp_path: Path) -> None:
    """Its checksum may be made to fit; the reader is the one who notices."""
    body = b"<sst>" + b" " * 5_000_000 + b"</sst>"
    data = bytearray(workbook(b"<worksheet><sheetData/></worksheet>", **{"xl/sharedStrings.xml": body}))
    for signature, crc, size in ((b"PK\x03\x04", 14, 22), (b"PK\x01\x02", 16, 24)):
        at = next(
            m.start()
            for m in re.finditer(signature, data)
            if b"xl/sharedStrings.xml" in data[m.start() : m.start() + 70]
        )
        data[at + crc : at + crc + 4] = zlib.crc32(body[:50]).to_bytes(4, "little")
        data[at + size : at + size + 4] = (50).to_bytes(4, "little")
    check_extent(bytes(data), "a.xlsx")
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(RolloutError, match="or it is damaged"):
        read_sheet(tmp_path / "a.xlsx")
