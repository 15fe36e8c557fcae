"""How large a workbook becomes when it is opened, asked before anything opens it.

The reader lays a sheet out as a rectangle from its first to its last filled cell, so a file of a few kilobytes can ask
for hundreds of gigabytes: packed blanks, a cell in the last corner, a row that is repeated a million times. It would
take the whole process with it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from xml.parsers import expat

from rollout.problem import refused

UNFOLDED_LIMIT = 400_000_000
"""Bytes of all parts of a workbook together once they are unpacked."""
CELL_LIMIT = 10_000_000
"""Cells between the first filled one of a sheet and the last."""

_CHUNK = 1 << 20
_OLD = b"\xd0\xcf\x11\xe0"
_BINARY_SHEET = b"\x81\x01"
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,  # an encoding that nobody knows
    NotImplementedError,
    ValueError,
    OSError,
    RuntimeError,  # a password
)
_Counts = tuple[int, int]
"""Cells of the largest sheet, and formulas without a result."""
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def check_size(data: bytes, name: str) -> None:
    """Raises RolloutError for a workbook that unpacks to too much, or that is too broken to tell."""
    _check(data, name, None)


def check_extent(data: bytes, name: str) -> int:
    """How many formulas have no result on file, which are read as blank; as far as that can be told (.xlsx, .xlsm).

    Raises RolloutError for a workbook with a sheet that is too large to be laid out, and as `check_size` does.
    """
    return _check(data, name, _cells)


def _check(data: bytes, name: str, count: Callable[[zipfile.ZipFile, zipfile.ZipInfo], _Counts] | None) -> int:
    if data.startswith(_OLD) and not zipfile.is_zipfile(io.BytesIO(data)):
        return 0  # .xls holds at most 65,536 rows of 256 cells
    unknown = 0
    if not zipfile.is_zipfile(io.BytesIO(data)):
        said, hint = "this is not a workbook, whatever its name says", "open it and save it as .xlsx, or as .csv"
        if data.startswith(b"PK"):
            said, hint = "the end of this workbook is missing", "copy it or export it again"
        raise refused(name, "broken-sheet", said, hint)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            if sum(part.file_size for part in book.infolist()) > UNFOLDED_LIMIT:
                said = f"the workbook unpacks to more than {UNFOLDED_LIMIT:,} bytes"
                raise refused(name, "too-large", said, "export the sheet alone, as .csv")
            for part in book.infolist():
                for _ in _chunks(book, part):
                    pass  # whether its checksum is right
                cells, formulas = count(book, part) if count is not None else (0, 0)
                unknown += formulas
                if cells > CELL_LIMIT:
                    said = f"{part.filename} is {cells:,} cells large from its first to its last filled cell"
                    hint = "delete what stands far to the right or far below, or export the sheet as .csv"
                    raise refused(name, "too-large", f"{said}, {CELL_LIMIT:,} are allowed", hint)
    except _UNREADABLE as error:
        raise refused(name, "broken-sheet", f"this is not a workbook ({error})", "export it again") from None
    return unknown


def _chunks(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part, up to the size that the archive says it has: the reader unpacks no more either, and refuses what has."""
    with book.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _cells(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Counts:
    """What a part of the workbook holds. Its name may lie, so what stands in it decides."""
    before = b""
    for chunk in _chunks(book, part):
        if not before and chunk.startswith(_BINARY_SHEET):
            return _of_xlsb(_chunks(book, part)), 0
        both = before + chunk
        if b"sheetData" in both:
            return _of_xlsx(_chunks(book, part))
        if b"table-row" in both:
            return _of_ods(_chunks(book, part)), 0
        before = chunk[-16:]
    return 0, 0


def _parser() -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        msg = "it declares a document type"
        raise ValueError(msg)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse  # without one no entity can be declared
    return parser


def _parse(parser: expat.XMLParserType, chunks: Iterator[bytes]) -> None:
    for chunk in chunks:
        parser.Parse(chunk)
    parser.Parse(b"", True)


class _Rectangle:
    """From the first filled cell to the last."""

    def __init__(self) -> None:
        self.top = self.left = 1 << 30
        self.bottom = self.right = -1

    def take(self, row: int, column: int) -> None:
        """One more filled cell."""
        self.top = min(self.top, row)
        self.bottom = max(self.bottom, row)
        self.left = min(self.left, column)
        self.right = max(self.right, column)

    @property
    def cells(self) -> int:
        """How many there are in it."""
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)


