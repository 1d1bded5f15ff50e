"""What an Excel workbook says of itself: its visible sheets in order, its shared texts, which cells are dates."""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from upstream.core.errors import Unreadable
from upstream.ingestion.formats import archive
from upstream.ingestion.formats.markup import MarkupParser

MAX_FILE_BYTES = 64 << 20  # held in memory: a zip is read from its end
MAX_UNPACKED_BYTES = 2 << 30  # parsed as a stream
MAX_TEXTS = 2_000_000
MAX_TEXT_BYTES = 64 << 20
MAX_SHEETS = 200
DATE_FORMATS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
NOT_OF_A_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
DATE_LETTERS = re.compile(r"[dy]", re.IGNORECASE)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Workbook:
    """`sheets`: names inside the archive of the visible worksheets, in the order of their tabs."""

    archive: zipfile.ZipFile
    sheets: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    dates: frozenset[int] = frozenset()
    since_1904: bool = False


def open_workbook(chunks: Iterable[bytes]) -> Workbook:
    """The workbook of these bytes. Formulas, macros, links, hidden sheets: never looked at.

    Raises Unreadable: file_too_large, not_a_workbook, and what `archive.opened` and `MarkupParser` raise.
    """
    packed = archive.opened(_held(chunks), max_bytes=MAX_UNPACKED_BYTES)
    try:
        main = _main_part(packed)
        sheets, since_1904 = _sheets(packed, main)
        folder = posixpath.dirname(main)
        texts = _texts(packed, f"{folder}/sharedStrings.xml")
        return Workbook(packed, sheets, texts, _dates(packed, f"{folder}/styles.xml"), since_1904)
    except KeyError:
        raise Unreadable("not_a_workbook", "this is not an Excel workbook that can be read") from None


def events(
    packed: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterator[None]:
    """Tells the callbacks what the part holds, handing over after each piece; KeyError when there is no such part."""
    parser = MarkupParser(start, end, text)
    for piece in archive.pieces_of(packed, packed.getinfo(part)):
        parser.feed(piece)
        yield
    parser.close()
    yield


def _held(chunks: Iterable[bytes]) -> io.BytesIO:
    held = io.BytesIO()
    for chunk in chunks:
        held.write(chunk)
        if held.tell() > MAX_FILE_BYTES:
            raise Unreadable("file_too_large", f"an Excel file over {MAX_FILE_BYTES >> 20} MB: save it as CSV")
    held.seek(0)
    return held


def _elements(packed: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a small part, in order, with its attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    if packed.getinfo(part).file_size > archive.RATIO_FROM:
        raise Unreadable("not_a_workbook", "a part of this workbook is larger than any real one")
    for _ in events(packed, part, lambda name, attributes: found.append((name, attributes)), _ignore, _ignore):
        pass
    return found


def _ignore(_: str) -> None:
    """Neither text nor ends matter."""


def _local(attributes: dict[str, str], name: str) -> str:
    """An attribute's value, whatever its namespace."""
    return next((value for key, value in attributes.items() if key.rpartition("}")[2] == name), "")


def _main_part(packed: zipfile.ZipFile) -> str:
    for name, attributes in _elements(packed, "_rels/.rels"):
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            target = posixpath.normpath(attributes.get("Target", "").lstrip("/"))
            if target.endswith(".bin"):
                raise Unreadable("not_a_workbook", "this is a binary Excel workbook (.xlsb): save it as .xlsx")
            return target
    raise KeyError("officeDocument")


def _sheets(packed: zipfile.ZipFile, main: str) -> tuple[list[str], bool]:
    """The visible worksheets' parts; a chart or a sheet that lies outside the file is none."""
    folder, file = posixpath.split(main)
    parts: dict[str, str] = {}
    for name, attributes in _elements(packed, f"{folder}/_rels/{file}.rels"):
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        if name == "Relationship" and kind.endswith("/worksheet") and attributes.get("TargetMode") != "External":
            inside = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            parts[attributes.get("Id", "")] = posixpath.normpath(inside)
    sheets, since_1904 = [], False
    for name, attributes in _elements(packed, main):
        if name == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            part = parts.get(_local({k: v for k, v in attributes.items() if "}" in k}, "id"), "")
            if part in packed.NameToInfo:
                sheets.append(part)
    return sheets[:MAX_SHEETS], since_1904


def _texts(packed: zipfile.ZipFile, part: str) -> list[str]:
    """The shared texts, in order; runs of one text are joined and its reading aids left out."""
    if part not in packed.NameToInfo:
        return []
    texts: list[str] = []
    runs: list[str] = []
    state = {"in_text": False, "aside": False}
    size = 0

    def start(name: str, _: dict[str, str]) -> None:
        if name == "rPh":
            state["aside"] = True
        state["in_text"] = name == "t" and not state["aside"]

    def end(name: str) -> None:
        nonlocal size
        state["in_text"] = False
        if name == "rPh":
            state["aside"] = False
        elif name == "si":
            text = plain("".join(runs))
            runs.clear()
            texts.append(text)
            size += len(text)

    def data(piece: str) -> None:
        if state["in_text"]:
            runs.append(piece)

    for _ in events(packed, part, start, end, data):
        if len(texts) > MAX_TEXTS or size > MAX_TEXT_BYTES or len(runs) > MAX_TEXTS:
            raise Unreadable("file_too_large", "this workbook holds more text than can be read: save it as CSV")
    return texts


def plain(text: str) -> str:
    """A text on one line: Excel's escapes resolved, line ends and other unprintable characters as blanks."""
    if text.isprintable() and "_x" not in text:
        return text
    resolved = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return "".join(letter if letter.isprintable() else " " for letter in resolved)


def _dates(packed: zipfile.ZipFile, part: str) -> frozenset[int]:
    """The cell styles that show a number as a date."""
    if part not in packed.NameToInfo:
        return frozenset()
    custom: dict[str, str] = {}
    dates: set[int] = set()
    style, counting = 0, False
    for name, attributes in _elements(packed, part):
        if name == "numFmt":
            custom[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            counting = True
        elif name == "cellStyles":
            counting = False
        elif name == "xf" and counting:
            number = attributes.get("numFmtId", "0")
            if _is_date(number, custom):
                dates.add(style)
            style += 1
    return frozenset(dates)


def _is_date(number: str, custom: dict[str, str]) -> bool:
    if number in custom:
        return bool(DATE_LETTERS.search(NOT_OF_A_DATE.sub("", custom[number])))
    return number.isdecimal() and int(number) in DATE_FORMATS
