"""A made list of people with faults of every kind, as an .xlsx file, the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from registry.villages import Villages

HEADINGS = (
    *("序号", "姓名", "联系电话", "县", "镇", "村", "户口性质", "外出时间", "务工地", "创业意愿"),
    *("技能特长", "困难", "身份证号"),
)
_SURNAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_GIVEN = "一二三四五六七八九十百千万春夏秋冬东南西北山川河海"
_COUNTY = Villages().county("430381")
_VILLAGES = tuple(
    (town.name, village.name) for town in _COUNTY.towns() for village in _COUNTY.villages(town.id)
)
_SHARE_FAULTY = 0.1
_BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="花名册" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"/>'
)
_SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_FORMULA = "="

Row = tuple[object, ...]


def book_of(rows: int, seed: int = 20_261_122) -> bytes:
    """The file: a title, a heading, so many rows, a total."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=1) as parts:
        parts.writestr("[Content_Types].xml", _TYPES)
        parts.writestr("xl/workbook.xml", _BOOK)
        parts.writestr("xl/_rels/workbook.xml.rels", _LINKS)
        with parts.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for piece in _sheet(rows, seed):
                sheet.write(piece.encode())
    return packed.getvalue()


def _sheet(rows: int, seed: int) -> Iterator[str]:
    yield f'{_SHEET}<cols><col min="9" max="9" hidden="1"/></cols><sheetData>'
    yield _row(1, ("返乡人员花名册",))
    yield _row(2, HEADINGS)
    for number, row in enumerate(people(rows, seed), 3):
        yield _row(number, row)
    yield _row(rows + 3, ("合计", rows))
    yield '</sheetData><mergeCells><mergeCell ref="A1:M1"/></mergeCells></worksheet>'


def people(rows: int, seed: int) -> Iterator[Row]:
    """So many rows; one in ten has a fault."""
    draw = random.Random(seed)
    before: Row = ()
    for number in range(1, rows + 1):
        row = _person(number, draw)
        if draw.random() < _SHARE_FAULTY:
            row = _faulty(row, before, draw)
        yield row
        before = row


def _person(number: int, draw: random.Random) -> Row:
    town, village = draw.choice(_VILLAGES)
    name = draw.choice(_SURNAMES) + draw.choice(_GIVEN) + draw.choice(_GIVEN)
    return (
        number,
        name,
        13_000_000_000 + number * 7919,
        "湘乡市",
        town,
        f"{village}{draw.randint(1, 12)}组",
        draw.choice(("农业", "非农业", "农村")),
        draw.choice((45_000 + number % 900, "2025年3月", "2024-11-02", "半年以上", "8个月")),
        draw.choice(("广东东莞", "浙江宁波", "")),
        draw.choice(("有", "返乡创业", "返乡务工", "无返乡意愿", "")),
        draw.choice(("电焊", "厨师、开车", "修空调", "")),
        draw.choice(("资金", "技术、场地", "")),
        "430381199001010012" if number % 3 else "",
    )


def _faulty(row: Row, before: Row, draw: random.Random) -> Row:
    """One fault of those that people make, or the same person once more."""
    at, value = draw.choice(_FAULTS)
    if at < 0:
        return before or row
    if at == _OTHER_HUKOU and before:
        return (*before[:6], "非农业" if before[6] != "非农业" else "农业", *before[7:])
    return (*row[:at], value, *row[at + 1 :])


_OTHER_HUKOU = 90
_FAULTS: tuple[tuple[int, object], ...] = (
    (-1, ""),
    (_OTHER_HUKOU, ""),
    (1, ""),
    (2, "1380000000"),
    (2, "1.38E+10"),
    (2, ""),
    (2, _FORMULA),
    (3, "火星县"),
    (5, "没有这个村"),
    (6, "保密"),
    (7, "将来"),
    (7, 60_000),
    (12, "430381201501010012"),
)


def _row(number: int, cells: Row) -> str:
    hidden = ' hidden="1"' if number % 5_000 == 0 else ""
    return f'<row r="{number}"{hidden}>{"".join(map(_cell, cells))}</row>'


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    if value == _FORMULA:
        return "<c><f>1+1</f></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>' if value else "<c/>"