def _of_xlsx(chunks: Iterator[bytes]) -> _Counts:
    found = _Rectangle()
    row = column = unknown = 0
    is_text = is_asked = False

    def answered(text: str) -> None:
        nonlocal unknown
        if text.strip():
            unknown -= 1
            parser.CharacterDataHandler = None

    def starts(name: str, given: dict[str, str]) -> None:
        nonlocal row, column, unknown, is_text, is_asked
        local = name.rpartition(":")[2] if ":" in name else name
        if is_asked and local != "v":
            is_asked, parser.CharacterDataHandler = False, None
        if local == "c":
            column += 1
            is_text = given.get("t") == "str"
            if (place := given.get("r")) is not None:
                match = _PLACE.fullmatch(place.upper())
                if match is None:  # the reader makes some number of it, and lays the sheet out up to there
                    msg = f'"{place[:20]}" is no place of a cell'
                    raise ValueError(msg)
                row, column = int(match[2]), _number(match[1])
        elif local in ("v", "is", "f"):
            found.take(row, column)
            if local == "f":
                is_asked = True
                unknown += 1
            elif is_asked and is_text:  # whose result may be an empty text
                unknown -= 1
            elif is_asked:
                parser.CharacterDataHandler = answered
        elif local == "row":
            said = given.get("r", "")
            row, column = int(said) if said.isdecimal() and len(said) < 8 else row + 1, 0

    parser = _parser()
    parser.StartElementHandler = starts
    _parse(parser, chunks)
    return found.cells, unknown


@cache
def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _of_ods(chunks: Iterator[bytes]) -> int:
    """Of the largest table: a filled cell or row that is repeated counts as often."""
    found = _Rectangle()
    largest = row = column = rows = width = 0

    def starts(prefixed: str, given: dict[str, str]) -> None:
        nonlocal found, row, column, rows, width
        name = prefixed.rpartition(":")[2]
        if name == "table":
            found, row = _Rectangle(), 0
        elif name == "table-row":
            rows, column, width = _times(given, "table:number-rows-repeated"), 0, 0
        elif name in ("table-cell", "covered-table-cell"):
            column += _times(given, "table:number-columns-repeated")
            if any(key.endswith(":value-type") for key in given):
                width = column

    def ends(prefixed: str) -> None:
        nonlocal largest, row
        name = prefixed.rpartition(":")[2]
        if name == "table-row":
            if width:
                found.take(row, 0)
                found.take(row + rows - 1, width - 1)
            row += rows
        elif name == "table":
            largest = max(largest, found.cells)

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = starts, ends
    _parse(parser, chunks)
    return largest


def _times(given: dict[str, str], key: str) -> int:
    said = given.get(key, "1")
    return int(said) if said.isdecimal() and len(said) < 10 else 1


def _of_xlsb(chunks: Iterator[bytes]) -> int:
    """Records of a type, a length and that many bytes; a row's begins with its number, a cell's with its column."""
    data = b"".join(chunks)
    found = _Rectangle()
    at = row = 0
    while at < len(data):
        kind, at = _packed(data, at, 2)
        length, at = _packed(data, at, 4)
        if kind == 0 and length >= 4:
            row = int.from_bytes(data[at : at + 4], "little")
        elif 2 <= kind <= 11 and length >= 4:  # 1 is a blank cell
            found.take(row, int.from_bytes(data[at : at + 4], "little"))
        at += length
    return found.cells


def _packed(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in up to so many bytes of seven bits, and where the next begins."""
    number = 0
    for place in range(most):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        number |= (byte & 127) << 7 * place
        if byte < 128:
            break
    return number, at
