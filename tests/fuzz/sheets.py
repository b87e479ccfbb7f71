"""Spreadsheets spoiled: rows and sentences come of them, or one refusal; never a crash."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from typing import Any

from knowledge.exchange.guard import FileRefused
from knowledge.exchange.sheets import read_workbook
from registry import reading
from registry.importing import opened
from registry.kinds import KINDS
from registry.lists import Kind, Refused
from tests.fuzz.answers import Fault, bounded
from tests.registry import made

MOST_SECONDS = 5.0  # of our own time, for a sheet of a few rows
_SHEET = "xl/worksheets/sheet1.xml"
_CELLS: tuple[Any, ...] = (
    *(
        "王某",
        "13800000001",
        "湘乡市",
        "电工、焊工",
        "2025年3月",
        "2025.3",
        45731,
        45731.5,
        3.5,
        True,
    ),
    *("8个月", "一年半", "3万", "2.5—5万元", "=1+1", "#REF!", "是", "无", "", " ", "　", None),
    *("9" * 30, "长" * 40_000, -1, 0, 1e300, 1e-300, 2**63, "９１", "²", "①", "1e9", "Ⅻ"),
    *("0000-00-00", "9999-12-31", "2025-02-30", "0年0月", "99999999年", "零", "万", "千万亿"),
    *("\u202e王", "王\u200b某", "a\tb", "'=cmd|' /C calc'!A0", "<b>", "https://x.example/" * 40),
    *("4303812025", "91430381MA4L00000X", "112.53,27.73", "-999,999", "27.73°N", "。", "，，，"),
)
# What stands in the parts of a file, and what may stand there instead.
_SWAPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r'<c r="[A-Z]+\d+"', ('<c r=""', '<c r="A99999999999"', '<c r="中1"', '<c r="1A"', "<c")),
    (r'<row r="\d+"', ('<row r="-1"', '<row r="x"', f'<row r="{"9" * 5_000}"',
                       '<row r="1048577"')),
    (r't="\w+"', ('t="s"', 't="n"', 't="b"', 't="e"', 't="d"', 't="zz"', 't=""')),
    (r"<v>[^<]*</v>", ("<v>-1</v>", "<v>99999999</v>", "<v>x</v>", "<v>NaN</v>", "<v>inf</v>",
                       "<v>1e999</v>", "<v></v>", f"<v>{'9' * 5_000}</v>", "<v>²</v>")),
    (r"<dimension[^>]*>", ('<dimension ref="A1:XFD1048576"/>', "<dimension/>")),
    (r"<sheetData>", ('<cols><col min="x" max="2" hidden="1"/></cols><sheetData>',
                      '<cols><col min="-30000000" max="5" hidden="1"/></cols><sheetData>',
                      '<cols><col hidden="1"/></cols><sheetData>', "<sheetData><row/>")),
    (r"</sheetData>", ('</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
                       '</sheetData><mergeCells><mergeCell ref="B2:A1"/></mergeCells>',
                       f'</sheetData><mergeCells><mergeCell ref="{"A" * 90}1:B2"/></mergeCells>',
                       "</sheetData", "")),
    (r'Target="[^"]*"', ('Target="../../x"', 'Target=""', 'Target="worksheets"')),
    (r'r:id="[^"]*"', ('r:id="none"', "")),
    (r"<\?xml[^>]*>", ('<?xml version="1.0" encoding="GBK"?>',
                       '<?xml version="1.0" encoding="x"?>',
                       "<!DOCTYPE a [<!ENTITY e 'x'>]>", "\0", '<?xml version="9"?>')),
)  # fmt: skip


def sheeted(count: int, seed: int) -> Iterator[Fault]:
    """The faults of so many files, in turn for each kind of list and for entries."""
    doors = [*KINDS.values(), None]
    for number in range(count):
        kind = doors[number % len(doors)]
        name = kind.name if kind else "entries"
        chance = random.Random(f"{seed}/{number}")
        data = _file(chance, kind or KINDS["people"])
        where = f"{name}, seed {seed}, number {number}"
        yield from fault_of(where, data, lambda data=data, kind=kind: _read(data, kind))  # type: ignore[misc]


def fault_of(name: str, data: bytes, read: Callable[[], object]) -> Iterator[Fault]:
    """What is wrong with how a file is read: a crash, or a refusal that is no sentence."""
    try:
        with bounded(MOST_SECONDS):
            read()
    except FileRefused as refusal:
        if not re.search("[一-鿿].*。$", str(refusal), re.DOTALL):
            yield Fault(f"{name}: refused without a sentence", repr(data[:80]), str(refusal))
    except Exception as error:  # the fuzzer reports every crash and goes on
        yield Fault(f"{name}: crash: {error!r}"[:300], repr(data[:200]))


def _read(data: bytes, kind: Kind | None) -> None:
    if kind is None:
        read_workbook(data)
        return
    job = opened(reading.read(data), kind, made.terms())
    for batch in job.read(job.tables.lines()):
        for value in batch.read:
            if isinstance(value, Refused) and not all(map(str, value.faults)):
                raise AssertionError("a row is refused without words")


def _file(chance: random.Random, kind: Kind) -> bytes:
    rows = [[column.heading for column in kind.columns]]
    rows += [[chance.choice(_CELLS) for _ in kind.columns] for _ in range(chance.randrange(1, 6))]
    if chance.random() < 0.45:
        return _delimited(rows, chance)
    data = _zipped(_spoiled_parts(_parts(rows), chance))
    return _torn(data, chance) if chance.random() < 0.15 else data


def _delimited(rows: list[list[Any]], chance: random.Random) -> bytes:
    delimiter = chance.choice(",,,\t;，|")
    lines = [delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows]
    if chance.random() < 0.3:
        at = chance.randrange(len(lines))
        odd = ('"', '""', '"a', "\0", "\r", "\x1a", delimiter * 5_000, "\u2028", '="1')
        lines[at] += chance.choice(odd)
    encoding = chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16", "big5", "utf-16-le"))
    data = chance.choice(("\n", "\r\n", "\r")).join(lines).encode(encoding, "ignore")
    return _torn(data, chance) if chance.random() < 0.2 else data


@cache
def _book() -> dict[str, str]:
    """The parts of a file that a program wrote, with one sheet."""
    book, _ = made.xlsx(["x"])
    with zipfile.ZipFile(BytesIO(made.saved(book))) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist()}


def _parts(rows: list[list[Any]]) -> dict[str, str]:
    strings: list[str] = []
    lines = [f'<row r="{n}">{_row(n, row, strings)}</row>' for n, row in enumerate(rows, 1)]
    sheet = re.sub("<sheetData>.*</sheetData>", "<sheetData></sheetData>", _book()[_SHEET])
    items = "".join(f"<si><t>{text}</t></si>" for text in strings)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return {
        **_book(),
        _SHEET: sheet.replace("<sheetData>", "<sheetData>" + "".join(lines)),
        "xl/sharedStrings.xml": f'<?xml version="1.0"?><sst xmlns="{main}">{items}</sst>',
    }


def _row(number: int, row: list[Any], strings: list[str]) -> str:
    return "".join(
        _cell(f"{_letters(at)}{number}", value, strings) for at, value in enumerate(row)
    )


def _cell(place: str, value: Any, strings: list[str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if not isinstance(value, str):
        return f'<c r="{place}" t="n"><v>{value}</v></c>'
    if value.startswith("="):
        return f'<c r="{place}"><f>1+1</f></c>'
    strings.append(value.replace("&", "&amp;").replace("<", "&lt;"))
    return f'<c r="{place}" t="s"><v>{len(strings) - 1}</v></c>'


def _letters(column: int) -> str:
    first, last = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _spoiled_parts(parts: dict[str, str], chance: random.Random) -> dict[str, str]:
    for _ in range(chance.randrange(0, 4)):
        name = chance.choice([*parts, *[_SHEET] * 12])
        if chance.random() < 0.1:
            parts = {other: text for other, text in parts.items() if other != name}
            if not parts:
                return {"x": ""}
            continue
        pattern, others = chance.choice(_SWAPS)
        found = list(re.finditer(pattern, parts.get(name, "")))
        if found:
            one = chance.choice(found)
            text = parts[name]
            parts[name] = text[: one.start()] + chance.choice(others) + text[one.end() :]
    return parts


def _zipped(parts: dict[str, str]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def _torn(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    flipped = data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]
    return chance.choice((data[:at], flipped, flipped, data + data, b"PK" + data[at:]))
